-- One row per team that is or was; of one that was deleted and made again the newest.
with

listed as (
    select team_id, organization_id, blocked, rpm_limit, created_at, tier, false as is_gone, created_at as stated_at
    from teams

    union all by name

    select team_id, organization_id, rpm_limit, created_at, true as is_gone, deleted_at as stated_at
    from deleted_teams
)

select
    team_id,
    organization_id,
    blocked,
    rpm_limit,
    created_at,
    tier,
    is_gone,
from listed
where real_team(team_id) is not null
qualify row_number() over (partition by team_id order by is_gone, stated_at desc nulls last) = 1
