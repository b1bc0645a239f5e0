"""Pages of leads: who gets one, what it says of the subject, and where its drawings put things."""

from datetime import date, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.reporting.release import open_release
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.subjects.link_graph import LinkGraph, link_graph_of
from orchestration.reporting.subjects.page import LeadPage, build_lead_page
from orchestration.reporting.subjects.reading import read_subjects
from orchestration.reporting.subjects.subject import Event, Link, Subject
from orchestration.reporting.subjects.timeline import timeline_of

from .release_fixture import AS_OF, rich_rows, write_release

SETTINGS = ReportSettings()


@pytest.fixture(scope="module")
def subjects(rich: Path) -> tuple[Subject, ...]:
    with open_release(rich) as release:
        return read_subjects(release, SETTINGS)


@pytest.fixture(scope="module")
def first(rich: Path, subjects: tuple[Subject, ...]) -> LeadPage:
    with open_release(rich) as release:
        return build_lead_page(subjects[0], release.manifest, SETTINGS)


def link(one: str, other: str, weight: float = 1.0, *, is_behavioural: bool = True) -> Link:
    return Link(
        account_id_a=one,
        account_id_b=other,
        link_kinds=("rare_template",),
        is_behavioural=is_behavioural,
        weight=weight,
        first_seen_on=None,
        last_seen_on=None,
    )


def test_each_lead_has_a_page_but_audit_draws(subjects: tuple[Subject, ...], rich_site: dict[str, str]):
    assert len(subjects) == 96  # every fifth of 120 was drawn for the audit
    assert {subject.lead.selection for subject in subjects} == {"score", "external"}
    assert [subject.lead.priority for subject in subjects] == sorted(subject.lead.priority for subject in subjects)
    assert {name for name in rich_site if name.startswith("leads/")} == {
        f"leads/{subject.lead.lead_id}.html" for subject in subjects
    }


def test_no_more_leads_get_pages_than_were_asked(rich: Path):
    with open_release(rich) as release:
        assert [one.lead.priority for one in read_subjects(release, ReportSettings(lead_page_count=3))] == [1, 2, 3]
        assert read_subjects(release, ReportSettings(lead_page_count=0)) == ()


def test_an_actor_is_told_by_its_members_links_and_life(subjects: tuple[Subject, ...]):
    actor = subjects[0]
    assert [(member.number, member.account_id, member.basis) for member in actor.members] == [
        (1, "acct_00_a", "act"),
        (2, "acct_01_a", "act"),
        (3, "acct_02_a", "hold"),
        (4, "acct_03_a", "hold"),
        (5, "acct_04_a", "hold"),
    ]
    # the link that leads out of the actor is no link inside it
    heaviest = actor.links[0]
    assert (heaviest.account_id_a, heaviest.account_id_b, heaviest.weight) == ("acct_00_a", "acct_01_a", 11.0)
    assert heaviest.link_kinds == ("payment_fingerprint", "rare_template")
    assert [pair.rests_on for pair in actor.links] == ["identity", *["behaviour alone"] * 3]
    told = [(event.on, event.words) for event in actor.events]
    assert told == sorted(told)
    assert (AS_OF - timedelta(days=40), "First known as an actor") in told
    assert (AS_OF - timedelta(days=9), "actor_smaller merged into it") in told
    assert (AS_OF - timedelta(days=9), "1 account joined") in told
    assert (AS_OF - timedelta(days=12), "Reviewed: violation") in told
    assert "Termination of 1 account" in dict(told).values()
    assert actor.case_ids == ("case_00",)
    assert min(actor.days) == AS_OF - timedelta(days=SETTINGS.traffic_day_count - 1)


def test_actors_that_merged_on_one_day_are_counted_where_they_are_many(tmp_path: Path):
    rows = rich_rows(1)
    subject_id = rows["actor_events"][0][1]
    day = AS_OF - timedelta(days=5)
    merged = [(day, f"actor_{n}", "merged", subject_id) for n in range(4)]
    apart = [(day, "actor_9", "split", subject_id)]
    release = write_release(tmp_path / "release", rows | {"actor_events": [*merged, *apart]})
    with open_release(release) as opened:
        [subject] = read_subjects(opened, SETTINGS)
    assert [event.words for event in subject.events if event.on == day] == ["4 actors merged into it", "actor_9 split off"]


def test_an_accounts_links_are_those_to_anybody(tmp_path: Path):
    rows = rich_rows(4)
    queued = [list(lead) for lead in rows["review_queue"]]
    queued[-2][2:4] = ["account", "acct_00_a"]
    release = write_release(tmp_path / "release", rows | {"review_queue": queued})
    with open_release(release) as opened:
        account = next(one for one in read_subjects(opened, SETTINGS) if one.lead.subject_id == "acct_00_a")
    assert {frozenset((pair.account_id_a, pair.account_id_b)) for pair in account.links} == {
        frozenset(("acct_00_a", "acct_01_a")),
        frozenset(("acct_00_a", "acct_13_a")),
    }
    assert [(member.account_id, member.basis) for member in account.members] == [("acct_00_a", None)]


