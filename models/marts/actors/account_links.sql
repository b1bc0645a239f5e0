{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date',
    'published': {
        'as_of_column': 'as_of_date',
        'order_by': ['account_id_a', 'account_id_b', 'link_kind'],
        'looked_up_by': ['account_id_b'],
    },
}) }}

with

value_pairs as (

    select * from {{ ref('int_links__value_pairs') }}

),

template_groups as (

    select * from {{ ref('int_links__template_groups') }}

),

link_kinds as (

    select * from {{ ref('link_kinds') }}

),

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

-- what a template's users are to each other is said of the template once: a share of its own weight, or a weight by itself
template_evidence as (

    select
        template_groups.value_key,
        derived.link_kind,
        rare_template.weight as value_weight,
        case when derived.link_kind = 'divided_template' then derived.weight else 0 end as share_weight,
        case derived.link_kind
            when 'linked_template' then derived.weight * template_groups.linked_weight
            when 'even_template' then derived.weight * template_groups.even_weight
            else 0
        end as own_weight
    from template_groups
    inner join link_kinds as rare_template on rare_template.link_kind = 'rare_template'
    inner join link_kinds as derived
        on (derived.link_kind = 'divided_template' and template_groups.is_divided)
        or (derived.link_kind = 'linked_template' and template_groups.linked_weight > 0)
        or (derived.link_kind = 'even_template' and template_groups.even_weight > 0)

),

evidence as (

    select as_of_date, account_key_a, account_key_b, link_kind, cast(weight as double) as weight, first_seen_on, last_seen_on
    from value_pairs

    union all

    select
        value_pairs.as_of_date,
        value_pairs.account_key_a,
        value_pairs.account_key_b,
        template_evidence.link_kind,
        value_pairs.weight * template_evidence.share_weight / template_evidence.value_weight
        + template_evidence.own_weight as weight,
        value_pairs.first_seen_on,
        value_pairs.last_seen_on
    from value_pairs
    inner join template_evidence on value_pairs.value_key = template_evidence.value_key

    union all

    -- an eighth of z squared: a normal log-likelihood ratio is a half, and hours are not independent
    select
        activity.as_of_date,
        activity.account_key_a,
        activity.account_key_b,
        link_kinds.link_kind,
        link_kinds.weight * least(4.0, activity.z * activity.z / 8) as weight,
        activity.as_of_date - 6 as first_seen_on,
        activity.as_of_date as last_seen_on
    from {{ ref('int_links__activity_pairs') }} as activity
    inner join link_kinds on link_kinds.link_kind = 'hourly_activity'

    union all

    select
        hand_offs.as_of_date,
        hand_offs.account_key_a,
        hand_offs.account_key_b,
        link_kinds.link_kind,
        link_kinds.weight,
        hand_offs.handed_over_on as first_seen_on,
        hand_offs.handed_over_on as last_seen_on
    from {{ ref('int_links__hand_offs') }} as hand_offs
    inner join link_kinds on link_kinds.link_kind = 'hand_off'

),

-- the rarest value counts whole, further ones three tenths each and half as much again at most: they seldom are independent
weighed as (

    select
        as_of_date,
        account_key_a,
        account_key_b,
        link_kind,
        {{ as_decimal(
            'least(
            1.5 * max(weight), max(weight) + 0.3 * (cast(sum(' ~ as_decimal('weight', 18, 6) ~ ') as double) - max(weight))
        )', 9, 4) }} as weight,
        count(*) as shared_value_count,
        min(first_seen_on) as first_seen_on,
        max(last_seen_on) as last_seen_on
    from evidence
    group by as_of_date, account_key_a, account_key_b, link_kind

),

with_ids as (

    select
        weighed.*,
        link_kinds.evidence_source,
        link_kinds.is_behavioural,
        keys_a.account_id as id_a,
        keys_b.account_id as id_b
    from weighed
    inner join link_kinds on weighed.link_kind = link_kinds.link_kind
    inner join account_keys as keys_a on weighed.account_key_a = keys_a.account_key
    inner join account_keys as keys_b on weighed.account_key_b = keys_b.account_key

)

select
    as_of_date,
    least(id_a, id_b) as account_id_a,
    greatest(id_a, id_b) as account_id_b,
    link_kind,
    evidence_source,
    is_behavioural,
    weight,
    shared_value_count,
    first_seen_on,
    last_seen_on,
    case when id_a < id_b then account_key_a else account_key_b end as account_key_a,
    case when id_a < id_b then account_key_b else account_key_a end as account_key_b
from with_ids
where weight > 0
