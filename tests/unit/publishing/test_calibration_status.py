"""A release may be read as probabilities only where every kind of subject is calibrated."""

from datetime import date

import duckdb
import pytest

from orchestration.publishing.release import calibration_status

AS_OF = date(2026, 3, 1)


def status(**of: str) -> str:
    connection = duckdb.connect()
    connection.execute("create table scores (as_of_date date, subject_type varchar, calibration_status varchar)")
    for subject_type, text in of.items():
        connection.executemany("insert into scores values (?, ?, ?)", [(AS_OF, subject_type, text)] * 2)
    return calibration_status(connection, AS_OF)


@pytest.mark.parametrize(
    ("of", "says"),
    [
        ({"account": "expert prior", "actor": "expert prior"}, "expert prior"),
        ({"account": "calibrated on 80 verdicts", "actor": "calibrated on 80 verdicts"}, "calibrated on 80 verdicts"),
        (
            {"account": "calibrated on 80 verdicts", "actor": "expert prior"},
            "expert prior (actor); calibrated on 80 verdicts (account)",
        ),
        ({}, "expert prior"),
    ],
)
def test_the_uncalibrated_come_first(of: dict[str, str], says: str) -> None:
    assert status(**of) == says