def test_the_page_answers_first_and_says_how_the_evidence_moved(first: LeadPage, subjects: tuple[Subject, ...]):
    assert first.title == "5 accounts, looks like harvesting to train a model"
    asked = dict(first.answers)
    assert "1,400 requests" in asked["Who it is"]
    assert asked["How sure we are"].startswith("Log-odds +6.10 for distillation")
    assert asked["How sure we are"].endswith("The evidence is that of the night before.")
    assert "case_00" in asked["What needs a decision"]
    moved = next(one for one in subjects if one.lead.priority == 31)
    assert moved.lead.log_odds is not None
    assert moved.lead.log_odds_before is not None
    assert moved.lead.log_odds - moved.lead.log_odds_before == pytest.approx(0.3)
    assert next(one for one in subjects if one.lead.priority == 2).lead.log_odds_before is None


def test_what_speaks_against_and_what_it_could_be_stand_on_the_page(first: LeadPage, rich_site: dict[str, str]):
    assert [(reason.title, reason.value, reason.baseline) for reason in first.speaks_for] == [
        ("One template", "97%", "11%"),
        ("Release pivot", "0.50", "0.040"),
    ]
    assert [reason.title for reason in first.speaks_against] == ["Contracted use"]
    page = rich_site[f"leads/{first.subject.lead.lead_id}.html"]
    assert "an evaluation harness (a registered benchmark)" in page
    assert "8.0% of its signals could not be computed" in page or "8% of its signals could not be computed" in page
    assert page.count('<svg class="chart days"') == page.count('<svg class="chart links"') == 2


@given(
    st.dictionaries(st.integers(0, 80), st.integers(0, 10**7), max_size=60),
    st.lists(st.integers(-20, 80), max_size=30),
    st.sampled_from([340.0, 760.0]),
)
def test_a_timeline_keeps_within_its_frame_and_numbers_every_event_once(days: dict[int, int], on: list[int], width: float):
    until = date(2026, 3, 31)
    events = [Event(on=until - timedelta(days=back), words="") for back in sorted(on, reverse=True)]
    drawn = timeline_of({until - timedelta(days=back): count for back, count in days.items()}, events, until, 56, width)
    for column in drawn.columns:
        assert 0 <= column.x <= width - drawn.column_width
        assert drawn.top - 0.1 <= column.y <= drawn.base
        assert column.y + column.height == pytest.approx(drawn.base, abs=0.11)
    numbered: list[int] = []
    for mark in drawn.numbers:
        first, _, last = mark.words.partition("\N{EN DASH}")
        numbered += range(int(first), int(last or first) + 1)
        assert 0 < mark.x < width
    within = [place for place, back in enumerate(sorted(on, reverse=True), start=1) if 0 <= back < 56]
    assert numbered == within
    for one, other in pairwise(drawn.numbers):
        assert other.x - one.x > 4 * (len(one.words) + len(other.words)) + 6


def _reached(graph: LinkGraph) -> set[str]:
    """Return the accounts that are reached from the first one along lines."""
    found = {graph.nodes[0].account_id}
    for _ in graph.lines:
        for line in graph.lines:
            if {line.link.account_id_a, line.link.account_id_b} & found:
                found |= {line.link.account_id_a, line.link.account_id_b}
    return found


@settings(deadline=None)  # a drawing takes what the machine has to spare
@given(st.integers(2, 30), st.integers(0, 3), st.sampled_from([340.0, 760.0]))
def test_accounts_are_drawn_within_the_frame_and_not_over_each_other(count: int, more: int, width: float):
    names = [f"a{place:02d}" for place in range(count)]
    links = [link(one, other, 5.0) for one, other in pairwise(names)]
    links += [link(names[0], names[-1 - place], 1.0) for place in range(min(more, count - 1))]
    graph = link_graph_of(links, 30, width)
    assert graph
    assert {node.account_id for node in graph.nodes} == set(names)
    for node in graph.nodes:
        assert graph.radius <= node.x <= width - graph.radius
        assert graph.radius <= node.y <= graph.height - graph.radius
    for place, node in enumerate(graph.nodes):
        for other in graph.nodes[place + 1 :]:
            assert (node.x - other.x) ** 2 + (node.y - other.y) ** 2 >= graph.radius**2
    assert len(graph.lines) <= 2 * count
    assert _reached(graph) == set(names), "the lines drawn hold together what is linked"
    assert graph == link_graph_of(links, 30, width), "the same links give the same drawing"


def test_of_many_pairs_those_are_drawn_that_hold_the_accounts_together():
    names = [f"a{place}" for place in range(8)]
    links = sorted(
        (
            link(one, other, 50.0 - place * 3 - names.index(other))
            for place, one in enumerate(names)
            for other in names[place + 1 :]
        ),
        key=lambda pair: -pair.weight,
    )
    outlier = link("a7", "far", 0.1)
    graph = link_graph_of([*links, outlier], 30, 760.0)
    assert graph
    assert len(graph.lines) == 2 * 9
    assert outlier in [line.link for line in graph.lines]
    assert links[0] in [line.link for line in graph.lines]


def test_the_accounts_with_the_heaviest_links_are_drawn_and_the_others_counted():
    links = [link("a", "b", 9.0), link("b", "c", 5.0), link("c", "d", 1.0)]
    graph = link_graph_of(links, 3, 340.0)
    assert graph
    assert [node.account_id for node in graph.nodes] == ["b", "a", "c"]
    assert graph.left_out == 1
    assert {line.breadth for line in graph.lines} == {3, 4}
    assert link_graph_of([], 3, 340.0) is None
