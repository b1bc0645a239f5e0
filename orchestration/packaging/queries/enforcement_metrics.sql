-- how reliable the queue and its reviewers are, over all cases
select *
from enforcement_metrics
where slice in ('all', '') and period = 'all'
    and metric in (
        'audited_precision', 'queue_precision', 'reviewer_agreement', 'reviewer_agreement_share', 'overturn_rate',
        'partial_overturn_rate', 'appeal_rate'
    )
order by metric, slice
