-- what the queue step chooses from: every scored subject with its harm, its reasons in words and a mark of its evidence
with

scores as (

    select * from {{ ref('scores') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

account_features as (

    select
        as_of_date,
        account_id,
        tier,
        request_count_28d,
        output_tokens_28d,
        is_enforced,
        contract_outside_share_28d,
        contract_outside_limit,
        unfamiliar_request_count_7d,
        placed_request_count_7d,
        unfamiliar_network_count_7d
    from {{ ref('account_features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

actor_features as (

    select
        as_of_date,
        actor_id,
        request_count_28d,
        output_tokens_28d,
        account_count,
        enforced_account_count,
        active_account_count
    from {{ ref('int_actors__features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

hits as (

    select * from {{ ref('signal_hits') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
        and contribution + resale_contribution > 0

),

registry as (

    select * from {{ ref('signal_registry') }}

),

worded as (

    select
        hits.as_of_date,
        hits.subject_type,
        hits.subject_id,
        hits.signal_id,
        row_number() over (
            partition by hits.as_of_date, hits.subject_type, hits.subject_id
            order by greatest(hits.contribution, hits.resale_contribution) desc, hits.signal_id
        ) as reason_rank,
        {{ reason_text('registry.sentence', 'registry.unit', 'hits.value', 'hits.baseline') }} as reason
    from hits
    inner join registry on hits.signal_id = registry.signal_id

),

reasons as (

    select
        as_of_date,
        subject_type,
        subject_id,
        {{ joined_text('case when reason_rank <= 4 then reason end', ' ', 'reason_rank') }} as reasons_text,
        {{ joined_text('signal_id', ' ', 'signal_id') }} as evidence_signature
    from worded
    group by as_of_date, subject_type, subject_id

)

select
    scores.as_of_date,
    scores.subject_type,
    scores.subject_id,
    cast(scores.log_odds as double) as log_odds,
    scores.score,
    scores.lower,
    scores.upper,
    scores.resale_score,
    scores.role,
    cast(coalesce(actor_features.output_tokens_28d, account_features.output_tokens_28d, 0) as double) as expected_harm,
    coalesce(reasons.reasons_text, 'No signal speaks for abuse; drawn at random for audit.') as reasons_text,
    coalesce(account_features.tier, 'actor') as tier,
    coalesce(reasons.evidence_signature, '') as evidence_signature,
    coalesce(actor_features.request_count_28d, account_features.request_count_28d, 0) as request_count_28d,
    account_features.contract_outside_share_28d,
    account_features.contract_outside_limit,
    account_features.unfamiliar_request_count_7d,
    account_features.placed_request_count_7d,
    account_features.unfamiliar_network_count_7d
from scores
left join account_features
    on scores.subject_type = 'account'
    and scores.as_of_date = account_features.as_of_date
    and scores.subject_id = account_features.account_id
left join actor_features
    on scores.subject_type = 'actor'
    and scores.as_of_date = actor_features.as_of_date
    and scores.subject_id = actor_features.actor_id
left join reasons
    on scores.as_of_date = reasons.as_of_date
    and scores.subject_type = reasons.subject_type
    and scores.subject_id = reasons.subject_id
where coalesce(not account_features.is_enforced, true)
    and (actor_features.actor_id is null or actor_features.active_account_count > actor_features.enforced_account_count)
