{#
  A provider's id under this installation's own key, as text or as a number, where STILLWATCH_ID_KEY_FILE names a key; else as it
  landed. HMAC-SHA-256 (RFC 2104) over the kind of id, a unit separator and the value: text is the first 32 hex digits, a
  number the first 63 bits. The two padded keys are variables of the connection, so that no SQL, log or database holds the key;
  a connection without them is refused.
#}
{% macro rekeyed_text(value, kind) -%}
{{ return(adapter.dispatch('rekeyed_text', 'stillwatch')(value, kind)) }}
{%- endmacro %}

{% macro default__rekeyed_text(value, kind) -%}
{%- if is_rekeying() -%}substr({{ keyed_digest(value, kind) }}, 1, 32){%- else -%}{{ value }}{%- endif -%}
{%- endmacro %}

{% macro spark__rekeyed_text(value, kind) -%}
{{ refuse_rekeying() }}{{ value }}
{%- endmacro %}

{% macro rekeyed_number(value, kind) -%}
{{ return(adapter.dispatch('rekeyed_number', 'stillwatch')(value, kind)) }}
{%- endmacro %}

{% macro default__rekeyed_number(value, kind) -%}
{%- if is_rekeying() -%}
cast(cast('0x' || substr({{ keyed_digest(value, kind) }}, 1, 16) as ubigint) >> 1 as bigint)
{%- else -%}
{{ value }}
{%- endif -%}
{%- endmacro %}

{% macro spark__rekeyed_number(value, kind) -%}
{{ refuse_rekeying() }}{{ value }}
{%- endmacro %}

{# The value of an indicator whose type another column names; a type that names nobody alone (`asn`, `email_domain`) passes. #}
{% macro rekeyed_indicator(value, type_column, text_kinds, number_kinds) -%}
{%- if is_rekeying() -%}
case
            when {{ type_column }} in ('asn', 'email_domain') then {{ value }}
{%- for type, kind in text_kinds.items() %}
            when {{ type_column }} = '{{ type }}' then {{ rekeyed_text(value, kind) }}
{%- endfor %}
{%- for type, kind in number_kinds.items() %}
            when {{ type_column }} = '{{ type }}' and try_cast({{ value }} as bigint) is not null
                then cast({{ rekeyed_number('try_cast(' ~ value ~ ' as bigint)', kind) }} as varchar)
{%- endfor %}
            else {{ rekeyed_text(value, 'other') }}
        end
{%- else -%}
{{ value }}
{%- endif -%}
{%- endmacro %}

{# `yes` where a key is configured, else the empty text. #}
{% macro is_rekeying() -%}
{%- if env_var('STILLWATCH_ID_KEY_FILE', '') -%}yes{%- endif -%}
{%- endmacro %}

{% macro keyed_digest(value, kind) -%}
sha256(
            {{ key_pad('outer') }} || unhex(sha256({{ key_pad('inner') }} || encode('{{ kind }}' || chr(31) || cast({{ value }} as varchar))))
        )
{%- endmacro %}

{% macro key_pad(side) -%}
coalesce(cast(getvariable('stillwatch_id_{{ side }}_pad') as blob), error('this connection holds no key for ids'))
{%- endmacro %}

{# On a cluster a key would stand in statements and logs that others can read. #}
{% macro refuse_rekeying() -%}
{%- if is_rekeying() -%}
{{ exceptions.raise_compiler_error(
    "ids are not re-keyed on Spark: the key in STILLWATCH_ID_KEY_FILE would stand in SQL that is sent to the cluster and kept in its"
    ~ " logs. Re-key ids on their way into the landing folder and unset STILLWATCH_ID_KEY_FILE, or run the DuckDB target."
) }}
{%- endif -%}
{%- endmacro %}
