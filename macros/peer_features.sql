{#
  The account features that have peer baselines, with the expression that is compared: counts on a log scale, since
  usage is spread over orders of magnitude, shares as they are. `floor` is the least spread taken for one, so that a
  group of twins does not make a small difference look huge. `inverse` leads from the compared scale back to the
  feature's own; without one the two are the same.
#}
{% macro peer_features() %}
{{ return([
    {'feature': 'output_tokens_28d', 'expression': 'ln(1 + output_tokens_28d)', 'floor': 0.5, 'inverse': 'exp(centre) - 1'},
    {'feature': 'request_count_28d', 'expression': 'ln(1 + request_count_28d)', 'floor': 0.5, 'inverse': 'exp(centre) - 1'},
    {'feature': 'output_tokens_per_request_28d', 'expression': 'ln(1 + output_tokens_per_request_28d)', 'floor': 0.3, 'inverse': 'exp(centre) - 1'},
    {'feature': 'output_input_ratio_28d', 'expression': 'ln(0.01 + output_input_ratio_28d)', 'floor': 0.3, 'inverse': 'exp(centre) - 0.01'},
    {'feature': 'rate_limited_share_28d', 'expression': 'rate_limited_share_28d', 'floor': 0.02},
    {'feature': 'limited_hour_share_28d', 'expression': 'limited_hour_share_28d', 'floor': 0.03},
    {'feature': 'quiet_hours_share_28d', 'expression': 'quiet_hours_share_28d', 'floor': 0.05},
    {'feature': 'hour_evenness_28d', 'expression': 'hour_evenness_28d', 'floor': 0.05},
    {'feature': 'gap_variation_28d', 'expression': 'ln(0.05 + gap_variation_28d)', 'floor': 0.2, 'inverse': 'exp(centre) - 0.05'},
    {'feature': 'near_median_gap_share_28d', 'expression': 'near_median_gap_share_28d', 'floor': 0.05},
    {'feature': 'top_template_share_28d', 'expression': 'top_template_share_28d', 'floor': 0.1},
    {'feature': 'slot_filled_share_28d', 'expression': 'slot_filled_share_28d', 'floor': 0.1},
    {'feature': 'new_prompt_share_28d', 'expression': 'new_prompt_share_28d', 'floor': 0.05},
    {'feature': 'single_turn_share_28d', 'expression': 'single_turn_share_28d', 'floor': 0.1},
    {'feature': 'cache_read_share_28d', 'expression': 'cache_read_share_28d', 'floor': 0.05},
    {'feature': 'tool_request_share_28d', 'expression': 'tool_request_share_28d', 'floor': 0.1},
    {'feature': 'length_cut_share_28d', 'expression': 'length_cut_share_28d', 'floor': 0.03},
    {'feature': 'logprobs_share_28d', 'expression': 'logprobs_share_28d', 'floor': 0.03},
    {'feature': 'multiple_choice_share_28d', 'expression': 'multiple_choice_share_28d', 'floor': 0.03},
    {'feature': 'elicits_reasoning_share_28d', 'expression': 'elicits_reasoning_share_28d', 'floor': 0.05},
    {'feature': 'grades_output_share_28d', 'expression': 'grades_output_share_28d', 'floor': 0.05},
    {'feature': 'rewrites_sensitive_share_28d', 'expression': 'rewrites_sensitive_share_28d', 'floor': 0.03},
    {'feature': 'reasoning_output_share_28d', 'expression': 'reasoning_output_share_28d', 'floor': 0.05},
    {'feature': 'topic_entropy_28d', 'expression': 'topic_entropy_28d', 'floor': 0.3},
    {'feature': 'top_parameter_set_share_28d', 'expression': 'top_parameter_set_share_28d', 'floor': 0.1},
    {'feature': 'ip_prefixes_per_1000_requests_28d', 'expression': 'ln(1 + ip_prefixes_per_1000_requests_28d)', 'floor': 0.5, 'inverse': 'exp(centre) - 1'},
    {'feature': 'hosting_share_28d', 'expression': 'hosting_share_28d', 'floor': 0.1},
    {'feature': 'undeclared_country_share_28d', 'expression': 'undeclared_country_share_28d', 'floor': 0.1},
    {'feature': 'release_pivot_share_28d', 'expression': 'release_pivot_share_28d', 'floor': 0.1},
]) }}
{% endmacro %}

{# The compared expression of one peer feature, as in its baseline. #}
{% macro peer_expression(feature) -%}
{{ peer_feature(feature).expression }}
{%- endmacro %}

{# The baseline's centre on the feature's own scale, for readers; `centre` is a column in scope. #}
{% macro peer_centre(feature) -%}
{{ peer_feature(feature).get('inverse', 'centre') }}
{%- endmacro %}

{# The entry of one peer feature; an unknown name is refused, since it would compare nothing in silence. #}
{% macro peer_feature(feature) -%}
{%- set found = peer_features() | selectattr('feature', 'equalto', feature) | list -%}
{%- if not found -%}
{{ exceptions.raise_compiler_error("a peer feature was required, '" ~ feature ~ "' was given; add it to macros/peer_features.sql") }}
{%- endif -%}
{{ return(found[0]) }}
{%- endmacro %}
