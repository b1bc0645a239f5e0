{{ config(meta={'published': {'as_of_column': none, 'order_by': ['framework_version', 'tactic_id', 'question_id']}}) }}

with

questions as (

    select * from {{ ref('review_question_versions') }}

),

versions as (

    select * from {{ ref('framework_versions') }}

)

select
    versions.framework_version,
    questions.tactic_id,
    questions.question_id,
    questions.question,
    questions.answer_kind
from questions
inner join versions
    on versions.framework_version >= questions.first_framework_version
    and (questions.last_framework_version is null or versions.framework_version <= questions.last_framework_version)
