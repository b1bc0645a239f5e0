{#
  A double at so many decimals: those nearest to what the double is, not to its shortest decimal notation; a half goes away
  from 0.
#}
{% macro rounded(value, decimals) -%}
{{ return(adapter.dispatch('rounded', 'stillwatch')(value, decimals)) }}
{%- endmacro %}

{% macro default__rounded(value, decimals) -%}
round({{ value }}, {{ decimals }})
{%- endmacro %}

{# Its own rounds the shortest notation. A number is split here into its first 24 bits and the rest, whose products are exact. #}
{% macro spark__rounded(value, decimals) -%}
{%- set scale = 'cast(' ~ 10 ** decimals ~ ' as double)' -%}
transform(
    array(cast({{ value }} as double)),
    number -> case
        when abs(number) < 1e9 then sign(number) * transform(
            array(named_struct(
                'first', abs(cast(cast(number as float) as double)) * {{ scale }},
                'rest', (abs(number) - abs(cast(cast(number as float) as double))) * {{ scale }}
            )),
            part -> (floor(part.first) + 1 + floor(part.first - floor(part.first) - 0.5e0 + part.rest)) / {{ scale }}
        )[0]
        else round(number, {{ decimals }})
    end
)[0]
{%- endmacro %}
