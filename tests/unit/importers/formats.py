"""The smallest honest .xls, .xlsb and .ods files holding one sheet of texts and numbers."""

from __future__ import annotations

import io
import struct
import zipfile
from collections.abc import Sequence
from xml.sax.saxutils import escape

Rows = Sequence[Sequence[str | float]]
SECTOR = 512
FREE, END, FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD


def xls(rows: Rows, name: str = "Positions") -> bytes:
    """A BIFF8 workbook in a compound file; its stream is padded so it needs no mini stream."""
    sheet = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0010, 0, 0, 0, 0))
    for r, row in enumerate(rows):
        for c, value in enumerate(row):
            if isinstance(value, str):
                text = value.encode("utf-16-le")
                sheet += _biff(0x0204, struct.pack("<HHHHB", r, c, 0, len(value), 1) + text)
            else:
                sheet += _biff(0x0203, struct.pack("<HHHd", r, c, 0, value))
    sheet += _biff(0x000A, b"")
    head = _biff(0x0809, struct.pack("<HHHHII", 0x0600, 0x0005, 0, 0, 0, 0))
    title = name.encode("latin-1")
    offset = len(head) + 4 + 8 + len(title) + 4
    head += _biff(0x0085, struct.pack("<IBBBB", offset, 0, 0, len(title), 0) + title)
    head += _biff(0x000A, b"")
    return _compound((head + sheet).ljust(8 * SECTOR, b"\0"))


def _biff(kind: int, body: bytes) -> bytes:
    return struct.pack("<HH", kind, len(body)) + body


def _compound(stream: bytes) -> bytes:
    stream = stream.ljust(-(-len(stream) // SECTOR) * SECTOR, b"\0")
    sectors = len(stream) // SECTOR
    fat = [FAT, END, *range(3, 2 + sectors), END]
    fat += [FREE] * (SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16)
    header += struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(6)
    header += struct.pack("<IIIIIIIII", 0, 1, 1, 0, 0x1000, END, 0, END, 0)
    header += struct.pack("<109I", 0, *[FREE] * 108)
    directory = _entry("Root Entry", 5, 1, END, 0) + _entry("Workbook", 2, FREE, 2, len(stream))
    directory += (bytes(68) + struct.pack("<III", FREE, FREE, FREE) + bytes(48)) * 2
    return header + struct.pack(f"<{len(fat)}I", *fat) + directory + stream


def _entry(name: str, kind: int, child: int, start: int, size: int) -> bytes:
    text = name.encode("utf-16-le") + b"\0\0"
    return (text.ljust(64, b"\0") + struct.pack("<HBB", len(text), kind, 1)
            + struct.pack("<III", FREE, FREE, child) + bytes(36) + struct.pack("<IQ", start, size))


def xlsb_styles(code: str = "", number: int = 0, *, of_names: bool = False) -> bytes:
    """The styles of a binary workbook: one number format, used by a look of cells or of names."""
    fmt = _record(44, struct.pack("<H", number) + _wide(code)) if code else b""
    first = 626 if of_names else 617
    look = _record(47, struct.pack("<HH", 0, number) + bytes(12))
    return fmt + _record(first, struct.pack("<I", 1)) + look + _record(first + 1, b"")


def xlsb(rows: Rows, name: str = "Positions", styles: bytes = b"") -> bytes:
    """A binary workbook: one part of sheets, one part of cells."""
    bundle = struct.pack("<II", 0, 1) + _wide("rId1") + _wide(name)
    sheets = _record(143, b"") + _record(156, bundle)
    sheets += _record(144, b"")
    width = max(len(row) for row in rows)
    cells = _record(129, b"") + _record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, width - 1))
    cells += _record(145, b"")
    for r, row in enumerate(rows):
        cells += _record(0, struct.pack("<IIHHB", r, 0, 300, 0, 0) + struct.pack("<I", 0))
        for c, value in enumerate(row):
            place = struct.pack("<II", c, 0)
            cells += (_record(6, place + _wide(value)) if isinstance(value, str)
                      else _record(5, place + struct.pack("<d", value)))
    cells += _record(146, b"") + _record(130, b"")
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet"
    return _zip({
        "[Content_Types].xml": "<Types/>",
        "xl/workbook.bin": _record(131, b"") + sheets + _record(132, b""),
        "xl/_rels/workbook.bin.rels": (
            '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">'
            f'<Relationship Id="rId1" Type="{relation}" Target="worksheets/sheet1.bin"/>'
            "</Relationships>"),
        "xl/worksheets/sheet1.bin": cells, **({"xl/styles.bin": styles} if styles else {}),
    })


def _wide(text: str) -> bytes:
    return struct.pack("<I", len(text)) + text.encode("utf-16-le")


def _record(kind: int, body: bytes) -> bytes:
    number = bytes([kind]) if kind < 128 else bytes([kind & 0x7F | 0x80, kind >> 7])
    size, length = b"", len(body)
    while True:
        size += bytes([length & 0x7F | (0x80 if length > 0x7F else 0)])
        length >>= 7
        if not length:
            return number + size + body


def ods(rows: Rows, name: str = "Positions") -> bytes:
    """An OpenDocument spreadsheet of one table."""
    lines = "".join("<table:table-row>" + "".join(map(_ods_cell, row)) + "</table:table-row>"
                    for row in rows)
    office = "urn:oasis:names:tc:opendocument:xmlns"
    content = (
        f'<office:document-content xmlns:office="{office}:office:1.0" '
        f'xmlns:table="{office}:table:1.0" xmlns:text="{office}:text:1.0"><office:body>'
        f'<office:spreadsheet><table:table table:name="{escape(name)}">{lines}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>")
    return _zip({"mimetype": "application/vnd.oasis.opendocument.spreadsheet",
                 "content.xml": content,
                 "META-INF/manifest.xml": _MANIFEST})


_MANIFEST = ('<manifest:manifest '
             'xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
             '<manifest:file-entry manifest:full-path="/"/></manifest:manifest>')


def _ods_cell(value: str | float) -> str:
    if isinstance(value, str):
        return ('<table:table-cell office:value-type="string"><text:p>'
                f"{escape(value)}</text:p></table:table-cell>")
    return (f'<table:table-cell office:value-type="float" office:value="{value}">'
            f"<text:p>{value}</text:p></table:table-cell>")


def _zip(parts: dict[str, str | bytes]) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            stored = zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED
            archive.writestr(name, content, stored)
    return out.getvalue()
