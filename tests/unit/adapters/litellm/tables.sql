-- What the tests need of LiteLLM's tables, as its migrations make them.
create table "LiteLLM_BudgetTable" (budget_id text primary key, rpm_limit bigint, created_by text not null, updated_by text not null);
create table "LiteLLM_OrganizationTable" (
    organization_id text primary key, organization_alias text not null, budget_id text not null, metadata jsonb not null default '{}',
    created_at timestamp(3) not null default current_timestamp, created_by text not null, updated_by text not null
);
create table "LiteLLM_TeamTable" (
    team_id text primary key, team_alias text, organization_id text, metadata jsonb not null default '{}', rpm_limit bigint,
    members_with_roles jsonb not null default '{}', blocked boolean not null default false,
    created_at timestamp(3) not null default current_timestamp
);
create table "LiteLLM_DeletedTeamTable" (
    id text primary key, team_id text not null, team_alias text, organization_id text, metadata jsonb not null default '{}',
    rpm_limit bigint, created_at timestamp(3), deleted_at timestamp(3) not null default current_timestamp
);
create table "LiteLLM_UserTable" (
    user_id text primary key, user_alias text, team_id text, sso_user_id text, organization_id text, password text,
    teams text[] default array[]::text[], user_email text, metadata jsonb not null default '{}', rpm_limit bigint,
    created_at timestamp(3) default current_timestamp
);
create table "LiteLLM_VerificationToken" (
    token text primary key, key_name text, key_alias text, aliases jsonb not null default '{}', config jsonb not null default '{}',
    user_id text, team_id text, organization_id text, budget_id text, metadata jsonb not null default '{}', blocked boolean,
    rpm_limit bigint, created_at timestamp(3) default current_timestamp, updated_at timestamp(3) default current_timestamp,
    settings_updated_at timestamp(3), last_rotation_at timestamp(3)
);
create table "LiteLLM_DeletedVerificationToken" (
    id text primary key, token text not null, key_alias text, user_id text, team_id text, organization_id text,
    metadata jsonb not null default '{}', rpm_limit bigint, created_at timestamp(3), last_rotation_at timestamp(3),
    deleted_at timestamp(3) not null default current_timestamp
);
create table "LiteLLM_DeprecatedVerificationToken" (
    id text primary key, token text not null, active_token_id text not null, revoke_at timestamp(3) not null,
    created_at timestamp(3) not null default current_timestamp
);
create table "LiteLLM_AuditLog" (
    id text primary key, updated_at timestamp(3) not null default current_timestamp, changed_by text not null default '',
    changed_by_api_key text not null default '', action text not null, table_name text not null, object_id text not null,
    before_value jsonb, updated_values jsonb
);
create table "LiteLLM_SpendLogs" (
    request_id text primary key, call_type text not null, api_key text not null default '', spend double precision not null default 0,
    total_tokens integer not null default 0, prompt_tokens integer not null default 0, completion_tokens integer not null default 0,
    "startTime" timestamp(3) not null, "endTime" timestamp(3) not null, "completionStartTime" timestamp(3),
    request_duration_ms integer, model text not null default '', model_id text default '', model_group text default '',
    custom_llm_provider text default '', api_base text default '', "user" text default '', metadata jsonb default '{}',
    cache_hit text default '', cache_key text default '', request_tags jsonb default '[]', team_id text,
    end_user text, requester_ip_address text, messages jsonb default '{}', response jsonb default '{}',
    proxy_server_request jsonb default '{}', session_id text, status text
);
create index on "LiteLLM_SpendLogs" ("startTime");
create table "LiteLLM_DailyUserSpend" (
    id text primary key, user_id text, date text not null, api_key text not null, model text, model_group text,
    custom_llm_provider text, mcp_namespaced_tool_name text, prompt_tokens bigint not null default 0,
    completion_tokens bigint not null default 0, cache_read_input_tokens bigint not null default 0,
    spend double precision not null default 0, api_requests bigint not null default 0,
    successful_requests bigint not null default 0, failed_requests bigint not null default 0
);
