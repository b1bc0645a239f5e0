"""Signals as tables: what each is worth, and which were silent.

Belongs here: rows and words; the figures come from `measuring`.
"""

from collections.abc import Sequence

from orchestration.catalogue.measurements import SignalMeasurement
from orchestration.evaluation.layout import Row, bold, markdown_table
from orchestration.evaluation.measuring import by_signal, measured_signals, silence
from orchestration.evaluation.results import WorldResult

_HEAD = (
    "signal", "about", "fired on violators", "victims", "innocents", "base rate among innocents", "precision",
    "look-alike most fired on", "campaigns", "median nights",
)  # fmt: skip
_READING = """\
Distinct subjects over all nights, whether a signal is active or in shadow. In bold: more than half of what it fired on is
innocent (of a mitigating signal: violates). No score stands on one signal, so low precision is no false accusation.
"""


def signal_tables(worlds: Sequence[WorldResult]) -> str:
    """Return the signals that speak for abuse, those that mitigate, and the silent ones with the reason."""
    found = measured_signals(worlds)
    speaking = [m for m in found if m.fired and not m.is_mitigating]
    mitigating = [m for m in found if m.fired and m.is_mitigating]
    head = [name if name != "precision" else "share that are innocent" for name in _HEAD]
    silent = [f"- `{results[0].signal_id}`: {why}." for results in by_signal(worlds) if (why := silence(results)) is not None]
    parts = [
        _READING.strip(),
        markdown_table(_HEAD, map(_row, speaking)),
        "Mitigating signals are right on the innocent:",
        markdown_table(head, map(_row, mitigating)),
        f"Silent in every world: {len(silent) or 'none'}." + ("\n\n" + "\n".join(silent) if silent else ""),
    ]
    return "\n\n".join(parts)


def _row(m: SignalMeasurement) -> Row:
    wrong = m.fired_guilty if m.is_mitigating else m.fired_innocent
    alike = f"{m.most_alike}: {m.most_alike_fired} of {m.most_alike_computable}" if m.most_alike else "none"
    return (
        f"`{m.signal_id}`", m.subject_type, f"{m.fired_guilty} of {m.computable_guilty}", m.fired_victim, m.fired_innocent,
        _percent(m.base_rate.value, m.base_rate.lower, m.base_rate.upper),
        bold(_percent(m.precision.value, m.precision.lower, m.precision.upper), wrong * 2 > m.fired), alike,
        f"{m.campaigns_fired} of {m.campaigns}", "-" if m.median_nights is None else f"{m.median_nights:g}",
    )  # fmt: skip


def _percent(value: float | None, lower: float | None, upper: float | None) -> str:
    return "-" if value is None or lower is None or upper is None else f"{value:.1%} ({lower:.1%} to {upper:.1%})"
