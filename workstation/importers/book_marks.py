"""What the reader of .xls, .xlsb and .ods does not tell: days from 1904, cells shown as percent.

BIFF8 records after [MS-XLS] 2.4, the workbook part of .xlsb after [MS-XLSB] 2.4, .ods after
OpenDocument 1.3 part 3. A file that breaks off is read as far as it goes: the reader of its values
has refused it, or had no need of the rest.
"""

from __future__ import annotations

import html
import io
import re
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from workstation.importers.archive import counts_from_1904
from workstation.importers.cell_formats import BUILT_IN, error_cells, percent_cells

Cells = frozenset[tuple[int, int]]
ONE_NUMBER, SEVERAL, END = frozenset({0x0203, 0x027E, 0x0006}), 0x00BD, 0x000A
"""NUMBER, RK and FORMULA begin with row, column, format; MULRK holds a run of cells of one row."""
STYLE_XF = 0x0004
BOOK_PROPERTIES = 153
"""BrtWbProp, whose first bit says that days count from 1904."""
CUSTOM_FORMAT, CELL_LOOKS, CELL_LOOKS_END, LOOK = 44, 617, 618, 47
"""BrtFmt, BrtBeginCellXFs, BrtEndCellXFs and BrtXF, of the styles part of .xlsb."""
_NULL_DATE = re.compile(rb'<table:null-date[^>]*\bdate-value="1904-01-01"')
PERCENTAGE = b'office:value-type="percentage"'
_TABLE_PART = re.compile(
    rb"<table:(table|table-row|table-cell|covered-table-cell)(?=[\s/>])([^>]*?)/?>")
_NAME = re.compile(rb'\btable:name="([^"]*)"')
_REPEATED = re.compile(rb'\btable:number-(?:rows|columns)-repeated="(\d+)"')
MOST_REPEATED = 10_000


class Record(IntEnum):
    """Records of a workbook's own substream: DATEMODE, BOUNDSHEET, FORMAT and XF."""

    DATE_MODE = 0x0022
    SHEET = 0x0085
    FORMAT = 0x041E
    LOOK = 0x00E0


@dataclass(frozen=True, slots=True)
class BookMarks:
    """Whether bare day numbers count from 1904, and cells by sheet at their (row, column).

    Cells shown as percentages, and those of an .xlsx file that hold an error instead of a value.
    `unplaced` says that cells are shown as percent, but not which (.xlsb).
    """

    from_1904: bool = False
    percents: Mapping[str, Cells] = field(default_factory=dict)
    errors: Mapping[str, Mapping[tuple[int, int], str]] = field(default_factory=dict)
    unplaced: bool = False


