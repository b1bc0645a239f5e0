"""A release made for readers answers every question that they are timed with."""

from pathlib import Path

import pytest

from orchestration.publishing.database import DATABASE_BLOCK
from orchestration.publishing.notes import lead_notes
from orchestration.publishing.reading import explain, leads, records
from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from tests.benchmarks.readers import LEADS, QUESTIONS, TIERS, Waited, prepare, section, sizes, waits


@pytest.mark.slow
def test_every_question_is_answered_and_stands_in_the_section(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "home")
    prepare(home, 5_000)
    release = current_release(home.published)
    # one account in twenty is in an actor, 25 to each
    assert len(leads(release)) == min(LEADS, 5_000 // 20 // 25)
    assert records(release, "select block_size from pragma_database_size()") == [{"block_size": DATABASE_BLOCK}]
    assert records(release, "select expressions from duckdb_indexes()") == [{"expressions": "[account_id_b]"}]
    assert all("Linked by " in note.who and "devices (25)" in note.who for note in lead_notes(release))
    (linked,) = records(release, "select account_id_b from account_links order by weight desc, account_id_b limit 1")
    found = explain(release, linked["account_id_b"])["links"]
    either = "select * from account_links where account_id_a = ?1 or account_id_b = ?1"
    by_all = {tuple(row.values()) for row in records(release, either, [linked["account_id_b"]])}
    assert {tuple(link.values()) for link in found} == by_all
    assert {linked["account_id_b"] == link["account_id_a"] for link in found} == {True, False}
    joined = "select date_trunc('month', activity_date) as month, tier, sum(success_count) from account_days inner join accounts"
    assert records(release, TIERS) == records(release, f"{joined} using (account_id) group by all order by all")
    timed = waits(release, 2)
    assert set(timed) == {question.words for question in QUESTIONS}
    assert all(len(waited.warm) == len(waited.cold) == 2 for waited in timed.values())
    lines = section(timed, 5_000, sizes(release), 2, "readers")
    assert sum(line.startswith("| ") for line in lines) == len(QUESTIONS) + 2


def test_a_question_that_takes_too_long_is_said_to() -> None:
    slow = {question.words: Waited([question.most + 1], [1.0], [1.0]) for question in QUESTIONS}
    assert sum("**no**" in line for line in section(slow, 10, (1.0, 1.0), 1, "readers")) == len(QUESTIONS)
