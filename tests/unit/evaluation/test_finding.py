from orchestration.evaluation.finding import judge_campaigns
from orchestration.evaluation.results import CampaignResult
from tests.unit.evaluation.conftest import harvester, on, ordinary, published, truth

CAMPAIGN = [{"campaign_id": "campaign_0", "first_active_on": on(2)}]
FOUR = [harvester(name) for name in "abcd"]
STRANGERS = [ordinary("x"), ordinary("y"), ordinary("z")]
USED = [(name, on(2), 5) for name in "abcd"]


def actor(day: int, name: str, accounts: str) -> list[tuple[object, ...]]:
    return [(on(day), name, account, "act") for account in accounts]


def lead(day: int, subject: str, selection: str = "score", kind: str = "actor") -> tuple[object, ...]:
    return (on(day), f"lead_{subject}", kind, subject, selection)


def judged(until: int, **tables: list[tuple[object, ...]]) -> CampaignResult:
    usage = tables.pop("usage", USED)
    (result,) = judge_campaigns(published(usage=usage, **tables), truth(FOUR + STRANGERS, CAMPAIGN), on(until))
    return result


def test_detection_is_the_first_lead_that_is_mostly_the_campaign() -> None:
    # Night 3's actor is half strangers, night 4's lead was drawn from the unflagged: neither has found the campaign.
    result = judged(
        20,
        queue=[lead(3, "one"), lead(4, "two", "audit_unflagged"), lead(5, "two", "audit_flagged")],
        members=actor(3, "one", "abxy") + actor(4, "two", "abx") + actor(5, "two", "abx"),
    )
    assert result.detected_on == on(5)
    assert result.nights == 3


def test_a_lead_about_one_account_finds_the_campaign() -> None:
    assert judged(9, queue=[lead(2, "a", kind="account")]).nights == 0


def test_a_lead_after_the_last_night_does_not_count() -> None:
    result = judged(4, queue=[lead(5, "one")], members=actor(5, "one", "abcd"))
    assert result.detected_on is None
    assert result.end.queued == 0


def test_recall_counts_members_active_so_far_in_actors_queued_so_far() -> None:
    # d has made no request yet; c sits in an actor that is never queued.
    usage = [("a", on(2), 1), ("b", on(3), 1), ("c", on(2), 1), ("d", on(12), 1)]
    members = [row for day in range(3, 21) for row in actor(day, "one", "abd") + actor(day, "two", "cx")]
    result = judged(20, queue=[lead(3, "one")], members=members, usage=usage)
    assert result.after_3 is not None
    assert (result.after_3.as_of_date, result.after_3.active, result.after_3.queued) == (on(6), 3, 2)
    assert (result.end.active, result.end.queued, result.end.linked) == (4, 3, 3)


def test_an_actor_counts_from_the_night_it_is_queued() -> None:
    members = [row for day in range(2, 10) for row in actor(day, "one", "ab") + actor(day, "two", "cd")]
    result = judged(9, queue=[lead(2, "one"), lead(8, "two")], members=members)
    assert result.after_3 is not None
    assert result.after_3.queued == 2
    assert result.end.queued == 4


def test_a_queued_actor_of_mostly_innocent_accounts_gives_no_recall() -> None:
    result = judged(6, queue=[lead(5, "one")], members=actor(6, "one", "abxyz"))
    assert result.end.queued == 0
    assert result.end.purity is None


def test_purity_is_the_campaigns_share_of_the_actor_for_each_member_found() -> None:
    # three members in an actor that is all theirs, one in an actor shared with another violator
    others = [harvester("o", "campaign_1"), *STRANGERS]
    members = actor(6, "one", "abc") + actor(6, "two", "do")
    (result, _) = judge_campaigns(
        published(queue=[lead(6, "one"), lead(6, "two")], members=members, usage=USED),
        truth(FOUR + others, [*CAMPAIGN, {"campaign_id": "campaign_1", "first_active_on": on(2)}]),
        on(6),
    )
    assert result.end.queued == 4
    assert result.end.purity == (3 * 1.0 + 0.5) / 4
    assert result.end.linked == 3


def test_recall_that_would_lie_after_the_last_night_is_left_open() -> None:
    result = judged(8, queue=[lead(5, "one")], members=[r for day in range(5, 9) for r in actor(day, "one", "abcd")])
    assert result.after_3 is not None
    assert result.after_7 is None
