with

tonight as (

    select max(as_of_date) as as_of_date from {{ ref('signal_coverage') }}

),

shares as (

    select
        signal_coverage.signal_id,
        signal_coverage.as_of_date,
        signal_coverage.computable_count
        / nullif(
            signal_coverage.computable_count + signal_coverage.partly_count + signal_coverage.not_computable_count, 0
        ) as computable_share
    from {{ history('signal_coverage') }} as signal_coverage

)

select
    shares.signal_id,
    signal_registry.title,
    before.computable_share as computable_share_before,
    shares.computable_share
from shares
inner join tonight on shares.as_of_date = tonight.as_of_date
inner join shares as before
    on shares.signal_id = before.signal_id and before.as_of_date = tonight.as_of_date - interval 7 day
inner join {{ ref('signal_registry') }} as signal_registry on shares.signal_id = signal_registry.signal_id
where shares.computable_share < before.computable_share - 0.1
order by before.computable_share - shares.computable_share desc, shares.signal_id
