{{ config(materialized='incremental', incremental_strategy='append', meta={
    'rewind_by': 'as_of_date', 'published': {'as_of_column': 'as_of_date', 'order_by': ['subject_type', 'subject_id']}
}) }}

with

hits as (

    select * from {{ ref('signal_hits') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

registry as (

    select * from {{ ref('signal_registry') }}

),

rule_set as (

    select * from {{ ref('int_scores__rule_set') }}

),

subjects as (

    select as_of_date, 'account' as subject_type, account_id as subject_id, {{ within_contract() }} as has_contract
    from {{ ref('account_features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
    union all
    select as_of_date, 'actor' as subject_type, actor_id as subject_id, contracted_account_count > 0 as has_contract
    from {{ ref('int_actors__features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

-- a signal speaks of every subject of its type, and evidence holds those that could be computed
signal_counts as (

    select subject_type, count(*) as signal_count
    from registry
    where status in ('active', 'shadow')
    group by subject_type

),

computable as (

    select as_of_date, subject_type, subject_id, count(*) as computable_count
    from {{ ref('int_signals__evidence') }}
    group by as_of_date, subject_type, subject_id

),

raw_reasons as (

    select
        hits.as_of_date,
        hits.subject_type,
        hits.subject_id,
        hits.signal_id,
        hits.value,
        hits.baseline,
        hits.contribution,
        hits.resale_contribution,
        hits.family,
        registry.tactic,
        {{ reason_text('registry.sentence', 'registry.unit', 'hits.value', 'hits.baseline') }} as reason
    from hits
    inner join registry on hits.signal_id = registry.signal_id
    where hits.contribution <> 0 or hits.resale_contribution <> 0

    union all

    select
        subjects.as_of_date,
        subjects.subject_type,
        subjects.subject_id,
        'prior' as signal_id,
        null as value,
        null as baseline,
        rule_set.prior_log_odds as contribution,
        rule_set.resale_prior_log_odds as resale_contribution,
        'prior' as family,
        'prior' as tactic,
        'Before any evidence, as the rule set states it.' as reason
    from subjects
    inner join rule_set on subjects.subject_type = rule_set.subject_type

),

raw_sums as (

    select
        as_of_date,
        subject_type,
        subject_id,
        cast(sum(contribution) as decimal(9, 4)) as raw_log_odds,
        cast(sum(resale_contribution) as decimal(9, 4)) as raw_resale_log_odds
    from raw_reasons
    group by as_of_date, subject_type, subject_id

),

-- an adopted calibration moves the sum by an affine map, and the move is a reason like any other
calibration_moves as (

    select
        raw_sums.as_of_date,
        raw_sums.subject_type,
        raw_sums.subject_id,
        {{ calibration_move('raw_sums.raw_log_odds', 'rule_set.intercept', 'rule_set.slope') }} as contribution,
        {{ calibration_move('raw_sums.raw_resale_log_odds', 'rule_set.resale_intercept', 'rule_set.resale_slope') }}
            as resale_contribution,
        rule_set.calibration_reason
    from raw_sums
    inner join rule_set on raw_sums.subject_type = rule_set.subject_type
    where rule_set.slope is not null or rule_set.resale_slope is not null

),

reasons as (

    select * from raw_reasons
    union all
    select
        as_of_date,
        subject_type,
        subject_id,
        'calibration' as signal_id,
        null as value,
        null as baseline,
        contribution,
        resale_contribution,
        'calibration' as family,
        'calibration' as tactic,
        calibration_reason as reason
    from calibration_moves

),

summed as (

    select
        as_of_date,
        subject_type,
        subject_id,
        cast(sum(contribution) as decimal(9, 4)) as log_odds,
        cast(sum(resale_contribution) as decimal(9, 4)) as resale_log_odds,
        sum(case when family <> 'calibration' then contribution end) as raw_log_odds,
        sum(case when family <> 'calibration' then resale_contribution end) as raw_resale_log_odds,
        cast(sum(
            case when family not in ('prior', 'calibration') then contribution * contribution else 0 end
        ) as double) as squared,
        cast(sum(
            case when family not in ('prior', 'calibration') then resale_contribution * resale_contribution else 0 end
        ) as double) as resale_squared,
        coalesce(sum(case when family = 'reentry' then contribution end), 0) as reentry_contribution,
        coalesce(sum(case when family = 'reentry' then resale_contribution end), 0) as resale_reentry_contribution,
        {{ count_where("tactic = 'stolen_keys' and contribution + resale_contribution > 0") }} as stolen_key_signal_count,
        {{ count_where("tactic = 'trial_farming' and contribution + resale_contribution > 0") }} as trial_farming_signal_count,
        {{ reasons_json() }} as reasons
    from reasons
    group by as_of_date, subject_type, subject_id

),

-- calibrated, the interval is that of the fitted line; until then each piece of evidence is taken to be uncertain by half of itself
bounded as (

    select
        summed.*,
        subjects.has_contract,
        rule_set.ruleset_version,
        rule_set.calibration_status,
        cast(summed.log_odds as double) as log_odds_value,
        cast(summed.resale_log_odds as double) as resale_log_odds_value,
        cast(summed.log_odds as double) - coalesce(rule_set.slope, 1) * summed.reentry_contribution as other_log_odds,
        cast(summed.resale_log_odds as double) - coalesce(rule_set.resale_slope, 1) * summed.resale_reentry_contribution
            as resale_other_log_odds,
        case
            when rule_set.slope is null then 1.96 * sqrt(power(rule_set.prior_deviation, 2) + 0.25 * summed.squared)
            else {{ calibration_margin(
                'summed.raw_log_odds', 'rule_set.intercept_deviation', 'rule_set.slope_deviation', 'rule_set.correlation'
            ) }}
        end as margin,
        case
            when rule_set.resale_slope is null
                then 1.96 * sqrt(power(rule_set.prior_deviation, 2) + 0.25 * summed.resale_squared)
            else {{ calibration_margin(
                'summed.raw_resale_log_odds', 'rule_set.resale_intercept_deviation', 'rule_set.resale_slope_deviation',
                'rule_set.resale_correlation'
            ) }}
        end as resale_margin
    from summed
    inner join subjects
        on summed.as_of_date = subjects.as_of_date
        and summed.subject_type = subjects.subject_type
        and summed.subject_id = subjects.subject_id
    inner join rule_set on summed.subject_type = rule_set.subject_type

),

-- that somebody who was stopped came back says nothing of what they do: of two kinds both flagged, only those stand that other
-- evidence bears out, and where it bears out neither, the one it speaks for more
scored as (

    select
        *,
        {{ logistic('log_odds_value') }} as score,
        {{ logistic('log_odds_value - margin') }} as lower,
        {{ logistic('log_odds_value + margin') }} as upper,
        {{ logistic('resale_log_odds_value') }} as resale_score,
        {{ logistic('resale_log_odds_value - resale_margin') }} as resale_lower,
        {{ logistic('resale_log_odds_value + resale_margin') }} as resale_upper,
        log_odds_value >= 0
            and (resale_log_odds_value < 0 or other_log_odds >= 0 or other_log_odds >= resale_other_log_odds) as is_distillation,
        resale_log_odds_value >= 0
            and (log_odds_value < 0 or resale_other_log_odds >= 0 or resale_other_log_odds > other_log_odds) as is_resale
    from bounded

)

select
    scored.as_of_date,
    scored.subject_type,
    scored.subject_id,
    scored.log_odds,
    scored.score,
    scored.lower,
    scored.upper,
    scored.resale_log_odds,
    scored.resale_score,
    scored.resale_lower,
    scored.resale_upper,
    case
        when scored.stolen_key_signal_count > 0 and scored.subject_type = 'account' then 'stolen_key_victim'
        when scored.has_contract and not scored.is_distillation and not scored.is_resale then 'authorised'
        when scored.is_distillation and scored.is_resale then 'log_harvesting_reseller'
        when scored.is_distillation then 'distiller'
        when scored.is_resale then 'reseller'
        when scored.trial_farming_signal_count > 0 and scored.subject_type = 'actor' then 'trial_farmer'
        else 'benign'
    end as role,
    cast(row_number() over (
        partition by scored.as_of_date, scored.subject_type order by scored.log_odds desc, scored.subject_id
    ) as bigint) as rank,
    scored.ruleset_version,
    scored.calibration_status,
    coalesce(computable.computable_count, 0) / cast(signal_counts.signal_count as double) as coverage_share,
    scored.reasons
from scored
left join signal_counts on scored.subject_type = signal_counts.subject_type
left join computable
    on scored.as_of_date = computable.as_of_date
    and scored.subject_type = computable.subject_type
    and scored.subject_id = computable.subject_id
