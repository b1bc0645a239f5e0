"""The facts of so many cases, drawn at random: what the estimators are given, at volume.

Belongs here: frames of the facts models. Units, their days, returns and ties are drawn by the code that proves the estimators
(`orchestration.proving`), in blocks of 400 customers of whom a quarter is acted on; the rest is filled in around them.
"""

from collections.abc import Iterable
from datetime import date, datetime, timedelta

import numpy as np
import polars as pl

from orchestration.measurement.facts import FACTS
from orchestration.measurement.intervals import Flags, Numbers
from orchestration.proving.returns import unit_returns
from orchestration.proving.units import matched, stopped, ties_of, unit_days, untouched

AS_OF = date(2026, 6, 30)
SURFACES = ("api", "chat", "coding_agent", "partner_cloud")
ACTIONS = ("suspension", "termination", "rate_limit", "warning", "key_revocation")
CLAUSES = tuple(f"AUP-4.{number}" for number in range(1, 9))
TACTICS = tuple(f"T{number:02}" for number in range(20))
COUNTRIES = ("US", "DE", "JP", "BR", "IN", "FR", "GB", "CA")
TIERS = ("free", "build", "scale")
PARTNERS = ("cumulus", "harbor", "ridge")
BLOCK, ACTED_ON = 400, 100
MONTHS = 6


