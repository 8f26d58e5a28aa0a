"""Add columns and sheets to an .xlsx workbook and leave every other byte of its parts as it is.

A workbook that is loaded and saved by a library loses what the library does not know: charts,
pictures, pivot tables, the stored values of formulas. Here cells are written into the sheet's own
XML instead, texts as inline strings, which can never become formulas.
"""

from __future__ import annotations

import io
import math
import re
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from xml.sax.saxutils import escape, quoteattr

from workstation.base.problem import Problem, UnusableInputError

Value = str | Decimal | float | int | None
WIDTH, LETTERS, LONGEST_NAME, LONGEST_TEXT = 18, 26, 31, 32_767
TWO_DECIMALS = 4
"""Excel's built-in number format #,##0.00."""
_ROW = re.compile(rb'<row\b(?P<head>[^>]*?\br="(?P<number>\d+)"[^>]*?)(?:/>|>(?P<cells>.*?)</row>)',
                  re.DOTALL)
_PLACE = re.compile(rb'<c\b[^>]*?\br="([A-Z]{1,3})\d+"')
_RANGE = re.compile(rb'\bref="[A-Z]{1,3}\d+:([A-Z]{1,3})\d+"')
_SPANS = re.compile(rb'\sspans="[^"]*"')
_DIMENSION = re.compile(rb"<dimension\b[^>]*/>")
_SHEET = re.compile(rb"<sheet\b[^>]*/>")
_ATTRIBUTE = re.compile(rb'([\w:]+)="([^"]*)"')
_RELATION = re.compile(rb"<Relationship\b[^>]*/>")
_FORMATS = re.compile(rb'<cellXfs\b[^>]*?count="(\d+)"[^>]*>')
_STYLE = re.compile(rb'\bs="(\d+)"')
_BAD = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
WORKBOOK, RELATIONS, STYLES, TYPES = (
    "xl/workbook.xml", "xl/_rels/workbook.xml.rels", "xl/styles.xml", "[Content_Types].xml")
MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
SHEET_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"
SHEET_RELATION = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet")


@dataclass(frozen=True, slots=True)
class AddedColumns:
    """Columns to the right of a sheet: headings in one row, values by row (counted from 1)."""

    sheet: str
    header_row: int
    headings: tuple[str, ...]
    rows: Mapping[int, tuple[Value, ...]]


@dataclass(frozen=True, slots=True)
class AddedSheet:
    """A sheet at the end of the workbook: a heading row, and rows."""

    name: str
    headings: tuple[str, ...]
    rows: Sequence[tuple[Value, ...]]


def patched(data: bytes, name: str, columns: Sequence[AddedColumns],
            sheets: Sequence[AddedSheet]) -> bytes:
    """Return a workbook with the columns and sheets added.

    Raises UnusableInputError for a workbook whose parts are not laid out as Excel writes them.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        parts = {entry.filename: archive.read(entry) for entry in archive.infolist()}
        order = list(archive.infolist())
    changed = dict(parts)
    paths = _sheet_paths(parts, name)
    number = _add_number_format(changed)
    for added in columns:
        path = paths.get(added.sheet)
        if path is None:
            raise _odd(name, f"there is no sheet {added.sheet}")
        changed[path] = _with_columns(changed[path], added, number, name)
    for sheet in sheets:
        _add_sheet(changed, sheet, set(paths), number)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for entry in order:
            archive.writestr(entry, changed.pop(entry.filename), zipfile.ZIP_DEFLATED)
        for path, content in changed.items():
            archive.writestr(zipfile.ZipInfo(path), content, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _odd(name: str, what: str) -> UnusableInputError:
    return UnusableInputError(Problem(name, what, "open it in Excel, save it as .xlsx, and take "
                                      "that copy", "error"))


def _attributes(tag: bytes) -> dict[str, str]:
    return {key.decode(): _unescaped(value) for key, value in _ATTRIBUTE.findall(tag)}


def _unescaped(value: bytes) -> str:
    text = value.decode("utf-8")
    for mark, letter in (("&lt;", "<"), ("&gt;", ">"), ("&quot;", '"'), ("&apos;", "'"),
                         ("&amp;", "&")):
        text = text.replace(mark, letter)
    return text


def _sheet_paths(parts: Mapping[str, bytes], name: str) -> dict[str, str]:
    """Return the part of each sheet by the sheet's name."""
    if WORKBOOK not in parts or RELATIONS not in parts:
        raise _odd(name, "its parts are not laid out as Excel writes them")
    targets = {}
    for tag in _RELATION.findall(parts[RELATIONS]):
        relation = _attributes(tag)
        target = relation.get("Target", "")
        targets[relation.get("Id", "")] = target.removeprefix("/") if target.startswith(
            "/") else f"xl/{target}"
    found = {}
    for tag in _SHEET.findall(parts[WORKBOOK]):
        sheet = _attributes(tag)
        path = targets.get(next((v for k, v in sheet.items() if k.endswith(":id")), ""), "")
        if path in parts:
            found[sheet.get("name", "")] = path
    return found


def _add_number_format(parts: dict[str, bytes]) -> int:
    """Add the number format of amounts to the styles; returns its place, 0 without styles."""
    styles = parts.get(STYLES, b"")
    found = _FORMATS.search(styles)
    end = styles.find(b"</cellXfs>")
    if found is None or end < 0:
        return 0
    count = int(found[1])
    opening = found[0].replace(b'count="%d"' % count, b'count="%d"' % (count + 1))
    added = (b'<xf numFmtId="%d" fontId="0" fillId="0" borderId="0" xfId="0" '
             b'applyNumberFormat="1"/>' % TWO_DECIMALS)
    parts[STYLES] = (styles[:found.start()] + opening + styles[found.end():end] + added
                     + styles[end:])
    return count


