"""The data dictionary before it becomes HTML: all tables, all columns, the layers, and a section a table."""

from collections.abc import Sequence
from itertools import groupby

from orchestration.dictionary.catalog import Catalog, TableEntry
from orchestration.dictionary.lineage import Lineage
from orchestration.reporting.answers import Answer
from orchestration.reporting.dictionary.drawing import Box, draw_layers
from orchestration.reporting.dictionary.sections import PARTS, WIDTHS, TableSection, held_to, reader_labels, table_section
from orchestration.reporting.formats import count, name, plural
from orchestration.reporting.release import Manifest, Part
from orchestration.reporting.settings import ReportSettings
from orchestration.reporting.tables import Table, TableColumn, linked, numeric, text
from orchestration.reporting.view import Section, View

_MODELS = ("staging", "intermediate", "signal", "mart")


class DictionaryView(View):
    """The view with its drawings by the width they are for, and its sections by group; without a catalog there are none."""

    drawings: dict[str, str]
    groups: tuple[tuple[str, tuple[TableSection, ...]], ...]


def build_dictionary(manifest: Manifest, catalog: Catalog | None, settings: ReportSettings) -> DictionaryView:
    """Return the view of what a release's tables are; one that says so where the release holds no catalog."""
    lineage = Lineage(catalog or Catalog(tables=(), origins=()))
    tables = sorted(lineage.catalog.tables, key=lambda table: (table.group, table.name))
    parts: dict[str, list[Part]] = {}
    for part in manifest.parts:
        parts.setdefault(part.table, []).append(part)
    sections = [table_section(table, lineage, manifest, parts.get(table.name, ())) for table in tables]
    return DictionaryView(
        file_name="dictionary.html",
        title="Data dictionary",
        lead="What every table and column of the release means, what is checked of it, who reads it and what it is made from.",
        manifest=manifest,
        answers=_answers(lineage.catalog, manifest) if catalog else _NO_CATALOG,
        sections=_sections(lineage, manifest) if catalog else (),
        definitions=(),
        settings=settings,
        drawings=_layer_drawings(lineage) if tables else {},
        groups=tuple((group, tuple(found)) for group, found in groupby(sections, key=lambda one: one.group)),
    )


_NO_CATALOG: tuple[Answer, Answer, Answer] = (
    ("What this is", "The release was published before releases held a catalog, so its tables are not described here."),
    ("How sure we are", "Nothing is guessed: the code of today may describe other tables than those of this release."),
    ("Where to look", "The models of the repository, at the code revision named below, describe them."),
)


def _answers(catalog: Catalog, manifest: Manifest) -> tuple[Answer, Answer, Answer]:
    columns = [column for table in catalog.tables for column in table.columns]
    keyed = sum(bool(table.key) for table in catalog.tables)
    held = sum(bool(column.rules) for column in columns)
    rows = sum(manifest.tables.get(table.name, 0) for table in catalog.tables)
    landing = sum(origin.kind == "landing" for origin in catalog.origins)
    models = sum(origin.kind in _MODELS for origin in catalog.origins)
    return (
        (
            "What this is",
            f"{plural(len(catalog.tables), 'published table')} with {plural(len(columns), 'column')} and {plural(rows, 'row')}, "
            f"made from {plural(landing, 'landing table')} by {plural(models, 'model')}.",
        ),
        (
            "How sure we are",
            "Words, types and lineage are those of the code that made the release. Before anything is handed out, each night "
            f"proves the keys of {keyed:,} tables and holds {held:,} columns to rules of their own.",
        ),
        (
            "Where to begin",
            "Find a word among all tables or all columns; a table's own section says what it is made from. Any reader of DuckDB "
            "or Parquet opens them, and stillwatch query asks them.",
        ),
    )


def _sections(lineage: Lineage, manifest: Manifest) -> tuple[Section, ...]:
    return (
        Section(section_id="tables", title="All tables", tables=(_tables_table(lineage, manifest),)),
        Section(section_id="columns", title="All columns", tables=(_columns_table(lineage.catalog.tables),)),
        Section(
            section_id="layers",
            title="How tables follow from each other",
            paragraphs=(
                "Each table stands below all that it reads. An arc leads from a table to one that reads it, directly or through "
                "models that are not published; where others join the two already, it is left out.",
            ),
        ),
        Section(section_id="each", title="Table by table"),
    )


def _tables_table(lineage: Lineage, manifest: Manifest) -> Table:
    return Table(
        table_id="all-tables",
        caption="Published tables",
        columns=(
            TableColumn(title="Table", kind="link"),
            TableColumn(title="Group", is_facet=True),
            TableColumn(title="A row is"),
            TableColumn(title="Key"),
            TableColumn(title="Columns", kind="number"),
            TableColumn(title="Rows, all nights", kind="number"),
            TableColumn(title="Parts", is_facet=True),
            TableColumn(title="Landing tables", kind="number"),
            TableColumn(title="Read by"),
        ),
        rows=tuple(
            (
                linked(table.name, f"#table-{table.name}"),
                text(name(table.group)),
                text(table.grain.removeprefix("One row per ")),
                text(", ".join(table.key)),
                numeric(count(len(table.columns)), len(table.columns)),
                numeric(count(rows := manifest.tables.get(table.name)), rows),
                text(PARTS[table.parts]),
                numeric(count(ways := len(lineage.ways_from_landing(table.name))), ways),
                text("; ".join(reader_labels(table.name, lineage.catalog))),
            )
            for table in lineage.catalog.tables
        ),
        empty="The release describes no table.",
        is_wide=True,
    )


def _columns_table(tables: Sequence[TableEntry]) -> Table:
    return Table(
        table_id="all-columns",
        caption="Columns of all tables",
        columns=(
            TableColumn(title="Table", is_facet=True),
            TableColumn(title="Column"),
            TableColumn(title="Type", is_facet=True),
            TableColumn(title="Unit", is_facet=True),
            TableColumn(title="Meaning"),
            TableColumn(title="Privacy class", is_facet=True),
            TableColumn(title="Held to"),
        ),
        rows=tuple(
            (
                text(table.name),
                text(column.name),
                text(column.type),
                text(column.unit),
                text(column.meaning),
                text(name(column.privacy_class)),
                text(held_to(column, table)),
            )
            for table in tables
            for column in table.columns
        ),
        empty="The release describes no column.",
        is_wide=True,
    )


def _layer_drawings(lineage: Lineage) -> dict[str, str]:
    layers = lineage.layers()
    boxes = [[Box(name=table, note=_stands_on(table, lineage)) for table in layer] for layer in layers]
    description = (
        f"{plural(sum(map(len, layers)), 'table')} in {plural(len(layers), 'layer')}. What each reads, and what reads it, is in "
        "its own section below."
    )
    return {
        css: draw_layers(boxes, lineage.steps(), drawing_id=f"layers-{css}", description=description, width=width)
        for css, width in WIDTHS.items()
    }


def _stands_on(table: str, lineage: Lineage) -> str:
    ways = len(lineage.ways_from_landing(table))
    return f"stands on {plural(ways, 'landing table')}" if ways else "from seeds alone"
