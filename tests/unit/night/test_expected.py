"""Which night is due at what hour, and which were missed."""

from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from orchestration.night import expected
from orchestration.night.expected import in_words, night_due, nights_of
from orchestration.publishing.releases import History
from orchestration.settings import Home


def _day(number: int) -> date:
    return date(2026, 3, number)


@pytest.mark.parametrize(("hour", "due"), [(0, 28), (5, 28), (6, 29), (23, 29)])
def test_a_night_is_due_from_its_hour_on(hour: int, due: int) -> None:
    assert night_due(datetime(2026, 3, 30, hour, tzinfo=UTC), 6) == _day(due)


def test_missed_nights_follow_the_newest_and_gaps_lie_before_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = Home(root=tmp_path)
    assert nights_of(home, _day(9)).missed == (_day(9),)
    assert "Nothing is published" in nights_of(home, _day(9)).words
    monkeypatch.setattr(expected, "published_history", lambda _: History(as_of_dates=(_day(1), _day(2), _day(4))))
    found = nights_of(home, _day(6))
    assert (found.newest, found.missed, found.passed_over) == (_day(4), (_day(5), _day(6)), (_day(3),))
    assert found.words == "2 nights were missed (2026-03-05, 2026-03-06): the newest published is 2026-03-04."
    assert nights_of(home, _day(4)).missed == ()
    assert nights_of(home, _day(2)).missed == ()


def test_many_days_are_told_by_their_ends() -> None:
    assert in_words(tuple(_day(n) for n in range(1, 9))) == "2026-03-01 to 2026-03-08"
