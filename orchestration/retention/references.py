"""What still needs a release: readers, the next run, packages, open appeals, legal holds and cases not decided.

Belongs here: finding the references, in words that name each. Where it cannot be told which release an appeal or a hold is about,
every release counts as needed.
"""

from collections.abc import Iterable
from pathlib import Path

from orchestration.packaging.choosing import ReleaseRef
from orchestration.packaging.seal import read_package_manifest
from orchestration.publishing.reading import records
from orchestration.publishing.releases import current_or_none, newest_release
from orchestration.settings import Home

References = dict[str, list[str]]
EVERY_RELEASE = "*"

_HELD = """
with held as (
    select case_id, 'open appeal ' || appeal_id as why, true as must_resolve from appeals where decided_at is null
    union all
    select case_id, 'legal hold by escalation ' || escalation_id, true from escalations where hold_state = 'held'
    union all
    select case_id, case_id || ' is not decided', false from cases where decided_at is null
),

named as (
    select case_id, release_id from actions
    union
    select case_id, seen_release_id from cases
    union
    select cases.case_id, reviews.release_id
    from cases
    inner join reviews on list_contains(string_split(cases.lead_ids, ','), reviews.lead_id)
)

select distinct held.why, named.release_id
from held
left join named on held.case_id = named.case_id and named.release_id is not null
where named.release_id is not null or held.must_resolve
order by held.why, named.release_id
"""


def references(home: Home) -> References:
    """Return the reasons to keep each release by its id; those under EVERY_RELEASE hold for all."""
    found: References = {}
    current, newest = current_or_none(home.published), newest_release(home.published)
    if current:
        _add(found, current.name, "readers get it")
    if newest is None:
        return found
    _add(found, newest.name, "the newest, which the next night carries on")
    for row in records(newest, _HELD):
        _add(found, row["release_id"] or EVERY_RELEASE, row["why"])
    for package, release in _packaged(home.packages):
        _add(found, release.release_id, f"package {package}")
    return found


def _packaged(packages: Path) -> Iterable[tuple[str, ReleaseRef]]:
    for content in sorted(packages.glob("*/*/content")):
        identity = read_package_manifest(content).identity
        name = f"{content.parent.parent.name}/{content.parent.name}"
        yield from ((name, release) for release in (identity.evidence, identity.record))


def _add(found: References, release_id: str, why: str) -> None:
    reasons = found.setdefault(release_id, [])
    if why not in reasons:
        reasons.append(why)
