from orchestration.evaluation.reentering import judge_returned
from tests.unit.evaluation.conftest import harvester, on, published, truth

OTHER = ("other", "reseller", None, None, "op_other")
PEOPLE = [harvester("old"), harvester("new"), OTHER]
RETURNED = [("new", "device signup")]
USAGE = [("new", on(5), 60), ("new", on(6), 39), ("new", on(8), 1)]


def test_the_hundredth_request_and_the_first_link_to_a_stopped_account_of_the_operator() -> None:
    # On 5 it is linked to another operator's account, on 6 to its own that is not stopped until 7.
    links = [(on(5), "new", "other"), (on(6), "new", "old"), (on(9), "new", "old")]
    found = judge_returned(
        published(links=links, usage=USAGE), truth(PEOPLE, returned=RETURNED, enforced=[("old", on(7)), ("other", on(1))])
    )
    assert len(found) == 1
    assert (found[0].hundredth_on, found[0].linked_on, found[0].requests) == (on(8), on(9), 100)
    assert found[0].is_new_card


def test_a_link_counts_from_either_side_and_through_an_actor() -> None:
    enforced = [("old", on(1))]
    links = [(on(9), "aaa", "new"), (on(7), "old", "zzz")]
    members = [(on(8), "one", "new", "act"), (on(8), "one", "old", "act")]
    (through,) = judge_returned(
        published(links=links, members=members, usage=USAGE), truth(PEOPLE, returned=RETURNED, enforced=enforced)
    )
    assert through.linked_on == on(8)
    (turned,) = judge_returned(
        published(links=[(on(6), "new", "old")], usage=USAGE),
        truth(PEOPLE, returned=[("new", "device payment")], enforced=enforced),
    )
    assert turned.linked_on == on(6)
    assert not turned.is_new_card


def test_an_account_with_too_few_requests_is_listed_without_a_hundredth_and_an_idle_one_not_at_all() -> None:
    returned = [("new", "device"), ("other", "device")]
    (found,) = judge_returned(published(usage=[("new", on(5), 99)]), truth(PEOPLE, returned=returned))
    assert found.hundredth_on is None
    assert found.linked_on is None
