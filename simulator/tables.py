"""Making Arrow columns fast: ids from 64-bit keys, labels from codes, numbers with gaps.

Belongs here: turning arrays into Arrow arrays of the landing types, without a Python loop over rows.
"""

from typing import Any

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

from simulator.schema import SCHEMAS
from simulator.streams import U64

_HEX = np.frombuffer(b"0123456789abcdef", dtype=np.uint8)


def ids(prefix: str, keys: U64, present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return `prefix_` and sixteen hex digits for each key; NULL where `present` is false."""
    head = np.frombuffer(f"{prefix}_".encode(), dtype=np.uint8)
    width = len(head) + 16
    letters = np.empty((len(keys), width), dtype=np.uint8)
    letters[:, : len(head)] = head
    octets = keys.astype(">u8").view(np.uint8).reshape(-1, 8)
    letters[:, len(head) :: 2] = _HEX[octets >> 4]
    letters[:, len(head) + 1 :: 2] = _HEX[octets & 15]
    offsets = np.arange(len(keys) + 1, dtype=np.int32) * width
    array = pa.Array.from_buffers(
        pa.string(), len(keys), [None, pa.py_buffer(offsets), pa.py_buffer(np.ascontiguousarray(letters))]
    )
    if present is None:
        return array
    return array.take(pa.array(np.arange(len(keys)), mask=~present))


def id_text(prefix: str, value: int) -> str:
    """Return the id of one key, equal to what `ids` gives for it."""
    return f"{prefix}_{value:016x}"


def labels(vocabulary: tuple[str, ...], codes: NDArray[Any], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return the word for each code; NULL where `present` is false."""
    mask = None if present is None else ~present
    return pa.array(list(vocabulary), pa.string()).take(pa.array(codes.astype(np.int64), mask=mask))


def numbers(values: NDArray[Any], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return an Arrow array of the values; NULL where `present` is false."""
    return pa.array(values, mask=None if present is None else ~present)


def times(microseconds: NDArray[Any], present: NDArray[np.bool_] | None = None) -> pa.Array:
    """Return UTC timestamps without zone from microseconds since 1970."""
    return numbers(microseconds.astype(np.int64), present).cast(pa.timestamp("us"))


def assembled(table: str, columns: dict[str, pa.Array], rows: int) -> pa.Table:
    """Return a landing table with every column of its schema in order; a column that is not given is NULL.

    Raises KeyError for a column that the schema does not know.
    """
    schema = SCHEMAS[table]
    unknown = sorted(set(columns) - set(schema.names))
    if unknown:
        raise KeyError(f"{table} has no columns {unknown}; its columns are {schema.names}")
    arrays = [columns[field.name].cast(field.type) if field.name in columns else pa.nulls(rows, field.type) for field in schema]
    return pa.Table.from_arrays(arrays, schema=schema)
