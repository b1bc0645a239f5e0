-- what the users of a rare template are to each other: strangers with a tool in common, or one operator's accounts
with

holders as (

    select
        *,
        {{ holding_key('account_key', 'value_key') }} as holding_key
    from {{ ref('int_links__rare_holders') }}
    where link_kind = 'rare_template'

),

templates as (

    select
        as_of_date,
        value_key,
        link_value,
        max(holder_count) as holder_count,
        max(account_count) as account_count
    from holders
    group by as_of_date, value_key, link_value

),

prompts as (

    select
        templates.as_of_date,
        templates.value_key,
        prompt_days.prompt_hash,
        count(distinct prompt_days.account_key) as asking_account_count,
        sum(prompt_days.request_count) as request_count
    from ({{ rows_in_window(ref('int_usage__account_prompt_days')) }}) as prompt_days
    inner join templates
        on prompt_days.as_of_date = templates.as_of_date
        and prompt_days.prompt_template_hash = templates.link_value
    where prompt_days.prompt_hash is not null
    group by templates.as_of_date, templates.value_key, prompt_days.prompt_hash

),

prompt_use as (

    select
        as_of_date,
        value_key,
        count(*) / cast(sum(asking_account_count) as double) as prompt_disjointness,
        count(*) / cast(sum(request_count) as double) as new_prompt_share
    from prompts
    group by as_of_date, value_key

),

template_users as (

    select distinct as_of_date, account_key
    from {{ ref('int_links__account_values') }}
    where link_kind = 'rare_template'

),

-- how evenly a template's users make requests, against all accounts that lean on some template, the popular ones included:
-- who hardly makes any request would make every group look even. Spreads are of logarithms
account_rates as (

    select as_of_date, account_key, ln(request_count_28d / cast(active_day_count_28d as double)) as log_rate
    from {{ ref('int_features__usage') }}

),

template_spreads as (

    select
        holders.as_of_date,
        holders.value_key,
        {{ spread('account_rates.log_rate') }} as log_rate_spread
    from holders
    inner join account_rates
        on holders.as_of_date = account_rates.as_of_date and holders.account_key = account_rates.account_key
    group by holders.as_of_date, holders.value_key

),

usual_spreads as (

    select account_rates.as_of_date, {{ spread('account_rates.log_rate') }} as log_rate_spread
    from account_rates
    inner join template_users
        on account_rates.as_of_date = template_users.as_of_date and account_rates.account_key = template_users.account_key
    group by account_rates.as_of_date

),

-- colleagues are meant to be linked, so that an organisation says nothing of one hand
identity_pairs as (

    select distinct as_of_date, account_key_a, account_key_b
    from {{ ref('int_links__value_pairs') }}
    where link_kind in ('payment_fingerprint', 'device', 'phone', 'signup_network')

),

pair_counts as (

    select as_of_date, count(*) as pair_count
    from identity_pairs
    group by as_of_date

),

pairs_inside as (

    select
        identity_pairs.as_of_date,
        holders_a.value_key,
        count(*) as pair_count_inside
    from identity_pairs
    inner join holders as holders_a
        on identity_pairs.as_of_date = holders_a.as_of_date and identity_pairs.account_key_a = holders_a.account_key
    inner join holders as holders_b
        on {{ holding_key('identity_pairs.account_key_b', 'holders_a.value_key') }} = holders_b.holding_key
    group by identity_pairs.as_of_date, holders_a.value_key

),

-- how many identity links so many accounts would have among them, were they drawn from all accounts
judged as (

    select
        templates.as_of_date,
        templates.value_key,
        templates.link_value,
        templates.holder_count,
        templates.account_count,
        coalesce(pairs_inside.pair_count_inside, 0) as identity_pair_count,
        coalesce(pair_counts.pair_count, 0) * templates.holder_count * cast(templates.holder_count - 1 as double)
            / nullif(templates.account_count * cast(templates.account_count - 1 as double), 0) as expected_pair_count,
        prompt_use.prompt_disjointness,
        prompt_use.new_prompt_share,
        -- its upper 90 % bound: the spread of a few is small by chance
        template_spreads.log_rate_spread * (1 + 1.2816 / sqrt(2.0 * (templates.holder_count - 1))) as log_rate_spread,
        usual_spreads.log_rate_spread as usual_log_rate_spread
    from templates
    left join template_spreads
        on templates.as_of_date = template_spreads.as_of_date and templates.value_key = template_spreads.value_key
    left join usual_spreads on templates.as_of_date = usual_spreads.as_of_date
    left join pairs_inside
        on templates.as_of_date = pairs_inside.as_of_date and templates.value_key = pairs_inside.value_key
    left join pair_counts on templates.as_of_date = pair_counts.as_of_date
    left join prompt_use
        on templates.as_of_date = prompt_use.as_of_date and templates.value_key = prompt_use.value_key

)

select
    as_of_date,
    value_key,
    link_value,
    holder_count,
    identity_pair_count,
    expected_pair_count,
    prompt_disjointness,
    new_prompt_share,
    log_rate_spread,
    usual_log_rate_spread,
    -- a corpus shared out: no prompt is asked by two of them, and few are asked again and again
    coalesce(holder_count >= 3 and prompt_disjointness >= 0.98 and new_prompt_share >= {{ var('minimum_new_prompt_share') }}, false) as is_divided,
    -- one operator: a tenth of the holders at least are linked, and far more often than chance.
    -- Prior odds that two of them are one operator's: the group's size over twenty, as twenty is what the pair rule assumes.
    case
        when identity_pair_count >= greatest(3, 0.1 * holder_count) and identity_pair_count >= 5 * expected_pair_count
            then {{ rounded(
                'least(6.0, ln(identity_pair_count / greatest(expected_pair_count, 0.25)))
                + ln(greatest(1.0, holder_count / cast(20 as double)))', 6
            ) }}
        else 0
    end as linked_weight,
    -- a dispatcher's hand: ten accounts at least, at most half as spread as is usual; twice the logarithm is what a
    -- pair's rates say between two normal distributions of those spreads
    case
        when holder_count >= 10 and log_rate_spread <= 0.5 * usual_log_rate_spread
            then {{ rounded('least(4.0, 2 * ln(usual_log_rate_spread / greatest(log_rate_spread, 0.05)))', 6) }}
        else 0
    end as even_weight
from judged
