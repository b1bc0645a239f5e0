"""What may be shared of a case, as a STIX 2.1 bundle: always the same for the same facts, always with an end.

Belongs here: an allow-list of what leaves. Without the key of an exchange no identifier does; with it only blinded account
pseudonyms that a standing action limits on a basis of their own. Never a card, device, network, volume, price or plan, and
never a victim. Nobody is named: there is no threat actor.
"""

import json
import uuid
from datetime import datetime, time, timedelta
from pathlib import Path
from typing import Any

import stix2

from orchestration.packaging.answers import FINDING_WORDS, Answers
from orchestration.packaging.exchange import SHARED_IDENTIFIER, ExchangeKey
from orchestration.packaging.facts import RESTRICTING, Facts
from orchestration.packaging.sentences import reading

SHARED_DAYS = 90
"""An indicator ends this many days after the decision, or earlier where the action does."""
NAMESPACE = uuid.uuid5(uuid.NAMESPACE_URL, "https://stillwatch.invalid/stix")
SHARED_ROLES = ("distiller", "log_harvesting_reseller", "reseller", "trial_farmer")
# The marking and extension ids are OASIS's own: cti-stix-common-objects, extension-definition-specifications/tlp-2.0.
TLP_AMBER = "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421"
_TLP_EXTENSION = "extension-definition--60a3c5c5-0d10-413e-aab3-9e08dde9e88d"
# MITRE ATLAS techniques: harvesting is the extraction of a model through its interface; the rest only uses the interface.
_TECHNIQUES = {"AML.T0024.002": "Extract AI Model", "AML.T0040": "AI Model Inference API Access"}
_HARVESTING = ("distiller", "log_harvesting_reseller")


def write_bundle(facts: Facts, answers: Answers, folder: Path) -> None:
    """Write stix.json, which holds no identifier."""
    (folder / "stix.json").write_text(bundle_text(bundle_of(facts, answers)), encoding="utf-8", newline="\n")


