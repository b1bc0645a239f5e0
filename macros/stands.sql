{#
  Whether a relation stands in the warehouse. On Spark the adapter would list every table with its description first, a statement
  each and at every call, and knows no table of a catalogue that is a folder: there its list is left empty, and the table is asked itself.
#}
{% macro stands(relation) -%}
{{ return(adapter.dispatch('stands', 'stillwatch')(relation)) }}
{%- endmacro %}

{% macro default__stands(relation) -%}
{{ return(load_cached_relation(relation) is not none) }}
{%- endmacro %}

{% macro spark__stands(relation) -%}
{{ return(adapter.get_columns_in_relation(relation) | length > 0) }}
{%- endmacro %}

{% macro spark__list_relations_without_caching(relation) -%}
{{ return([]) }}
{%- endmacro %}
