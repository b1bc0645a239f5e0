"""Rows brought together for a reader: accounts, links, terms, scale, matches, how good each signal was.

Belongs here: counting and picking over the frozen rows. Sums of what is not whole are taken in a fixed order.
"""

import math
from collections import defaultdict
from statistics import median
from typing import Any

from orchestration.packaging.facts import Facts, Row
from orchestration.publishing.notes import KIND_WORDS
from orchestration.reporting.formats import interval


def accounts(facts: Facts) -> list[dict[str, Any]]:
    """Return each account of the case with its membership and agreement."""
    state = {r["account_id"]: r for r in facts["accounts"]}
    found: list[dict[str, Any]] = []
    for row in facts["case_accounts"]:
        member = facts.members.get(row["account_id"], {})
        known = state.get(row["account_id"], {})
        found.append(
            {
                "account_id": row["account_id"],
                "is_acted_on": row["is_acted_on"],
                "basis_words": {"act": "basis for action", "hold": "held, not to be acted on for being a member"}.get(
                    str(member.get("basis")), "named by the record alone"
                ),
                **{
                    column: member.get(column)
                    for column in ("link_kind_count", "nonbehavioural_kind_count", "membership_strength", "own_evidence")
                },
                "tier": known.get("tier"),
                "approved_use": known.get("approved_use"),
            }
        )
    return found


def links(facts: Facts) -> list[dict[str, Any]]:
    """Return one row per kind of link inside the case, the kind with the heaviest median first."""
    kinds: dict[str, list[Row]] = defaultdict(list)
    for row in facts["account_links"]:
        kinds[row["link_kind"]].append(row)
    found = [
        {
            "words": KIND_WORDS.get(kind, kind),
            "evidence_source": rows[0]["evidence_source"],
            "is_behavioural": rows[0]["is_behavioural"],
            "pair_count": len(rows),
            "account_count": len({a for r in rows for a in (r["account_id_a"], r["account_id_b"])}),
            "median": median(float(r["weight"]) for r in rows),
            "heaviest": max(float(r["weight"]) for r in rows),
        }
        for kind, rows in kinds.items()
    ]
    return sorted(found, key=lambda k: (-k["median"], k["words"]))


def heaviest_pair(facts: Facts) -> list[dict[str, Any]]:
    """Return the links of the pair whose weights sum highest, ties by account ids, the heaviest kind first."""
    pairs: dict[tuple[str, str], list[dict[str, Any]]] = defaultdict(list)
    for row in facts["account_links"]:
        pairs[(row["account_id_a"], row["account_id_b"])].append(row)
    if not pairs:
        return []
    best = min(pairs, key=lambda pair: (-sum(r["weight"] for r in pairs[pair]), pair))
    rows = sorted(pairs[best], key=lambda r: (-r["weight"], r["link_kind"]))
    return [{**row, "words": KIND_WORDS.get(row["link_kind"], row["link_kind"])} for row in rows]


def terms(facts: Facts) -> list[dict[str, Any]]:
    """Return one row per terms version: accounts that accepted it, first and last day, and those without acceptance."""
    versions: dict[str, list[Row]] = defaultdict(list)
    for row in facts["accounts"]:
        versions[str(row["terms_version"] or "of unknown version")].append(row)
    found: list[dict[str, Any]] = []
    for version, rows in sorted(versions.items()):
        dates = sorted(r["terms_accepted_at"] for r in rows if r["terms_accepted_at"])
        found.append(
            {
                "version": version,
                "accepted": len(dates),
                "unaccepted": len(rows) - len(dates),
                "first": dates[0] if dates else None,
                "last": dates[-1] if dates else None,
            }
        )
    return found


def clause(facts: Facts) -> Row | None:
    """Return the version of the clause in force when the case was decided, else on the night of the evidence."""
    on = facts.case["decided_at"].date() if facts.case["decided_at"] else facts.evidence_as_of
    in_force = [
        r
        for r in facts["policy_clauses"]
        if (r["valid_from"] is None or r["valid_from"] <= on) and (r["valid_to"] is None or on <= r["valid_to"])
    ]
    return max(in_force, key=lambda r: r["clause_version"]) if in_force else None


