"""The three sentences at the top: what changed, how sure we are, what needs a decision."""

from orchestration.reporting.figures.figure import Figure
from orchestration.reporting.figures.leads import QueueState
from orchestration.reporting.figures.rates import precision_row, prevalence_rows
from orchestration.reporting.figures.volume import VolumeChange
from orchestration.reporting.formats import count, iso, listed, plural
from orchestration.reporting.metrics import Metric
from orchestration.reporting.release import Manifest

Answer = tuple[str, str]


def answers(
    manifest: Manifest,
    *,
    metrics: tuple[Metric, ...],
    change: VolumeChange,
    returns: Figure,
    queue: QueueState,
    open_recommendation_count: int,
) -> tuple[Answer, Answer, Answer]:
    """Return (question, sentence) three times, each computed from the release alone."""
    return (
        ("What changed", _what_changed(change, returns)),
        ("How sure we are", _how_sure(manifest, metrics)),
        ("What needs a decision", _what_needs_deciding(manifest, metrics, queue, open_recommendation_count)),
    )


def _what_changed(change: VolumeChange, returns: Figure) -> str:
    if change.enforced_count == 0:
        return "No enforcement action that limits use has taken effect on record, so there is no effect to measure yet."
    first = change.sentence
    if change.ratio is None:
        first = f"{first}: {change.enforced_count:,} on record, {change.observed_count:,} observed for long enough"
    return (
        f"{first}; {_lower_first(returns.title)}." if returns.chart else f"{first}; how many come back cannot be estimated yet."
    )


def _how_sure(manifest: Manifest, metrics: tuple[Metric, ...]) -> str:
    row = precision_row(metrics)
    said = (
        f"{row.words.label} is {row.value_text} (95% interval {row.interval_text}, n = {count(row.n)})"
        if row
        else "How often flagged leads are violations could not be estimated yet"
    )
    prevalence = [_prevalence(rate) for rate in prevalence_rows(metrics)[:1]]
    extra = f", {prevalence[0]}" if prevalence else ", prevalence could not be estimated"
    scores = (
        "scores are calibrated and may be read as probabilities"
        if manifest.is_calibrated
        else f"scores are not calibrated ({manifest.calibration_status}) and serve as an order, not as probabilities"
    )
    return f"{said}{extra}, and {scores}."


def _prevalence(rate: Metric) -> str:
    of = rate.metric.removeprefix("prevalence").strip("_") or (rate.parts[0][1] if rate.parts else "subjects")
    amount = f"{rate.value_text} of {of.replace('_', ' ')} (95% interval {rate.interval_text})"
    return f"violating subjects are an estimated {amount}"


def _what_needs_deciding(
    manifest: Manifest, metrics: tuple[Metric, ...], queue: QueueState, open_recommendation_count: int
) -> str:
    needs: list[str] = []
    if queue.lead_count:
        due = f"{queue.past_due_count:,} of them past due" if queue.past_due_count else "none past due"
        soon = f", the next due {iso(queue.next_due_at)}" if queue.next_due_at else ""
        needs.append(f"{plural(queue.lead_count, 'lead')} to review ({due}{soon})")
    if open_recommendation_count:
        needs.append(plural(open_recommendation_count, "recommended change"))
    leaking = [row for row in metrics if row.words.metric == "leakage" and not row.parts and (row.value or 0) > 0]
    if leaking:
        needs.append(f"{plural(len(leaking), 'leakage measure')} above zero")
    failed = [gate.gate for gate in manifest.gates if not gate.success]
    if failed:
        needs.append(f"{plural(len(failed), 'failed gate')} ({listed(failed)})")
    if needs:
        return f"{listed(needs)}."
    gates = "no gate failed" if manifest.gates else "the manifest states no gate result"
    return f"Nothing: no lead is queued, no change is recommended and {gates}."


def _lower_first(sentence: str) -> str:
    return sentence[:1].lower() + sentence[1:]
