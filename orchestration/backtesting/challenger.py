"""A challenger: a folder with the rows and columns of a rule set that differ from the champion's.

Belongs here: putting those files together with the champion's tables. A cell that is left out or blank keeps the champion's
value; `score_calibration.csv` is taken whole, since a calibration belongs to one rule set.
"""

from collections.abc import Mapping
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.backtesting.cells import REAL_NUMBERS, ChallengerError, Row, Table, judge, read_rows
from orchestration.calibrating.recommendation import CALIBRATION_COLUMNS

KEYS = {"signal_settings": "signal_id", "signal_families": "family", "score_priors": "subject_type"}
CALIBRATION = "score_calibration"


class RuleSet(BaseModel):
    """The tables of a rule set as text, by name: signal_settings, signal_families, score_priors and score_calibration."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    tables: Mapping[str, Table]

    @property
    def version(self) -> str:
        """The version its priors state."""
        return max(row["ruleset_version"] for row in self.tables["score_priors"])


class Change(BaseModel):
    """One cell in which the challenger differs."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    key: str
    column: str
    champion: str
    challenger: str


def read_challenger(folder: Path, champion: RuleSet) -> tuple[RuleSet, list[Change]]:
    """Return the champion's rule set with the folder's differences put in, and each difference.

    A challenger that changes weights and states no `ruleset_version` of its own gets the champion's with `-challenger`, so that
    a calibration adopted for the champion is not applied to it. Raises ChallengerError.
    """
    if not folder.is_dir():
        raise ChallengerError(f"challenger folder {folder} does not exist; give a folder with {_files()}")
    known = {f"{name}.csv" for name in (*KEYS, CALIBRATION)}
    unknown = sorted(path.name for path in folder.glob("*.csv") if path.name not in known)
    if unknown:
        raise ChallengerError(f"{folder / unknown[0]} is no part of a rule set; a challenger holds {_files()}")
    if not any((folder / name).is_file() for name in known):
        raise ChallengerError(f"challenger folder {folder} holds none of {_files()}")
    tables = {name: [dict(row) for row in rows] for name, rows in champion.tables.items()}
    changes: list[Change] = []
    for name, key in KEYS.items():
        path = folder / f"{name}.csv"
        if path.is_file():
            changes += _merge(path, name, key, tables[name])
    _require_known_families(tables, folder)
    versions = sorted({row["ruleset_version"] for row in tables["score_priors"]})
    if len(versions) > 1:
        raise ChallengerError(
            f"{folder / 'score_priors.csv'}: one ruleset_version for all subject types; given {', '.join(versions)}"
        )
    if changes and versions == [champion.version]:
        for row in tables["score_priors"]:
            row["ruleset_version"] = f"{champion.version}-challenger"
    if (folder / f"{CALIBRATION}.csv").is_file():
        calibration = read_calibration(folder / f"{CALIBRATION}.csv")
        changes += _calibration_changes(champion.tables[CALIBRATION], calibration)
        tables[CALIBRATION] = calibration
    return RuleSet(tables=tables), changes


def read_calibration(path: Path) -> Table:
    """Return the rows of a score_calibration.csv, judged; ChallengerError names what is wrong."""
    rows = read_rows(path, CALIBRATION_COLUMNS)
    for number, row in enumerate(rows, start=2):
        missing = [column for column in CALIBRATION_COLUMNS if not row.get(column)]
        if missing:
            raise ChallengerError(f"{path}:{number}: {missing[0]} is empty; a calibration row is taken whole")
        for column, value in row.items():
            judge(path, number, column, value)
    return rows


def _files() -> str:
    return ", ".join(f"{name}.csv" for name in (*KEYS, CALIBRATION))


def _merge(path: Path, name: str, key: str, table: Table) -> list[Change]:
    by_key = {row[key]: row for row in table}
    rows = read_rows(path, list(table[0]))
    changes: list[Change] = []
    seen: set[str] = set()
    for number, row in enumerate(rows, start=2):
        identity = row.get(key, "")
        if identity not in by_key:
            what = key.removesuffix("_id").replace("_", " ")
            raise ChallengerError(
                f"{path}:{number}: unknown {what} {identity!r}; a challenger changes the numbers of what the warehouse computes"
            )
        if identity in seen:
            raise ChallengerError(f"{path}:{number}: {identity} is given twice; give it once")
        seen.add(identity)
        for column, value in row.items():
            was = by_key[identity][column]
            if value in ("", was):
                continue
            judge(path, number, column, value)
            if column == "status" and was == "retired":
                raise ChallengerError(
                    f"{path}:{number}: {identity} is retired, so its values are not computed; make it shadow in the seed first"
                )
            if column in REAL_NUMBERS and float(value) == float(was):
                continue
            changes.append(Change(table=name, key=identity, column=column, champion=was, challenger=value))
            by_key[identity][column] = value
    return [change for change in changes if change.column not in ("entered_on", "reason")]


def _require_known_families(tables: Mapping[str, Table], folder: Path) -> None:
    families = {row["family"] for row in tables["signal_families"]}
    for row in tables["signal_settings"]:
        if row["family"] not in families:
            raise ChallengerError(
                f"{folder / 'signal_settings.csv'}: {row['signal_id']} is put into the unknown family {row['family']!r}; known: "
                f"{', '.join(sorted(families))}"
            )


def _calibration_changes(champion: Table, challenger: Table) -> list[Change]:
    def keyed(table: Table) -> dict[str, Row]:
        return {f"{row['subject_type']}/{row['kind']}/{row['ruleset_version']}": row for row in table}

    was, now = keyed(champion), keyed(challenger)
    return [
        Change(
            table=CALIBRATION,
            key=key,
            column=column,
            champion=was.get(key, {}).get(column, "none"),
            challenger=now.get(key, {}).get(column, "none"),
        )
        for key in sorted(was.keys() | now.keys())
        for column in ("intercept", "slope")
        if was.get(key, {}).get(column) != now.get(key, {}).get(column)
    ]