def scale(facts: Facts) -> dict[str, Any]:
    """Return counts up to the night of the evidence, with the part that went to templated traffic where a share is known."""
    rows = [r for r in facts["usage_days"] if r["request_count"]]
    days = sorted({r["activity_date"] for r in rows})
    account_days = sum(r["account_count"] for r in rows)
    tokens = sum(r["output_tokens"] for r in rows)
    share = facts.actor["mixture_share"] if facts.actor else None
    by_surface: dict[tuple[str, str], list[Row]] = defaultdict(list)
    for row in rows:
        by_surface[(row["surface"], row["partner"])].append(row)
    return {
        "day_count": len(days),
        "first": days[0] if days else None,
        "last": days[-1] if days else None,
        "request_count": sum(r["request_count"] for r in rows),
        "output_tokens": tokens,
        "requests_per_account_day": sum(r["request_count"] for r in rows) / account_days if account_days else None,
        "templated_tokens": None if share is None else math.floor(share * tokens),
        "surfaces": [
            {
                "surface": surface,
                "partner": partner,
                "request_count": sum(r["request_count"] for r in found),
                "output_tokens": sum(r["output_tokens"] for r in found),
                "day_count": len({r["activity_date"] for r in found}),
            }
            for (surface, partner), found in sorted(by_surface.items())
        ],
    }


def matches(facts: Facts) -> list[dict[str, Any]]:
    """Return one row per live indicator that any account of the case matches, the weightiest first."""
    held: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for row in facts["intelligence_matches"]:
        held[row["indicator_id"]].append(row)
    found = [{**rows[0], "account_count": len({r["account_id"] for r in rows})} for rows in held.values()]
    return sorted(found, key=lambda m: (-m["aged_confidence"], m["indicator_id"]))


def performance(facts: Facts) -> list[dict[str, Any]]:
    """Return, for each signal that speaks, what it misses, its look-alikes, and its record under the evidence's rule set."""
    ruleset = facts.identity.evidence.ruleset_version
    record = {r["signal_id"]: r for r in facts["signal_performance"] if str(r["ruleset_version"]) == ruleset}
    titles = {r["lookalike_id"]: r["title"] for r in facts["lookalikes"]}
    found: list[dict[str, Any]] = []
    for reason in facts.speaking:
        entry = facts.registry.get(reason["signal_id"])
        if entry is None:
            continue
        row = record.get(reason["signal_id"], {})
        found.append(
            {
                "signal_id": reason["signal_id"],
                "misses": entry["misses"],
                "lookalikes": "; ".join(titles.get(n, n) for n in str(entry["lookalikes"]).split(", ")),
                "reviewed_count": row.get("reviewed_count"),
                "confirmed_count": row.get("confirmed_count"),
                "precision": row.get("precision"),
                "interval": interval(row.get("precision_lower"), row.get("precision_upper"), "share"),
            }
        )
    return found


def rubric(facts: Facts) -> list[dict[str, Any]]:
    """Return each assessment with the question of its line and what its grade means, in the rubric's newest version begun."""
    lines: dict[str, Row] = {}
    for row in sorted(facts["rubric_lines"], key=lambda r: (r["rubric_version"], r["rubric_line"])):
        if row["valid_from"] is None or row["valid_from"] <= facts.identity.record.as_of_date:
            lines[row["rubric_line"]] = row
    return [
        {
            **row,
            "question": lines.get(row["rubric_line"], {}).get("question"),
            "means": lines.get(row["rubric_line"], {}).get(f"grade_{row['grade']}"),
        }
        for row in facts["assessments"]
    ]


def paths(facts: Facts) -> list[dict[str, Any]]:
    """Return the escalation paths that the framework asks for in such a case, and whether each channel has been used.

    The framework is the version that the actions name, else the newest. A grade A meets every minimum, D only D.
    """
    grade, found = facts.case["strength_grade"], clause(facts)
    if grade is None or found is None:
        return []
    named = {str(a["framework_version"]) for a in facts["actions"] if a["framework_version"]}
    versions = [r["framework_version"] for r in facts["escalation_paths"] if not named or str(r["framework_version"]) in named]
    used = {r["channel"] for r in facts["escalations"]} | ({"partner"} if facts["referrals"] else set())
    return [
        {**row, "is_used": row["channel"] in used}
        for row in facts["escalation_paths"]
        if row["framework_version"] == max(versions, default=None)
        and row["clause_kind"] == found["kind"]
        and grade <= row["minimum_grade"]
        and len(facts["case_accounts"]) >= (row["minimum_account_count"] or 0)
    ]
