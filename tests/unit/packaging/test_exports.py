"""What leaves a package: STIX, statements of reasons, provenance; and how the finding reads."""

import json
import re
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest
import stix2
from pydantic import SecretStr, ValidationError

from orchestration.packaging.answers import Answer, Answers
from orchestration.packaging.building import Built
from orchestration.packaging.exchange import ExchangeKey
from orchestration.packaging.facts import Facts
from orchestration.packaging.statement_of_reasons import StatementOfReasons, statements
from orchestration.packaging.stix import bundle_of

from .releases import CASE, action

ANSWERS = Answers(
    case_id=CASE,
    evidence_release="",
    record_release="",
    answered_by="lead",
    answered_on=date(2026, 4, 8),
    answers={
        "contract/acct_c": Answer(finding="holds", answer="a secret sentence"),
        "coverage": Answer(finding="could_not_tell", answer="nobody knows this"),
    },
)
NEVER_SAID = r"\b(guilty|attack(er|s)?|bad actor|perpetrator|criminal|culprit|fraudster|malicious|abuser)\b"


KEY = ExchangeKey(partner="harbor", key=SecretStr("5a" * 32))


def _objects(facts: Facts, kind: str) -> list[Any]:
    bundle = json.loads(bundle_of(facts, ANSWERS, KEY).serialize())
    return [o for o in bundle["objects"] if o["type"] == kind]


def test_indicators_are_blinded_pseudonyms_with_an_end(facts_after: Callable[..., Facts]) -> None:
    found = _objects(facts_after(), "indicator")
    blinded = [KEY.blind("account_id", account) for account in ("acct_a", "acct_b")]
    assert [i["pattern"] for i in found] == [f"[user-account:user_id = '{value}']" for value in blinded]
    assert {(i["valid_from"], i["valid_until"], i["confidence"]) for i in found} == {
        ("2026-03-30T12:00:00Z", "2026-06-28T12:00:00Z", 70)
    }


def test_without_a_key_no_identifier_leaves(facts_after: Callable[..., Facts]) -> None:
    text = bundle_of(facts_after(), ANSWERS).serialize()
    assert not re.search(r"indicator|acct_", text)
    assert '"type":"campaign"' in text.replace(" ", "").replace("\n", "")


def test_the_bundle_is_stix_and_always_the_same(facts_after: Callable[..., Facts]) -> None:
    facts = facts_after()
    text = bundle_of(facts, ANSWERS, KEY).serialize()
    assert text == bundle_of(facts, ANSWERS, KEY).serialize()
    assert stix2.parse(text, version="2.1")["type"] == "bundle"
    marked = [o for o in json.loads(text)["objects"] if o["type"] not in ("marking-definition", "identity")]
    assert all(o["object_marking_refs"] == ["marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"] for o in marked)


def test_neither_cards_nor_peoples_words_nor_contracts_leave(facts_after: Callable[..., Facts]) -> None:
    text = bundle_of(facts_after(), ANSWERS, KEY).serialize()
    assert not re.search("acct_|payment|fingerprint|ind_1|secret sentence|acct_c|threat-actor", text)
    assert "contract: holds, and weakens the case" in text


@pytest.mark.parametrize(
    "change",
    [
        lambda _, record: record["reviews"][0].update(role="stolen_key_victim"),
        lambda _, record: record["reviews"][0].update(verdict="benign", role="benign"),
        lambda _, record: record["reviews"].clear(),
    ],
)
def test_a_victim_and_an_undecided_case_give_no_indicator(facts_after: Callable[..., Facts], change: Any) -> None:
    facts = facts_after(change)
    assert _objects(facts, "indicator") + _objects(facts, "campaign") == []
    assert len(_objects(facts, "note")) == len(_objects(facts, "grouping")) == 1


def test_an_overturned_action_and_a_held_member_give_no_indicator(facts_after: Callable[..., Facts]) -> None:
    def change(_: Any, record: Any) -> None:
        record["actions"] = [action("act_1", "acct_a", is_overturned=True), action("act_2", "acct_c")]

    assert _objects(facts_after(change), "indicator") == []


def test_a_statement_of_reasons_for_each_limit(facts_after: Callable[..., Facts]) -> None:
    def change(_: Any, record: Any) -> None:
        record["actions"] += [
            action("act 3", "acct_a", surface="all", action_type="termination"),
            action("act_4", "acct_a", action_type="warning"),
            action("act_5", "acct_a", escalation_path="automated"),
        ]

    found = {s.puid: s for s in statements(facts_after(change))}
    assert set(found) == {"act_1", "act_2", "act-3", "act_5"}
    assert found["act-3"].decision_account == "DECISION_ACCOUNT_TERMINATED"
    assert found["act_1"].decision_provision == "DECISION_PROVISION_PARTIAL_SUSPENSION"
    assert found["act_1"].automated_decision == "AUTOMATED_DECISION_NOT_AUTOMATED"
    assert found["act_5"].automated_decision == "AUTOMATED_DECISION_PARTIALLY"
    assert "No training" in found["act_1"].incompatible_content_ground


@pytest.mark.parametrize(
    "change",
    [
        {"decision_provision": None},
        {"decision_facts": "x" * 5001},
        {"category": "STATEMENT_CATEGORY_INVENTED"},
        {"puid": "a b"},
        {"incompatible_content_ground": ""},
    ],
)
def test_a_statement_out_of_the_schema_is_refused(facts_after: Callable[..., Facts], change: dict[str, object]) -> None:
    sound = statements(facts_after())[0].model_dump()
    StatementOfReasons.model_validate(sound)
    with pytest.raises(ValidationError):
        StatementOfReasons.model_validate(sound | change)


def test_provenance_lists_every_file_with_its_hash(built: Built) -> None:
    content = built.folder / "content"
    stated = json.loads((content / "exports" / "prov.json").read_text(encoding="utf-8"))["entity"]
    files = {p.relative_to(content).as_posix() for p in content.rglob("*") if p.is_file()}
    listed = {name.removeprefix("sw:file/") for name in stated if name.startswith("sw:file/")}
    assert files - listed == {"exports/prov.json", "manifest.json", "SHA256SUMS"}


def test_the_finding_is_neutral_and_holds_every_part(built: Built) -> None:
    text = (built.folder / "content" / "finding.md").read_text(encoding="utf-8")
    assert not re.search(NEVER_SAID, text, re.IGNORECASE)
    assert "is consistent with harvesting to train a model" in text
    assert re.findall(r"^## (\d+)\.", text, re.MULTILINE) == [str(n) for n in range(1, 16)]
    assert "| a forum | `ind_1` | Payment method fingerprint | 1 | 0.80 | 30 | 0.40 |" in text
    assert "Unattributed." in text
    assert "Checked against the rows: no." in text


def test_what_landed_is_text_in_the_page(built: Built) -> None:
    page = (built.folder / "content" / "finding.html").read_text(encoding="utf-8")
    assert "<script" not in page
    assert "&lt;script&gt;window.pwned" in page
    assert 'href="javascript' not in page
    assert not re.search(r'(src|href)="(https?:)?//', page)
    assert "default-src &#39;none&#39;; style-src &#39;sha256-" in page
