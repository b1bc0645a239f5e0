from datetime import date

from orchestration.evaluation.levels import is_in_time, levels
from orchestration.evaluation.pooling import pooled_mean, pooled_share
from orchestration.evaluation.results import (
    CampaignResult,
    ContractResult,
    GroupResult,
    LeadResult,
    Recall,
    ReturnedAccount,
    SignalGroup,
    SignalResult,
    VictimResult,
    WorldResult,
    WrongLead,
)
from orchestration.evaluation.table import reliability_page
from orchestration.evaluation.worlds import plan_worlds
from orchestration.linking.quality import Agreement, LinkingQuality
from tests.unit.evaluation.conftest import on

AGREEMENT = Agreement(precision=0.9, recall=0.8, f1=0.85)
LINKING = LinkingQuality(account_count=10, pairwise=AGREEMENT, b_cubed=AGREEMENT)
WRONG = WrongLead(
    lead_id="lead_w", as_of_date=on(3), subject_type="actor", listed_role="distiller", account_count=9, violating_count=1,
    mostly="agency_one_card",
)  # fmt: skip


def signal(name: str = "sig_one", fired: tuple[int, int, int] = (8, 0, 2), **changes: object) -> SignalResult:
    """A signal on 10 violators, 5 victims and 100 red teams, and how many of each it fired on."""
    groups = tuple(
        SignalGroup(group=group, side=side, computable=size, fired=count)
        for group, side, size, count in zip(
            ("guilty", "victim", "red_team"), ("guilty", "victim", "innocent"), (10, 5, 100), fired, strict=True
        )
    )
    values = {
        "signal_id": name, "signal_version": 1, "subject_type": "account", "is_mitigating": False, "groups": groups,
        "campaign_nights": (3, None), "subject_count": 200, "valued_count": 180, "minimum_support": 10, "greatest_support": 90,
        "threshold": 2.0, "greatest_excess": 1.25,
    }  # fmt: skip
    return SignalResult.model_validate(values | changes)


SIGNALS = (signal(), signal("sig_quiet", (0, 0, 0), campaign_nights=(None, None)), signal("sig_soothing", is_mitigating=True))


def recall(queued: int, purity: float | None = 1.0) -> Recall:
    return Recall(as_of_date=on(20), active=100, queued=queued, linked=queued, purity=purity)


def campaign(
    dilution: float, nights: int | None, queued: int, purity: float | None = 1.0, choices: int | None = None
) -> CampaignResult:
    return CampaignResult(
        campaign_id="campaign_0", role="distiller_direct", focus="reasoning", account_count=100, requests_per_account_day=20,
        dilution=dilution, identity_share=0.5, jitter=0.5, rotation=0.3, ageing_days=3, handoff=0.1, burst_share=0.2,
        choices=choices, logprobs_share=0.0, partner_members=0.0, declined_share=None, first_active_on=on(2),
        detected_on=None if nights is None else on(2 + nights), nights=nights, after_3=None, after_7=None,
        end=recall(queued, purity),
    )  # fmt: skip


def world(number: int, campaigns: tuple[CampaignResult, ...], **changes: object) -> WorldResult:
    leads = LeadResult(leads=150, right=150, lead_nights=300, right_lead_nights=300, victims_as_violators=0, wrong=())
    values = {
        "plan": plan_worlds("report", [number])[0], "code_revision": "abc", "ruleset_version": "1", "seconds": 100.0,
        "last_as_of": on(30), "campaigns": campaigns, "leads": leads, "leads_by_score": leads,
        "groups": (GroupResult(group="red_team", accounts=600, alone=0, acted=0, queued=0),),
        "outsiders": (GroupResult(group="reseller", accounts=40, alone=1, acted=2, queued=10),),
        "victims": VictimResult(
            accounts=10, told=7, others=90, others_told=0, as_victims=3, as_violators=0, as_violators_acted=0
        ),
        "linking": LINKING, "linking_linked": LINKING, "returned": (), "signals": SIGNALS,
        "contracts": ContractResult(breaches=0, asked_in_time=0, inside=0, inside_asked=0),
    }  # fmt: skip
    return WorldResult.model_validate(values | changes)


def returned(hundredth: date | None, linked: date | None) -> ReturnedAccount:
    return ReturnedAccount(
        account_id="acct", campaign_id=None, is_new_card=True, requests=120, hundredth_on=hundredth, linked_on=linked
    )


GOOD = campaign(0.0, 1, 98)


def reached(*worlds: WorldResult) -> dict[str, str]:
    return {level.figure.split(":")[0]: level.reached for level in levels(worlds)}


def test_what_is_reached_says_yes_and_what_was_not_tried_says_so() -> None:
    found = reached(world(1, (GOOD,)), world(2, (GOOD,)))
    assert found["leads that are right"] == "yes"
    assert found["look-alikes queued"] == "yes"
    assert found["stolen-key victims listed as violators"] == "yes"
    assert found["contracted accounts queued for use inside their scope"] == "not measured"
    assert found["accounts that left their contract with a contract check within 7 nights"] == "not measured"
    assert all(answer in ("yes", "not measured") for answer in found.values())


