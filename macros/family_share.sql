{#
  A signal's contribution after its family's cap: the strongest of a family counts whole, the others three tenths, since
  signals of one family are not independent; and the family's sum is held at its cap.
#}
{% macro capped_contribution(evidence, rank, discounted_sum, family_cap) -%}
{%- set share -%}
    {{ evidence }}
    * case when {{ rank }} = 1 then 1 else 0.3 end
    * least(1, {{ family_cap }} / greatest({{ discounted_sum }}, 0.0001))
{%- endset -%}
{{ as_decimal(rounded(share, 4), 9, 4) }}
{%- endmacro %}
