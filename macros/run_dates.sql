{# The first as-of date the run computes, as a date literal. #}
{% macro as_of_from() %}cast('{{ var("as_of_from") }}' as date){% endmacro %}

{# The last as-of date the run computes; nothing that arrived later is read. #}
{% macro as_of_to() %}cast('{{ var("as_of_to") }}' as date){% endmacro %}

{# The first arrival day the run takes in. #}
{% macro arrived_from() %}cast('{{ var("arrived_from") }}' as date){% endmacro %}
