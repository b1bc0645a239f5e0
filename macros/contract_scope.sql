{#
  One part of a contract's scope, NULL where it is not stated. `scope_text` is `;key=value;key=value;`, lower case and
  without blanks, framed so that every part begins and ends with a semicolon.
#}
{% macro scope_part(scope_text, key) -%}
nullif(split_part(split_part({{ scope_text }}, ';{{ key }}=', 2), ';', 1), '')
{%- endmacro %}


{# Whether a value stands in a comma list; NULL where there is no list. #}
{% macro is_listed(listed_value, list) -%}
{{ dbt.position("',' || " ~ listed_value ~ " || ','", "',' || " ~ list ~ " || ','") }} > 0
{%- endmacro %}
