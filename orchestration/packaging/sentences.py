"""The sentences of a package: neutral, with the number and what it is measured against.

Belongs here: words. "Consistent with", never more; what is not known is said to be not known.
"""

from collections import Counter
from collections.abc import Sequence

from orchestration.packaging.answers import FINDING_WORDS, FINDING_WORDS_OF_MANY, Answers
from orchestration.packaging.effect import DUE_DAYS, WINDOW_DAYS, EffectNote
from orchestration.packaging.facts import RESTRICTING, Facts
from orchestration.packaging.precedents import Departure, Measure
from orchestration.packaging.process import Irregularity
from orchestration.publishing.notes import how_sure, stance
from orchestration.reporting.formats import count, interval, listed, number, plural, share
from orchestration.reporting.metric_words import words_for


def reading(facts: Facts) -> str:
    """Say what the use is consistent with: by the newest verdict's role, else as the lead claims, which may be nothing."""
    roles = [r["role"] for r in facts.verdicts if r["role"]]
    if roles:
        lead = {"selection": "score", "stratum": None, "role": roles[-1]}
    else:
        lead = {**facts.queue_row, "role": facts.score["role"] if facts.score else None}
    return _READ_AS.get(stance(lead)) or stance(lead).replace("looks like", "is consistent with", 1)


# what a lead's note says of a subject, where it does not follow on from "the use of ..."
_READ_AS = {
    stance({"selection": "audit_unflagged", "stratum": None, "role": None}): "was drawn for audit, which claims nothing",
    stance(
        {"selection": "score", "stratum": "contract_check", "role": None}
    ): "lies in part outside its contract; no abuse is claimed",
    stance({"selection": "score", "stratum": None, "role": "stolen_key_victim"}): (
        "is consistent with a stolen key, whose holder is to be notified, not accused"
    ),
    stance({"selection": "score", "stratum": None, "role": "authorised"}): "is covered by an agreement",
}


def seen(facts: Facts) -> str:
    """The first sentence: who, how much, and what it is consistent with."""
    if not facts["case_accounts"]:
        return "The record names the case, but no account, actor or lead of it that the warehouse knows."
    accounts = plural(len(facts["case_accounts"]), "account")
    days = facts["usage_days"]
    requests, tokens = sum(r["request_count"] for r in days), sum(r["output_tokens"] for r in days)
    subject = f"The use of {accounts}" if facts.actor is None else f"The use of {accounts} linked as one actor"
    return (
        f"{subject}, {count(requests)} requests and {count(tokens)} output tokens up to {facts.evidence_as_of}, {reading(facts)}."
    )


def sure(facts: Facts, answers: Answers) -> str:
    """The second: score, grade, verdicts, and how many points in favour of the accounts hold."""
    scored = how_sure({**facts.score}) if facts.score else "No score: detection did not raise this."
    verdicts = Counter(str(r["verdict"]) for r in facts.verdicts)
    told = (
        listed([f"{plural(n, 'review')} found {verdict}" for verdict, n in sorted(verdicts.items())]) or "no reviewer has decided"
    )
    grade = facts.case["strength_grade"]
    graded = f"Legal and Policy grade it {grade}" if grade else "Legal and Policy have not graded it"
    return f"{scored} {told[0].upper()}{told[1:]}; {graded}. {answer_counts(answers)}"


def decision(facts: Facts, found: Sequence[Irregularity], measured: Sequence[Measure], departing: Sequence[Departure]) -> str:
    """The third: what a person has to decide."""
    needs = [f"{plural(len(found), 'finding')} about how the case was handled"] if found else []
    proposed = [m for m in measured if m.tense == "proposed"]
    if proposed:
        needs.append(f"the action proposed on {listed([m.surface.replace('_', ' ') for m in proposed])}")
    if departing and not any(f.finding_id == "departs_from_precedents" for f in found):
        needs.append("whether to depart from precedent")
    open_appeals = [a for a in facts["appeals"] if a["decided_at"] is None]
    if open_appeals:
        needs.append(plural(len(open_appeals), "open appeal"))
    waiting = [e for e in facts["escalations"] if e["decided_at"] is None]
    if waiting:
        needs.append(plural(len(waiting), "open escalation"))
    if not facts["actions"] and not proposed:
        needs.append("whether to act at all")
    said = f"{listed(needs)}, and whether to sign this draft." if needs else "Whether to sign this draft."
    return said[0].upper() + said[1:]


def finding(facts: Facts) -> str:
    """The one-page finding: the reading, the three heaviest sentences for it, the heaviest against."""
    spoken = [r["text"] for r in facts.speaking[:3]]
    against = [r["text"] for r in facts.mitigating[:2]]
    reader = "newest verdict" if any(r["role"] for r in facts.verdicts) else "score"
    begun = f"As seen on {facts.evidence_as_of} and in the reading of its {reader}, the use {reading(facts)}."
    weighed = f" The heaviest signals: {' '.join(spoken)}" if spoken else " No signal spoke for it."
    other = f" Against it: {' '.join(against)}" if against else " No signal that could be computed spoke against it."
    return f"{begun}{weighed}{other} Section 8 says what else it could be, and what was found when that was checked."


