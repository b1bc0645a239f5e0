"""A release made for readers answers every question that they are timed with."""

from pathlib import Path

import pytest

from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from tests.benchmarks.readers import LEADS, QUESTIONS, Waited, prepare, section, sizes, waits


@pytest.mark.slow
def test_every_question_is_answered_and_stands_in_the_section(tmp_path: Path) -> None:
    home = Home(root=tmp_path / "home")
    prepare(home, 5_000)
    release = current_release(home.published)
    asked = {
        question.words: question.ask(release, "acct_none") for question in QUESTIONS if question.words == "the night's queue"
    }
    found = asked["the night's queue"]
    # an actor in 25 of the twentieth of all accounts that are in one
    assert isinstance(found, list)
    assert len(found) == min(LEADS, 10)
    timed = waits(release, 2)
    assert set(timed) == {question.words for question in QUESTIONS}
    assert all(len(waited.warm) == len(waited.cold) == 2 for waited in timed.values())
    lines = section(timed, 5_000, sizes(release), 2, "readers")
    assert sum(line.startswith("| ") for line in lines) == len(QUESTIONS) + 2


def test_a_question_that_takes_too_long_is_said_to() -> None:
    slow = {question.words: Waited([question.most + 1], [1.0], [1.0]) for question in QUESTIONS}
    assert sum("**no**" in line for line in section(slow, 10, (1.0, 1.0), 1, "readers")) == len(QUESTIONS)
