"""Which cells of an .xlsx workbook show percentages or hold errors; its reader does not say."""

from __future__ import annotations

import html
import io
import re
import zipfile
from collections.abc import Iterator, Mapping

from workstation.importers.directed import place_of

STYLES, WORKBOOK, RELATIONS = (
    "xl/styles.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels")
BUILT_IN = frozenset({"9", "10"})
"""Excel's own formats 0% and 0.00%."""
_FORMAT = re.compile(rb'<numFmt\b(?=[^>]*\bnumFmtId="(\d+)")[^>]*\bformatCode="([^"]*)"')
_LOOKS = re.compile(rb"<cellXfs\b.*?</cellXfs>", re.DOTALL)
_LOOK = re.compile(rb"<xf\b[^>]*>")
_USED = re.compile(rb'\bnumFmtId="(\d+)"')
_SHEET = re.compile(rb'<sheet\b(?=[^>]*\bname="([^"]*)")[^>]*\b\w+:id="([^"]*)"')
_PART = re.compile(rb'<Relationship\b(?=[^>]*\bId="([^"]*)")[^>]*\bTarget="([^"]*)"')
_CELL = re.compile(rb'<c\b(?=[^>]*\bs="(\d+)")[^>]*\br="([A-Z]{1,3}\d+)"')

_ERROR = re.compile(
    rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3}\d+)"[^>]*>(?:(?!</c>).)*?<v>(#[^<]*)</v>',
    re.DOTALL)


def percent_cells(data: bytes) -> Mapping[str, frozenset[tuple[int, int]]]:
    """Return the (row, column) of percentages by the sheet's name; empty for other workbooks."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        looks = _percent_looks(archive.read(STYLES)) if STYLES in archive.namelist() else None
        if not looks:
            return {}
        return {name: _cells(content, looks) for name, content in _sheets(archive)}


def error_cells(data: bytes) -> Mapping[str, Mapping[tuple[int, int], str]]:
    """Return by the sheet's name the (row, column) of cells that hold an error, and the error."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        found = {name: _errors(content) for name, content in _sheets(archive)
                 if b't="e"' in content}
    return {name: cells for name, cells in found.items() if cells}


def _sheets(archive: zipfile.ZipFile) -> Iterator[tuple[str, bytes]]:
    """Yield the name and the part of every sheet; none for other workbooks."""
    names = set(archive.namelist())
    if not {WORKBOOK, RELATIONS} <= names:
        return
    parts = dict(_PART.findall(archive.read(RELATIONS)))
    for name, relation in _SHEET.findall(archive.read(WORKBOOK)):
        target = parts.get(relation, b"").decode()
        path = target.removeprefix("/") if target.startswith("/") else f"xl/{target}"
        if path in names:
            yield html.unescape(name.decode("utf-8")), archive.read(path)


def _errors(content: bytes) -> dict[tuple[int, int], str]:
    found = {}
    for where, error in _ERROR.findall(content):
        place = place_of(f"!{where.decode()}")
        if place is not None:
            found[place[1], place[2]] = error.decode()
    return found


def _percent_looks(styles: bytes) -> frozenset[bytes]:
    """Return the numbers of the cell styles whose number format has a percent sign."""
    percents = {number for number, code in _FORMAT.findall(styles) if b"%" in code}
    percents |= {number.encode() for number in BUILT_IN}
    section = _LOOKS.search(styles)
    looks = _LOOK.findall(section[0]) if section else []
    return frozenset(str(place).encode() for place, look in enumerate(looks)
                     if (used := _USED.search(look)) and used[1] in percents)


def _cells(content: bytes, looks: frozenset[bytes]) -> frozenset[tuple[int, int]]:
    places = (place_of(f"!{where.decode()}") for look, where in _CELL.findall(content)
              if look in looks)
    return frozenset(place[1:] for place in places if place is not None)