def bundle_text(bundle: stix2.Bundle) -> str:
    """Return a bundle as it is written: equal bundles give equal bytes."""
    return json.dumps(json.loads(bundle.serialize()), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def bundle_of(facts: Facts, answers: Answers, key: ExchangeKey | None = None) -> stix2.Bundle:
    """Return the bundle: grouping and note always; a campaign where a verdict of violation stands.

    With the key of an exchange, indicators for that partner besides, where an action stands.
    """
    at = datetime.combine(facts.identity.record.as_of_date, time()) + timedelta(days=1)
    provider = stix2.Identity(
        id=_id("identity", "provider"), created=at, modified=at, name="The reporting provider", identity_class="organization"
    )
    marked: dict[str, Any] = {
        "created": at,
        "modified": at,
        "created_by_ref": provider.id,
        "object_marking_refs": [TLP_AMBER],
    }
    role = _role(facts)
    campaigns = [_campaign(facts, marked)] if role in SHARED_ROLES else []
    indicators = [_indicator(row, facts, marked, key) for row in _shareable(facts)] if campaigns and key else []
    patterns = [_pattern(technique, marked) for technique in _techniques(role)] if campaigns else []
    relations = [_relation("indicates", i, c, marked) for i in indicators for c in campaigns]
    relations += [_relation("uses", c, p, marked) for c in campaigns for p in patterns]
    about = [*campaigns, *indicators, *patterns, *relations] or [provider]
    note = stix2.Note(
        id=_id("note", facts.identity.subject.case_id),
        abstract="What speaks for the accounts, and what was found when it was checked",
        content=_exculpatory(answers),
        object_refs=[o.id for o in about],
        **marked,
    )
    grouping = stix2.Grouping(
        id=_id("grouping", facts.identity.subject.case_id),
        name=f"Case {facts.identity.subject.case_id}, a draft",
        context="unspecified",
        object_refs=[*(o.id for o in about), note.id],
        **marked,
    )
    objects = [_amber(), provider, *(o for o in about if o is not provider), note, grouping]
    return stix2.Bundle(id=_id("bundle", facts.identity.subject.case_id, *(o.id for o in objects)), objects=objects)


def _role(facts: Facts) -> str | None:
    found = [r["role"] for r in facts.verdicts if r["verdict"] == "violation"]
    return found[-1] if found else None


def _shareable(facts: Facts) -> list[dict[str, Any]]:
    """Return, per account with a basis of its own, the standing action that limits it and ends last."""
    standing = [
        a
        for a in facts["actions"]
        if a["action_type"] in RESTRICTING
        and not a["is_overturned"]
        and a["reversed_at"] is None
        and facts.members.get(a["account_id"], {"basis": "act"})["basis"] == "act"
    ]
    newest: dict[str, dict[str, Any]] = {}
    for row in sorted(standing, key=lambda a: (_until(a), a["action_id"])):
        newest[row["account_id"]] = row
    return [newest[account] for account in sorted(newest)]


def _until(action: dict[str, Any]) -> datetime:
    end: datetime = action["decided_at"] + timedelta(days=SHARED_DAYS)
    return min(end, action["expires_at"]) if action["expires_at"] else end


def _campaign(facts: Facts, marked: dict[str, Any]) -> stix2.Campaign:
    days = [r["activity_date"] for r in facts["usage_days"] if r["request_count"]]
    seen = {"first_seen": datetime.combine(min(days), time()), "last_seen": datetime.combine(max(days), time())} if days else {}
    return stix2.Campaign(
        id=_id("campaign", facts.identity.subject.case_id),
        name=f"Case {facts.identity.subject.case_id}",
        description=f"Use that {reading(facts)}. Unattributed here.",
        **seen,
        **marked,
    )


def _indicator(action: dict[str, Any], facts: Facts, marked: dict[str, Any], key: ExchangeKey) -> stix2.Indicator:
    # the id is made of the blinded value too: made of the pseudonym it could be guessed from a list of accounts
    blinded = key.blind(SHARED_IDENTIFIER, action["account_id"])
    confidences = [r["confidence"] for r in facts.verdicts if r["verdict"] == "violation" and r["confidence"] is not None]
    stated = {"confidence": round(confidences[-1] * 100)} if confidences else {}
    return stix2.Indicator(
        id=_id("indicator", facts.identity.subject.case_id, blinded),
        name="Account limited after review",
        description=f"HMAC-SHA-256 of {SHARED_IDENTIFIER} under exchange key {key.key_id}, agreed with {key.partner}.",
        indicator_types=["anomalous-activity"],
        pattern=f"[user-account:user_id = '{blinded}']",
        pattern_type="stix",
        valid_from=action["decided_at"],
        valid_until=_until(action),
        **stated,
        **marked,
    )


def _pattern(technique: str, marked: dict[str, Any]) -> stix2.AttackPattern:
    return stix2.AttackPattern(
        id=_id("attack-pattern", technique),
        name=_TECHNIQUES[technique],
        external_references=[{"source_name": "mitre-atlas", "external_id": technique}],
        **marked,
    )


def _techniques(role: str | None) -> list[str]:
    return sorted(_TECHNIQUES) if role in _HARVESTING else ["AML.T0040"]


def _relation(kind: str, source: Any, target: Any, marked: dict[str, Any]) -> stix2.Relationship:
    return stix2.Relationship(
        id=_id("relationship", kind, source.id, target.id),
        relationship_type=kind,
        source_ref=source.id,
        target_ref=target.id,
        **marked,
    )


def _exculpatory(answers: Answers) -> str:
    """Say each point and its finding; ids of contracts and people's own words stay inside the package."""
    lines = []
    for question_id, answer in sorted(answers.answers.items()):
        kind, _, about = question_id.partition("/")
        named = f" ({about.replace('_', ' ')})" if kind in ("lookalike", "mitigating") else ""
        lines.append(f"{kind.replace('_', ' ')}{named}: {FINDING_WORDS[answer.finding]}")
    return "\n".join(lines)


def _amber() -> stix2.MarkingDefinition:
    return stix2.MarkingDefinition(
        id=TLP_AMBER,
        created="2022-10-01T00:00:00.000Z",
        name="TLP:AMBER",
        extensions={_TLP_EXTENSION: {"extension_type": "property-extension", "tlp_2_0": "amber"}},
    )


def _id(kind: str, *facts: str) -> str:
    return f"{kind}--{uuid.uuid5(NAMESPACE, json.dumps([kind, *facts]))}"
