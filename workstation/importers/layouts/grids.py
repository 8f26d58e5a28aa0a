"""Records of a JSON export as a table, so that they are read by the rules of any table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.importers.sheets import Cell, Sheet, Source, is_blank, text_of
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


def exported(source: Source) -> tuple[list[Mapping[str, Any]], int]:
    """Return a venue's records from JSON or from a table, and the row the first stands in.

    A table counts only where its first row names the columns; rows count from 0.
    """
    if source.document is not None or len(source.visible) != 1:
        return records_of(source.document), 0
    rows = source.visible[0].rows
    head = next((n for n, row in enumerate(rows) if not all(map(is_blank, row))), None)
    if head is None:
        return [], 0
    names = [text_of(cell) for cell in rows[head]]
    body = [dict(zip(names, row, strict=False)) for row in rows[head + 1:]]
    while body and all(map(is_blank, body[-1].values())):
        body.pop()
    return [{name: cell for name, cell in record.items() if name} for record in body], head + 1


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