def case_tables(cases: int, seed: int = 20260630) -> dict[str, pl.DataFrame]:
    """Return every model of `FACTS` over `cases` cases of one enforced unit each, a multiple of 100; the same for a seed.

    ValueError for another number of cases.
    """
    if cases < ACTED_ON or cases % ACTED_ON:
        raise ValueError(f"cases are drawn in blocks of {ACTED_ON}; given {cases}. Give a multiple of it.")
    generator = np.random.default_rng([seed, cases])
    blocks = [_block(generator, number) for number in range(cases // ACTED_ON)]
    days = pl.concat([block[0] for block in blocks])
    units = [unit for block in blocks for unit in block[1]]
    frames = {
        "unit_days": days,
        "unit_ties": _ties(generator, units),
        "unit_returns": _returns(generator, units, days),
        "displacement": _displacement(generator, days),
        **_actions(generator, units),
        **_reviews(generator, cases),
        **_watch(generator, cases),
    }
    return {f"int_measurement__{name}": _shaped(name, frame) for name, frame in frames.items()}


def _block(generator: np.random.Generator, number: int) -> tuple[pl.DataFrame, list[str]]:
    """Return the days of a block's enforced units and their controls, and the units' ids."""
    customers = untouched(generator, BLOCK, growth=0.002)
    chosen = np.sort(generator.choice(BLOCK, ACTED_ON, replace=False))
    pool = np.setdiff1d(np.arange(BLOCK), chosen)
    left = stopped(generator, customers.requests[chosen])
    days = unit_days(chosen, left, matched(customers, chosen, pool), customers.requests)
    named = [pl.concat_str(pl.lit(f"b{number:04}-"), end).alias(end) for end in ("unit_id", "member_unit_id")]
    return days.with_columns(named), [f"b{number:04}-u{unit}" for unit in chosen]


def _shaped(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    schema = FACTS[f"int_measurement__{name}"]
    absent = [pl.lit(None).alias(column) for column in schema if column not in frame.columns]
    return frame.with_columns(absent).select(list(schema)).cast(schema)


def _ties(generator: np.random.Generator, units: list[str]) -> pl.DataFrame:
    """Return a case a unit, but for one in five that shares its neighbour's, and for three in ten a proxy of about six units."""
    is_joined = generator.random(len(units)) < 0.2
    rows = [(unit, unit, "case", f"case_{place - (place > 0 and is_joined[place])}") for place, unit in enumerate(units)]
    proxies = generator.integers(0, max(1, len(units) // 20), len(units))
    behind = np.flatnonzero(generator.random(len(units)) < 0.3)
    rows += [(units[place], units[place], "network", str(proxies[place])) for place in behind]
    return ties_of(rows)


def _returns(generator: np.random.Generator, units: list[str], days: pl.DataFrame) -> pl.DataFrame:
    pairs = days.select("unit_id", "member_unit_id").unique(maintain_order=True)
    ago = dict(zip(units, generator.integers(1, 180, len(units)).astype(np.float64), strict=True))
    enforced = pairs["unit_id"].to_list()
    is_control = pairs["unit_id"] != pairs["member_unit_id"]
    comes_back = generator.random(pairs.height) < np.where(is_control.to_numpy(), 0.05, 0.35)
    after: Numbers = np.where(comes_back, np.floor(generator.exponential(10.0, pairs.height)), np.inf)
    return unit_returns(
        enforced,
        pairs["member_unit_id"].to_list(),
        np.array([ago[unit] for unit in enforced]),
        after,
        is_on_other_surface=generator.random(pairs.height) < 0.3,
        is_linkable=generator.random(pairs.height) < 0.8,
    )


def _displacement(generator: np.random.Generator, days: pl.DataFrame) -> pl.DataFrame:
    own = days.filter(~pl.col("is_control") & (pl.col("relative_day") >= -28))
    units = own["unit_id"].unique(maintain_order=True)
    parts: list[pl.DataFrame] = []
    for channel, share, first in (
        ("in_scope", 1.0, -28),
        ("other_surface", 0.4, -28),
        ("other_member", 0.3, -28),
        ("new_account", 0.2, 1),
    ):
        held = units.filter(pl.Series(generator.random(len(units)) < share))
        part = own.filter(pl.col("unit_id").is_in(held.implode()) & (pl.col("relative_day") >= first))
        if channel == "in_scope":
            part = part.filter(pl.col("relative_day") < 0)
        surface = "api" if channel == "in_scope" else "chat"
        parts.append(
            part.with_columns(channel=pl.lit(channel), surface=pl.lit(surface), partner=pl.lit(""), observed_day_count=28)
        )
    return pl.concat(parts)


def _actions(generator: np.random.Generator, units: list[str]) -> dict[str, pl.DataFrame]:
    """Return the actions (three for two cases), the decisions they follow, their leaks, and the units."""
    size = len(units) * 3 // 2
    case = np.concatenate([np.arange(len(units)), generator.integers(0, len(units), size - len(units))])
    decided = [_moment(ago) for ago in generator.uniform(1, 30 * MONTHS, size)]
    appealed, overturned = generator.random(size) < 0.3, generator.random(size)
    outcomes = np.where(overturned < 0.1, "overturned", np.where(overturned < 0.2, "partially_overturned", "upheld"))
    actions = pl.DataFrame(
        {
            "action_id": [f"action_{number:06}" for number in range(size)],
            "case_id": [f"case_{number}" for number in case],
            "account_id": [f"acct_{number:06}" for number in range(size)],
            "action_type": generator.choice(ACTIONS, size, p=(0.4, 0.3, 0.1, 0.1, 0.1)),
            "surface": generator.choice(SURFACES, size),
            "partner": "",
            "policy_clause_id": generator.choice(CLAUSES, size),
            "decided_at": decided,
            "notice_sent_at": [at + timedelta(hours=2) for at in decided],
            "effective_at": [at + timedelta(hours=5) for at in decided],
            "is_appealed": appealed,
            "appeal_outcome": _where(appealed, outcomes),
            "appeal_ground": _where(appealed, generator.choice(("factual", "procedural", "goodwill"), size)),
            **_groups(generator, size),
        }
    ).with_columns(
        is_overturned=(pl.col("appeal_outcome") == "overturned").fill_null(False),
        lost_days=pl.when((pl.col("appeal_outcome") == "overturned") & (pl.col("appeal_ground") == "factual")).then(4.5),
    )
    decisions = actions.unique(["case_id", "surface"], maintain_order=True).with_columns(
        period=pl.col("decided_at").dt.strftime("%Y-%m"),
        hours_to_act=pl.lit(20.0),
    )
    held = {
        "decided_by": generator.choice([f"reviewer_{number}" for number in range(12)], decisions.height),
        "tactic_id": generator.choice(TACTICS, decisions.height),
        "strength_grade": generator.choice(("A", "B", "C", "D"), decisions.height),
    }
    leaking = actions.filter(pl.Series(generator.random(size) < 0.02))
    leaks = leaking.join(pl.DataFrame({"day": range(3)}), how="cross").with_columns(
        activity_date=pl.col("effective_at").dt.date() + pl.duration(days="day"), request_count=7, output_tokens=900
    )
    return {
        "actions": actions,
        "decisions": decisions.with_columns(**{name: pl.Series(values) for name, values in held.items()}),
        "leakage": leaks,
        "enforced_units": pl.DataFrame(
            {
                "unit_id": units,
                "unit_type": "actor",
                "action_type": generator.choice(ACTIONS[:2], len(units)),
                "surface": "api",
                "enforced_on": [AS_OF - timedelta(days=int(ago)) for ago in generator.integers(1, 30 * MONTHS, len(units))],
                "is_overturned": generator.random(len(units)) < 0.05,
                "is_proactive": generator.random(len(units)) < 0.7,
                "request_count_28d": generator.integers(100, 100_000, len(units)),
                "mixture_share": generator.uniform(0.5, 1, len(units)).round(3),
            }
        ),
    }


def _where(is_known: Flags, texts: Iterable[str]) -> list[str | None]:
    """Return the texts, NULL where one is not known."""
    return [str(text) if known else None for known, text in zip(is_known, texts, strict=True)]


def _groups(generator: np.random.Generator, size: int) -> dict[str, object]:
    return {
        "country": generator.choice(COUNTRIES, size),
        "language": generator.choice(("en", "de", "ja", "pt"), size),
        "tier": generator.choice(TIERS, size),
        "account_type": generator.choice(("individual", "organization"), size),
    }


def _moment(days_ago: float) -> datetime:
    return datetime(AS_OF.year, AS_OF.month, AS_OF.day) - timedelta(seconds=int(86400 * days_ago))


def _reviews(generator: np.random.Generator, cases: int) -> dict[str, pl.DataFrame]:
    """Return three leads a case, one in six of them an audit draw, what became of them, and the times of every stage."""
    size = 3 * cases
    selection = generator.choice(("score", "audit_flagged", "audit_unflagged"), size, p=(5 / 6, 1 / 12, 1 / 12))
    drawn = [_moment(ago) for ago in generator.uniform(1, 30 * MONTHS, size)]
    chance = np.where(selection == "score", 0.6, np.where(selection == "audit_flagged", 0.5, 0.02))
    verdict = np.where(generator.random(size) < chance, "violation", "benign")
    leads = pl.DataFrame(
        {
            "lead_id": [f"lead_{number:06}" for number in range(size)],
            "subject_type": "actor",
            "selection": selection,
            "stratum": generator.choice(TIERS, size),
            "selection_probability": np.where(selection == "score", 1.0, np.where(selection == "audit_flagged", 0.1, 0.001)),
            "drawn_on": [at.date() for at in drawn],
            "decided_at": [at + timedelta(days=2) for at in drawn],
            "verdict": _where(generator.random(size) < 0.9, verdict),
            "surface": generator.choice(SURFACES, size),
            "account_count": generator.integers(1, 60, size),
            "request_count_28d": generator.integers(10, 50_000, size),
            "output_tokens_28d": generator.integers(1000, 5_000_000, size),
            **_groups(generator, size),
        }
    )
    second = leads.filter(pl.col("verdict").is_not_null() & pl.Series(generator.random(size) < 0.1))
    agrees = pl.Series(generator.random(second.height) < 0.85)
    pairs = second.select(
        "lead_id",
        pl.col("verdict").alias("first_verdict"),
        pl.when(agrees).then("verdict").otherwise(pl.lit("insufficient")).alias("second_verdict"),
        "decided_at",
    )
    return {"leads": leads, "review_pairs": pairs, "stage_times": _stage_times(generator, cases)}


def _stage_times(generator: np.random.Generator, cases: int) -> pl.DataFrame:
    """Return the four stages of every case; what has not ended by the as-of date still waits."""
    end = datetime(AS_OF.year, AS_OF.month, AS_OF.day) + timedelta(days=1)
    parts: list[pl.DataFrame] = []
    for stage, median in (("detect", 6.0), ("review", 2.0), ("act", 3.0), ("effect", 0.2)):
        started = [_moment(ago) for ago in generator.uniform(1, 30 * MONTHS, cases)]
        ended = [
            at + timedelta(days=float(days))
            for at, days in zip(started, generator.lognormal(np.log(median), 0.9, cases), strict=True)
        ]
        parts.append(
            pl.DataFrame(
                {
                    "stage": stage,
                    "item_id": [f"case_{number}" for number in range(cases)],
                    "started_at": started,
                    "ended_at": [at if at < end else None for at in ended],
                    "observed_until": end,
                    "surface": generator.choice(SURFACES, cases),
                    "action_type": generator.choice(ACTIONS, cases),
                    "policy_clause_id": generator.choice(CLAUSES, cases),
                },
                schema_overrides=FACTS["int_measurement__stage_times"],
            )
        )
    return pl.concat(parts)


def _watch(generator: np.random.Generator, cases: int) -> dict[str, pl.DataFrame]:
    """Return referrals of one case in ten, half a year of the queue, signals by day, tactics, and sizes of groups."""
    referrals = cases // 10
    sent = [_moment(ago) for ago in generator.uniform(1, 30 * MONTHS, referrals)]
    waits = generator.exponential(8.0, referrals)
    nights = [AS_OF - timedelta(days=ago) for ago in range(180)]
    signals = pl.DataFrame({"signal_id": [f"sig_{number:02}" for number in range(60)]})
    watched = pl.DataFrame({"as_of_date": nights[:35]})
    tactics = pl.DataFrame({"tactic": TACTICS})
    sizes = {"country": COUNTRIES, "tier": TIERS, "account_type": ("individual", "organization")}
    return {
        "referrals": pl.DataFrame(
            {
                "referral_id": [f"rfr_{number}" for number in range(referrals)],
                "partner": generator.choice(PARTNERS, referrals),
                "sent_at": sent,
                "acknowledged_at": [at + timedelta(days=float(days) / 2) for at, days in zip(sent, waits, strict=True)],
                "acted_at": [
                    at + timedelta(days=float(days)) if days < 20 else None for at, days in zip(sent, waits, strict=True)
                ],
                "is_past_due": waits > 20,
            }
        ),
        "queue_days": pl.DataFrame({"as_of_date": nights, "lead_count": 120, "past_due_count": 4, "decided_count": 20}),
        "group_sizes": pl.DataFrame(
            [("all", "all", 1_000_000), *((kind, value, 1_000_000 // len(of)) for kind, of in sizes.items() for value in of)],
            schema=["group_kind", "group_value", "account_count"],
            orient="row",
        ),
        "signal_days": signals.join(watched, how="cross").with_columns(
            computable_count=pl.lit(900_000), fired_count=pl.Series(generator.integers(100, 2000, 60 * 35))
        ),
        "tactic_surfaces": tactics.join(pl.DataFrame({"surface": SURFACES}), how="cross").with_columns(
            active_signal_count=3, last_confirmed_hit_on=AS_OF
        ),
        "tactic_times": tactics.with_columns(
            entered_on=date(2026, 1, 1), first_active_signal_on=date(2026, 1, 20), first_confirmed_hit_on=date(2026, 3, 1),
            observed_until=AS_OF,
        ),
    }  # fmt: skip
