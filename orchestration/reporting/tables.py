"""Tables as data: typed columns and cells, ready for the template and for the page's sort and filter."""

from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.reporting.formats import MISSING

ColumnKind = Literal["text", "number", "id", "link", "list", "date"]


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Cell(_Frozen):
    """What a cell shows and what it sorts by: `key` for numbers, else `text`; `items` are the lines of a list cell.

    `page` is the page of this site that a link cell leads to; without one it is shown as an id. It never holds a landed value.
    """

    text: str = MISSING
    key: float | None = None
    items: tuple[str, ...] = ()
    page: str | None = None


class TableColumn(_Frozen):
    """A column's heading and kind; a facet column gets a drop-down filter."""

    title: str
    kind: ColumnKind = "text"
    is_facet: bool = False


class Table(_Frozen):
    """A table of the page. `table_id` is unique on the page; `empty` is the sentence shown when there are no rows."""

    table_id: str
    caption: str
    columns: tuple[TableColumn, ...]
    rows: tuple[tuple[Cell, ...], ...]
    empty: str
    is_wide: bool = False

    def payload(self, page_row_count: int) -> dict[str, object]:
        """Return the rows for the page's script: text, or [text, key] for numbers, [text, page] for links, or a list of lines."""
        rows = [[_packed(cell, column.kind) for cell, column in zip(row, self.columns, strict=True)] for row in self.rows]
        return {"page": page_row_count, "kinds": [column.kind for column in self.columns], "rows": rows}


def _packed(cell: Cell, kind: ColumnKind) -> object:
    if kind == "list":
        return list(cell.items)
    if kind == "link":
        return [cell.text, cell.page]
    return [cell.text, cell.key] if kind == "number" else cell.text


def text(value: str | None) -> Cell:
    """Return a cell of text; the dash when there is none."""
    return Cell(text=value) if value else Cell()


def numeric(shown: str, key: float | None) -> Cell:
    """Return a cell that shows `shown` and sorts by `key`."""
    return Cell(text=shown, key=key)


def linked(shown: str, page: str | None) -> Cell:
    """Return a cell that leads to a page of this site, or shows the id alone where there is none."""
    return Cell(text=shown, page=page)


def lines(items: list[str]) -> Cell:
    """Return a cell that shows one line an item."""
    return Cell(text="; ".join(items) or MISSING, items=tuple(items))
