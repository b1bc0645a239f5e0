{#
  Whether an approved use still covers what an account does, over columns of account_features: at most a tenth of the 28
  days' requests outside the contract (a month is counted as 28 of 30 days and failed requests are sent again, so a
  customer at its limit stands some per cent above it). Where the share cannot be computed the dates alone speak, and
  without a contract row the approval alone.
#}
{% macro within_contract() -%}
(
    approved_use is not null
    and case
        when contract_outside_share_28d is not null then contract_outside_share_28d <= 0.1
        else coalesce(is_contract_in_force, true)
    end
)
{%- endmacro %}
