-- Tenants of a made-up installation: 20 organizations, 60 teams (two in three of an organization), 300 users (a third in teams) and
-- 400 keys, most of teams. Every name, address and secret holds CANARY.
insert into "LiteLLM_BudgetTable" (budget_id, rpm_limit, created_by, updated_by) values ('budget-1', 600, 'a', 'a');
insert into "LiteLLM_OrganizationTable" (organization_id, organization_alias, budget_id, metadata, created_at, created_by, updated_by)
select 'org-' || n, 'CANARY-alias-' || n, 'budget-1', '{"tier": "enterprise", "note": "CANARY-note"}', timestamp '2026-01-01' + n * interval '1 hour', 'a', 'a'
from generate_series(1, 20) as n;
insert into "LiteLLM_TeamTable" (team_id, team_alias, organization_id, metadata, rpm_limit, members_with_roles, blocked, created_at)
select
    'team-' || n, 'CANARY-team-' || n, case when n <= 40 then 'org-' || (n % 20 + 1) end, '{"plan": "team"}', 100,
    '[{"user_email": "CANARY@example.com"}]', n = 60, timestamp '2026-01-02' + n * interval '1 hour'
from generate_series(1, 60) as n;
insert into "LiteLLM_UserTable" (user_id, user_alias, sso_user_id, password, teams, user_email, rpm_limit, created_at)
select
    'user-' || n, 'CANARY-name-' || n, 'CANARY-sso-' || n, 'CANARY-password',
    case when n <= 100 then array['team-' || (n % 60 + 1)] else array[]::text[] end,
    ' Canary.Person' || n || '@Mail.Example ', 20, timestamp '2026-02-01' + n * interval '1 hour'
from generate_series(1, 300) as n;
insert into "LiteLLM_VerificationToken" (token, key_name, key_alias, user_id, team_id, metadata, config, rpm_limit, created_at)
select
    encode(sha256(('sk-' || n)::bytea), 'hex'), 'sk-...CANARY', 'CANARY-key-' || n,
    case when n > 60 then 'user-' || (n - 60) end,
    case when n <= 160 then 'team-' || (n % 60 + 1) end,
    '{"logging": [{"callback_vars": {"langfuse_secret_key": "CANARY-secret"}}]}', '{"secret": "CANARY-config"}', 10,
    timestamp '2026-02-02' + n * interval '1 hour'
from generate_series(1, 360) as n;
insert into "LiteLLM_VerificationToken" (token, key_alias, created_at)
select encode(sha256(('sk-' || n)::bytea), 'hex'), 'CANARY-key-' || n, timestamp '2026-02-03' + n * interval '1 minute'
from generate_series(361, 400) as n;
