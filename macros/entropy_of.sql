{#
  Shannon's entropy, in nats, of how a group's total divides into counts, to six decimals: ln T - sum(n ln n) / T, which asks for
  no total beforehand. NULL where there is no count; a count is at least 1. Summed as decimals, so that the order of rows does
  not show.
#}
{% macro entropy_of(count) -%}
case when sum({{ count }}) > 0 then greatest(0, {{ rounded(
    'ln(sum(' ~ count ~ ')) - cast(sum(' ~ as_decimal(count ~ ' * ln(' ~ count ~ ')', 18, 6) ~ ') as double) / sum(' ~ count ~ ')', 6
) }}) end
{%- endmacro %}
