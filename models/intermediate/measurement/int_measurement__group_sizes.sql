with

accounts as (

    select * from {{ ref('accounts') }}
    where is_known

)

select 'all' as group_kind, 'all' as group_value, count(*) as account_count from accounts
{%- for name, column in [('country', 'declared_country'), ('language', 'main_language'), ('tier', 'tier'), ('account_type', 'account_type')] %}
union all
select '{{ name }}' as group_kind, coalesce({{ column }}, 'unknown') as group_value, count(*) as account_count
from accounts
group by coalesce({{ column }}, 'unknown')
{%- endfor %}
