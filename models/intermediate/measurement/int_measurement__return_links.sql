{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'first_linked_on'}) }}

with

unit_members as (

    select * from {{ ref('int_measurement__unit_members') }}

),

accounts as (

    select account_id, cast(created_at as date) as created_on from {{ ref('accounts') }}
    where cast(created_at as date) > (select min(enforced_on) from unit_members)

),

links as (

    select * from {{ ref('account_links') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

from_members as (

    select as_of_date, account_id_a as account_id, account_id_b as other_account_id, evidence_source, is_behavioural from links
    union all
    select as_of_date, account_id_b as account_id, account_id_a as other_account_id, evidence_source, is_behavioural from links

),

found as (

    select
        unit_members.unit_id,
        unit_members.member_unit_id,
        accounts.account_id as new_account_id,
        from_members.evidence_source,
        from_members.is_behavioural,
        min(from_members.as_of_date) as first_linked_on
    from unit_members
    inner join from_members
        on unit_members.account_id = from_members.account_id
        and from_members.as_of_date >= unit_members.known_on
    inner join accounts
        on from_members.other_account_id = accounts.account_id
        and accounts.created_on > unit_members.enforced_on
    group by
        unit_members.unit_id, unit_members.member_unit_id, accounts.account_id,
        from_members.evidence_source, from_members.is_behavioural

)

select
    found.unit_id,
    found.member_unit_id,
    found.new_account_id,
    found.evidence_source,
    found.is_behavioural,
    found.first_linked_on
from found
{%- if is_incremental() %}
left join {{ this }} as known
    on found.unit_id = known.unit_id
    and found.member_unit_id = known.member_unit_id
    and found.new_account_id = known.new_account_id
    and found.evidence_source = known.evidence_source
    and found.is_behavioural = known.is_behavioural
where known.unit_id is null
{%- endif %}
