"""The command as a user meets it: exit codes, one clear line, and what each reader prints."""

import json
import shutil
from datetime import timedelta
from pathlib import Path

import polars as pl
import pytest

from tests.unit.reviewing.release import fill, read, write

from .conftest import SHARES_NIGHTS, START, Nights, run_json, stillwatch, whole_copy

pytestmark = SHARES_NIGHTS


@pytest.fixture(scope="module")
def home(three_nights: Nights, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with one published night."""
    return whole_copy(three_nights.after_first, tmp_path_factory.mktemp("command") / "home").root


def test_a_night_says_what_it_does_and_leaves_its_logs(home: Path, three_nights: Nights) -> None:
    assert f"Published {START}" in three_nights.printed.stdout
    assert "source gate" in three_nights.printed.stderr
    assert "int_usage__account_days" in (home / "logs/dbt.log").read_text(encoding="utf-8")
    lines = map(json.loads, (home / "logs/stillwatch.jsonl").read_text(encoding="utf-8").splitlines())
    built = [line["counts"] for line in lines if line.get("message") == "step ended" and "slowest" in line["counts"]]
    assert built and all(counts["nodes"] and counts["slowest"].endswith(" s") for counts in built)


def test_readers(home: Path) -> None:
    listed = json.loads(stillwatch("releases", "--home", str(home), "--json").stdout)
    assert [release["is_current"] for release in listed] == [True]
    leads = json.loads(stillwatch("leads", "--home", str(home), "--json").stdout)
    assert leads
    assert {"lead_id", "subject_id", "why", "selection", "due_at"} <= leads[0].keys()
    scored = next(lead for lead in leads if lead["log_odds"] is not None)
    about = run_json(["explain", scored["subject_id"], "--home", str(home)])
    added = sum(r["contribution"] for r in [*about["speaks_for"], *about["speaks_against"]])  # type: ignore[misc]
    assert added == pytest.approx(float(str(about["log_odds"])), abs=1e-9)
    assert stillwatch("explain", scored["lead_id"], "--home", str(home)).stdout
    assert stillwatch("leads", "--home", str(home)).stdout.startswith("  1. ")
    report = run_json(["report", "--home", str(home)])
    assert Path(str(report["report"])).is_file()
    answer = json.loads(stillwatch("query", "select count(*) as n from accounts", "--home", str(home), "--json").stdout)
    assert answer[0]["n"] > 100


def test_a_release_is_exported_and_the_next_nights_export_says_what_changed(three_nights: Nights, tmp_path: Path) -> None:
    home = whole_copy(three_nights.home, tmp_path / "home")
    second, last = three_nights.manifests[1], three_nights.manifests[2]
    stillwatch("rollback", second.release_id, "--home", str(home.root))
    assert "so all rows are new" in stillwatch("export", "--home", str(home.root)).stdout
    stillwatch("rollback", last.release_id, "--home", str(home.root))
    export = run_json(["export", "--home", str(home.root)])
    folder = Path(str(export["folder"]))
    assert (export["sequence"], export["since_release_id"]) == (2, second.release_id)
    # the first release, what changed since, and the second, by a count of its own
    scores = [
        pl.read_parquet(home.published / release / "parquet/scores/*.parquet") for release in (second.release_id, last.release_id)
    ]
    before, now = (frame.filter(pl.col("as_of_date") == pl.col("as_of_date").max()) for frame in scores)
    changes = pl.read_parquet(folder / "scores.changes.parquet")
    assert changes.height > 0
    key = ["subject_type", "subject_id"]
    kept = before.join(changes, on=key, how="anti")
    changed = changes.filter(pl.col("operation") != "delete").select(before.columns)
    passing = ["as_of_date", "rank"]
    assert pl.concat([kept, changed]).drop(passing).sort(key).equals(now.drop(passing).sort(key))


def test_leads_are_reviewed_on_forms(home: Path, tmp_path: Path) -> None:
    forms = tmp_path / "forms"
    written = json.loads(
        stillwatch("review", "export", "--home", str(home), "--out", str(forms), "--limit", "2", "--json").stdout
    )
    assert len(written) == 2
    unfilled = [one["form"] for one in written]
    landing = ["--landing", str(tmp_path / "landing"), "--reviewer-hash", "-7", "--arrived-on", str(START + timedelta(days=1))]
    refused = stillwatch("review", "import", *unfilled, "--home", str(home), *landing, expect=2)
    assert "nothing was landed" in refused.stderr and "Traceback" not in refused.stderr
    day = START + timedelta(days=1)
    for path in unfilled:
        form = read(Path(path))
        times = {"opened_at": f"{day}T09:00:00Z", "decided_at": f"{day}T10:00:00Z"}
        write(Path(path), fill(form, "insufficient", **times))
    landed = json.loads(stillwatch("review", "import", *unfilled, "--home", str(home), *landing, "--json").stdout)
    assert pl.read_parquet(landed["path"])["verdict"].to_list() == ["insufficient", "insufficient"]


def test_the_framework_is_replayed(home: Path) -> None:
    found = run_json(["framework", "diff", "--version", "2", "--home", str(home)])
    assert (found["version"], found["case_count"]) == (2, 0), "a first night has no case yet"
    assert "it has 1, 2" in stillwatch("framework", "diff", "--version", "9", "--home", str(home), expect=2).stderr


def test_rollback_moves_readers(home: Path) -> None:
    current = run_json(["report", "--home", str(home)])
    release = Path(str(current["report"])).parents[1].name
    assert run_json(["rollback", release, "--home", str(home)]) == {"current": release}
    wrong = stillwatch("rollback", "2020-01-01-000000000000", "--home", str(home), expect=2)
    assert wrong.stderr.count("\n") == 1
    assert release in wrong.stderr


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["nightly", "--landing", "/nowhere", "--date", "2026-03-01"], "does not exist"),
        (["nightly", "--date", "yesterday"], "YYYY-MM-DD"),
        (["backfill", "--from", "2026-03-02", "--to", "2026-03-01"], "is before --from"),
        (["leads"], "stillwatch nightly"),
        (["no-such-verb"], "No such command"),
    ],
)
def test_wrong_use_is_one_clear_line_and_exit_code_2(arguments: list[str], says: str, tmp_path: Path) -> None:
    home = [] if arguments[0] == "no-such-verb" else ["--home", str(tmp_path)]
    outcome = stillwatch(*arguments, *home, expect=2)
    assert says in outcome.stderr
    assert "Traceback" not in outcome.stderr


def test_past_date_names_backfill(home: Path, landing: Path) -> None:
    earlier = str(START - timedelta(days=1))
    outcome = stillwatch("nightly", "--landing", str(landing), "--home", str(home), "--date", earlier, expect=2)
    assert "backfill" in outcome.stderr


def test_unknown_subject_and_wrong_query(home: Path) -> None:
    assert "stillwatch leads" in stillwatch("explain", "acct_nobody", "--home", str(home), expect=2).stderr
    assert "the query failed" in stillwatch("query", "select * from nowhere", "--home", str(home), expect=2).stderr


def test_failed_gate_publishes_nothing_and_says_what_is_wrong(home: Path, landing: Path, tmp_path: Path) -> None:
    day = START + timedelta(days=1)
    broken = tmp_path / "landing"
    shutil.copytree(landing, broken)
    for path in (broken / "usage_requests" / f"arrived_on={day}").glob("*.parquet"):
        pl.read_parquet(path).with_columns(input_tokens=-pl.col("input_tokens") - 1).write_parquet(path)
    before = run_json(["report", "--home", str(home)])
    outcome = stillwatch("nightly", "--landing", str(broken), "--home", str(home), "--date", str(day), expect=3)
    assert "usage_requests" in outcome.stderr
    assert "input_tokens" in outcome.stderr
    assert "Traceback" not in outcome.stderr
    # that the night goes on once the file is repaired: test_bad_nights
    assert run_json(["report", "--home", str(home)]) == before
