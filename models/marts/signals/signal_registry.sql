{{ config(meta={'published': {'as_of_column': none, 'order_by': ['signal_id']}}) }}

-- words from each signal's YAML, numbers from the seed
with

words as (
{%- for signal in signal_words() %}
    select
        '{{ signal.id }}' as signal_id,
        {{ text_literal(signal.title) }} as title,
        '{{ signal.tactic }}' as tactic,
        '{{ signal.subject_type }}' as subject_type,
        '{{ signal.unit }}' as unit,
        {{ text_literal(signal.sentence) }} as sentence,
        {{ text_literal(signal.misses) }} as misses,
        '{{ (signal.lookalikes or []) | join(", ") }}' as lookalikes
    {{ 'union all' if not loop.last }}
{%- else %}
    select '' as signal_id, '' as title, '' as tactic, '' as subject_type, '' as unit, '' as sentence, '' as misses, '' as lookalikes
    where false
{%- endfor %}

),

settings as (

    select * from {{ ref('signal_settings') }}

),

families as (

    select * from {{ ref('signal_families') }}

)

select
    settings.signal_id,
    cast(settings.version as integer) as signal_version,
    settings.family,
    words.tactic,
    words.title,
    words.subject_type,
    settings.status,
    cast(settings.hypothesis_sign as integer) as hypothesis_sign,
    cast(settings.minimum_support as double) as minimum_support,
    cast(settings.threshold as double) as threshold,
    cast(settings.weight as double) as weight,
    cast(settings.resale_weight as double) as resale_weight,
    cast(settings.cap as double) as cap,
    cast(families.cap as double) as family_cap,
    words.unit,
    words.sentence,
    words.misses,
    words.lookalikes,
    settings.entered_on,
    settings.reason as source
from settings
inner join words on settings.signal_id = words.signal_id
inner join families on settings.family = families.family
