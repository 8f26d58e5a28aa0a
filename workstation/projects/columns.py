"""Result tables as column blobs: numbers as float64, little-endian; everything else as msgpack."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import msgspec
import numpy as np

from workstation.results.table import Column, Table

FLOATS, TEXTS = "float64", "msgpack"
STORED_FLOAT = np.dtype("<f8")


@dataclass(frozen=True, slots=True)
class ColumnBlob:
    """One column of a result table; a missing number is NaN."""

    field: str
    heading: str
    kind: str
    data: bytes


def column_blobs(table: Table) -> tuple[ColumnBlob, ...]:
    """Return the columns of a table as blobs, in order."""
    return tuple(_blob(column, table) for column in table.columns)


def _blob(column: Column, table: Table) -> ColumnBlob:
    values = [getattr(row, column.field) for row in table.rows]
    if column.numeric:
        numbers = [np.nan if value is None else float(value) for value in values]
        data = np.array(numbers, dtype=STORED_FLOAT).tobytes()
        return ColumnBlob(column.field, column.heading, FLOATS, data)
    plain = [_plain(value) for value in values]
    return ColumnBlob(column.field, column.heading, TEXTS, msgspec.msgpack.encode(plain))


def _plain(value: Any) -> str | bool | None:
    if value is None or isinstance(value, bool):
        return value
    return value.isoformat() if isinstance(value, date) else str(value)


def column_values(blob: ColumnBlob) -> Sequence[float | str | bool | None]:
    """Return the values of a column read back; missing numbers are None."""
    if blob.kind == FLOATS:
        numbers = np.frombuffer(blob.data, dtype=STORED_FLOAT)
        return [None if np.isnan(value) else float(value) for value in numbers]
    return msgspec.msgpack.decode(blob.data, type=list[str | bool | None])
