"""Records of a JSON export as a table, so that they are read by the rules of any table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.importers.sheets import Cell, Sheet
from workstation.importers.tables import Table


def table_of(records: Sequence[Mapping[str, Any]], name: str, first_line: int = 0) -> Table:
    """Return records as a table of one sheet; row n of the sheet is record n of the file."""
    headers = tuple(dict.fromkeys(key for record in records for key in record))
    rows: list[list[Cell]] = [[_cell(record.get(key)) for key in headers] for record in records]
    body = tuple(range(first_line, first_line + len(rows)))
    return Table(Sheet(name, [[] for _ in range(first_line)] + rows), 0, headers, body)


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, Mapping | list):
        return ""
    return value if isinstance(value, str | int | float | bool) else str(value)


def records_of(document: Any) -> list[Mapping[str, Any]]:
    """Return the records of a document: a list, or the list under result, data or positions."""
    if isinstance(document, Mapping):
        for key in ("result", "data", "positions"):
            if key in document:
                return records_of(document[key])
        return []
    if not isinstance(document, list):
        return []
    return [record for record in document if isinstance(record, Mapping)]
