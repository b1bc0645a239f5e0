-- What steps and mappings share: who is the account.
create or replace temp macro named_as(kind, organization, team, person, key_hash) as case kind
    when 'organization' then organization
    when 'team' then team
    when 'user' then person
    when 'key' then key_hash
end;

-- the account is the first of the setting's kinds that is named
create or replace temp macro kind_named(organization, team, person, key_hash) as list_filter(
    getvariable('account_is'), lambda kind: named_as(kind, organization, team, person, key_hash) is not null
)[1];

create or replace temp macro first_named(organization, team, person, key_hash) as named_as(
    kind_named(organization, team, person, key_hash), organization, team, person, key_hash
);

-- sessions of LiteLLM's own pages are keys of a team of this name: their owner is the user
create or replace temp macro real_team(team) as nullif(team, 'litellm-dashboard');
