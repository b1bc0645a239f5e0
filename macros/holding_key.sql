{#
  One integer for an account and a value it holds. A join on it meets only holders of that value, in whatever order an engine
  would otherwise join; both keys are counted from 1 and stay below 2 to the 31st.
#}
{% macro holding_key(account_key, value_key) -%}
{{ account_key }} * 4294967296 + {{ value_key }}
{%- endmacro %}
