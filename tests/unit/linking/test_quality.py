"""Pairwise and B-cubed figures: two published examples, the edges, and what must hold for any two groupings."""

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.linking.quality import Agreement, linking_quality


def _frame(column: str, groups: dict[str, str]) -> pl.DataFrame:
    return pl.DataFrame(
        {"account_id": list(groups), column: list(groups.values())}, schema={"account_id": pl.String, column: pl.String}
    )


def _assign(*groups: list[str]) -> dict[str, str]:
    return {name: f"g{number}" for number, group in enumerate(groups) for name in group}


def _truth(**operators: str | None) -> pl.DataFrame:
    return pl.DataFrame(
        {"account_id": list(operators), "operator_id": list(operators.values())},
        schema={"account_id": pl.String, "operator_id": pl.String},
    )


BAGGA_BALDWIN_TRUTH = _assign(list("12345"), list("67"), list("89abc"))


@pytest.mark.parametrize(
    ("response", "precision"),
    [
        (_assign(list("12345"), list("6789abc")), 16 / 21),  # published as 76.2 %
        (_assign(list("1234589abc"), list("67")), 7 / 12),  # published as 58.3 %
    ],
)
def test_bagga_and_baldwin_1998(response: dict[str, str], precision: float) -> None:
    quality = linking_quality(_frame("actor_id", response), _frame("operator_id", BAGGA_BALDWIN_TRUTH))
    assert quality.b_cubed.precision == pytest.approx(precision)
    assert quality.b_cubed.recall == 1.0


def test_manning_raghavan_schuetze_2008_section_16_3() -> None:
    """Three clusters xxxxxo, xooood, xxddd: 20 pairs rightly together, 20 wrongly, 24 missed; F1 0.48."""
    clusters = ["xxxxxo", "xooood", "xxddd"]
    predicted = {f"{n}.{m}": str(n) for n, cluster in enumerate(clusters) for m in range(len(cluster))}
    truth = {f"{n}.{m}": label for n, cluster in enumerate(clusters) for m, label in enumerate(cluster)}
    pairwise = linking_quality(_frame("actor_id", predicted), _frame("operator_id", truth)).pairwise
    assert (pairwise.precision, pairwise.recall) == pytest.approx((20 / 40, 20 / 44))
    assert pairwise.f1 == pytest.approx(0.476, abs=5e-4)


def test_accounts_that_stand_alone_do_not_lift_the_linked_scope() -> None:
    truth = _truth(a="o1", b="o1", c="o1", d=None, e=None)
    predicted = _frame("actor_id", {"a": "x", "b": "x"})
    over_all, over_linked = (linking_quality(predicted, truth, scope) for scope in ("all", "linked"))
    assert (over_all.account_count, over_linked.account_count) == (5, 3)
    assert over_linked.b_cubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3) / 3)
    assert over_all.b_cubed.recall == pytest.approx((2 / 3 + 2 / 3 + 1 / 3 + 2) / 5)
    assert over_all.pairwise == over_linked.pairwise


def test_nothing_found_has_no_precision_and_no_f1() -> None:
    quality = linking_quality(_frame("actor_id", {}), _truth(a="o1", b="o1"))
    assert quality.pairwise == Agreement(precision=None, recall=0.0, f1=None)
    assert quality.b_cubed.recall == 0.5


def test_an_account_named_like_an_actor_stays_alone() -> None:
    quality = linking_quality(_frame("actor_id", {"a": "c", "b": "c"}), _truth(a="o", b="o", c=None))
    assert quality.b_cubed == Agreement(precision=1.0, recall=1.0, f1=1.0)


@pytest.mark.parametrize(
    ("predicted", "truth", "message"),
    [
        (_frame("actor_id", {"z": "x"}), _truth(a="o"), "needs a row in truth"),
        (pl.DataFrame({"account_id": ["a", "a"], "actor_id": ["x", "y"]}), _truth(a="o"), "one row per account"),
        (_frame("actor", {"a": "x"}), _truth(a="o"), "are missing"),
    ],
)
def test_refusals_say_what_is_wrong(predicted: pl.DataFrame, truth: pl.DataFrame, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        linking_quality(predicted, truth)


LABELS = st.lists(st.tuples(st.integers(0, 4), st.integers(0, 4)), min_size=1, max_size=30)


@settings(max_examples=60, deadline=None)
@given(LABELS)
def test_agrees_with_counting_every_pair_and_swapping_sides_swaps_precision_and_recall(rows: list[tuple[int, int]]) -> None:
    actors = {f"a{n:02}": f"x{actor}" for n, (actor, _) in enumerate(rows)}
    operators = {f"a{n:02}": f"o{operator}" for n, (_, operator) in enumerate(rows)}
    quality = linking_quality(_frame("actor_id", actors), _frame("operator_id", operators))
    pairs = [(p, q) for n, p in enumerate(rows) for q in rows[:n]]
    together = sum(p == q for p, q in pairs)
    found, real = (sum(p[side] == q[side] for p, q in pairs) for side in (0, 1))
    assert quality.pairwise.precision == (pytest.approx(together / found) if found else None)
    assert quality.pairwise.recall == (pytest.approx(together / real) if real else None)
    shares = [sum(q == p for q in rows) / sum(q[0] == p[0] for q in rows) for p in rows]
    assert quality.b_cubed.precision == pytest.approx(sum(shares) / len(rows))
    swapped = linking_quality(_frame("actor_id", operators), _frame("operator_id", actors))
    assert (swapped.b_cubed.precision, swapped.b_cubed.recall) == pytest.approx(
        (quality.b_cubed.recall, quality.b_cubed.precision)
    )
