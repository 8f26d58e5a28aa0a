"""Days from 1904 and percentages of other workbooks than .xlsx.

The two files were written by LibreOffice 7.4 from one openpyxl workbook of the 1904 date system:
two bonds, the first priced 0.985 in the format 0.00%, and two options, the second with the bare
serial number 44912 as expiry.
"""

import io
import struct
import zipfile
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.importers.books import said
from tests.unit.importers.formats import xls, xlsb, xlsb_styles
from workstation.importers import import_file
from workstation.importers.book_marks import BookMarks, marks_of_archive, marks_of_stream

DATA = Path(__file__).resolve().parents[2] / "data" / "formats"
D = Decimal


@pytest.mark.parametrize("name", ["mac.xls", "mac.ods"])
def test_a_workbook_from_an_old_mac(name):
    read = import_file(DATA / name, as_of=date(2026, 11, 13))
    assert [p.price for p in read.book.positions] == [D("98.5"), D("99.5"), 5, 5]
    assert [p.instrument.expiry for p in read.book.positions][2:] == [date(2026, 12, 18)] * 2
    assert "shown as percentages" in said(read, "warning")


def in_archive(part, content):
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        archive.writestr(part, content)
    return data.getvalue()


@pytest.mark.parametrize(("flags", "is_from_1904"), [(1, True), (0x10020, False)])
def test_days_of_a_binary_workbook(flags, is_from_1904):
    begin, version = b"\x83\x01\x00", b"\x80\x01\x02\x00\x00"
    properties = b"\x99\x01\x08" + struct.pack("<II", flags, 0)
    data = in_archive("xl/workbook.bin", begin + version + properties)
    assert marks_of_archive(data) == BookMarks(is_from_1904)


def test_binary_workbooks_that_say_nothing():
    rows = [["symbol", "quantity"], ["AAPL", 1.0]]
    assert marks_of_archive(xlsb(rows)) == BookMarks()
    assert marks_of_archive(in_archive("xl/workbook.bin", b"\x99\x01")) == BookMarks()
    assert marks_of_archive(in_archive("xl/workbook.bin", b"")) == BookMarks()


@pytest.mark.parametrize(("styles", "is_unplaced"), [
    (xlsb_styles("0.0%", 164), True), (xlsb_styles(number=10), True),
    (xlsb_styles("0.00", 164), False), (xlsb_styles("0.0%", 164, of_names=True), False)])
def test_percent_looks_of_a_binary_workbook(styles, is_unplaced):
    rows = [["symbol", "quantity"], ["AAPL", 1.0]]
    assert marks_of_archive(xlsb(rows, styles=styles)) == BookMarks(unplaced=is_unplaced)


@pytest.mark.parametrize(("price", "styles", "is_said"), [
    (0.985, xlsb_styles(number=10), True), (98.5, xlsb_styles(number=10), False),
    (0.985, xlsb_styles(), False)])
def test_small_prices_of_a_binary_workbook_with_percentages_are_doubted(
        tmp_path, price, styles, is_said):
    path = tmp_path / "bonds.xlsb"
    path.write_bytes(xlsb([["symbol", "quantity", "price"], ["AAPL", 1.0, price]], styles=styles))
    read = import_file(path, as_of=date(2026, 11, 13))
    assert read.book.positions[0].price == D(str(price))
    told = [p for p in read.problems if "is not read from .xlsb" in p.what]
    assert [p.where for p in told] == ["Positions!C2"] * is_said
    assert all(p.severity == "warning" and ".xlsx" in p.remedy for p in told)


def test_repeated_cells_of_an_open_document():
    cell = '<table:table-cell office:value-type="{}"{}/>'
    content = (
        '<table:table table:name="A &amp; B"><table:table-row table:number-rows-repeated="2">'
        + cell.format("float", ' table:number-columns-repeated="3"')
        + cell.format("percentage", ' table:number-columns-repeated="2"')
        + "</table:table-row><table:table-row>" + cell.format("percentage", "")
        + "</table:table-row></table:table>")
    assert marks_of_archive(in_archive("content.xml", content)) == BookMarks(
        percents={"A & B": frozenset({(0, 3), (0, 4), (1, 3), (1, 4), (2, 0)})})


def record(kind, body):
    return struct.pack("<HH", kind, len(body)) + body


def test_runs_of_numbers_and_styles_of_an_old_workbook():
    """Look 1 is a cell's percent, look 2 the same number format as a named style: not counted."""
    looks = [struct.pack("<HHH", 0, 0, 0), struct.pack("<HHH", 0, 164, 0),
             struct.pack("<HHH", 0, 9, 4)]
    text = "0.0%"
    head = record(0x0809, b"") + record(0x0022, b"\0\0") + record(
        0x041E, struct.pack("<HHB", 164, len(text), 0) + text.encode())
    head += b"".join(record(0x00E0, look) for look in looks)
    sheet = record(0x0809, b"") + record(0x00BD, struct.pack(
        "<HHHIHIHIH", 4, 1, 1, 0, 0, 0, 2, 0, 3)) + record(
        0x0203, struct.pack("<HHHd", 7, 0, 1, 0.5)) + record(0x000A, b"")
    start = len(head) + 4 + 9 + 4
    stream = head + record(0x0085, struct.pack("<IBBBB", start, 0, 0, 1, 0) + b"S") + record(
        0x000A, b"") + sheet
    assert marks_of_stream(stream) == BookMarks(percents={"S": frozenset({(4, 1), (7, 0)})})
    assert marks_of_stream(stream[:-20]).percents["S"] == frozenset({(4, 1)})


def test_a_smallest_old_workbook_says_nothing(tmp_path):
    path = tmp_path / "small.xls"
    path.write_bytes(xls([["symbol", "quantity", "price"], ["AAPL", 1.0, 2.0]]))
    assert import_file(path, as_of=date(2026, 11, 13)).book.positions[0].price == 2
