"""An export is whole, says what changed, has the same ids twice, and never stands in the way of the next."""

import gzip
import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import duckdb
import jsonschema
import pytest
from click.testing import CliRunner
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from orchestration.cli_exports import export as export_command
from orchestration.exporting.export import (
    ExportError,
    export_release,
    exports_folder,
    latest_export,
    read_exports,
    remove_exports,
)
from orchestration.exporting.tables import TABLES, columns_of
from orchestration.landing.files import sha256_of
from orchestration.publishing.releases import current_release
from orchestration.settings import Home
from tests.pages import commands_of, run

from .releases import lead, publish, release_id, score

PROMISED: dict[str, dict[str, str]] = json.loads((Path(__file__).parent / "promised_v1.json").read_text(encoding="utf-8"))


def exported(home: Home) -> Path:
    """Export the current release and return the folder."""
    made, _ = export_release(home, current_release(home.published))
    return exports_folder(home) / made.folder_name


def lines(path: Path) -> list[dict[str, Any]]:
    """Return the lines of a file of JSON lines."""
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def changes(folder: Path, table: str = "scores") -> dict[str, str]:
    """Return what was done to each subject or lead."""
    key = "lead_id" if table == "review_queue" else "subject_id"
    return {row[key]: row["operation"] for row in lines(folder / f"{table}.changes.jsonl.gz")}


def test_the_first_export_says_that_all_rows_are_new(home: Home) -> None:
    publish(home, 1, [score("a1"), score("a2")], [lead("l1")])
    folder = exported(home)
    made = read_exports(home)[0]
    assert folder.name == f"000001-{release_id(1)}"
    assert (made.sequence, made.since_release_id, made.tables["scores"].rows, made.tables["scores"].inserted) == (1, None, 2, 2)
    assert changes(folder) == {"a1": "insert", "a2": "insert"}
    assert changes(folder, "review_queue") == {"l1": "insert"}


def test_a_row_counts_as_changed_when_more_than_its_day_and_rank_is_other(home: Home) -> None:
    publish(home, 1, [score("goes"), score("stays"), score("moves", log_odds=0), score("blank", role="distiller")], [lead("l1")])
    exported(home)
    publish(
        home, 2, [score("comes"), score("stays", rank=9), score("moves", log_odds=1), score("blank")], [lead("l1", priority=2)]
    )
    folder = exported(home)
    assert read_exports(home)[-1].since_release_id == release_id(1)
    assert changes(folder) == {"blank": "update", "comes": "insert", "goes": "delete", "moves": "update"}
    assert changes(folder, "review_queue") == {"l1": "update"}
    rows = {row["subject_id"]: row for row in lines(folder / "scores.changes.jsonl.gz")}
    assert rows["blank"]["role"] is None
    assert (rows["goes"]["log_odds"], rows["moves"]["log_odds"]) == (-4.25, 1)


VALUES = st.fixed_dictionaries(
    {"log_odds": st.sampled_from([None, -1.5, 2]), "role": st.sampled_from([None, "", "reseller"]), "rank": st.integers(1, 3)}
)
TABLES_OF_SCORES = st.dictionaries(st.sampled_from(["a1", "a2", "a3", "ä'1"]), VALUES, max_size=4)


