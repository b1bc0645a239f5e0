"""The step of a run that asks the verdicts what each signal is worth; like those of `steps`, called by Dagster's assets.

Belongs here: what it reads and writes in the working warehouse.
"""

import polars as pl

from orchestration.recommending import changes
from orchestration.scoring.settings import QueueSettings
from orchestration.scoring.verdicts import weighted_verdicts
from orchestration.settings import Home
from orchestration.warehouse.frames import append_frame, read_frame
from orchestration.warehouse.opening import warehouse


def weigh_signals(home: Home) -> int:
    """Write what the verdicts say of each signal and of its groups; return the rows written."""
    with warehouse(home) as connection:
        registry = read_frame(
            connection,
            "select signal_id, signal_version, subject_type, status, hypothesis_sign, weight from main.signal_registry",
        )
        version = connection.execute("select max(ruleset_version) from main.int_scores__rule_set").fetchall()[0][0]
        queue = read_frame(connection, "select * from main.review_queue")
        reviews = read_frame(connection, "select * from main.reviews")
        facts = changes.Facts(
            verdicts=weighted_verdicts(queue, reviews, QueueSettings().budget),
            evidence=read_frame(connection, "select * from main.int_measurement__lead_evidence order by lead_id, signal_id"),
            fired=read_frame(connection, "select lead_id, signal_id, signal_version from main.int_measurement__signal_verdicts"),
            groups=read_frame(connection, "select lead_id, country, tier from main.int_measurement__leads"),
            registry=registry.filter(pl.col("status") != "retired"),
            ruleset_version=version,
        )
        written = 0
        for name, frame in {
            "signal_weights": changes.weigh_signals(facts),
            "signal_groups": changes.compare_groups(facts),
        }.items():
            connection.execute(f"delete from computed.{name}")
            append_frame(connection, f"computed.{name}", frame)
            written += frame.height
    return written
