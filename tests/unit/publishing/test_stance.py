"""What a note claims of its subject, and what it gives as the reason."""

import pytest

from orchestration.publishing.notes import reasons_told, stance

LEAD = {"selection": "score", "stratum": "flagged", "role": "distiller", "why": "in words", "evidence_signature": "sig_x"}
CHECK = LEAD | {"stratum": "contract_check", "role": "benign", "evidence_signature": "contract_check"}


@pytest.mark.parametrize(
    ("lead", "words"),
    [
        (LEAD, "looks like harvesting to train a model"),
        (LEAD | {"selection": "audit_flagged"}, "drawn for audit"),
        (CHECK, "use outside its contract, no abuse claimed"),
    ],
)
def test_only_a_lead_by_score_claims_anything(lead: dict[str, object], words: str) -> None:
    assert stance(lead) == words


def test_a_contract_check_gives_the_breach_and_not_its_signals() -> None:
    assert reasons_told(CHECK, ("It is loud. (+0.50)",)) == ("in words",)
    assert reasons_told(LEAD, ("It is loud. (+0.50)",)) == ("It is loud. (+0.50)",)
    assert reasons_told(LEAD, ()) == ("in words",)


def test_a_flagged_account_outside_its_contract_has_one_more_reason() -> None:
    told = reasons_told(LEAD | {"evidence_signature": "sig_x contract_check"}, ("It is loud. (+0.50)",))
    assert told == ("It is loud. (+0.50)", "Part of its use lies outside its contract.")
