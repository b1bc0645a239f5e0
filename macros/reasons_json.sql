{# A JSON array of a group's reasons, the weightiest first. #}
{% macro reasons_json() -%}
{{ return(adapter.dispatch('reasons_json', 'stillwatch')()) }}
{%- endmacro %}

{% macro default__reasons_json() -%}
cast(to_json(list({
    'signal_id': signal_id, 'value': value, 'baseline': baseline,
    'contribution': contribution, 'resale_contribution': resale_contribution, 'text': reason
} order by abs(contribution) desc, signal_id)) as varchar)
{%- endmacro %}

{# a field without a value would be left out there, and a decimal written with all its digits #}
{% macro spark__reasons_json() -%}
to_json(
    transform(
        array_sort(collect_list(struct(-abs(contribution) as weight, signal_id as id, struct(
            signal_id, value, baseline, cast(contribution as double) as contribution,
            cast(resale_contribution as double) as resale_contribution, reason as text
        ) as told))),
        one -> one.told
    ),
    map('ignoreNullFields', 'false')
)
{%- endmacro %}