def marks_of_archive(data: bytes) -> BookMarks:
    """Return the marks of an .xlsx, .xlsb or .ods file."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        names = set(archive.namelist())
        if "xl/workbook.bin" in names:
            styles = archive.read("xl/styles.bin") if "xl/styles.bin" in names else b""
            return BookMarks(_binary_1904(archive.read("xl/workbook.bin")),
                             unplaced=_has_percent_look(styles))
        if "content.xml" in names:
            content = archive.read("content.xml")
            return BookMarks(_NULL_DATE.search(content) is not None, _ods_percents(content))
    return BookMarks(counts_from_1904(data), percent_cells(data), error_cells(data))


# .xls -----------------------------------------------------------------------------------------


def marks_of_stream(stream: bytes) -> BookMarks:
    """Return the marks of the workbook stream of an .xls file."""
    from_1904, sheets, formats, looks = False, [], set(map(int, BUILT_IN)), []
    for kind, body in _records(stream, 0):
        match kind:
            case Record.DATE_MODE:
                from_1904 = body[:1] == b"\1"
            case Record.SHEET:
                sheets.append((struct.unpack_from("<I", body)[0], _text(body, 6, wide=False)))
            case Record.FORMAT if "%" in _text(body, 2, wide=True):
                formats.add(struct.unpack_from("<H", body)[0])
            case Record.LOOK:
                _, used, kind_of = struct.unpack_from("<HHH", body)
                looks.append(not kind_of & STYLE_XF and used in formats)
    percents = frozenset(place for place, is_percent in enumerate(looks) if is_percent)
    return BookMarks(from_1904, {name: _xls_cells(stream, start, percents)
                                 for start, name in sheets} if percents else {})


def _records(stream: bytes, at: int) -> Iterator[tuple[int, bytes]]:
    """Yield the records of one substream, to its end."""
    while at + 4 <= len(stream):
        kind, length = struct.unpack_from("<HH", stream, at)
        if kind == END:
            return
        body = stream[at + 4:at + 4 + length]
        if len(body) < length:
            return
        yield kind, body
        at += 4 + length


def _text(body: bytes, at: int, *, wide: bool) -> str:
    """Return a BIFF8 string: its length (two bytes where `wide`), flags, then the letters."""
    length, at = struct.unpack_from("<H" if wide else "<B", body, at)[0], at + (2 if wide else 1)
    is_utf16 = body[at] & 1
    raw = body[at + 1:at + 1 + (2 * length if is_utf16 else length)]
    return raw.decode("utf-16-le" if is_utf16 else "latin-1")


def _xls_cells(stream: bytes, start: int, looks: frozenset[int]) -> Cells:
    found = set()
    for kind, body in _records(stream, start):
        if kind in ONE_NUMBER:
            row, column, look = struct.unpack_from("<HHH", body)
            if look in looks:
                found.add((row, column))
        elif kind == SEVERAL:
            row, first = struct.unpack_from("<HH", body)
            found |= {(row, first + n) for n in range((len(body) - 6) // 6)
                      if struct.unpack_from("<H", body, 4 + 6 * n)[0] in looks}
    return frozenset(found)


# .xlsb and .ods -------------------------------------------------------------------------------


def _binary_1904(part: bytes) -> bool:
    return any(kind == BOOK_PROPERTIES and bool(body[:1] and body[0] & 1)
               for kind, body in _binary_records(part))


def _has_percent_look(styles: bytes) -> bool:
    """Say whether any look that cells take, named styles left aside, has a percent sign."""
    percents, is_of_cells = set(map(int, BUILT_IN)), False
    for kind, body in _binary_records(styles):
        if kind == CUSTOM_FORMAT and "%" in body[6:].decode("utf-16-le", "replace"):
            percents.add(struct.unpack_from("<H", body)[0])
        elif kind in (CELL_LOOKS, CELL_LOOKS_END):
            is_of_cells = kind == CELL_LOOKS
        elif kind == LOOK and is_of_cells and struct.unpack_from("<H", body, 2)[0] in percents:
            return True
    return False


def _binary_records(part: bytes) -> Iterator[tuple[int, bytes]]:
    at = 0
    while at < len(part):
        kind, at = _variable(part, at, 2)
        length, at = _variable(part, at, 4)
        yield kind, part[at:at + length]
        at += length


def _variable(part: bytes, at: int, most: int) -> tuple[int, int]:
    """Return a number kept in up to so many bytes of seven bits, and where the next one begins.

    The kind of a record keeps its eighth bits: 153 is written 0x99 0x01.
    """
    number = 0
    for place in range(most):
        if at >= len(part):
            break
        byte, at = part[at], at + 1
        number |= (byte & 0x7F) << 7 * place
        if not byte & 0x80:
            break
    return number, at


def _ods_percents(content: bytes) -> dict[str, Cells]:
    if PERCENTAGE not in content:
        return {}
    found: dict[str, set[tuple[int, int]]] = {}
    cells: set[tuple[int, int]] = set()
    row, column, rows = 0, 0, 0
    for part, told in _TABLE_PART.findall(content):
        repeated = int(number[1]) if (number := _REPEATED.search(told)) else 1
        if part == b"table":
            name = _NAME.search(told)
            cells = found.setdefault(html.unescape(name[1].decode()) if name else "", set())
            row, rows = 0, 0
        elif part == b"table-row":
            row, rows, column = row + rows, repeated, 0
        else:
            if PERCENTAGE in told:
                cells |= {(row + down, column + right) for down in range(min(rows, MOST_REPEATED))
                          for right in range(min(repeated, MOST_REPEATED))}
            column += repeated
    return {name: frozenset(places) for name, places in found.items() if places}
