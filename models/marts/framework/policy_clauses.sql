{{ config(meta={'published': {'as_of_column': none, 'order_by': ['policy_clause_id', 'clause_version']}}) }}

select
    policy_clause_id,
    clause_version,
    policy_version,
    kind,
    title,
    clause_text,
    valid_from,
    valid_to,
    source
from {{ ref('policy_clause_versions') }}
