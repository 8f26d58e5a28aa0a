"""What cannot be used is refused in a sentence that names file, sheet, cell and remedy."""

import io
import zipfile
from datetime import datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.unit.importers import formats
from tests.unit.importers.books import AS_OF, held, said, text, workbook
from workstation.base.problem import UnusableInputError
from workstation.importers import import_document, import_file
from workstation.importers.canonical import SHEETS

ROWS = (("symbol", "quantity", "price"), ("MSFT", 10.0, 400.5), ("AAPL", -5.0, 200.0))
OWN = Path(__file__).resolve().parents[2] / "data" / "positions"


def written(tmp_path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("kind", ["xls", "xlsb", "ods"])
@pytest.mark.parametrize("extension", ["xls", "xlsx", "csv", "dat"])
def test_the_first_bytes_decide_not_the_extension(tmp_path, kind, extension):
    path = written(tmp_path, f"client.{extension}", getattr(formats, kind)(ROWS))
    read = import_file(path, as_of=AS_OF)
    assert held(read) == [("Account", "MSFT", 10), ("Account", "AAPL", -5)]
    assert read.book.positions[1].where == "Positions!A3"


def test_text_named_as_a_workbook(tmp_path):
    read = text(tmp_path, "Symbol\tQuantity\tPrice\nMSFT\t10\t400\n", name="client.xls")
    assert held(read) == [("Account", "MSFT", 10)]


@pytest.mark.parametrize(("name", "data", "what", "remedy"), [
    ("empty.xlsx", b"", "the file is empty", "export it again"),
    ("blank.csv", b"\n \n\xef\xbb\xbf", "the file is empty", "export it again"),
    ("memo.xlsx", b"%PDF-1.7 ...", "a PDF document", "as .xlsx or .csv"),
    ("photo.csv", b"\x89PNG\r\n\x1a\n" + bytes(64), "a picture", "as .xlsx or .csv"),
    ("noise.csv", bytes(range(256)) * 8, "not a spreadsheet", "as .xlsx or .csv"),
    ("page.xls", b"<html><p>Session expired</p></html>", "a web page without a table",
     "save it as .xlsx"),
    ("cut.json", b'[{"symbol": "BTC', "damaged or cut short", "export it again"),
    ("other.json", b'{"hello": [1, 2]}', "not a position export", "as .xlsx or .csv"),
    ("other.xml", b"<?xml version='1.0'?><a/>", "not a position export", "as .xlsx or .csv"),
    ("letter.csv", b"Dear all,\nplease find below\nnothing\n", "no position table was found",
     "at least a symbol and a quantity"),
    ("head.csv", b"Symbol,Quantity,Price\n", "the position table has no rows", "add at least one"),
    ("cut.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(700), "damaged or cut short", "again"),
])
def test_unusable_files(tmp_path, name, data, what, remedy):
    path = written(tmp_path, name, data)
    with pytest.raises(UnusableInputError) as refused:
        import_file(path)
    (problem,) = refused.value.problems
    assert name in problem.where
    assert what in problem.what
    assert remedy in problem.remedy
    assert problem.severity == "error"


def test_a_missing_file(tmp_path):
    with pytest.raises(UnusableInputError, match=r"nothing\.xlsx: no such file"):
        import_file(tmp_path / "nothing.xlsx")
    with pytest.raises(UnusableInputError, match="directory"):
        import_file(tmp_path)


def test_no_table_names_the_sheets_of_a_workbook(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Cover": [("Hello",)], "Notes": [("nothing",)]})
    with pytest.raises(UnusableInputError, match=r"x\.xlsx, sheet Cover, Notes: no position table"):
        import_file(path)


def test_a_truncated_workbook(tmp_path):
    whole = workbook(tmp_path / "x.xlsx", {"Positions": ROWS}).read_bytes()
    path = written(tmp_path, "cut.xlsx", whole[: len(whole) // 2])
    with pytest.raises(UnusableInputError, match=r"cut\.xlsx: the file is damaged or cut short"):
        import_file(path)


def test_an_archive_is_not_a_spreadsheet(tmp_path):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("readme.txt", "hello")
    with pytest.raises(UnusableInputError, match="an archive, not a spreadsheet"):
        import_file(written(tmp_path, "a.xlsx", out.getvalue()))


def test_a_protected_workbook_opens_with_its_password(tmp_path):
    from msoffcrypto.format.ooxml import OOXMLFile

    plain = workbook(tmp_path / "plain.xlsx", {"Positions": ROWS})
    locked = tmp_path / "locked.xlsx"
    with plain.open("rb") as source, locked.open("wb") as target:
        OOXMLFile(source).encrypt("open sesame", target)
    with pytest.raises(UnusableInputError, match="protected by a password; give the password"):
        import_file(locked)
    with pytest.raises(UnusableInputError, match="the password does not open it"):
        import_file(locked, password="wrong")
    read = import_file(locked, password="open sesame", as_of=AS_OF)
    assert held(read) == [("Account", "MSFT", 10), ("Account", "AAPL", -5)]


def with_part(data: bytes, name: str, content: bytes) -> bytes:
    out = io.BytesIO()
    with (zipfile.ZipFile(io.BytesIO(data)) as old,
          zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new):
        for item in old.namelist():
            if item != name:
                new.writestr(item, old.read(item))
        new.writestr(name, content)
    return out.getvalue()


@pytest.mark.parametrize(("part", "content", "reason"), [
    ("xl/media/zeros.bin", bytes(20_000_000), "more than 100 times its size"),
    ("xl/more.zip", b"PK", "another archive"),
    ("xl/sharedStrings.xml", b'<!DOCTYPE x [<!ENTITY a "b">]><sst/>', "declares entities"),
    ("xl/worksheets/sheet1.xml", b'<worksheet><sheetData><row r="1048576"><c r="XFD1048576"/></row>'
     b"</sheetData></worksheet>", "more than five million cells"),
])
def test_bombs_are_refused_before_they_are_unpacked(tmp_path, part, content, reason):
    plain = workbook(tmp_path / "plain.xlsx", {"Positions": ROWS}).read_bytes()
    path = written(tmp_path, "bomb.xlsx", with_part(plain, part, content))
    with pytest.raises(UnusableInputError, match=reason):
        import_file(path)


def test_the_encoding_is_said_when_it_is_a_guess(tmp_path):
    read = text(tmp_path, "Symbol,Description,Quantity\nMSFT,Müller,10\n", encoding="cp1252")
    assert "read as cp1252" in said(read, "info")


def sound_or_refused(path: Path) -> None:
    problems: tuple = ()
    read = None
    try:
        read = import_file(path, as_of=AS_OF)
    except UnusableInputError as refused:
        problems = refused.problems
    assert (read is None) == bool(problems)
    assert all(problem.what and problem.where for problem in problems)
    assert read is None or import_document(read)["outcome"] in ("imported", "partial")


FUZZ = settings(max_examples=150, deadline=None,
                suppress_health_check=[HealthCheck.function_scoped_fixture])


@FUZZ
@given(data=st.binary(max_size=400), head=st.sampled_from(
    [b"", b"PK\x03\x04", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"[{", b"<?xml", b"\xff\xfe"]))
def test_random_bytes_never_break_it(tmp_path, data, head):
    sound_or_refused(written(tmp_path, "fuzz.bin", head + data))


@FUZZ
@given(share=st.floats(0, 1), kind=st.sampled_from(["xlsx", "xls", "xlsb", "ods"]))
def test_truncated_workbooks_never_break_it(tmp_path, share, kind):
    whole = ((OWN / "hedge_fund_two_accounts.xlsx").read_bytes() if kind == "xlsx"
             else getattr(formats, kind)(ROWS))
    sound_or_refused(written(tmp_path, "cut.bin", whole[: int(len(whole) * share)]))


CHANGE = st.tuples(st.floats(0, 0.999), st.integers(0, 255))


@FUZZ
@given(changes=st.lists(CHANGE, min_size=1, max_size=8),
       kind=st.sampled_from(["xlsx", "xls", "xlsb", "ods"]))
def test_damaged_workbooks_never_break_it(tmp_path, changes, kind):
    whole = bytearray((OWN / "hedge_fund_two_accounts.xlsx").read_bytes() if kind == "xlsx"
                      else getattr(formats, kind)(ROWS))
    for place, value in changes:
        whole[int(place * len(whole))] = value
    sound_or_refused(written(tmp_path, "damaged.bin", bytes(whole)))


CELLS = st.one_of(
    st.sampled_from(["MSFT", "ESZ6", "BTC-PERPETUAL", "Total", "Cash", "12", "-3", "(4)", "1,5",
                     "C", "18/12/2026", "short", "future", "listed_option", "#N/A", "117-24",
                     "EUR", "="]),
    st.text(max_size=8), st.floats(allow_nan=True).map(str))


@FUZZ
@given(rows=st.lists(st.lists(CELLS, max_size=9), max_size=8))
def test_any_cells_under_a_header_are_read_or_refused(tmp_path, rows):
    head = ["account_id", "symbol", "quantity", "price", "asset_class", "expiry", "strike",
            "put_call", "side"]
    quoted = [",".join('"' + cell.replace('"', '""') + '"' for cell in row)
              for row in [head, *rows]]
    sound_or_refused(written(tmp_path, "fuzz.csv", "\n".join(quoted).encode("utf-8", "replace")))


TYPED = st.one_of(
    CELLS, st.none(), st.booleans(), st.floats(allow_nan=False, allow_infinity=False),
    st.integers(-10**6, 10**6), st.dates(), st.datetimes(min_value=datetime(1950, 1, 1)),
    st.sampled_from(["A", "L1", "SPX", "EURUSD", "equity", "pledge", "reg_t", "2026-11-13", "25%"]))


@settings(FUZZ, max_examples=60)
@given(data=st.data())
def test_any_cells_on_any_sheet_are_read_or_refused(tmp_path, data):
    import re

    sheets = {}
    for name, columns in SHEETS.items():
        head = (*columns, "SPX", "MSFT") if name == "History" else columns
        body = data.draw(st.lists(st.lists(TYPED, max_size=len(head)), max_size=3))
        sheets[name] = [head, *([re.sub(r"[\x00-\x1f\ud800-\udfff\ufffe\uffff]", "", cell)
                                if isinstance(cell, str) else cell for cell in row]
                                for row in body)]
    sound_or_refused(workbook(tmp_path / "any.xlsx", sheets))


@FUZZ
@given(document=st.recursive(
    st.none() | st.booleans() | st.floats() | st.text(max_size=6),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(
        ["instrument_name", "direction", "size", "symbol", "positionAmt", "result", "markPrice",
         "portfolio_components", "etd_portfolio", "otc_csv", "csv"]), inner, max_size=5),
    max_leaves=12))
def test_any_json_is_read_or_refused(tmp_path, document):
    import json

    sound_or_refused(written(tmp_path, "fuzz.json", json.dumps(document).encode()))
