"""The facts a release's estimates are made from, published beside them so that a reader can trace each to its rows.

Belongs here: `facts/<model>.parquet`, each exactly what the estimators were given: their columns, sorted by all of them.
"""

from collections.abc import Mapping
from pathlib import Path

import polars as pl
import pyarrow.parquet as pq
from pydantic import BaseModel, ConfigDict

from orchestration.landing.files import sha256_of
from orchestration.measurement.facts import checked_facts


class FactFile(BaseModel):
    """One facts model of a release: its name, rows and SHA-256."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    model: str
    rows: int
    sha256: str

    @property
    def relative_path(self) -> str:
        """Path inside the release."""
        return f"facts/{self.model}.parquet"


def write_facts(facts: Mapping[str, pl.DataFrame], release: Path) -> tuple[FactFile, ...]:
    """Write the models named in `FACTS` under a release; equal rows give equal bytes, whatever their order."""
    folder = release / "facts"
    folder.mkdir()
    written: list[FactFile] = []
    for model, frame in sorted(checked_facts(facts).items()):
        path = folder / f"{model}.parquet"
        pq.write_table(frame.to_arrow(), path, compression="zstd")
        written.append(FactFile(model=model, rows=frame.height, sha256=sha256_of(path)))
    return tuple(written)
