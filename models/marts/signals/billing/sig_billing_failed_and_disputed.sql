{{ config(materialized='view') }}

{{ account_signal(
    value="(failed_charge_count + disputed_charge_count) / cast(nullif(charge_count, 0) as double)",
    excess="(failed_charge_count + disputed_charge_count) / cast(nullif(charge_count, 0) as double)",
    support="charge_count"
) }}
