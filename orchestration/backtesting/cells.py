"""The cells of a rule set's tables: reading a file of them and judging each value.

Belongs here: which column may hold what. How a challenger's rows go together with the champion's is in `challenger.py`.
"""

import csv
import math
from collections.abc import Sequence
from pathlib import Path

Row = dict[str, str]
Table = list[Row]

REAL_NUMBERS = {
    "minimum_support", "threshold", "weight", "cap", "resale_weight", "prior_log_odds", "resale_prior_log_odds",
    "prior_deviation", "intercept", "slope", "intercept_deviation", "slope_deviation", "correlation",
}  # fmt: skip
_WHOLE_NUMBERS = {"version", "violation_count", "benign_count"}
_NOT_NEGATIVE = {"minimum_support", "weight", "cap", "resale_weight", "prior_deviation", "intercept_deviation", "slope_deviation"}
_VOCABULARIES: dict[str, tuple[str, ...]] = {
    "status": ("active", "shadow", "retired"),
    "hypothesis_sign": ("1", "-1"),
    "kind": ("distillation", "resale"),
    "subject_type": ("account", "actor"),
}


class ChallengerError(ValueError):
    """A challenger folder that cannot be used; the message names file, row and column, and says what to write."""


def read_rows(path: Path, columns: Sequence[str]) -> Table:
    """Return a file's rows, cells without surrounding space; ChallengerError when it has a column that is not among `columns`."""
    with path.open(encoding="utf-8-sig", newline="") as stream:
        reader = csv.DictReader(stream)
        given = list(reader.fieldnames or [])
        unknown = [column for column in given if column not in columns]
        if unknown:
            raise ChallengerError(f"{path}: unknown column {unknown[0]!r}; the seed's columns are {', '.join(columns)}")
        rows: Table = []
        for number, row in enumerate(reader, start=2):
            if None in row or None in row.values():
                raise ChallengerError(f"{path}:{number}: the row has not the header's {len(given)} cells")
            rows.append({column: value.strip() for column, value in row.items()})
        return rows


def judge(path: Path, number: int, column: str, value: str) -> None:
    """Raise ChallengerError unless the column may hold the value."""
    where = f"{path}:{number}: {column}"
    if column in _VOCABULARIES and value not in _VOCABULARIES[column]:
        raise ChallengerError(f"{where} must be one of {', '.join(_VOCABULARIES[column])}; given {value!r}")
    if column in _WHOLE_NUMBERS and not value.isdigit():
        raise ChallengerError(f"{where} must be a whole number; given {value!r}")
    if column not in REAL_NUMBERS:
        return
    try:
        amount = float(value)
    except ValueError:
        raise ChallengerError(f"{where} must be a number; given {value!r}") from None
    if not math.isfinite(amount):
        raise ChallengerError(f"{where} must be a finite number; given {value!r}")
    if column in _NOT_NEGATIVE and amount < 0:
        raise ChallengerError(f"{where} must be 0 or more; given {value}")
    if column == "slope" and amount <= 0:
        raise ChallengerError(f"{where} must be more than 0, else a higher score would mean less; given {value}")
