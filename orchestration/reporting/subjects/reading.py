"""Reading what a release says of its queued subjects: one query for all of them, whatever their number."""

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from functools import partial
from typing import Any

from orchestration.publishing.notes import NO_SIGNAL, LeadNote, notes_of
from orchestration.reporting.formats import MISSING, count, name, number, plural, share
from orchestration.reporting.release import Release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.subjects.subject import Event, Lead, Link, Member, Reason, Subject

_MERGED, _SPLIT = " merged into it", " split off"
_NAMED_A_DAY = 2


def read_subjects(release: Release, settings: ReportSettings) -> tuple[Subject, ...]:
    """Return the subjects of the queue's first leads, the first lead first; audit draws are left out: they are read blind."""
    release.rows(_PAGED.format(limit=settings.lead_page_count))
    release.rows(_PAGED_ACCOUNTS)
    notes = {note.lead_id: note for note in notes_of(release.tonight)}
    since = release.manifest.as_of_date - timedelta(days=settings.traffic_day_count - 1)
    by_lead = partial(_by_lead, release)
    members, links = by_lead(_MEMBERS), by_lead(_LINKS.format(most=settings.drawn_link_count))
    days, events = by_lead(_DAYS, {"since": since}), by_lead(_EVENTS)
    reviews, actions, cases = by_lead(_REVIEWS), by_lead(_ACTIONS), by_lead(_CASES)
    words = {row["signal_id"]: row for row in release.tonight("select signal_id, title, unit from signal_registry")}
    return tuple(
        Subject(
            lead=_lead(row, notes[lead_id]),
            members=tuple(Member(number=place, **member) for place, member in enumerate(members[lead_id], start=1)),
            links=tuple(Link(**{key: value for key, value in link.items() if key != "pair_count"}) for link in links[lead_id]),
            pair_count=links[lead_id][0]["pair_count"] if links[lead_id] else 0,
            reasons=_reasons(row["reasons"], words),
            days={day["activity_date"]: day["request_count"] for day in days[lead_id]},
            events=_events(row, members[lead_id], events[lead_id], reviews[lead_id], actions[lead_id]),
            case_ids=tuple(case["case_id"] for case in cases[lead_id]),
        )
        for row in release.rows(_LEADS, {"before": release.manifest.night_before})
        for lead_id in (str(row["lead_id"]),)
    )


def _by_lead(release: Release, sql: str, parameters: Mapping[str, object] | None = None) -> Mapping[str, list[dict[str, Any]]]:
    """Return a query's rows by their lead, which is taken out of them."""
    found: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in release.rows(sql, parameters):
        found[str(row.pop("lead_id"))].append(row)
    return found


def _lead(row: Mapping[str, Any], note: LeadNote) -> Lead:
    return Lead(note=note, **{key: value for key, value in row.items() if key != "reasons"})


def _reasons(reasons: str | None, words: Mapping[str, Mapping[str, Any]]) -> tuple[Reason, ...]:
    """Return a score's signals, those that weigh most first; the prior and a calibration are no signals."""
    found = [
        Reason(
            signal_id=reason["signal_id"],
            title=words.get(reason["signal_id"], {}).get("title") or name(reason["signal_id"].removeprefix("sig_")),
            sentence=reason["text"],
            value=_measured(reason.get("value"), words.get(reason["signal_id"], {}).get("unit")),
            baseline=_measured(reason["baseline"], words.get(reason["signal_id"], {}).get("unit"))
            if reason.get("baseline") is not None
            else None,
            contribution=reason["contribution"],
            resale_contribution=reason["resale_contribution"],
        )
        for reason in json.loads(reasons or "[]")
        if reason["signal_id"] not in NO_SIGNAL
    ]
    return tuple(sorted(found, key=lambda reason: (-abs(reason.weight), reason.signal_id)))


def _measured(value: float | None, unit: str | None) -> str:
    if value is None:
        return MISSING
    if unit == "flag":
        return "yes" if value else "no"
    return share(value) if unit == "share" else number(value)


