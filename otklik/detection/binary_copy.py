"""Columns of integers read from the database as arrays: a binary COPY, without a Python object for each value."""

from collections.abc import Mapping
from typing import LiteralString

import numpy as np
import psycopg

from otklik.detection.cell_tree import IntArray

HEADER_BYTES, TRAILER_BYTES = 19, 2


def copy_integers(
    connection: psycopg.Connection, statement: LiteralString, fields: int, params: Mapping[str, object] | None = None
) -> list[IntArray]:
    """The columns of a `COPY … TO STDOUT (FORMAT binary)` with so many `fields`: integers of four bytes, none null."""
    with connection.cursor().copy(statement, params) as copy:
        data = b"".join(bytes(block) for block in copy)
    # Each row has the number of its fields, then the length and the value of each of them.
    pairs = ((name, ">i4") for field in range(fields) for name in (f"length {field}", f"field {field}"))
    row_type = np.dtype([("fields", ">i2"), *pairs])
    rows = np.frombuffer(data[HEADER_BYTES:-TRAILER_BYTES], dtype=row_type)
    return [rows[f"field {field}"].astype(np.int64) for field in range(fields)]
