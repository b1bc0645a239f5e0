{# The metadata (`config.meta.signal`) of every signal model, by id; empty while parsing. #}
{% macro signal_words() %}
{%- set words = [] -%}
{%- if execute -%}
{%- for node in graph.nodes.values() | selectattr('resource_type', 'equalto', 'model') | sort(attribute='name') -%}
{%- if node.name.startswith('sig_') -%}{%- do words.append(node.config.meta.signal) -%}{%- endif -%}
{%- endfor -%}
{%- endif -%}
{{ return(words) }}
{% endmacro %}
