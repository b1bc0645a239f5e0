"""Composing a package's text from its frozen rows and a person's answers.

Belongs here: what each part of the template is given. It reads nothing but the package.
"""

from pathlib import Path
from typing import Any

from orchestration.packaging import sentences, summaries
from orchestration.packaging.answers import FINDING_WORDS, Answers
from orchestration.packaging.attribution import attribution_sentence, standing_attribution
from orchestration.packaging.effect import effect_note
from orchestration.packaging.factors import exclusions, factor_findings
from orchestration.packaging.facts import Facts
from orchestration.packaging.frozen_tables import TABLES
from orchestration.packaging.markdown import environment, to_html
from orchestration.packaging.precedents import departures, measures, precedents_of
from orchestration.packaging.process import irregularities
from orchestration.packaging.questions import questions_of
from orchestration.packaging.timeline import timeline
from orchestration.publishing.notes import how_sure

MOST_ROWS = 200


def write_finding(facts: Facts, answers: Answers, content: Path) -> None:
    """Write finding.md and finding.html."""
    text = environment().get_template("finding.md.j2").render(context(facts, answers))
    (content / "finding.md").write_text(text, encoding="utf-8", newline="\n")
    page = to_html(text, f"Case {facts.identity.subject.case_id}")
    (content / "finding.html").write_text(page, encoding="utf-8", newline="\n")


def write_certificates(facts: Facts, content: Path) -> None:
    """Write the draft certificates, blank where only a qualified person can speak."""
    (content / "certificates").mkdir()
    for rule in ("fre_902_13", "fre_902_14"):
        text = environment().get_template(f"{rule}.md.j2").render(identity=facts.identity)
        (content / "certificates" / f"{rule}.md").write_text(text, encoding="utf-8", newline="\n")


def context(facts: Facts, answers: Answers) -> dict[str, Any]:
    """Return what the template is given."""
    found = irregularities(facts, answers)
    measured, departing = measures(facts, answers), departures(facts, answers)
    stated = standing_attribution(facts)
    clause = summaries.clause(facts)
    compared = precedents_of(facts)
    return {
        "facts": facts,
        "identity": facts.identity,
        "answers": answers,
        "most_rows": MOST_ROWS,
        "seen": sentences.seen(facts),
        "sure": sentences.sure(facts, answers),
        "decision": sentences.decision(facts, found, measured, departing),
        "finding": sentences.finding(facts),
        "irregular": found,
        "attribution": attribution_sentence(facts),
        "standing_id": stated["attribution_id"] if stated else None,
        "accounts": summaries.accounts(facts),
        "clause": clause,
        "elements": [e for e in facts["policy_clause_elements"] if clause and e["clause_version"] == clause["clause_version"]],
        "terms": summaries.terms(facts),
        "versions": _versions(facts),
        "events": timeline(facts),
        "how_sure": how_sure(facts.score) if facts.score else None,
        "performance": summaries.performance(facts),
        "matches": summaries.matches(facts),
        "links": summaries.links(facts),
        "heaviest_pair": summaries.heaviest_pair(facts),
        "factors": factor_findings(facts),
        "exclusions": exclusions(facts),
        "answered": _answered(facts, answers),
        "answer_counts": sentences.answer_counts(answers),
        "scale": summaries.scale(facts),
        "dissent": sentences.dissent(facts),
        "agreement": sentences.agreement(facts),
        "rubric": summaries.rubric(facts),
        "paths": summaries.paths(facts),
        "precedents": compared,
        "supported": any(p.supports for p in compared),
        "measures": measured,
        "departures": departing,
        "notices": sentences.notices(facts),
        "holds": sentences.holds(facts),
        "metrics": sentences.metric_lines(facts),
        "tables": [{"name": t.name, "row": t.row, "count": len(facts[t.name]), "side": t.side} for t in TABLES],
        "effect": sentences.effect(effect_note(facts)),
    }


def _answered(facts: Facts, answers: Answers) -> list[tuple[object, dict[str, object]]]:
    return [
        (q, {**answers.answers[q.question_id].model_dump(), "words": FINDING_WORDS[answers.answers[q.question_id].finding]})
        for q in questions_of(facts)
    ]


def _versions(facts: Facts) -> str:
    pairs = sorted({(str(a["policy_version"]), str(a["framework_version"])) for a in facts["actions"]})
    return "; ".join(f"policy {policy}, framework {framework}" for policy, framework in pairs) or "no action names any"
