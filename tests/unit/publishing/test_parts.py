"""A part is written so that one row is found without unpacking the rest."""

from pathlib import Path

import duckdb
import pyarrow.parquet as pq

from orchestration.publishing.parts import ROWS_PER_PAGE, write_part


def test_a_part_bounds_what_its_rows_are_sorted_by_and_its_dates_page_by_page(tmp_path: Path) -> None:
    with duckdb.connect() as connection:
        connection.execute(
            "create table scores as select 'acct_' || lpad(cast(i as varchar), 6, '0') as subject_id, i as account_key, "
            f"date '2026-01-28' as as_of_date, i % 7 as score from range({3 * ROWS_PER_PAGE}) as counter(i)"
        )
        part = write_part(connection, "scores", "2026-01-28", "true", ["subject_id"], tmp_path)
        again = write_part(connection, "scores", "again", "true", ["subject_id"], tmp_path)
    assert (part.rows, part.sha256) == (3 * ROWS_PER_PAGE, again.sha256)
    group = pq.ParquetFile(tmp_path / part.relative_path).metadata.row_group(0)
    columns = {group.column(n).path_in_schema: group.column(n) for n in range(group.num_columns)}
    assert {name for name, column in columns.items() if column.is_stats_set} == {"subject_id", "as_of_date"}
    assert columns["subject_id"].has_column_index
    assert all(column.has_offset_index for column in columns.values())
