{{ config(meta={'published': {'as_of_column': none, 'order_by': ['policy_clause_id', 'clause_version', 'element_id']}}) }}

select
    policy_clause_id,
    clause_version,
    element_id,
    element,
    shown_by,
    evidence_families
from {{ ref('policy_clause_element_versions') }}
