with

account_keys as (

    select * from {{ ref('int_accounts__assign_keys') }}

),

charges as (

    select
        charge_states.*,
        account_keys.account_key
    from {{ states_as_of(ref('int_billing_charges__keep_states'), 'charge_id') }} as charge_states
    inner join account_keys on charge_states.account_id = account_keys.account_id

),

credits as (

    select
        credits.as_of_date,
        account_keys.account_key,
        cast(sum(case when credits.kind in ('trial', 'promotional') then credits.amount else 0 end) as bigint)
            as free_credit_amount,
        cast(sum(case when credits.kind = 'consumption' then credits.amount else 0 end) as bigint) as consumed_amount,
        min(case when credits.kind = 'trial' then credits.created_at end) as first_trial_at
    from {{ states_as_of(ref('int_billing_credits__keep_states'), 'credit_id') }} as credits
    inner join account_keys on credits.account_id = account_keys.account_id
    group by credits.as_of_date, account_keys.account_key

),

holders as (

    select
        as_of_date,
        payment_method_fingerprint,
        count(distinct account_key) as account_count
    from charges
    where payment_method_fingerprint is not null
    group by as_of_date, payment_method_fingerprint

),

charged as (

    select
        charges.as_of_date,
        charges.account_key,
        count(*) as charge_count,
        cast({{ count_where("charges.status = 'failed'") }} as bigint) as failed_charge_count,
        cast({{ count_where('charges.disputed') }} as bigint) as disputed_charge_count,
        cast({{ count_where("charges.payment_method_funding = 'prepaid'") }} as bigint) as prepaid_charge_count,
        count(charges.payment_method_funding) as funding_covered_count,
        max(holders.account_count) as accounts_per_fingerprint,
        max(charges.payment_method_country) as payment_method_country
    from charges
    left join holders
        on charges.as_of_date = holders.as_of_date
        and charges.payment_method_fingerprint = holders.payment_method_fingerprint
    group by charges.as_of_date, charges.account_key

)

select
    coalesce(charged.as_of_date, credits.as_of_date) as as_of_date,
    coalesce(charged.account_key, credits.account_key) as account_key,
    charged.charge_count,
    charged.failed_charge_count,
    charged.disputed_charge_count,
    charged.accounts_per_fingerprint,
    charged.payment_method_country,
    charged.prepaid_charge_count / cast(nullif(charged.funding_covered_count, 0) as double) as prepaid_charge_share,
    charged.failed_charge_count / cast(nullif(charged.charge_count, 0) as double) as failed_charge_share,
    credits.free_credit_amount,
    credits.consumed_amount,
    credits.first_trial_at
from charged
full join credits
    on charged.as_of_date = credits.as_of_date and charged.account_key = credits.account_key
