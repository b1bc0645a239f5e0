-- the rule set's priors, and beside them the calibration that was adopted for this version of it
with

priors as (

    select
        subject_type,
        cast(ruleset_version as {{ dbt.type_string() }}) as ruleset_version,
        {{ as_decimal('prior_log_odds', 9, 4) }} as prior_log_odds,
        {{ as_decimal('resale_prior_log_odds', 9, 4) }} as resale_prior_log_odds,
        cast(prior_deviation as double) as prior_deviation
    from {{ ref('score_priors') }}

),

calibrations as (

    select
        *,
        cast(violation_count + benign_count as {{ dbt.type_string() }}) as verdict_count_text,
        cast({{ as_decimal('intercept', 9, 4) }} as {{ dbt.type_string() }}) || ' + '
        || cast({{ as_decimal('slope', 9, 4) }} as {{ dbt.type_string() }}) || ' x log-odds' as formula
    from {{ ref('score_calibration') }}

),

distillation as (

    select * from calibrations where kind = 'distillation'

),

resale as (

    select * from calibrations where kind = 'resale'

)

select
    priors.subject_type,
    priors.ruleset_version,
    priors.prior_log_odds,
    priors.resale_prior_log_odds,
    priors.prior_deviation,
    distillation.intercept,
    distillation.slope,
    distillation.intercept_deviation,
    distillation.slope_deviation,
    distillation.correlation,
    resale.intercept as resale_intercept,
    resale.slope as resale_slope,
    resale.intercept_deviation as resale_intercept_deviation,
    resale.slope_deviation as resale_slope_deviation,
    resale.correlation as resale_correlation,
    case
        when distillation.slope is null and resale.slope is null then 'expert prior'
        when distillation.slope is null then 'expert prior; resale calibrated on ' || resale.verdict_count_text || ' verdicts'
        when resale.slope is null then 'calibrated on ' || distillation.verdict_count_text || ' verdicts; resale expert prior'
        else 'calibrated on ' || distillation.verdict_count_text || ' verdicts'
    end as calibration_status,
    'Calibrated on review verdicts'
    || coalesce(
        ': ' || distillation.formula || ' (' || distillation.verdict_count_text || ' verdicts, ' || distillation.from_release || ')', ''
    )
    || coalesce(
        '; resale: ' || resale.formula || ' (' || resale.verdict_count_text || ' verdicts, ' || resale.from_release || ')', ''
    )
    || '.' as calibration_reason
from priors
left join distillation
    on priors.subject_type = distillation.subject_type and priors.ruleset_version = distillation.ruleset_version
left join resale
    on priors.subject_type = resale.subject_type and priors.ruleset_version = resale.ruleset_version
