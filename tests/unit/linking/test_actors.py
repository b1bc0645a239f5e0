"""Groups of accounts: who is joined, who is not, and that nothing but ids and links decides."""

import math
import random

import polars as pl
from hypothesis import given, settings
from hypothesis import strategies as st

from orchestration.linking.actors import GROUP_SCHEMA, find_actors, least_pair_weight
from orchestration.linking.thresholds import LinkingSettings

Link = tuple[str, str, str, float, bool]


SOURCES = {"rare_template": "software", "user_agent": "software"}


def _groups(links: list[Link], keys: dict[str, int] | None = None) -> dict[str, frozenset[str]]:
    names = sorted({end for link in links for end in link[:2]})
    keys = keys or {name: position for position, name in enumerate(names)}
    frame = pl.DataFrame(
        [(keys[a], keys[b], kind, SOURCES.get(kind, kind), weight, behavioural) for a, b, kind, weight, behavioural in links],
        schema={
            "account_key_a": pl.Int64, "account_key_b": pl.Int64, "link_kind": pl.String,
            "evidence_source": pl.String, "weight": pl.Float64, "is_behavioural": pl.Boolean,
        },
        orient="row",
    )  # fmt: skip
    accounts = pl.DataFrame({"account_key": list(keys.values()), "account_id": list(keys)})
    found = find_actors(frame, accounts, 3000, LinkingSettings())
    assert found.schema == pl.Schema(GROUP_SCHEMA)
    by_group = found.group_by("group").agg("account_id")
    return {
        name: frozenset(members) for _, members in by_group.iter_rows() for name in members
    }  # fmt: skip


def test_two_kinds_that_weigh_enough_join() -> None:
    links: list[Link] = [("a", "b", "device", 3.0, False), ("a", "b", "rare_template", 2.5, True)]
    assert _groups(links)["a"] == {"a", "b"}


def test_one_weak_kind_never_joins() -> None:
    assert _groups([("a", "b", "signup_network", 5.5, False)]) == {}


def test_one_behavioural_kind_never_joins_however_rare() -> None:
    assert _groups([("a", "b", "rare_template", 9.0, True)]) == {}


def test_kinds_of_one_source_do_not_join() -> None:
    tool: list[Link] = [("a", "b", "rare_template", 5.0, True), ("a", "b", "user_agent", 4.0, True)]
    assert _groups(tool) == {}
    assert _groups([*tool, ("a", "b", "traffic_network", 2.0, True)]) == {}
    assert _groups([*tool, ("a", "b", "even_template", 2.5, True)])["a"] == {"a", "b"}


def test_further_kinds_of_one_source_count_for_three_tenths() -> None:
    two: list[Link] = [("a", "b", "rare_template", 2.5, True), ("a", "b", "even_template", 2.5, True)]
    # 2.5 + 2.5 is less than ln(3000) - 3; three tenths of 0.1 more is not
    assert _groups(two) == {}
    assert _groups([*two, ("a", "b", "user_agent", 0.1, True)])["a"] == {"a", "b"}


def test_one_rare_identity_joins() -> None:
    assert _groups([("a", "b", "payment_fingerprint", 7.0, False)])["b"] == {"a", "b"}


def test_two_dense_groups_over_one_bridge_are_split() -> None:
    left, right = [f"l{n:02}" for n in range(20)], [f"r{n:02}" for n in range(20)]
    links: list[Link] = []
    for side in (left, right):
        links += [(a, b, "device", 7.0, False) for a in side for b in side[::3] if a < b]
    links.append((left[-1], right[0], "phone", 7.0, False))
    groups = _groups(links)
    assert groups[left[0]] != groups[right[0]]


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 40), st.integers(0, 40), st.sampled_from(["device", "phone", "rare_template"]),
            st.integers(10, 90),
        ),
        min_size=1, max_size=120,
    ),
    st.randoms(use_true_random=False),
)  # fmt: skip
def test_neither_row_order_nor_keys_matter(raw: list[tuple[int, int, str, int]], shuffler: random.Random) -> None:
    unique = {(min(a, b), max(a, b), kind): weight / 10 for a, b, kind, weight in raw if a != b}
    links: list[Link] = [
        (f"acct_{a:03}", f"acct_{b:03}", kind, weight, kind == "rare_template") for (a, b, kind), weight in unique.items()
    ]
    if not links:
        return
    names = sorted({end for link in links for end in link[:2]})
    keys = list(range(1000, 1000 + len(names)))
    shuffler.shuffle(keys)
    shuffled = links[:]
    shuffler.shuffle(shuffled)
    assert _groups(links) == _groups(shuffled, dict(zip(names, keys, strict=True)))


@settings(max_examples=40, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.integers(0, 30), st.integers(0, 30), st.sampled_from(["device", "phone", "rare_template", "user_agent"]),
            st.integers(1, 9000),
        ),
        min_size=1, max_size=120,
    ),
)  # fmt: skip
def test_pairs_below_the_least_weight_may_be_left_out(raw: list[tuple[int, int, str, int]]) -> None:
    unique = {(min(a, b), max(a, b), kind): weight / 1000 for a, b, kind, weight in raw if a != b}
    links: list[Link] = [
        (f"acct_{a:03}", f"acct_{b:03}", kind, weight, kind not in ("device", "phone")) for (a, b, kind), weight in unique.items()
    ]
    least = least_pair_weight(3000, LinkingSettings())
    heavy = [link for link in links if sum(other[3] for other in links if other[:2] == link[:2]) >= least]
    if heavy:
        assert _groups(heavy) == _groups(links)
    elif links:
        assert _groups(links) == {}


def test_a_pair_at_the_least_that_joins_is_not_below_the_least_weight() -> None:
    dials = LinkingSettings()
    at_least = round(math.log(3000) - dials.two_kind_margin + 0.00005, 4)
    links: list[Link] = [("a", "b", "device", at_least - 2.5, False), ("a", "b", "rare_template", 2.5, True)]
    assert _groups(links)["a"] == {"a", "b"}
    assert sum(link[3] for link in links) >= least_pair_weight(3000, dials)
