from orchestration.evaluation.accusing import judge_groups, judge_leads, judge_outsiders, judge_victims
from orchestration.evaluation.results import GroupResult
from tests.unit.evaluation.conftest import harvester, on, ordinary, published, truth

VICTIM = ("v", "stolen_key_victim", None, None, "op_v")
SECOND = ("w", "stolen_key_victim", None, None, "op_w")
WORLD = truth([harvester("a"), harvester("b"), ordinary("x", "red_team"), ordinary("y"), VICTIM, SECOND])


def lead(day: int, name: str, kind: str = "account", selection: str = "score") -> tuple[object, ...]:
    return (on(day), f"lead_{name}", kind, name, selection)


def test_a_lead_is_judged_once_on_its_first_night() -> None:
    # The actor is right on its first night; later strangers join, and it stays one lead.
    members = [(on(1), "one", name, "act") for name in "abx"] + [(on(2), "one", name, "act") for name in "axy"]
    found = judge_leads(published(queue=[lead(2, "one", "actor"), lead(1, "one", "actor")], members=members), WORLD)
    assert (found.leads, found.right) == (1, 1)
    assert (found.lead_nights, found.right_lead_nights) == (2, 1)


def test_half_is_not_most() -> None:
    members = [(on(1), "one", name, "act") for name in "ax"]
    found = judge_leads(published(queue=[lead(1, "one", "actor")], members=members), WORLD)
    assert found.right == 0
    assert (found.wrong[0].account_count, found.wrong[0].violating_count) == (2, 1)


def test_audit_draws_of_the_unflagged_are_not_leads_of_a_score() -> None:
    queue = [
        lead(1, "x", selection="audit_unflagged"),
        lead(1, "y", selection="external"),
        lead(1, "a", selection="audit_flagged"),
    ]
    assert judge_leads(published(queue=queue), WORLD).leads == 1
    assert judge_leads(published(queue=queue), WORLD, ("score",)).leads == 0


def test_a_victim_is_right_only_when_listed_as_one() -> None:
    queue = [lead(1, "v"), lead(1, "w")]
    roles = [(on(1), "account", "v", "stolen_key_victim"), (on(1), "account", "w", "reseller")]
    found = judge_leads(published(queue=queue, roles=roles), WORLD)
    assert (found.leads, found.right, found.victims_as_violators) == (2, 1, 1)
    assert found.wrong[0].listed_role == "reseller"


def test_victims_in_an_actor_are_listed_as_violators() -> None:
    queue, members = [lead(1, "v"), lead(2, "one", "actor")], [(on(2), "one", "v", "hold"), (on(2), "one", "a", "act")]
    roles = [(on(1), "account", "v", "stolen_key_victim"), (on(2), "actor", "one", "distiller")]
    usage = [("v", on(1), 1), ("w", on(1), 1)]
    found = judge_victims(published(queue=queue, members=members, roles=roles, usage=usage), WORLD)
    assert (found.accounts, found.as_victims, found.as_violators, found.as_violators_acted) == (2, 1, 1, 0)


def test_a_key_check_tells_a_victim_and_counts_when_it_tells_another() -> None:
    usage = [(name, on(1), 1) for name in "vwx"]
    checks = [(on(1), "v", "key_check"), (on(2), "v", "key_check"), (on(2), "w", "contract_check"), (on(3), "x", "key_check")]
    found = judge_victims(published(usage=usage, checks=checks), WORLD)
    assert (found.accounts, found.told, found.others, found.others_told) == (2, 1, 1, 1)


def test_a_look_alike_counts_by_how_it_was_queued_and_only_when_it_was_there() -> None:
    people = truth([ordinary(name, "red_team") for name in "pqrst"] + [ordinary("y"), harvester("a")])
    queue = [lead(1, "p"), lead(1, "one", "actor"), lead(3, "p"), lead(1, "s", selection="audit_unflagged")]
    # on night 2 the actor is in no queue: who is in it only then was not queued
    members = [(on(1), "one", "q", "act"), (on(1), "one", "r", "hold"), (on(2), "one", "y", "act"), (on(1), "one", "a", "act")]
    usage = [(name, on(1), 1) for name in "pqrsya"]
    found = judge_groups(published(queue=queue, members=members, usage=usage), people)
    assert found == (
        GroupResult(group="ordinary", accounts=1, alone=0, acted=0, queued=0),
        GroupResult(group="red_team", accounts=4, alone=1, acted=2, queued=3),
    )


def test_violators_outside_campaigns_are_counted_apart() -> None:
    lone, seller = ("l", "distiller_direct", None, None, "op_l"), ("s", "reseller", None, None, "op_s")
    people = truth([harvester("a"), lone, seller, ordinary("y")])
    usage = [(name, on(1), 1) for name in "alsy"]
    found = judge_outsiders(published(queue=[lead(1, "a"), lead(1, "l"), lead(1, "y")], usage=usage), people)
    assert found == (
        GroupResult(group="distiller_direct", accounts=1, alone=1, acted=1, queued=1),
        GroupResult(group="reseller", accounts=1, alone=0, acted=0, queued=0),
    )
