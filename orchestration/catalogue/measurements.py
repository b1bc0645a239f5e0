"""What signals were measured to be worth on worlds of known truth, as a file that people and programs read.

Belongs here: the columns of `docs/reference/signal_measurements.csv`, reading and writing it, and the figures as words. It is
written by `stillwatch evaluate --signals`, and the coverage map is made from it.
"""

import csv
import io
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from orchestration.evaluation.pooling import Pooled

PATH = Path("docs/reference/signal_measurements.csv")


class SignalMeasurement(BaseModel):
    """One signal over some worlds: distinct subjects, and nights from a campaign's first request to the first hit.

    `base_rate` is over innocent subjects that it could be computed for. `precision` is the share of firing subjects that
    violate; of a mitigating signal the share that are innocent.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    signal_id: str
    signal_version: int
    subject_type: str
    is_mitigating: bool
    world_set: str
    worlds: str
    first_seed: int
    last_seed: int
    fired_guilty: int
    fired_victim: int
    fired_innocent: int
    computable_guilty: int
    base_rate: Pooled
    precision: Pooled
    most_alike: str | None
    most_alike_fired: int
    most_alike_computable: int
    campaigns: int
    campaigns_fired: int
    median_nights: float | None

    @property
    def fired(self) -> int:
        """Distinct subjects it fired on."""
        return self.fired_guilty + self.fired_victim + self.fired_innocent


_SHARES = ("base_rate", "precision")
_PARTS = tuple(Pooled.model_fields)
_COLUMNS = tuple(
    column
    for name in SignalMeasurement.model_fields
    for column in ((f"{name}_{part}" for part in _PARTS) if name in _SHARES else (name,))
)


def measurements_csv(found: list[SignalMeasurement]) -> str:
    """Return the file: one line for each signal, shares with six decimals, empty where there is no value."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for measured in found:
        cells = measured.model_dump()
        for name in _SHARES:
            cells |= {f"{name}_{part}": value for part, value in cells.pop(name).items()}
        writer.writerow([_cell(cells[column]) for column in _COLUMNS])
    return buffer.getvalue()


def read_measurements(path: Path) -> dict[str, SignalMeasurement]:
    """Return what was measured, by signal id; empty where there is no file.

    ValueError when the columns are others.
    """
    if not path.exists():
        return {}
    with path.open(encoding="utf-8", newline="") as stream:
        reader = csv.DictReader(stream)
        if tuple(reader.fieldnames or ()) != _COLUMNS:
            raise ValueError(
                f"{path} must have the columns {', '.join(_COLUMNS)}; given {', '.join(reader.fieldnames or ())}: "
                "write it anew with `stillwatch evaluate --signals`"
            )
        return {row["signal_id"]: _measurement(row) for row in reader}


def figures(measured: SignalMeasurement | None, version: int) -> tuple[str, str, str]:
    """Return base rate, precision and lead time in words; `not measured` where there are none of this version."""
    if measured is None:
        return _all("not measured")
    if measured.signal_version != version:
        return _all(f"not measured (version {measured.signal_version} was)")
    if measured.base_rate.n == 0 and measured.computable_guilty == 0:
        return _all("never computable")
    if not measured.fired:
        return percent(measured.base_rate), "never fired", "-"
    lead = "on no campaign" if measured.median_nights is None else f"{measured.median_nights:g} nights"
    return (
        percent(measured.base_rate),
        f"{percent(measured.precision)}{' innocent' if measured.is_mitigating else ''}",
        f"{lead} ({measured.campaigns_fired} of {measured.campaigns})",
    )


def _all(words: str) -> tuple[str, str, str]:
    return words, words, words


def percent(share: Pooled) -> str:
    """Return a share with its interval and trials, or a dash."""
    if share.value is None or share.lower is None or share.upper is None:
        return "-"
    return f"{share.value:.1%} ({share.lower:.1%} to {share.upper:.1%}; {share.n})"


def _cell(value: object) -> object:
    return f"{value:.6f}".rstrip("0").rstrip(".") if isinstance(value, float) else value


def _measurement(row: dict[str, str]) -> SignalMeasurement:
    told: dict[str, object] = {name: text for name, text in row.items() if text != ""}
    for name in _SHARES:
        told[name] = {part: told.pop(f"{name}_{part}", None) for part in _PARTS}
    empty = {name: None for name, text in row.items() if text == "" and name in SignalMeasurement.model_fields}
    return SignalMeasurement.model_validate(empty | told)
