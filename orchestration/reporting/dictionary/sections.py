"""One table's section: what is said of it, its lineage as a drawing and in words, its columns."""

from collections.abc import Mapping, Sequence
from itertools import groupby

from pydantic import BaseModel, ConfigDict

from orchestration.dictionary.catalog import Catalog, ColumnEntry, Origin, PartKind, TableEntry
from orchestration.dictionary.lineage import Input, Lineage
from orchestration.reporting.dictionary.drawing import Box, BoxGroup, draw_neighbours
from orchestration.reporting.formats import MISSING, listed, name, plural
from orchestration.reporting.release import Manifest, Part

WIDTHS = {"wide": 720, "narrow": 340}
"""Widths of drawings in SVG units, as those of charts."""
PARTS: Mapping[PartKind, str] = {"night": "one a night", "month": "one a month", "whole": "one for all"}
_HEADINGS: Mapping[str, str] = {
    "mart": "Published tables",
    "landing": "Landing tables",
    "list": "Lists",
    "seed": "Seeds",
}
_PASSED: Mapping[str, str] = {"staging": "staged as", "intermediate": "shaped by", "computed": "computed by Python in"}


class TableSection(BaseModel):
    """All that is said of one table.

    `facts` are pairs of a term and its words, `columns` the cells of the table of columns, `ways` lead from landing tables to
    it, `drawings` are SVG by the width they are for.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    table: str
    group: str
    grain: str
    facts: tuple[tuple[str, str], ...]
    columns: tuple[tuple[str, ...], ...]
    ways: tuple[str, ...]
    drawings: dict[str, str]


def table_section(table: TableEntry, lineage: Lineage, manifest: Manifest, parts: Sequence[Part]) -> TableSection:
    """Return the section of one table of the catalog; `parts` are those of the manifest that are the table's."""
    inputs = lineage.inputs(table.name)
    return TableSection(
        table=table.name,
        group=table.group,
        grain=table.grain,
        facts=_facts(table, inputs, lineage, manifest, parts),
        columns=tuple(
            (one.name, one.type, one.unit or MISSING, one.meaning, name(one.privacy_class), held_to(one, table) or MISSING)
            for one in table.columns
        ),
        ways=tuple(" → ".join(map(_short, way)) for way in lineage.ways_from_landing(table.name)),
        drawings=_drawings(table.name, inputs, lineage),
    )


def reader_labels(table: str, catalog: Catalog) -> list[str]:
    """Return who reads a table, as they are called."""
    return [reader.label for reader in catalog.readers if table in reader.tables]


def held_to(column: ColumnEntry, table: TableEntry) -> str:
    """Return what is checked of a column, in words; '' where nothing is."""
    of_key = [] if column.name not in table.key else ["key" if len(table.key) == 1 else "part of the key"]
    return "; ".join([*of_key, *column.rules])


def _facts(
    table: TableEntry, inputs: Sequence[Input], lineage: Lineage, manifest: Manifest, parts: Sequence[Part]
) -> tuple[tuple[str, str], ...]:
    read_by = [*lineage.readers(table.name), *reader_labels(table.name, lineage.catalog)]
    said = {
        "Meaning": table.meaning,
        "Key": ", ".join(table.key),
        "Rows": _rows_words(manifest.tables.get(table.name), manifest, parts),
        "Parts": _parts_words(table, len(parts)),
        "Made from": "; ".join(map(_input_words, inputs)),
        "Models between": _between_words(lineage.between(table.name)),
        "Read by": "; ".join(read_by) or "nobody",
        "Gate holds that": "; ".join(table.checks),
    }
    return tuple((term, words) for term, words in said.items() if words)


def _rows_words(rows: int | None, manifest: Manifest, parts: Sequence[Part]) -> str:
    if rows is None:
        return "not stated"
    tonight = [part.rows for part in parts if part.part == str(manifest.as_of_date)]
    return f"{rows:,} over all nights, {tonight[0]:,} of them as of {manifest.as_of_date}" if tonight else f"{rows:,}"


def _parts_words(table: TableEntry, file_count: int) -> str:
    cut = f"parquet/{table.name}/: {PARTS[table.parts]}{f', by {table.dated_by}' if table.dated_by else ''}"
    return f"{cut} ({plural(file_count, 'file')})" if file_count else cut


def _input_words(one: Input) -> str:
    kind = "" if one.origin.kind == "mart" else f"{one.origin.kind}{' table' * (one.origin.kind == 'landing')} "
    through = f" (through {plural(one.model_count, 'model')})" if one.model_count else ""
    return f"{kind}{_short(one.origin.name)}{through}"


def _between_words(between: Sequence[Origin]) -> str:
    words: list[str] = []
    for kind, of_kind in groupby(between, key=lambda one: one.kind):
        names = [one.name for one in of_kind]
        words.append(plural(len(names), "signal") if kind == "signal" else f"{_PASSED[kind]} {', '.join(names)}")
    return "; ".join(words)


def _short(origin: str) -> str:
    """Return a node's name without the schema that its heading says already."""
    return origin.removeprefix("landing.").removeprefix("reference.")


def _drawings(table: str, inputs: Sequence[Input], lineage: Lineage) -> dict[str, str]:
    by_kind = groupby(inputs, key=lambda one: one.origin.kind)
    above = tuple(BoxGroup(title=_HEADINGS[kind], boxes=tuple(map(_box, found))) for kind, found in by_kind)
    reading = {
        "Published tables": lineage.readers(table),
        "Readers": [reader.name for reader in lineage.catalog.readers if table in reader.tables],
    }
    below = tuple(BoxGroup(title=title, boxes=tuple(Box(name=one) for one in found)) for title, found in reading.items() if found)
    description = (
        f"{table} reads {listed([box.name for group in above for box in group.boxes]) or 'nothing'}, and is read by "
        f"{listed([box.name for group in below for box in group.boxes]) or 'nobody'}."
    )
    return {
        css: draw_neighbours(table, above, below, drawing_id=f"lineage-{table}-{css}", description=description, width=width)
        for css, width in WIDTHS.items()
    }


def _box(one: Input) -> Box:
    return Box(name=_short(one.origin.name), note=plural(one.model_count, "model") if one.model_count else "")
