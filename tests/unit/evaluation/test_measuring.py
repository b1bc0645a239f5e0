from pathlib import Path

import pytest

from orchestration.catalogue.measurements import figures, measurements_csv, read_measurements
from orchestration.catalogue.signals import coverage_map
from orchestration.evaluation.measuring import measured_signals, silence
from orchestration.evaluation.signal_tables import signal_tables
from tests.unit.evaluation.test_table import GOOD, signal, world


def test_figures_are_pooled_over_worlds() -> None:
    worlds = [
        world(1, (GOOD,), signals=(signal(fired=(8, 1, 2), campaign_nights=(3, None)),)),
        world(2, (GOOD,), signals=(signal(fired=(4, 0, 5), campaign_nights=(1, 8)),)),
    ]
    (found,) = measured_signals(worlds)
    assert (found.base_rate.value, found.base_rate.n) == (7 / 200, 200)
    assert (found.precision.value, found.precision.n) == (12 / 20, 20)
    assert found.base_rate.lower is not None and found.base_rate.lower < 7 / 200
    assert (found.most_alike, found.most_alike_fired, found.most_alike_computable) == ("red_team", 7, 200)
    assert (found.median_nights, found.campaigns_fired, found.campaigns) == (3.0, 3, 4)
    assert (found.world_set, found.worlds, found.first_seed, found.last_seed) == ("report", "1 2", 209_001, 209_002)


def test_a_mitigating_signal_is_right_on_the_innocent() -> None:
    (found,) = measured_signals([world(1, (GOOD,), signals=(signal(fired=(8, 0, 2), is_mitigating=True),))])
    assert found.precision.value == 2 / 10


def test_worlds_judged_on_two_versions_are_not_pooled() -> None:
    worlds = [world(1, (GOOD,), signals=(signal(),)), world(2, (GOOD,), signals=(signal(signal_version=2),))]
    with pytest.raises(ValueError, match=r"one version of sig_one, given versions \[1, 2\]"):
        measured_signals(worlds)
    with pytest.raises(ValueError, match="worlds of one set"):
        measured_signals([])


def test_why_a_signal_is_silent_is_told_from_how_far_it_got() -> None:
    nothing = (0, 0, 0)
    assert silence([signal(fired=nothing), signal()]) is None
    near = silence([signal(fired=nothing, greatest_excess=1.25), signal(fired=nothing, greatest_excess=1.75)])
    assert near == "computable for 230 accounts, never fired: the largest deviation was 1.75, and it fires above 2"
    without = signal(groups=(), greatest_support=7.0)
    assert silence([without]) == "never computable: a value rested on at most 7, and it asks for 10"
    missing = signal(groups=(), valued_count=0, greatest_support=None)
    assert silence([missing, missing]) == "never computable: of 400 accounts none had what it is computed from"


def test_the_page_sets_signals_apart_that_hit_the_innocent_more_often() -> None:
    page = signal_tables([world(1, (GOOD,), signals=(signal(), signal("sig_loud", (1, 0, 9)), signal("sig_mute", (0, 0, 0))))])
    loud = next(line for line in page.splitlines() if "sig_loud" in line)
    assert "| **10.0% (" in loud and "red_team: 9 of 100" in loud
    assert "| 80.0% (" in next(line for line in page.splitlines() if "sig_one" in line)
    assert "Silent in every world: 1." in page
    assert "- `sig_mute`: computable for 115 accounts, never fired" in page


def test_the_file_gives_back_what_was_measured(tmp_path: Path) -> None:
    worlds = [world(1, (GOOD,), signals=(signal(), signal("sig_mute", (0, 0, 0), campaign_nights=())))]
    path = tmp_path / "signals.csv"
    path.write_text(measurements_csv(measured_signals(worlds)), encoding="utf-8")
    found = read_measurements(path)
    one, mute = found["sig_one"], found["sig_mute"]
    assert one.precision.value == 0.8 and one.most_alike == "red_team" and one.median_nights == 3.0
    assert mute.precision.value is None and mute.most_alike is None and mute.median_nights is None
    assert measurements_csv([mute, one]) == path.read_text(encoding="utf-8")
    assert read_measurements(tmp_path / "none.csv") == {}
    path.write_text("signal_id\nsig_one\n", encoding="utf-8")
    with pytest.raises(ValueError, match="stillwatch evaluate --signals"):
        read_measurements(path)


def test_the_map_shows_figures_of_the_version_that_was_measured_and_no_other() -> None:
    (one,) = measured_signals([world(1, (GOOD,), signals=(signal(),))])
    base_rate, precision, lead = figures(one, 1)
    assert base_rate.startswith("2.0% (") and precision.startswith("80.0% (")
    assert lead == "3 nights (1 of 2)"
    assert figures(one, 2) == ("not measured (version 1 was)",) * 3
    assert figures(None, 1) == ("not measured",) * 3
    assert "`make reliability` does" in coverage_map([], {})
    assert "seeds 209001 to 209001" in coverage_map([], {"sig_one": one})
