{# A stable text id: prefix and the first 16 hex digits of SHA-256 over the parts joined by `|`, as Python makes it too. #}
{% macro digest_id(prefix, parts) -%}
{{ return(adapter.dispatch('digest_id', 'stillwatch')(prefix, parts)) }}
{%- endmacro %}

{% macro default__digest_id(prefix, parts) -%}
'{{ prefix }}' || substr(sha256(concat_ws('|', {{ parts | join(', ') }})), 1, 16)
{%- endmacro %}

{% macro spark__digest_id(prefix, parts) -%}
'{{ prefix }}' || substr(sha2(concat_ws('|', {{ parts | join(', ') }}), 256), 1, 16)
{%- endmacro %}
