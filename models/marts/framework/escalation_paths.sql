{{ config(meta={'published': {'as_of_column': none, 'order_by': ['framework_version', 'path_id']}}) }}

with

paths as (

    select * from {{ ref('escalation_path_versions') }}

),

versions as (

    select * from {{ ref('framework_versions') }}

)

select
    paths.framework_version,
    paths.path_id,
    paths.clause_kind,
    paths.minimum_grade,
    paths.minimum_account_count,
    paths.channel,
    paths.due_days,
    paths.reason,
    versions.valid_from,
    versions.valid_to
from paths
inner join versions on paths.framework_version = versions.framework_version
