{#
  Keys and fingerprints of the requests that earlier runs kept, as a select. What a run finds from before is no dependency of its
  own models: the table it reads is the one that this run adds to last.
#}
{% macro requests_kept_before() -%}
{%- set kept = api.Relation.create(
    database=target.get('database'), schema=target.schema, identifier='int_usage__kept_requests', type='table'
) -%}
{%- if execute and stands(kept) -%}
select request_key, fingerprint from {{ kept }} where arrived_on < {{ arrived_from() }}
{%- else -%}
select cast(null as {{ fingerprint_type() }}) as request_key, cast(null as {{ fingerprint_type() }}) as fingerprint where false
{%- endif -%}
{%- endmacro %}
