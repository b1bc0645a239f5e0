"""A recommended calibration as a row of the seed `score_calibration`.

Belongs here: the seed's columns and writing them. Nothing adopts a row by itself: a person copies it and states a reason.
"""

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

CALIBRATION_COLUMNS: tuple[str, ...] = (
    "subject_type",
    "ruleset_version",
    "kind",
    "intercept",
    "slope",
    "intercept_deviation",
    "slope_deviation",
    "correlation",
    "violation_count",
    "benign_count",
    "from_release",
    "entered_on",
    "reason",
)


def write_calibrations(folder: Path, rows: Iterable[Mapping[str, str]]) -> Path:
    """Write `score_calibration.csv` in the folder with the seed's columns; return its path."""
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / "score_calibration.csv"
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, list(CALIBRATION_COLUMNS), lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
    return path
