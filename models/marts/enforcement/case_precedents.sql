{#
  Distance of two cases, 0 the same to 1: clause 0.4, tactic mix 0.3, scale 0.15, strength 0.15. The clause weighs most, for like
  cases are first of all cases of one rule; scale and strength are what differs between them.
#}
{%- set weights = {'clause': 0.4, 'tactic': 0.3, 'scale': 0.15, 'strength': 0.15} -%}
{%- set weighted_sum -%}
    {% for part, weight in weights.items() %}{{ weight }} * {{ part }}_distance{{ ' + ' if not loop.last }}{% endfor %}
{%- endset -%}
with

facts as (

    select * from {{ ref('int_enforcement__case_facts') }}

),

-- the mix as signals saw it on the night frozen for the case; decimals, because a sum of doubles depends on the order of addition
mixes as (

    select case_id, tactic, sum({{ as_decimal('contribution_share', 18, 9) }}) as tactic_share
    from {{ ref('int_enforcement__case_evidence') }}
    group by case_id, tactic

),

-- a decision may rest only on decisions before it
pairs as (

    select
        facts.case_id,
        decided.case_id as precedent_case_id,
        facts.likely_clause_id,
        decided.likely_clause_id as precedent_clause_id,
        facts.tactic_id,
        decided.tactic_id as precedent_tactic_id,
        facts.account_count,
        decided.account_count as precedent_account_count,
        decided.decided_at as precedent_decided_at,
        decided.action_type as precedent_action_type,
        decided.outcome = 'overturned' as is_overturned,
        -- grades given after the decision are no facts it stood on
        case
            when facts.last_assessed_at < coalesce(facts.decided_at, {{ as_of_to() }} + 1) then facts.strength_score
        end as strength_score,
        case
            when decided.last_assessed_at < coalesce(facts.decided_at, {{ as_of_to() }} + 1) then decided.strength_score
        end as precedent_strength_score
    from facts
    inner join facts as decided
        on facts.case_id <> decided.case_id
        and decided.action_count > 0
        and decided.decided_at < coalesce(facts.decided_at, {{ as_of_to() }} + 1)
        and (facts.likely_clause_id = decided.likely_clause_id or facts.tactic_id = decided.tactic_id)

),

-- what two mixes share: 1 when they are the same
shared_mixes as (

    select
        pairs.case_id,
        pairs.precedent_case_id,
        cast(sum(least(mixes.tactic_share, precedent_mixes.tactic_share)) as double) as shared
    from pairs
    inner join mixes on pairs.case_id = mixes.case_id
    inner join mixes as precedent_mixes
        on pairs.precedent_case_id = precedent_mixes.case_id and mixes.tactic = precedent_mixes.tactic
    group by pairs.case_id, pairs.precedent_case_id

),

mixed as (

    select distinct case_id from mixes

),

parts as (

    select
        pairs.*,
        case when pairs.likely_clause_id = pairs.precedent_clause_id then cast(0 as double) else cast(1 as double) end as clause_distance,
        -- without signals on either side the reviewers' tactics decide
        case
            when mixed.case_id is not null and precedent_mixed.case_id is not null
                then greatest(0.0, 1.0 - coalesce(shared_mixes.shared, 0.0))
            when pairs.tactic_id = pairs.precedent_tactic_id then 0.0
            else 1.0
        end as tactic_distance,
        -- a hundredfold difference in accounts is as far as any
        least(
            1.0,
            abs(ln(greatest(pairs.account_count, 1)) - ln(greatest(pairs.precedent_account_count, 1))) / ln(100.0)
        ) as scale_distance,
        -- a strength that was not known then is neither near nor far
        coalesce(abs(pairs.strength_score - pairs.precedent_strength_score) / 4.0, 0.5) as strength_distance
    from pairs
    left join shared_mixes on pairs.case_id = shared_mixes.case_id and pairs.precedent_case_id = shared_mixes.precedent_case_id
    left join mixed on pairs.case_id = mixed.case_id
    left join mixed as precedent_mixed on pairs.precedent_case_id = precedent_mixed.case_id

),

measured as (

    select
        *,
        {{ rounded(weighted_sum, 6) }} as distance
    from parts

),

ranked as (

    select
        *,
        cast(row_number() over (
            partition by case_id order by distance, precedent_decided_at desc, precedent_case_id
        ) as bigint) as precedent_rank
    from measured

)

select
    case_id,
    precedent_case_id,
    precedent_rank,
    distance,
    clause_distance,
    tactic_distance,
    scale_distance,
    strength_distance,
    precedent_decided_at,
    precedent_action_type,
    is_overturned,
    not is_overturned and distance <= 0.5 as is_support
from ranked
where precedent_rank <= 20
