"""How well found actors match labelled operators: pairwise and B-cubed precision, recall and F1."""

from typing import Literal

import polars as pl
from pydantic import BaseModel, ConfigDict

PREDICTED_COLUMNS = ("account_id", "actor_id")
TRUTH_COLUMNS = ("account_id", "operator_id")

Scope = Literal["all", "linked"]


class Agreement(BaseModel):
    """Precision, recall and F1, each 0 to 1, or None where its denominator is 0."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    precision: float | None
    recall: float | None
    f1: float | None


class LinkingQuality(BaseModel):
    """Both measures over the same `account_count` accounts."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    account_count: int
    pairwise: Agreement
    b_cubed: Agreement


def linking_quality(predicted: pl.DataFrame, truth: pl.DataFrame, scope: Scope = "all") -> LinkingQuality:
    """Compare `predicted` (account_id, actor_id) with `truth` (account_id, operator_id; every account to be judged).

    An account without an actor, or with a NULL operator, stands alone. Scope `linked` judges only accounts that share an
    actor or an operator with another: over `all` accounts the many that are rightly alone lift B-cubed towards 1, while
    pairwise figures are the same in both.

    Pairwise: precision TP / (TP + FP) and recall TP / (TP + FN) over pairs (Manning, Raghavan and Schuetze 2008, 16.3).
    B-cubed: the mean over accounts of the share of its actor that is its operator's, and of its operator that is its
    actor's (Bagga and Baldwin 1998; Amigo et al. 2009). F1 is the harmonic mean of the two.

    Raises ValueError when a column is missing, an account is NULL or stands twice, or a predicted account is not in `truth`.
    """
    found = _one_row_per_account(predicted, PREDICTED_COLUMNS, "predicted")
    labelled = _one_row_per_account(truth, TRUTH_COLUMNS, "truth")
    unjudged = found.join(labelled, on="account_id", how="anti")
    if unjudged.height:
        raise ValueError(
            f"every predicted account needs a row in truth; {unjudged.height} have none, for example "
            f"{unjudged.get_column('account_id').min()}. Add them with a NULL operator or leave them out."
        )
    # Prefixes keep an account that stands alone apart from an actor or operator of the same name.
    cells = (
        labelled.join(found, on="account_id", how="left")
        .select(
            pl.coalesce(pl.lit("group|") + pl.col("actor_id"), pl.lit("alone|") + pl.col("account_id")).alias("actor"),
            pl.coalesce(pl.lit("group|") + pl.col("operator_id"), pl.lit("alone|") + pl.col("account_id")).alias("operator"),
        )
        .group_by("actor", "operator")
        .agg(pl.len().cast(pl.Int64).alias("both"))
        .with_columns(
            pl.col("both").sum().over("actor").alias("actor_size"), pl.col("both").sum().over("operator").alias("operator_size")
        )
        .sort("actor", "operator")
    )
    if scope == "linked":
        cells = cells.filter((pl.col("actor_size") > 1) | (pl.col("operator_size") > 1))
    account_count = int(cells.get_column("both").sum())
    return LinkingQuality(account_count=account_count, pairwise=_pairwise(cells), b_cubed=_b_cubed(cells, account_count))


def _one_row_per_account(frame: pl.DataFrame, columns: tuple[str, str], name: str) -> pl.DataFrame:
    missing = [column for column in columns if column not in frame.columns]
    if missing:
        raise ValueError(f"{name} needs the text columns {columns}; {missing} are missing from {frame.columns}. Add them.")
    typed = frame.select(pl.col(column).cast(pl.String) for column in columns)
    accounts = typed.get_column("account_id")
    if accounts.null_count() or accounts.n_unique() < typed.height:
        raise ValueError(
            f"{name} needs one row per account, without NULL; {typed.height} rows hold {accounts.drop_nulls().n_unique()} "
            "accounts. Drop NULLs and keep one row of each."
        )
    return typed


def _pairwise(cells: pl.DataFrame) -> Agreement:
    together = _pair_count(cells.get_column("both").to_list())
    predicted = _pair_count(cells.group_by("actor").agg(pl.col("both").sum()).get_column("both").to_list())
    actual = _pair_count(cells.group_by("operator").agg(pl.col("both").sum()).get_column("both").to_list())
    return _agreement(_ratio(together, predicted), _ratio(together, actual))


def _b_cubed(cells: pl.DataFrame, account_count: int) -> Agreement:
    squares = (cells.get_column("both") ** 2).to_list()
    precision, recall = (
        sum(square / size for square, size in zip(squares, cells.get_column(column).to_list(), strict=True))
        for column in ("actor_size", "operator_size")
    )
    return _agreement(_ratio(precision, account_count), _ratio(recall, account_count))


def _pair_count(sizes: list[int]) -> int:
    return sum(size * (size - 1) // 2 for size in sizes)


def _ratio(part: float, whole: float) -> float | None:
    return part / whole if whole else None


def _agreement(precision: float | None, recall: float | None) -> Agreement:
    if precision is None or recall is None:
        return Agreement(precision=precision, recall=recall, f1=None)
    total = precision + recall
    return Agreement(precision=precision, recall=recall, f1=2 * precision * recall / total if total else 0.0)
