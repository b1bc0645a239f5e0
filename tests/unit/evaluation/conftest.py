from collections.abc import Mapping, Sequence
from datetime import date, timedelta

import polars as pl

from orchestration.evaluation.frames import Published, Truth
from orchestration.evaluation.reaching import Reach

DAY = date(2026, 3, 1)
ACCOUNTS = ("account_id", "role", "campaign_id", "lookalike_id", "operator_id")


def on(number: int) -> date:
    return DAY + timedelta(days=number)


def published(
    queue: Sequence[tuple[object, ...]] = (),
    members: Sequence[tuple[object, ...]] = (),
    roles: Sequence[tuple[object, ...]] = (),
    links: Sequence[tuple[object, ...]] = (),
    usage: Sequence[tuple[object, ...]] = (),
    hits: Sequence[tuple[object, ...]] = (),
    checks: Sequence[tuple[object, ...]] = (),
) -> Published:
    text, day = pl.String, pl.Date
    return Published(
        queue=_frame(queue, {"as_of_date": day, "lead_id": text, "subject_type": text, "subject_id": text, "selection": text}),
        members=_frame(members, {"as_of_date": day, "actor_id": text, "account_id": text, "basis": text}),
        roles=_frame(roles, {"as_of_date": day, "subject_type": text, "subject_id": text, "role": text}),
        links=_frame(links, {"as_of_date": day, "account_id_a": text, "account_id_b": text}),
        usage=_frame(usage, {"account_id": text, "activity_date": day, "request_count": pl.Int64}),
        hits=_frame(hits, {"as_of_date": day, "subject_type": text, "subject_id": text, "signal_id": text}),
        registry=pl.DataFrame(_REGISTRY, schema=_REGISTRY_COLUMNS, orient="row"),
        checks=_frame(checks, {"as_of_date": day, "account_id": text, "stratum": text}),
    )


_REGISTRY_COLUMNS = (
    "signal_id", "signal_version", "subject_type", "hypothesis_sign", "minimum_support", "threshold", "status",
)  # fmt: skip
_REGISTRY = [
    ("sig_actor", 2, "actor", 1, 3.0, 0.5, "active"),
    ("sig_one", 1, "account", 1, 10.0, 2.0, "active"),
    ("sig_soothing", 1, "account", -1, 1.0, 0.0, "shadow"),
]


def reach(computable: Sequence[tuple[object, ...]], nearest: Sequence[tuple[object, ...]] = ()) -> Reach:
    text = pl.String
    told = {"subject_count": pl.Int64, "valued_count": pl.Int64, "greatest_support": pl.Float64, "greatest_excess": pl.Float64}
    return Reach(
        computable=_frame(computable, {"signal_id": text, "subject_type": text, "subject_id": text, "computable_on": pl.Date}),
        nearest=_frame(nearest, {"signal_id": text} | told),
    )


def truth(
    accounts: Sequence[tuple[object, ...]],
    campaigns: Sequence[dict[str, object]] = (),
    returned: Sequence[tuple[object, ...]] = (),
    enforced: Sequence[tuple[object, ...]] = (),
    contracts: Sequence[tuple[object, ...]] = (),
) -> Truth:
    text = pl.String
    return Truth(
        accounts=_frame(accounts, dict.fromkeys(ACCOUNTS, text)),
        campaigns=pl.DataFrame(
            [_DIALS | dict(campaign) for campaign in campaigns], schema_overrides={"first_active_on": pl.Date}
        ),
        returned=_frame(returned, {"account_id": text, "shared": text}),
        enforced=_frame(enforced, {"account_id": text, "enforced_on": pl.Date}),
        contracts=_frame(contracts, {"account_id": text, "breached_on": pl.Date}),
    )


_DIALS = {
    "role": "distiller_direct", "focus": "reasoning", "requests_per_account_day": 20.0, "dilution": 0.1,
    "identity_share": 1.0, "jitter": 0.5, "rotation": 0.3, "ageing_days": 3, "handoff": 0.1,
    "burst_share": 0.0, "choices": None, "logprobs_share": 0.0, "partner_members": 0.0, "declined_share": None,
}  # fmt: skip


def _frame(rows: Sequence[tuple[object, ...]], schema: Mapping[str, type[pl.DataType]]) -> pl.DataFrame:
    return pl.DataFrame([tuple(row) for row in rows], schema=schema, orient="row")


def harvester(name: str, campaign: str = "campaign_0") -> tuple[str, str, str, None, str]:
    return (name, "distiller_direct", campaign, None, f"op_{campaign}")


def ordinary(name: str, lookalike: str | None = None) -> tuple[str, str, None, str | None, str]:
    return (name, "ordinary", None, lookalike, f"op_{name}")
