{{ config(meta={'published': {'as_of_column': none, 'order_by': ['framework_version']}}) }}

select
    framework_version,
    rubric_version,
    minimum_score_a,
    minimum_score_b,
    minimum_score_c,
    valid_from,
    valid_to,
    reason
from {{ ref('framework_versions') }}