def _events(
    lead: Mapping[str, Any],
    members: Iterable[Mapping[str, Any]],
    lives: Iterable[Mapping[str, Any]],
    reviews: Iterable[Mapping[str, Any]],
    actions: Iterable[Mapping[str, Any]],
) -> tuple[Event, ...]:
    """Return what happened to a subject, oldest first."""
    told: dict[date, list[str]] = defaultdict(list)
    for row in lives:
        told[row["as_of_date"]].append(_life(row, str(lead["subject_id"])))
    found = [Event(on=day, words=words) for day, lives_of_day in told.items() for words in _together(lives_of_day)]
    born = min((event.on for event in found), default=date.min)
    joined: dict[date, int] = defaultdict(int)
    for member in members:
        if member["joined_on"] and member["joined_on"] > born:
            joined[member["joined_on"]] += 1
    found += [Event(on=day, words=f"{plural(amount, 'account')} joined") for day, amount in joined.items()]
    if lead["first_queued_on"]:
        found.append(Event(on=lead["first_queued_on"], words="First queued"))
    found += [Event(on=row["decided_on"], words=f"Reviewed: {name(row['verdict']).lower()}") for row in reviews]
    found += [Event(on=row["decided_on"], words=_action(row)) for row in actions]
    return tuple(sorted(found, key=lambda event: (event.on, event.words)))


def _together(words: Sequence[str]) -> list[str]:
    """Return a day's words; many actors that merged into it or split off are counted instead of named."""
    said: list[str] = []
    for ending in (_MERGED, _SPLIT):
        of_kind = [one for one in words if one.endswith(ending)]
        said += [f"{len(of_kind):,} actors{ending}"] if len(of_kind) > _NAMED_A_DAY else of_kind
    return [*(one for one in words if not one.endswith((_MERGED, _SPLIT))), *said]


def _life(row: Mapping[str, Any], subject_id: str) -> str:
    other, is_other = row["other_actor_id"], row["actor_id"] != subject_id
    if row["event"] == "merged":
        return f"{row['actor_id']}{_MERGED}" if is_other else f"Merged into {other}"
    if row["event"] == "split":
        return f"{row['actor_id']}{_SPLIT}" if is_other else f"Split from {other}"
    return "First known as an actor" if row["event"] == "born" else "No longer an actor"


def _action(row: Mapping[str, Any]) -> str:
    reversed_too = f", {count(row['reversed_count'])} reversed since" if row["reversed_count"] else ""
    return f"{name(row['action_type'])} of {plural(row['account_count'], 'account')}{reversed_too}"