@settings(max_examples=15, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(nights=st.lists(TABLES_OF_SCORES, min_size=2, max_size=3))
def test_changes_lead_from_each_export_to_the_next(tmp_path: Path, nights: list[dict[str, Mapping[str, Any]]]) -> None:
    shutil.rmtree(tmp_path / "home", ignore_errors=True)
    home = Home(root=tmp_path / "home")
    kept: dict[str, tuple[Any, Any]] = {}
    for number, rows in enumerate(nights, start=1):
        publish(home, number, [score(name, **values) for name, values in rows.items()])
        for change in lines(exported(home) / "scores.changes.jsonl.gz"):
            assert (change["subject_id"] in kept) == (change["operation"] != "insert")
            kept.pop(change["subject_id"], None)
            if change["operation"] != "delete":
                kept[change["subject_id"]] = change["log_odds"], change["role"]
        assert kept == {name: (values["log_odds"], values["role"]) for name, values in rows.items()}


def test_lines_are_as_their_schema_says_and_files_as_the_manifest_says(home: Home) -> None:
    publish(home, 1, [score("a1", role="distiller", rank=2)], [lead("l1", due_at="2026-03-02 12:30:00")])
    folder = exported(home)
    for table in TABLES:
        for name in (table.name, f"{table.name}.changes"):
            schema = json.loads((folder / f"{name}.schema.json").read_text(encoding="utf-8"))
            for line in lines(folder / f"{name}.jsonl.gz"):
                jsonschema.validate(line, schema, format_checker=jsonschema.FormatChecker())
                assert list(line) == list(schema["properties"])
            with duckdb.connect() as connection:
                packed = connection.execute(f"select count(*) from '{folder}/{name}.parquet'").fetchall()
            assert packed == [(len(lines(folder / f"{name}.jsonl.gz")),)]
    assert lines(folder / "review_queue.jsonl.gz")[0]["due_at"] == "2026-03-02T12:30:00Z"
    told = read_exports(home)[0].files
    assert {file.name for file in told} | {"export.json"} == {path.name for path in folder.iterdir()}
    assert all(file.sha256 == sha256_of(folder / file.name) for file in told)


def test_the_same_step_has_the_same_ids_wherever_it_is_exported(tmp_path: Path) -> None:
    found: list[list[str]] = []
    for name in ("one", "other"):
        home = Home(root=tmp_path / name)
        publish(home, 1, [score("a1")])
        first = exported(home)
        publish(home, 2, [score("a1", log_odds=1)])
        found.append(
            [row["change_id"] for folder in (first, exported(home)) for row in lines(folder / "scores.changes.jsonl.gz")]
        )
    assert found[0] == found[1]
    assert len(set(found[0])) == 2


def test_a_release_is_exported_once_and_again_after_a_rollback(home: Home) -> None:
    publish(home, 1, [score("a1")])
    exported(home)
    assert export_release(home, current_release(home.published))[1] is False
    publish(home, 2, [score("a1", log_odds=1)])
    exported(home)
    # a release of these tests is no whole one, so the link is moved by hand
    (home.published / "current").unlink()
    (home.published / "current").symlink_to(release_id(1))
    back = exported(home)
    assert [export.folder_name for export in read_exports(home)][-1] == f"000003-{release_id(1)}" == back.name
    assert changes(back) == {"a1": "update"}


def test_a_crash_at_any_step_gives_no_number_twice_and_leaves_nothing_half(home: Home) -> None:
    publish(home, 1, [score("a1")])
    exported(home)
    latest = exports_folder(home) / "latest.json"
    # before the folder was whole
    (exports_folder(home) / ".part-1").mkdir()
    # between the folder and the file that names it
    publish(home, 2, [score("a1", log_odds=1)])
    before = latest.read_bytes()
    exported(home)
    latest.write_bytes(before)
    assert export_release(home, current_release(home.published))[1] is False
    assert json.loads(latest.read_text())["sequence"] == 2
    publish(home, 3, [score("a1")])
    exported(home)
    assert [export.sequence for export in read_exports(home)] == [1, 2, 3]
    assert not list(exports_folder(home).glob(".part-*"))


def test_exports_go_with_their_release_and_numbers_go_on(home: Home) -> None:
    for number in (1, 2, 3):
        publish(home, number, [score("a1", log_odds=number)])
        exported(home)
    for number in (1, 2):
        remove_exports(home, release_id(number))
    assert [export.sequence for export in read_exports(home)] == [3]
    shutil.rmtree(exports_folder(home) / f"000003-{release_id(3)}")
    shutil.rmtree(home.published / release_id(3))
    publish(home, 4, [score("a1")])
    exported(home)
    newest = latest_export(home)
    assert newest
    assert (newest.sequence, newest.since_release_id) == (4, None)


def test_a_release_without_a_promised_column_is_refused_and_the_next_goes_on(home: Home) -> None:
    publish(home, 1, [score("a1")], without="resale_score")
    with pytest.raises(ExportError, match=r"version 1 needs scores with resale_score, and 2026-03-01-.* export a newer release"):
        export_release(home, current_release(home.published))
    publish(home, 2, [score("a1")])
    assert exported(home).name.startswith("000001-")


def test_a_column_that_the_release_before_lacked_is_new_in_every_row_that_has_it(home: Home) -> None:
    publish(home, 1, [score("a1"), score("a2")])
    exported(home)
    with duckdb.connect(str(home.published / release_id(1) / "marts.duckdb")) as connection:
        connection.execute("alter table scores drop column role")
    publish(home, 2, [score("a1", role="reseller"), score("a2")])
    assert changes(exported(home)) == {"a1": "update"}


def test_what_version_1_promised_is_still_there() -> None:
    """A column may be added to the file, and never be taken out or changed: that would be version 2."""
    for table in TABLES:
        offered = {column.name: column.data_type for column in columns_of(table)}
        assert PROMISED[table.name].items() <= offered.items()
        assert set(offered) == set(PROMISED[table.name]), "promise the new column too"


def test_the_command_says_what_it_did(home: Home) -> None:
    publish(home, 1, [score("a1")], [lead("l1")])
    run = ["--home", str(home.root)]
    said = CliRunner().invoke(export_command, run)
    assert said.exit_code == 0, said.output
    assert "so all rows are new" in said.output
    assert "scores: 1 rows, 1 new, 0 changed, 0 gone" in said.output
    assert "Nothing new: 2026-03-01-000000000001 is export 1" in CliRunner().invoke(export_command, run).output
    assert json.loads(CliRunner().invoke(export_command, [*run, "--json"]).output)["sequence"] == 1


def test_the_pages_program_keeps_a_copy_in_step_whatever_it_missed(home: Home, tmp_path: Path) -> None:
    [program] = [block for block in commands_of("docs/exports.md") if block.tag == "python"]
    copy = tmp_path / "copy.duckdb"

    def held() -> list[tuple[Any, ...]]:
        run([program], tmp_path, {"STILLWATCH_HOME": str(home.root), "SCORES_COPY": str(copy)})
        with duckdb.connect(str(copy)) as connection:
            return connection.execute("select subject_id, log_odds from scores order by all").fetchall()

    publish(home, 1, [score("a1", log_odds=1), score("a2", log_odds=1)])
    exported(home)
    assert held() == held() == [("a1", 1), ("a2", 1)]
    publish(home, 2, [score("a1", log_odds=2), score("a3", log_odds=2)])
    exported(home)
    publish(home, 3, [score("a1", log_odds=3), score("a3", log_odds=2)])
    exported(home)
    assert held() == [("a1", 3), ("a3", 2)]
    # the release before was pruned: nothing to hold the changes against
    publish(home, 4, [score("a4", log_odds=4)])
    shutil.rmtree(home.published / release_id(3))
    exported(home)
    assert held() == [("a4", 4)]