def answer_counts(answers: Answers) -> str:
    """Say how many points in favour of the accounts hold, do not, or could not be told."""
    kinds = Counter(a.finding for a in answers.answers.values())
    told = listed(
        [f"{n} {FINDING_WORDS[key] if n == 1 else FINDING_WORDS_OF_MANY[key]}" for key in FINDING_WORDS if (n := kinds[key])]
    )
    return f"Of {plural(len(answers.answers), 'point')} in favour of the accounts: {told}."


def dissent(facts: Facts) -> str:
    """Say who dissents: reviewers against each other, and assessors."""
    verdicts = {r["verdict"] for r in facts.verdicts}
    second = [r for r in facts.verdicts if r["is_second_review"]]
    reviewers = {r["reviewer_hash"] for r in facts.verdicts}
    agreed = (
        "The verdicts differ"
        if len(verdicts) > 1
        else "No verdict differs from another"
        if len(facts.verdicts) > 1
        else "One verdict"
    )
    seconded = f"{plural(len(second), 'second review')} among them" if second else "no second review was made"
    dissenting = [a for a in facts["assessments"] if a["dissent"]]
    of = f"{len(dissenting)} of {plural(len(facts['assessments']), 'assessment')} dissent"
    return f"{agreed}, by {plural(len(reviewers), 'reviewer')}; {seconded}. {of}."


def agreement(facts: Facts) -> str:
    """Say how well reviewers agree over all cases."""
    found = next((m for m in metric_lines(facts) if m["metric"] == "reviewer_agreement"), None)
    if found is None or found["is_missing"]:
        return "Agreement of reviewers over all cases (Cohen's kappa): too few second reviews to say."
    return f"Agreement of reviewers over all cases (Cohen's kappa): {found['value']}, 95% interval {found['interval']}."


def metric_lines(facts: Facts) -> list[dict[str, object]]:
    """Return the metrics of the queue and of appeals in words; one with too little data says so."""
    lines: list[dict[str, object]] = []
    for row in facts["enforcement_metrics"]:
        words = words_for(row["metric"])
        missing = row["value"] is None
        write = share if words.unit == "share" else number
        bounds = (
            "" if missing or row["lower"] is None or row["upper"] is None else interval(row["lower"], row["upper"], words.unit)
        )
        value = f"too little data (n = {count(row['n'])})" if missing else write(row["value"])
        lines.append(
            {
                "metric": row["metric"],
                "label": words.label,
                "value": value,
                "interval": bounds,
                "n": row["n"],
                "is_missing": missing,
            }
        )
    return lines


def notices(facts: Facts) -> str:
    """Say how many limiting actions had a notice, and when it was sent."""
    limiting = [a for a in facts["actions"] if a["action_type"] in RESTRICTING]
    if not limiting:
        return "No action that limits use is on record, so no notice was due."
    noticed = [a for a in limiting if a["notice_sent_at"]]
    before = [a for a in noticed if a["effective_at"] and a["notice_sent_at"] <= a["effective_at"]]
    amount = plural(len(limiting), "action that limits use", "actions that limit use")
    appeals = plural(len(facts["appeals"]), "appeal") if facts["appeals"] else "No appeal"
    return f"Of {amount}, {len(noticed)} had a notice, {len(before)} of them before taking effect. {appeals} on record."


def holds(facts: Facts) -> str:
    """Say what is on legal hold and until when the rows behind this package are kept."""
    held = [e for e in facts["escalations"] if e["is_on_hold"]]
    said = f"On legal hold by {listed([e['escalation_id'] for e in held])}." if held else "No legal hold stands on record."
    return f"{said} The rows this package stands on are frozen inside it. To be kept until (date): ____________________"


def effect(note: EffectNote) -> str:
    """Say what the accounts did 90 days after action, or when that can be said."""
    if note.effective_on is None:
        return "No action has taken effect, so no effect note will be due."
    if note.effect is None:
        return (
            f"Not due yet: the first action took effect on {note.effective_on}, and the note is due on {note.due_on}, "
            f"{DUE_DAYS} days later. Build the package again from a record of that day or later."
        )
    e = note.effect
    return (
        f"The case's accounts sent {number(e.requests_before)} requests and {number(e.tokens_before)} output tokens a day in "
        f"the {WINDOW_DAYS} days before the first action took effect ({note.effective_on}), and {number(e.requests_after)} "
        f"requests and {number(e.tokens_after)} output tokens a day from {e.after_from} to {e.after_to}. This is a plain before "
        "and after: accounts that came new are not in it, and what would have happened otherwise is estimated in the report."
    )
