-- the strongest match of an account and the feature `indicator_confidence` are one number by two ways
select features.as_of_date, features.account_id, features.indicator_confidence, matches.aged_confidence
from {{ ref('account_features') }} as features
left join (
    select as_of_date, account_id, max(aged_confidence) as aged_confidence
    from {{ ref('intelligence_matches') }}
    group by as_of_date, account_id
) as matches
    on features.as_of_date = matches.as_of_date and features.account_id = matches.account_id
where features.as_of_date between {{ as_of_from() }} and {{ as_of_to() }}
    and abs(coalesce(features.indicator_confidence, 0) - coalesce(matches.aged_confidence, 0)) > 1e-9
