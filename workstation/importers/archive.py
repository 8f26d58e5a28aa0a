"""Refuse workbooks built to exhaust the machine, before anything is unpacked.

The limits follow the zip-bomb guard of Apache POI (entry ratio, entry size) and add a total and a
number of cells.
"""

from __future__ import annotations

import io
import re
import zipfile

MEGABYTE = 1024 * 1024
RATIO_LIMIT = 100
RATIO_FREE = 100 * 1024
"""Entries below this size are not judged by their ratio."""
ENTRY_LIMIT, TOTAL_LIMIT = 512 * MEGABYTE, 1024 * MEGABYTE
CELL_LIMIT = 5_000_000
WIDEST = 16_384
HEAD = 2048
_LAST_ROW = re.compile(rb'<(?:\w+:)?row [^>]*?\br="(\d+)"')
_WITHOUT_VALUE = re.compile(rb"(?:</f>|<f [^>]*/>|<f\s*/>)(?:<v\s*/>|<v></v>)?</c>")
_HIDDEN = re.compile(rb'<(?:row|col) [^>]*hidden="(?:1|true)"')
_FAR_COLUMN = re.compile(rb'r="[A-Z]{3}')
_FROM_1904 = re.compile(rb'<(?:\w+:)?workbookPr[^>]*\bdate1904="(?:1|true)"')
WORKBOOK = "xl/workbook.xml"


class BombError(ValueError):
    """The archive would unpack to more than any position file holds; says which limit."""


def check_archive(data: bytes) -> bool:
    """Say whether a workbook needs a second look: formulas without values, hidden cells.

    Raises BombError for an archive no honest workbook resembles.
    """
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        entries = archive.infolist()
        for entry in entries:
            _check_entry(entry)
        if sum(entry.file_size for entry in entries) > TOTAL_LIMIT:
            raise BombError("it unpacks to more than 1 GB")
        parts = [entry for entry in entries if entry.filename.endswith((".xml", ".bin", ".rels"))]
        looks = [_check_part(archive, entry) for entry in parts]
    return any(looks)


def counts_from_1904(data: bytes) -> bool:
    """Say whether a workbook counts its days from 1904, as files from old Macs do."""
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        return WORKBOOK in archive.namelist() and (
            _FROM_1904.search(archive.read(WORKBOOK)) is not None)


def _check_entry(entry: zipfile.ZipInfo) -> None:
    if entry.file_size > ENTRY_LIMIT:
        raise BombError(f"its part {entry.filename} unpacks to more than 512 MB")
    if entry.file_size > RATIO_FREE and entry.file_size > RATIO_LIMIT * entry.compress_size:
        raise BombError(
            f"its part {entry.filename} unpacks to more than {RATIO_LIMIT} times its size")
    if entry.filename.casefold().endswith((".zip", ".gz", ".7z", ".rar")):
        raise BombError(f"it contains another archive, {entry.filename}")


def _check_part(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bool:
    """Read a part whole, which proves its checksum, and look for entities and far cells."""
    content = archive.read(entry)
    if entry.filename.endswith(".bin"):
        return False
    if b"<!DOCTYPE" in content[:HEAD] or b"<!ENTITY" in content[:HEAD]:
        raise BombError(f"its part {entry.filename} declares entities")
    if "worksheets/" not in entry.filename:
        return False
    start = content.rfind(b"<row ")
    last = _LAST_ROW.match(content, start) if start >= 0 else None
    rows = int(last[1]) if last else 0
    if _FAR_COLUMN.search(content) and rows * WIDEST > CELL_LIMIT:
        raise BombError(f"its part {entry.filename} spans more than five million cells")
    return any(_suspect(content))


def _suspect(content: bytes) -> tuple[bool, bool]:
    formulas = b"<f" in content and _WITHOUT_VALUE.search(content) is not None
    hidden = b'hidden="' in content and _HIDDEN.search(content) is not None
    return formulas, hidden
