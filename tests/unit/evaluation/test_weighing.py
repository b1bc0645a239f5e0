from orchestration.evaluation.reaching import Reach, whole
from orchestration.evaluation.results import SignalGroup, SignalResult
from orchestration.evaluation.weighing import judge_signals, subject_sides
from tests.unit.evaluation.conftest import harvester, on, ordinary, published, reach, truth

VICTIM = ("v", "stolen_key_victim", None, None, "op_v")
WORLD = truth(
    [*(harvester(name) for name in "abc"), harvester("o", "campaign_1"), ordinary("x", "red_team"), ordinary("y"), VICTIM]
)
USED = [("a", on(2), 1), ("b", on(4), 1), ("o", on(3), 1)]


def actor(day: int, name: str, accounts: str) -> list[tuple[object, ...]]:
    return [(on(day), name, account, "act") for account in accounts]


def hit(day: int, subject: str, signal: str = "sig_one", kind: str = "account") -> tuple[object, ...]:
    return (on(day), kind, subject, signal)


def computed(day: int, subject: str, signal: str = "sig_one", kind: str = "account") -> tuple[object, ...]:
    return (signal, kind, subject, on(day))


def judged(reached: Reach, **tables: list[tuple[object, ...]]) -> dict[str, SignalResult]:
    return {s.signal_id: s for s in judge_signals(published(usage=USED, **tables), WORLD, reached)}


def groups(signal: SignalResult) -> dict[str, tuple[int, int]]:
    return {group.group: (group.computable, group.fired) for group in signal.groups}


def test_an_account_counts_once_and_only_where_the_signal_could_be_computed() -> None:
    reached = reach([computed(3, name) for name in "abxv"])
    found = judged(reached, hits=[hit(5, "a"), hit(6, "a"), hit(5, "x")])["sig_one"]
    assert groups(found) == {"guilty": (2, 1), "red_team": (1, 1), "victim": (1, 0)}
    assert (found.fired("innocent"), found.computable("innocent")) == (1, 1)
    assert (found.signal_version, found.is_mitigating) == (1, False)


def test_members_hits_that_are_pooled_into_an_actor_are_no_hits_of_an_account_signal() -> None:
    members = actor(5, "one", "abx")
    found = judged(reach([computed(5, "a")]), members=members, hits=[hit(5, "one", kind="actor")])["sig_one"]
    assert groups(found) == {"guilty": (1, 0)}
    assert found.campaign_nights == (None, None)


def test_an_actor_is_what_most_members_are_on_the_first_night_it_fires() -> None:
    # On night 4, when it was first computable, the actor was mostly innocent; when it fired, mostly the campaign.
    members = actor(4, "one", "axy") + actor(6, "one", "abx") + actor(4, "two", "xy") + actor(6, "two", "ab")
    reached = reach([computed(4, name, "sig_actor", "actor") for name in ("one", "two")])
    found = judged(reached, members=members, hits=[hit(6, "one", "sig_actor", "actor")])["sig_actor"]
    assert groups(found) == {"guilty": (1, 1), "ordinary": (1, 0)}


def test_an_actor_of_victims_is_one_and_of_innocents_the_kind_of_most() -> None:
    members = actor(1, "robbed", "vx") + actor(1, "mixed", "av") + actor(1, "firm", "xyq") + actor(1, "half", "ax")
    people = truth([harvester("a"), VICTIM, ordinary("x", "red_team"), ordinary("y"), ordinary("q", "red_team")])
    sides = subject_sides(published(members=[*members, *actor(1, "robbed", "w")]), people)
    told = {row["subject_id"]: row["group"] for row in sides.filter(sides["subject_type"] == "actor").iter_rows(named=True)}
    # `w` is unknown to the truth and counts for nobody
    assert told == {"robbed": "red_team", "mixed": "guilty", "firm": "red_team", "half": "red_team"}


def test_lead_time_runs_from_the_campaigns_first_request_to_the_first_hit_on_a_member_or_its_actor() -> None:
    members = actor(5, "one", "abx") + actor(7, "one", "abc") + actor(8, "both", "ao")
    reached = reach([computed(5, "one", "sig_actor", "actor"), computed(5, "a")])
    found = judged(
        reached,
        members=members,
        hits=[hit(9, "b"), hit(6, "a"), hit(7, "one", "sig_actor", "actor"), hit(8, "both", "sig_actor", "actor")],
    )
    # half of an actor is not most: `both` is of neither campaign
    assert found["sig_one"].campaign_nights == (4, None)
    assert found["sig_actor"].campaign_nights == (5, None)


def test_what_a_silent_signal_missed_is_kept_over_both_runs() -> None:
    first = reach([computed(9, "x"), computed(4, "a")], [("sig_one", 7, 5, 40.0, 1.5), ("sig_actor", 2, 0, None, None)])
    second = reach([computed(3, "x")], [("sig_one", 9, 4, 60.0, None), ("sig_actor", 3, 0, None, None)])
    both = whole([first, second])
    assert both.computable.rows() == [("sig_one", "account", "a", on(4)), ("sig_one", "account", "x", on(3))]
    found = judged(both)
    one = found["sig_one"]
    assert (one.subject_count, one.valued_count, one.greatest_support, one.greatest_excess) == (9, 5, 60.0, 1.5)
    assert (found["sig_actor"].greatest_support, found["sig_actor"].greatest_excess) == (None, None)
    assert one.groups[0] == SignalGroup(group="guilty", side="guilty", computable=1, fired=0)
    assert found["sig_soothing"].is_mitigating
