with

live as (

    select *
    from {{ states_as_of(ref('int_intel_indicators__keep_states'), 'indicator_id') }} as states
    where cast(first_seen_at as date) <= as_of_date
        and (expires_at is null or cast(expires_at as date) > as_of_date)

),

-- confidence halves with every 30 days of age; an expired indicator is dead
weighted as (

    select
        as_of_date,
        indicator_type,
        value,
        max(confidence * power(0.5, date_diff('day', cast(first_seen_at as date), as_of_date) / 30.0)) as aged_confidence
    from live
    group by as_of_date, indicator_type, value

),

accounts as (

    select * from {{ ref('int_accounts__as_of') }}

),

matches as (

    select accounts.as_of_date, accounts.account_key, weighted.indicator_type, weighted.aged_confidence
    from accounts
    inner join weighted
        on accounts.as_of_date = weighted.as_of_date
        and weighted.value = case weighted.indicator_type
            when 'account_id' then accounts.account_id
            when 'email_domain' then accounts.email_domain
            when 'device_hash' then cast(accounts.device_hash as {{ dbt.type_string() }})
            when 'ip_hash' then cast(accounts.signup_ip_hash as {{ dbt.type_string() }})
            when 'asn' then cast(accounts.signup_asn as {{ dbt.type_string() }})
        end

    union all

    select holders.as_of_date, holders.account_key, weighted.indicator_type, weighted.aged_confidence
    from {{ ref('int_links__account_values') }} as holders
    inner join weighted
        on holders.as_of_date = weighted.as_of_date
        and holders.link_value = weighted.value
        and (
            (holders.link_kind = 'payment_fingerprint' and weighted.indicator_type = 'payment_method_fingerprint')
            or (holders.link_kind = 'rare_template' and weighted.indicator_type = 'prompt_template_hash')
        )

)

select
    accounts.as_of_date,
    accounts.account_key,
    coalesce(max(matches.aged_confidence), 0) as indicator_confidence,
    count(distinct matches.indicator_type) as indicator_kind_count
from accounts
left join matches
    on accounts.as_of_date = matches.as_of_date and accounts.account_key = matches.account_key
where exists (select 1 from weighted where weighted.as_of_date = accounts.as_of_date)
group by accounts.as_of_date, accounts.account_key
