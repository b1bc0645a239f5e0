{#
  An account signal's body where one feature is compared with the account's peers: `excess` is the robust z-score
  (value - median) / (1.4826 MAD) on the compared scale, positive in the direction that speaks for the signal.
  `support` is what the value rests on. Where `counts_if` is false or `quiet_if` is true the deviation has an ordinary
  explanation and `excess` is 0; where `counts_if` is NULL it is not computable.
#}
{% macro against_peers(feature, support='request_count_28d', direction=1, counts_if=none, quiet_if=none) %}
with

account_features as (

    select * from {{ ref('account_features') }}

),

peer_baselines as (

    select as_of_date, peer_group, centre, spread
    from {{ ref('int_signals__peer_baselines') }}
    where feature = '{{ feature }}'

),

compared as (

    select
        account_features.*,
        peer_baselines.centre,
        peer_baselines.spread
    from account_features
    left join peer_baselines
        on account_features.as_of_date = peer_baselines.as_of_date
        and account_features.peer_group = peer_baselines.peer_group

)

select
    as_of_date,
    'account' as subject_type,
    account_id as subject_id,
    cast({{ feature }} as double) as value,
    {{ rounded(peer_centre(feature), 6) }} as baseline,
    {%- set excess %}case
        when centre is null then null
        {%- if quiet_if %}
        when {{ quiet_if }} then 0
        {%- endif %}
        {%- if counts_if %}
        when not ({{ counts_if }}) then 0
        when ({{ counts_if }}) is null then null
        {%- endif %}
        else {{ direction }} * ({{ peer_expression(feature) }} - centre) / spread
    end{% endset %}
    {{ rounded(excess, 6) }} as excess,
    cast({{ support }} as double) as support
from compared
{% endmacro %}
