"""Frames out of the working warehouse and into it, through Arrow."""

import duckdb
import polars as pl


def read_frame(
    connection: duckdb.DuckDBPyConnection, query: str, values: list[object] | dict[str, object] | None = None
) -> pl.DataFrame:
    """Return what a query gives, through Arrow."""
    frame = pl.from_arrow(connection.sql(query, params=values or []).to_arrow_table())
    assert isinstance(frame, pl.DataFrame)
    return frame


def append_frame(connection: duckdb.DuckDBPyConnection, relation: str, frame: pl.DataFrame) -> None:
    """Append the rows to a table, columns by name."""
    connection.register("frame_to_append", frame.to_arrow())
    connection.execute(f"insert into {relation} by name select * from frame_to_append")
    connection.unregister("frame_to_append")
