"""What an adapter reads: the relations of a system, and of each the columns that are taken.

Belongs here: the declaration, and holding what is there against it. The SQL that reads just what is declared is in `selects.py`.
"""

from collections.abc import Mapping, Sequence
from typing import Literal

from pydantic import BaseModel, ConfigDict

from orchestration.adapters.errors import AdapterError

RelationType = Literal[
    "VARCHAR", "BIGINT", "INTEGER", "DOUBLE", "BOOLEAN", "TIMESTAMP", "EPOCH_SECONDS", "EPOCH_NANOSECONDS", "MOMENT", "JSON"
]
"""`MOMENT` is epoch seconds or a timestamp's text, as exports of one system differ."""
SAID_OF_ROWS = frozenset({"left_out", "assumed"})
"""What a mapping may say of a row beside its columns: why it is not landed, and what stands in place of absent values."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class RelationColumn(_Frozen):
    """One value that is taken: a column as it is, or the first of `paths` that is there inside the column `within`.

    `within` is JSON, a map or a struct; without `paths` it is a column that the system calls otherwise. `paths_from` is the
    setting of the source that names the keys in place of `paths`. What is `counted` is a list
    inside JSON of which only the number of entries is taken, those whose `role` is one of `uncounted_roles` left out.
    """

    type: RelationType = "VARCHAR"
    required: bool = False
    within: str | None = None
    paths: tuple[tuple[str, ...], ...] = ()
    paths_from: str | None = None
    counted: bool = False
    uncounted_roles: tuple[str, ...] = ()
    meaning: str = ""

    @property
    def sql_type(self) -> str:
        """The type in DuckDB."""
        return "TIMESTAMP" if self.type == "MOMENT" or self.type.startswith("EPOCH") else self.type


class Relation(_Frozen):
    """A table or export of a system. `table` is its name there; `moment` the column by which it is read piece by piece.

    `view` names a view of the database that holds just the declared columns, each under its own name; where it is there it is
    read in place of the table, so that no rights on columns with content are needed (`grants.py`).
    `objects` are JSON texts, one a line, of which every column is a path inside `json`; `unpack` names the SQL file that makes
    the relation's columns from larger texts (`texts_` and the relation's name; `getvariable('taken')` are the keys of `within`
    that are taken). Objects of `kinds` may lie in any file of the folder, whatever its name. `also` holds other names of its
    columns, by column; `flat` the beginnings of columns that each hold one value of a `within` that is not there itself. `never`
    lists columns that may hold content, so that a test can look for them.
    """

    table: str
    view: str | None = None
    required: bool = False
    moment: str | None = None
    objects: bool = False
    kinds: tuple[str, ...] = ()
    unpack: str | None = None
    columns: dict[str, RelationColumn]
    also: dict[str, tuple[str, ...]] = {}
    flat: dict[str, tuple[str, ...]] = {}
    never: tuple[str, ...] = ()

    def roots(self) -> list[str]:
        """Return the columns of the system that are touched, each once."""
        return list(dict.fromkeys(column.within or name for name, column in self.columns.items()))

    def names_of(self, root: str) -> tuple[str, ...]:
        """Return the names that a column may have, the first that is there counts."""
        return (root, *self.also.get(root, ()))

    def places_of(self, name: str) -> list[str]:
        """Return the columns any of which holds a declared column's value, or would."""
        column = self.columns[name]
        starts = self.flat.get(column.within or "", ())
        return [*self.names_of(column.within or name), *(start + path[0] for start in starts for path in column.paths)]

    def paths_within(self, root: str) -> list[tuple[str, ...]]:
        """Return all paths that are taken inside a column, each once."""
        taken = [path for column in self.columns.values() if column.within == root for path in column.paths]
        return list(dict.fromkeys(taken))

    def with_paths(self, settings: Mapping[str, Sequence[str]]) -> "Relation":
        """Return the relation with the keys that settings name in place of `paths_from`."""
        columns = {
            name: column.model_copy(update={"paths": tuple((key,) for key in settings[column.paths_from])})
            if column.paths_from
            else column
            for name, column in self.columns.items()
        }
        return self.model_copy(update={"columns": columns})


class Adapter(_Frozen):
    """One adapter: its relations by the name they have in its SQL, and the relation that each landing table is made of first.

    A landing table is left out where that relation is absent. `accounts` says what it knows of accounts: an `extract` of all, a
    `supplement` to what another system says, or mere `sightings` of accounts in use. `mappings` and `unpackings` hold the SQL by
    landing table and by name; `objects` is the SQL that finds objects of `kinds` (a list) in `json`, both of `given`, for
    relations with kinds. `macros` is SQL that defines what the others use. `steps` is SQL between the relations that are not read
    by time and the mappings, each a view by its name, in order. `left_out` yields why each row that no mapping sees is left out
    (`left_out_as`). A `closed` adapter refuses columns that it does not declare.
    """

    name: str
    title: str
    relations: dict[str, Relation]
    lands: dict[str, str]
    mappings: dict[str, str]
    unpackings: dict[str, str] = {}
    macros: str | None = None
    objects: str | None = None
    steps: dict[str, str] = {}
    left_out: str | None = None
    closed: bool = False
    accounts: Literal["extract", "supplement", "sightings"] = "extract"

    def with_paths(self, settings: Mapping[str, Sequence[str]]) -> "Adapter":
        """Return the adapter with the keys that a source's settings name."""
        return self.model_copy(
            update={"relations": {name: relation.with_paths(settings) for name, relation in self.relations.items()}}
        )

    def reads_by_time(self, table: str) -> bool:
        """Whether a landing table is read span by span."""
        return self.relations[self.lands[table]].moment is not None


def require_columns(adapter: str, relation: Relation, present: Mapping[str, str]) -> None:
    """Raise AdapterError when a required column is not there; others may be absent, as in older versions of a system."""
    there = {name.lower() for name in present}
    missing = [
        name
        for name, column in relation.columns.items()
        if column.required and not there & {known.lower() for known in relation.places_of(name)}
    ]
    if missing:
        raise AdapterError(
            f"{adapter}: {relation.table} must have the columns {', '.join(missing)}; it has {', '.join(present) or 'none'}. "
            "Is it the table of that name, exported whole?"
        )


def refuse_foreign_columns(adapter: str, relation: Relation, present: Mapping[str, str]) -> None:
    """Raise AdapterError when there are columns that are not declared, which would else be passed over in silence."""
    declared = {root.lower() for root in relation.roots()}
    foreign = [name for name in present if name.lower() not in declared]
    if foreign:
        raise AdapterError(
            f"{adapter}: {relation.table} has the columns {', '.join(foreign)}, which are none of the contract's; "
            "docs/reference/landing.md lists those that are. Rename them or leave them out"
        )
