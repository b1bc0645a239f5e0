"""Ids that last: kept by the majority, and every birth, merger, split and retirement recorded."""

import hashlib
from datetime import date

import polars as pl

from orchestration.linking.ids import assign_actor_ids, new_actor_id

D1, D2 = date(2026, 3, 1), date(2026, 3, 2)
NOBODY = pl.DataFrame(schema={"account_id": pl.String, "actor_id": pl.String, "joined_on": pl.Date})

GROUP_SCHEMA_IN_ROWS = {
    "account_key": pl.Int64, "account_id": pl.String, "group": pl.Int64, "membership_strength": pl.Float64,
    "link_kind_count": pl.Int64, "nonbehavioural_kind_count": pl.Int64,
}  # fmt: skip


def _groups(*groups: list[str], kinds: int = 2, identities: int = 1) -> pl.DataFrame:
    rows = [(_key(name), name, number, 0.5, kinds, identities) for number, group in enumerate(groups) for name in group]
    return pl.DataFrame(rows, schema=GROUP_SCHEMA_IN_ROWS, orient="row")


def _key(name: str) -> int:
    return int.from_bytes(name.encode(), "big")


def _next(previous: pl.DataFrame, *groups: list[str], day: date = D2) -> tuple[dict[str, str], set[tuple[str, str, str]]]:
    members, events = assign_actor_ids(_groups(*groups), previous, day)
    listed = {(row["actor_id"], row["event"], row["other_actor_id"]) for row in events.iter_rows(named=True)}
    return dict(members.select("account_id", "actor_id").iter_rows()), listed


def test_birth_names_date_and_smallest_member() -> None:
    members, events = assign_actor_ids(_groups(["b", "a"]), NOBODY, D1)
    expected = "actor_" + hashlib.sha256(b"2026-03-01|a").hexdigest()[:16]
    assert members["actor_id"].to_list() == [expected, expected]
    assert members["joined_on"].to_list() == [D1, D1]
    assert events.rows() == [(D1, expected, "born", "")]


def test_majority_keeps_the_id_and_newcomers_join_on_their_day() -> None:
    before, _ = assign_actor_ids(_groups(["a", "b", "c"]), NOBODY, D1)
    after, events = assign_actor_ids(_groups(["b", "c", "d"]), before, D2)
    assert after["actor_id"].unique().to_list() == before["actor_id"].unique().to_list()
    assert dict(after.select("account_id", "joined_on").iter_rows()) == {"b": D1, "c": D1, "d": D2}
    assert events.is_empty()


def test_split_larger_part_keeps_the_id() -> None:
    before, _ = assign_actor_ids(_groups(["a", "b", "c", "d", "e"]), NOBODY, D1)
    old = before["actor_id"][0]
    after, events = _next(before, ["a", "b"], ["c", "d", "e"])
    assert after["c"] == old
    assert after["a"] == new_actor_id(D2, "a")
    assert events == {(new_actor_id(D2, "a"), "split", old)}


def test_merger_larger_actor_keeps_its_id() -> None:
    before, _ = assign_actor_ids(_groups(["a", "b"], ["c", "d", "e"]), NOBODY, D1)
    ids = dict(before.select("account_id", "actor_id").iter_rows())
    after, events = _next(before, ["a", "b", "c", "d", "e"])
    assert set(after.values()) == {ids["c"]}
    assert events == {(ids["a"], "merged", ids["c"])}


def test_an_actor_that_ends_is_merged_into_every_actor_that_took_members_of_it() -> None:
    before, _ = assign_actor_ids(_groups(["a", "b", "c"], ["d", "e"], ["f", "g", "h"]), NOBODY, D1)
    ids = dict(before.select("account_id", "actor_id").iter_rows())
    after, events = _next(before, ["a", "b", "c", "d"], ["e", "f", "g", "h"])
    assert (after["d"], after["e"]) == (ids["a"], ids["f"])
    assert events == {(ids["d"], "merged", ids["a"]), (ids["d"], "merged", ids["f"])}


def test_retirement() -> None:
    before, _ = assign_actor_ids(_groups(["a", "b"]), NOBODY, D1)
    after, events = _next(before)
    assert after == {}
    assert events == {(before["actor_id"][0], "retired", "")}


def test_basis_needs_two_kinds_one_of_them_identity() -> None:
    assert assign_actor_ids(_groups(["a", "b"]), NOBODY, D1)[0]["basis"].to_list() == ["act", "act"]
    assert assign_actor_ids(_groups(["a", "b"], kinds=1), NOBODY, D1)[0]["basis"].to_list() == ["hold", "hold"]
    assert assign_actor_ids(_groups(["a", "b"], identities=0), NOBODY, D1)[0]["basis"].to_list() == ["hold", "hold"]
