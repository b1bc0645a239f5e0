"""Sharing a signed package's indicators with one partner: blinded, by agreement, and on record.

Belongs here: who may be given what. The package is only read; a bundle is written elsewhere, and the custody log says so.
"""

import hashlib
from datetime import datetime
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.packaging import custody, seal
from orchestration.packaging.answers import kept_answers
from orchestration.packaging.errors import PackageError
from orchestration.packaging.exchange import SHARED_IDENTIFIER, ExchangeKey
from orchestration.packaging.facts import Facts, read_facts
from orchestration.packaging.stix import bundle_of, bundle_text
from orchestration.packaging.verifying import content_of, verify


class Shared(BaseModel):
    """What was written for a partner: the file, its hash, how many indicators, under which key."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    partner: str
    file: Path
    sha256: str
    indicator_count: int
    key_id: str
    custody_sha256: str


def share(package: Path, key: ExchangeKey, out: Path, who: str, why: str, at: datetime | None = None) -> Shared:
    """Write the STIX bundle for the partner of `key` to `out`; equal packages and keys give equal bytes.

    Raises PackageError when the package does not hold or nobody signed it, when no agreement in force lets the partner take
    account ids, when `out` exists, or when it lies in the package.
    """
    content = content_of(package)
    found = verify(package)
    if found.faults or found.package_sha256 is None:
        raise PackageError(f"{package} does not hold and nothing was shared: {'; '.join(found.faults)}")
    if found.signed_by is None:
        raise PackageError(f"{package} is an unsigned draft; what is shared must be signed for first, with `stillwatch sign`")
    facts = read_facts(content, seal.read_package_manifest(content).identity)
    _refuse_without_agreement(facts, key.partner)
    if out.exists() or out.resolve().is_relative_to(package.resolve()):
        raise PackageError(f"{out} exists or lies in the package; name a new file elsewhere")
    bundle = bundle_of(facts, kept_answers(content), key)
    text = bundle_text(bundle)
    digest = hashlib.sha256(text.encode()).hexdigest()
    count = sum(1 for o in bundle.objects if o["type"] == "indicator")
    what = f"shared with {key.partner}: {count} indicators blinded under exchange key {key.key_id}, bundle of SHA-256 {digest}"
    last = custody.append(package, found.package_sha256, who, what, why, at)
    out.write_text(text, encoding="utf-8", newline="\n")
    return Shared(partner=key.partner, file=out, sha256=digest, indicator_count=count, key_id=key.key_id, custody_sha256=last)


def _refuse_without_agreement(facts: Facts, partner: str) -> None:
    as_of = facts.identity.record.as_of_date
    agreed = {
        row["partner"]: str(row["accepted_identifiers"]).split(",")
        for row in facts["partners"]
        if row["valid_from"] <= as_of and (row["valid_to"] is None or row["valid_to"] > as_of)
    }
    if partner not in agreed:
        known = ", ".join(sorted(agreed)) or "none"
        raise PackageError(f"{partner} had no agreement in force on {as_of}; in force are: {known}")
    if SHARED_IDENTIFIER not in agreed[partner]:
        raise PackageError(
            f"the agreement with {partner} takes {', '.join(agreed[partner])}, and only {SHARED_IDENTIFIER} is ever shared"
        )
