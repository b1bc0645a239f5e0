-- what an actor does as a whole, over the accounts that make it up
{{ config(materialized='incremental', incremental_strategy='append', meta={'rewind_by': 'as_of_date'}) }}

with

members as (

    select * from {{ source('computed', 'actor_members') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

account_features as (

    select * from {{ ref('account_features') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

member_features as (

    select members.actor_id, account_features.*
    from members
    inner join account_features
        on members.as_of_date = account_features.as_of_date and members.account_key = account_features.account_key

),

sizes as (

    select as_of_date, actor_id, count(*) as account_count
    from members
    group by as_of_date, actor_id

),

-- Gini of requests an active day over active members: near 0 when the load is spread evenly, whenever each began
member_rates as (

    select
        as_of_date,
        actor_id,
        account_id,
        active_day_count_28d,
        {{ as_decimal('request_count_28d / cast(active_day_count_28d as double)', 18, 6) }} as request_rate
    from member_features
    where request_count_28d > 0 and active_day_count_28d > 0

),

ranked as (

    select
        *,
        row_number() over (partition by as_of_date, actor_id order by request_rate, account_id) as load_rank,
        count(*) over (partition by as_of_date, actor_id) as active_account_count
    from member_rates

),

-- counts vary by chance too: independent requests (Poisson) add rate / days to a rate's variance, and a small spread's Gini is
-- its coefficient of variation over the root of pi
spread_of_rates as (

    select
        as_of_date,
        actor_id,
        2.0 * cast(sum(load_rank * request_rate) as double) / cast(max(active_account_count) * sum(request_rate) as double)
            - (max(active_account_count) + 1) / cast(max(active_account_count) as double) as gini,
        cast(sum({{ as_decimal('cast(request_rate as double) / active_day_count_28d', 18, 6) }}) as double) * max(active_account_count)
            / (pi() * power(cast(sum(request_rate) as double), 2)) as chance_gini_square
    from ranked
    group by as_of_date, actor_id

),

load as (

    select
        as_of_date,
        actor_id,
        {{ rounded('sqrt(greatest(0.0, gini * gini - chance_gini_square))', 6) }} as load_gini_28d
    from spread_of_rates

),

links as (

    select as_of_date, account_key_a, account_key_b, link_kind
    from {{ ref('account_links') }}
    where as_of_date between {{ as_of_from() }} and {{ as_of_to() }}

),

sides as (

    select as_of_date, account_key_a, account_key_b, link_kind, account_key_a as account_key from links
    union all
    select as_of_date, account_key_a, account_key_b, link_kind, account_key_b as account_key from links

),

-- a link is inside an actor with both its sides; grouped, not self-joined, to stay linear in an actor's size
placed as (

    select
        sides.as_of_date,
        members.actor_id,
        sides.link_kind,
        sides.account_key,
        count(*) over (
            partition by sides.as_of_date, members.actor_id, sides.link_kind, sides.account_key_a, sides.account_key_b
        ) as side_count
    from sides
    inner join members on sides.as_of_date = members.as_of_date and sides.account_key = members.account_key

),

linked_accounts as (

    select distinct as_of_date, actor_id, link_kind, account_key
    from placed
    where side_count = 2

),

linked_inside as (

    select
        as_of_date,
        actor_id,
        count(distinct case when link_kind = 'organization' then account_key end) as colleague_account_count,
        count(distinct case
            when link_kind in ('payment_fingerprint', 'device', 'phone', 'signup_network') then account_key
        end) as identified_account_count,
        count(distinct case when link_kind = 'hourly_activity' then account_key end) as bursting_account_count,
        count(distinct case when link_kind = 'hand_off' then account_key end) as relieved_account_count
    from linked_accounts
    group by as_of_date, actor_id

),

kinds_inside as (

    select
        as_of_date,
        actor_id,
        link_kind,
        count(*) as account_count,
        row_number() over (partition by as_of_date, actor_id order by count(*) desc, link_kind) as kind_rank
    from linked_accounts
    group by as_of_date, actor_id, link_kind

),

told_kinds as (

    select
        as_of_date,
        actor_id,
        {{ joined_text("link_kind || ' ' || cast(account_count as " ~ dbt.type_string() ~ ")", ', ', 'kind_rank') }} as link_kinds
    from kinds_inside
    group by as_of_date, actor_id

),

template_use as (

    select
        members.as_of_date,
        members.actor_id,
        prompt_days.prompt_template_hash,
        count(distinct prompt_days.account_key) as account_count,
        count(distinct prompt_days.prompt_hash) as prompt_count,
        count(distinct {{ row_fingerprint(['prompt_days.account_key', 'prompt_days.prompt_hash']) }}) as account_prompt_count,
        cast(sum(prompt_days.request_count) as bigint) as request_count
    from members
    inner join ({{ rows_in_window(ref('int_usage__account_prompt_days')) }}) as prompt_days
        on members.as_of_date = prompt_days.as_of_date and members.account_key = prompt_days.account_key
    where prompt_days.prompt_template_hash is not null and prompt_days.prompt_hash is not null
    group by members.as_of_date, members.actor_id, prompt_days.prompt_template_hash

),

end_users as (

    select
        members.as_of_date,
        members.actor_id,
        end_user_days.end_user_id,
        count(distinct end_user_days.account_key) as account_count,
        sum(end_user_days.request_count) as request_count
    from members
    inner join ({{ rows_in_window(ref('int_usage__account_end_user_days')) }}) as end_user_days
        on members.as_of_date = end_user_days.as_of_date and members.account_key = end_user_days.account_key
    group by members.as_of_date, members.actor_id, end_user_days.end_user_id

),

pooled as (

    select as_of_date, actor_id, sum(request_count) as pooled_request_count
    from end_users
    where account_count >= 2
    group by as_of_date, actor_id

),

-- popular framework templates are nobody's campaign: used by more accounts outside than the hub cap allows
holder_counts as (

    select as_of_date, link_value, count(*) as holder_count
    from {{ ref('int_links__account_values') }}
    where link_kind = 'rare_template'
    group by as_of_date, link_value

),

judged_templates as (

    select
        template_use.*,
        coalesce(holder_counts.holder_count, 0) as holder_count,
        -- shared by members, hardly used outside, and each prompt asked by one member, a few times at most
        template_use.account_count >= 2
            and template_use.account_count >= 0.5 * coalesce(holder_counts.holder_count, 0)
            and template_use.prompt_count >= 0.9 * template_use.account_prompt_count
            and template_use.prompt_count >= {{ var('minimum_new_prompt_share') }} * template_use.request_count
            as is_campaign_template,
        template_use.account_count >= 2 as is_shared_template
    from template_use
    left join holder_counts
        on template_use.as_of_date = holder_counts.as_of_date
        and template_use.prompt_template_hash = holder_counts.link_value

),

templates as (

    select
        as_of_date,
        actor_id,
        sum(case when is_campaign_template then request_count else 0 end) as campaign_request_count,
        sum(case when is_shared_template then request_count else 0 end) as shared_template_request_count,
        sum(case when is_shared_template then prompt_count else 0 end)
            / cast(nullif(sum(case when is_shared_template then account_prompt_count else 0 end), 0) as double)
            as prompt_disjointness_28d,
        sum(request_count) as templated_request_count
    from judged_templates
    group by as_of_date, actor_id

),

hours as (

    select
        as_of_date,
        actor_id,
        {{ entropy_of('request_count') }} as hour_entropy
    from (
        select members.as_of_date, members.actor_id, account_hours.hour_of_day, sum(account_hours.request_count) as request_count
        from members
        inner join ({{ rows_in_window(ref('int_usage__account_hours')) }}) as account_hours
            on members.as_of_date = account_hours.as_of_date and members.account_key = account_hours.account_key
        group by members.as_of_date, members.actor_id, account_hours.hour_of_day
    ) as by_hour
    group by as_of_date, actor_id

),

summed as (

    select
        as_of_date,
        actor_id,
        count(*) as active_account_count,
        cast(sum(request_count_28d) as bigint) as request_count_28d,
        cast(sum(output_tokens_28d) as bigint) as output_tokens_28d,
        cast(sum(request_count_1d) as bigint) as request_count_1d,
        sum(request_count_28d) / cast(sum(active_day_count_28d) as double) as requests_per_active_account_day_28d,
        sum(elicits_reasoning_count_28d) / cast(nullif(sum(request_count_28d), 0) as double) as elicits_reasoning_share_28d,
        sum(grades_output_count_28d) / cast(nullif(sum(request_count_28d), 0) as double) as grades_output_share_28d,
        sum(rewrites_sensitive_count_28d) / cast(nullif(sum(request_count_28d), 0) as double)
            as rewrites_sensitive_share_28d,
        cast(sum(slot_filled_request_count_28d) as bigint) as slot_filled_request_count_28d,
        cast({{ count_where('release_pivot_share_28d >= 0.3') }} as bigint) as pivoting_account_count,
        count(release_pivot_share_28d) as pivot_covered_account_count,
        cast({{ count_where('signup_burst_count >= 3') }} as bigint) as burst_account_count,
        cast({{ count_where('prepaid_charge_share >= 0.5') }} as bigint) as prepaid_account_count,
        count(prepaid_charge_share) as prepaid_covered_account_count,
        cast({{ count_where('hosting_share_28d >= 0.5') }} as bigint) as hosting_account_count,
        count(hosting_share_28d) as hosting_covered_account_count,
        cast({{ count_where('free_credit_amount > 0') }} as bigint) as free_credit_account_count,
        cast({{ count_where('enforced_link_kind_count >= 2 and enforced_nonbehavioural_kind_count >= 1') }} as bigint) as reentry_account_count,
        cast({{ count_where('is_enforced') }} as bigint) as enforced_account_count,
        cast({{ count_where(within_contract()) }} as bigint) as contracted_account_count,
        cast({{ count_where('has_organization') }} as bigint) as organization_account_count,
        cast({{ count_where('compromised_key_count > 0') }} as bigint) as compromised_account_count,
        cast({{ count_where("main_surface = 'partner_cloud'") }} as bigint) as partner_account_count,
        cast(sum(end_user_request_count_28d) as bigint) as end_user_request_count_28d,
        count(distinct main_surface) as surface_distinct_count_28d,
        max(indicator_confidence) as indicator_confidence,
        min(created_at) as first_created_at,
        min(account_age_days) as youngest_account_age_days
    from member_features
    group by as_of_date, actor_id

)

select
    sizes.as_of_date,
    sizes.actor_id,
    sizes.account_count,
    coalesce(linked_inside.colleague_account_count, 0) as colleague_account_count,
    coalesce(linked_inside.identified_account_count, 0) as identified_account_count,
    coalesce(linked_inside.bursting_account_count, 0) as bursting_account_count,
    coalesce(linked_inside.relieved_account_count, 0) as relieved_account_count,
    coalesce(summed.active_account_count, 0) as active_account_count,
    coalesce(summed.request_count_28d, 0) as request_count_28d,
    coalesce(summed.output_tokens_28d, 0) as output_tokens_28d,
    coalesce(summed.request_count_1d, 0) as request_count_1d,
    summed.requests_per_active_account_day_28d,
    load.load_gini_28d,
    hours.hour_entropy / ln(24) as hour_evenness_28d,
    cast(templates.campaign_request_count as bigint) as campaign_request_count_28d,
    templates.campaign_request_count / cast(nullif(templates.templated_request_count, 0) as double) as mixture_share,
    templates.shared_template_request_count / cast(nullif(templates.templated_request_count, 0) as double)
        as shared_template_share_28d,
    templates.prompt_disjointness_28d,
    summed.elicits_reasoning_share_28d,
    summed.grades_output_share_28d,
    summed.rewrites_sensitive_share_28d,
    summed.slot_filled_request_count_28d,
    summed.pivoting_account_count,
    summed.pivot_covered_account_count,
    summed.burst_account_count,
    summed.prepaid_account_count,
    summed.prepaid_covered_account_count,
    summed.hosting_account_count,
    summed.hosting_covered_account_count,
    summed.free_credit_account_count,
    summed.reentry_account_count,
    summed.enforced_account_count,
    summed.contracted_account_count,
    summed.organization_account_count,
    summed.compromised_account_count,
    summed.partner_account_count,
    summed.end_user_request_count_28d,
    -- unknown where nobody names end users
    case
        when summed.end_user_request_count_28d > 0 then coalesce(cast(pooled.pooled_request_count as bigint), 0)
    end as pooled_end_user_request_count_28d,
    summed.surface_distinct_count_28d,
    summed.indicator_confidence,
    summed.first_created_at,
    summed.youngest_account_age_days,
    told_kinds.link_kinds
from sizes
left join summed on sizes.as_of_date = summed.as_of_date and sizes.actor_id = summed.actor_id
left join linked_inside on sizes.as_of_date = linked_inside.as_of_date and sizes.actor_id = linked_inside.actor_id
left join told_kinds on sizes.as_of_date = told_kinds.as_of_date and sizes.actor_id = told_kinds.actor_id
left join pooled on sizes.as_of_date = pooled.as_of_date and sizes.actor_id = pooled.actor_id
left join load on sizes.as_of_date = load.as_of_date and sizes.actor_id = load.actor_id
left join templates on sizes.as_of_date = templates.as_of_date and sizes.actor_id = templates.actor_id
left join hours on sizes.as_of_date = hours.as_of_date and sizes.actor_id = hours.actor_id