def _with_columns(content: bytes, added: AddedColumns, number: int, name: str) -> bytes:
    first = _last_column(content) + 1
    wanted = {added.header_row: added.headings, **added.rows}
    met: set[int] = set()

    def extended(found: re.Match[bytes]) -> bytes:
        row = int(found["number"])
        values = wanted.get(row)
        if values is None:
            return found[0]
        met.add(row)
        inside = found["cells"] or b""
        style = _last_style(inside) if row == added.header_row else None
        cells = _cells(values, row, first, number, style)
        return b"<row" + _SPANS.sub(b"", found["head"]) + b">" + inside + cells + b"</row>"

    content = _ROW.sub(extended, content)
    if met != set(wanted):
        raise _odd(name, f"the rows of sheet {added.sheet} are not numbered as Excel numbers them")
    return _DIMENSION.sub(b"", _widened(content, first, len(added.headings)))


def _last_column(content: bytes) -> int:
    letters = {*_PLACE.findall(content), *_RANGE.findall(content)}
    return max((_number_of(text) for text in letters), default=0)


def _number_of(letters: bytes) -> int:
    number = 0
    for letter in letters:
        number = number * LETTERS + letter - ord("A") + 1
    return number


def _letters_of(number: int) -> str:
    letters = ""
    while number:
        number, rest = divmod(number - 1, LETTERS)
        letters = chr(ord("A") + rest) + letters
    return letters


def _last_style(cells: bytes) -> int | None:
    """Return the style of a row's last cell, which a new heading beside it takes."""
    tags = re.findall(rb"<c\b[^>]*>", cells)
    found = _STYLE.search(tags[-1]) if tags else None
    return int(found[1]) if found else None


def _cells(values: Sequence[Value], row: int, first: int, number: int,
           style: int | None) -> bytes:
    return b"".join(_cell(value, f"{_letters_of(first + place)}{row}", number, style)
                    for place, value in enumerate(values))


def _cell(value: Value, place: str, number: int, style: int | None) -> bytes:
    if value is None or value == "":
        return b""
    if isinstance(value, str):
        look = f' s="{style}"' if style is not None else ""
        text = escape(_BAD.sub(" ", value)[:LONGEST_TEXT])
        return (f'<c r="{place}"{look} t="inlineStr"><is><t xml:space="preserve">{text}</t></is>'
                "</c>").encode()
    figure = float(value)
    if not math.isfinite(figure):
        return b""
    return f'<c r="{place}" s="{number}"><v>{figure!r}</v></c>'.encode()


def _widened(content: bytes, first: int, count: int) -> bytes:
    """Make new columns wide enough, where the sheet sets no width for them already."""
    column = (f'<col min="{first}" max="{first + count - 1}" width="{WIDTH}" customWidth="1"/>'
              ).encode()
    if b"</cols>" in content:
        tags = re.findall(rb'<col\b[^>]*?\bmax="(\d+)"', content)
        is_free = all(int(last) < first for last in tags)
        return content.replace(b"</cols>", column + b"</cols>", 1) if is_free else content
    return content.replace(b"<sheetData", b"<cols>" + column + b"</cols><sheetData", 1)


def _relation_prefix(book: bytes) -> str:
    """Return the prefix under which the workbook's own sheets name their parts."""
    first = _SHEET.search(book)
    names = _attributes(first[0]) if first else {}
    return next((name.split(":")[0] for name in names if name.endswith(":id")), "r")


def _add_sheet(parts: dict[str, bytes], sheet: AddedSheet, taken: set[str], number: int) -> None:
    name, count = sheet.name[:LONGEST_NAME], 1
    while name.casefold() in {known.casefold() for known in taken}:
        count += 1
        name = f"{sheet.name[:LONGEST_NAME - 4]} {count}"
    taken.add(name)
    book = parts[WORKBOOK]
    ids = [int(each) for each in re.findall(rb'sheetId="(\d+)"', book)]
    path = f"xl/worksheets/crossmargin{len(parts)}.xml"
    relation = f"rIdCrossmargin{len(parts)}"
    lines = [sheet.headings, *sheet.rows]
    rows = b"".join(b'<row r="%d">%s</row>' % (r, _cells(values, r, 1, number, None))
                    for r, values in enumerate(lines, start=1))
    columns = f'<cols><col min="1" max="{len(sheet.headings)}" width="{WIDTH}" customWidth="1"/>'
    parts[path] = (f'<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n<worksheet '
                   f'xmlns="{MAIN}">{columns}</cols><sheetData>').encode() + rows + (
                   b"</sheetData></worksheet>")
    tag = (f'<sheet name={quoteattr(name)} sheetId="{max(ids, default=0) + 1}" '
           f'{_relation_prefix(book)}:id="{relation}"/>').encode()
    parts[WORKBOOK] = book.replace(b"</sheets>", tag + b"</sheets>", 1)
    parts[RELATIONS] = parts[RELATIONS].replace(
        b"</Relationships>", (f'<Relationship Id="{relation}" Type="{SHEET_RELATION}" '
                              f'Target="/{path}"/></Relationships>').encode(), 1)
    parts[TYPES] = parts[TYPES].replace(
        b"</Types>", (f'<Override PartName="/{path}" ContentType="{SHEET_TYPE}"/></Types>'
                      ).encode(), 1)
