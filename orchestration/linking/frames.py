"""Typed frames at a package's edge: one check for every frame that comes in, one way to make an empty one."""

from collections.abc import Iterable, Mapping

import polars as pl

FrameSchema = Mapping[str, type[pl.DataType] | pl.DataType]


def empty_frame(schema: FrameSchema) -> pl.DataFrame:
    """Return a frame with the columns and types of `schema` and no rows."""
    return pl.DataFrame(schema=dict(schema))


def conform(frame: pl.DataFrame, schema: FrameSchema, name: str, required: Iterable[str] = ()) -> pl.DataFrame:
    """Return the columns of `schema`, in its order and types; other columns of `frame` are left out.

    Columns in `required` may not be NULL. Raises ValueError for a missing column, a NULL in a required column or a value
    that does not fit its type.
    """
    missing = [column for column in schema if column not in frame.columns]
    if missing:
        raise ValueError(f"{name} needs the columns {list(schema)}; {missing} are missing from {frame.columns}. Add them.")
    try:
        typed = frame.select(pl.col(column).cast(dtype) for column, dtype in schema.items())
    except pl.exceptions.PolarsError as error:
        raise ValueError(f"{name} needs the types {dict(schema)}, but {error}. Cast before the call.") from error
    for column in required:
        null_count = typed.get_column(column).null_count()
        if null_count:
            raise ValueError(f"{name}.{column} may not be NULL; {null_count} of {typed.height} rows are. Drop or fill them.")
    return typed


def require_unique(frame: pl.DataFrame, columns: list[str], name: str) -> None:
    """Raise ValueError, with one example, when two rows of `frame` agree on `columns`."""
    doubled = frame.filter(pl.struct(columns).is_duplicated()).select(columns).sort(columns)
    if doubled.height:
        raise ValueError(
            f"{name} needs one row per {columns}; {doubled.height} rows share theirs, for example {doubled.row(0)}. "
            "Aggregate before the call."
        )