# an audit draw is judged without its score, so nothing may lead from the queue to it
_PAGED = """
create or replace temp table paged as
select lead_id, subject_type, subject_id
from review_queue
where as_of_date = $as_of_date and selection not like 'audit%'
order by priority nulls last, lead_id
limit {limit}
"""
_PAGED_ACCOUNTS = """
create or replace temp table paged_accounts as
select paged.lead_id, actor_members.account_id
from paged
inner join actor_members on paged.subject_id = actor_members.actor_id
where paged.subject_type = 'actor' and actor_members.as_of_date = $as_of_date
union all
select lead_id, subject_id from paged where subject_type = 'account'
"""
_LEADS = """
select
    review_queue.lead_id, review_queue.subject_type, review_queue.subject_id, review_queue.priority, review_queue.selection,
    review_queue.suggested_clause, review_queue.due_at, review_queue.first_queued_on,
    scores.role, scores.log_odds, scores.coverage_share, scores.reasons, before.log_odds as log_odds_before
from paged
inner join review_queue on paged.lead_id = review_queue.lead_id and review_queue.as_of_date = $as_of_date
left join scores
    on paged.subject_type = scores.subject_type and paged.subject_id = scores.subject_id and scores.as_of_date = $as_of_date
left join scores as before
    on paged.subject_type = before.subject_type and paged.subject_id = before.subject_id and before.as_of_date = $before
order by review_queue.priority nulls last, review_queue.lead_id
"""
_MEMBERS = """
with requests as (
    select account_days.account_id, sum(account_days.request_count) as requests_28d
    from account_days
    where account_days.activity_date > $as_of_date - 28
        and account_days.account_id in (select account_id from paged_accounts)
    group by account_days.account_id
)
select
    paged_accounts.lead_id, paged_accounts.account_id, coalesce(requests.requests_28d, 0) as requests_28d,
    accounts.tier, accounts.account_type, accounts.status, accounts.created_at,
    actor_members.joined_on, actor_members.membership_strength, actor_members.own_evidence, actor_members.basis
from paged_accounts
inner join paged on paged_accounts.lead_id = paged.lead_id
left join accounts on paged_accounts.account_id = accounts.account_id
left join requests on paged_accounts.account_id = requests.account_id
left join actor_members
    on paged.subject_id = actor_members.actor_id
    and paged_accounts.account_id = actor_members.account_id
    and actor_members.as_of_date = $as_of_date
order by paged_accounts.lead_id, actor_members.membership_strength desc nulls last, paged_accounts.account_id
"""
# of an actor the links inside it, of a single account those to anybody
_LINKS = """
with ends as (
    select one.lead_id, account_links.*
    from account_links
    inner join paged_accounts as one on account_links.account_id_a = one.account_id
    inner join paged_accounts as other
        on account_links.account_id_b = other.account_id and one.lead_id = other.lead_id
    union all
    select paged.lead_id, account_links.*
    from account_links
    inner join paged on account_links.account_id_a = paged.subject_id and paged.subject_type = 'account'
    union all
    select paged.lead_id, account_links.*
    from account_links
    inner join paged on account_links.account_id_b = paged.subject_id and paged.subject_type = 'account'
)
select
    lead_id, account_id_a, account_id_b, list(link_kind order by weight desc, link_kind) as link_kinds,
    bool_and(coalesce(is_behavioural, true)) as is_behavioural, sum(weight) as weight,
    min(first_seen_on) as first_seen_on, max(last_seen_on) as last_seen_on, count(*) over (partition by lead_id) as pair_count
from ends
group by lead_id, account_id_a, account_id_b
qualify row_number() over (partition by lead_id order by sum(weight) desc, account_id_a, account_id_b) <= {most}
order by lead_id, weight desc, account_id_a, account_id_b
"""
_DAYS = """
select paged_accounts.lead_id, account_days.activity_date, cast(sum(account_days.request_count) as bigint) as request_count
from account_days
inner join paged_accounts on account_days.account_id = paged_accounts.account_id
where account_days.activity_date between $since and $as_of_date
group by paged_accounts.lead_id, account_days.activity_date
"""
_EVENTS = """
select paged.lead_id, actor_events.*
from actor_events
inner join paged on actor_events.actor_id = paged.subject_id or actor_events.other_actor_id = paged.subject_id
where actor_events.as_of_date <= $as_of_date
"""
_REVIEWS = """
select paged.lead_id, cast(reviews.decided_at as date) as decided_on, reviews.verdict
from reviews
inner join paged on reviews.subject_id = paged.subject_id and reviews.subject_type = paged.subject_type
where reviews.decided_at is not null
"""
_ACTIONS = """
select
    paged_accounts.lead_id, cast(actions.decided_at as date) as decided_on, actions.action_type,
    count(distinct actions.account_id) as account_count,
    count(distinct case when actions.reversed_at is not null then actions.account_id end) as reversed_count
from actions
inner join paged_accounts on actions.account_id = paged_accounts.account_id
where actions.decided_at is not null
group by all
"""
_CASES = """
with led_to as (select case_id, unnest(string_split(lead_ids, ',')) as lead_id from cases)
select paged.lead_id, led_to.case_id
from led_to
inner join paged on led_to.lead_id = paged.lead_id
order by led_to.case_id
"""