def test_too_few_cases_are_no_success() -> None:
    found = reached(world(1, (GOOD,)))
    assert found["leads that are right"] == "too few (needs 200)"
    assert found["look-alikes queued"] == "too few (needs 1000)"


def test_a_late_campaign_fails_its_own_limit_only() -> None:
    undiluted, diluted = (
        "campaigns at 0 % dilution in the queue within 3 nights",
        "campaigns up to 50% dilution in the queue within 7 nights",
    )
    found = reached(world(1, (GOOD, campaign(0.5, 5, 98))))
    assert (found[undiluted], found[diluted]) == ("yes", "yes")
    found = reached(world(1, (campaign(0.0, 5, 98), campaign(0.75, None, 0, None))))
    assert (found[undiluted], found[diluted]) == ("**no**", "yes")


def test_a_campaign_never_found_lowers_recall_and_leaves_purity_alone() -> None:
    found = reached(world(1, (GOOD, campaign(0.25, None, 0, None))))
    assert found["member recall through the actor, last night, up to 50 % dilution"] == "**no**"
    assert found["actor purity, last night, up to 50 % dilution"] == "yes"


def test_the_worst_look_alike_is_named_and_contracted_accounts_are_judged_apart() -> None:
    groups = (
        GroupResult(group="red_team", accounts=1000, alone=0, acted=0, queued=6),
        GroupResult(group="campus_nat", accounts=1000, alone=0, acted=0, queued=5),
        GroupResult(group="contracted_reseller", accounts=1000, alone=1, acted=1, queued=900),
    )
    found = {level.figure: level.reached for level in levels([world(1, (GOOD,), groups=groups)])}
    assert found["look-alikes queued: the worst, red_team"] == "**no**"
    assert found["contracted accounts queued for use inside their scope"] == "**no**"


def test_breaches_must_all_be_asked_about_and_nobody_inside() -> None:
    left, inside = (
        "accounts that left their contract with a contract check within 7 nights",
        "accounts inside their contract with a contract check",
    )
    good = reached(world(1, (GOOD,), contracts=ContractResult(breaches=4, asked_in_time=4, inside=9, inside_asked=0)))
    assert (good[left], good[inside]) == ("yes", "yes")
    bad = reached(world(1, (GOOD,), contracts=ContractResult(breaches=4, asked_in_time=3, inside=9, inside_asked=1)))
    assert (bad[left], bad[inside]) == ("**no**", "**no**")


def test_a_return_is_judged_when_its_nights_are_over_or_it_is_linked() -> None:
    ended = world(1, ())
    assert is_in_time(returned(on(20), on(23)), ended) is True
    assert is_in_time(returned(on(20), on(24)), ended) is False
    assert is_in_time(returned(on(20), on(10)), ended) is True
    assert is_in_time(returned(on(27), None), ended) is False
    assert is_in_time(returned(on(28), None), ended) is None
    assert is_in_time(returned(None, on(5)), ended) is None


def test_intervals_are_no_narrower_than_worlds_or_trials_allow() -> None:
    agreeing = pooled_share([100, 100, 100], [100, 100, 100])
    assert agreeing.value == 1 and agreeing.lower is not None and 0.95 < agreeing.lower < 1
    # one bad world of three: Wilson's over 300 trials would say 0.61 to 0.72
    clustered = pooled_share([0, 100, 100], [100, 100, 100])
    assert clustered.lower is not None and clustered.lower < 0.4
    assert pooled_share([0, 0], [0, 0]).value is None
    assert pooled_mean([[1.0, 1.0, 1.0], [], [0.0]]).value == 0.75
    assert pooled_mean([[1.0, 0.0], []]).lower is None


def test_the_page_shows_bad_cells_and_wrong_leads() -> None:
    leads = LeadResult(leads=10, right=9, lead_nights=20, right_lead_nights=18, victims_as_violators=0, wrong=(WRONG,))
    bad = campaign(0.5, None, 0, None, choices=4)
    page = reliability_page([world(1, (GOOD, bad), leads=leads)], "stillwatch evaluate --out DIR")
    assert "`stillwatch evaluate --out DIR`" in page
    assert "agency_one_card" in page
    assert "**never**" in page
    assert "| reseller | 40 | 1 | 10 | 25.0% (" in page
    assert "| bursts 20%, 4 answers |" in page and "| bursts 20% |" in page
    assert "| 50% | **0%, 0 of 1** |" in page
    assert "| 0% | 98%, 1 of 1 |" in page
    assert str(plan_worlds("report", [1])[0].seed) in page
    assert all(line.count("|") == head.count("|") for head, line in _rows(page))


def _rows(page: str) -> list[tuple[str, str]]:
    tables = [part.splitlines() for part in page.split("\n\n") if part.startswith("|")]
    return [(lines[0], line) for lines in tables for line in lines]
