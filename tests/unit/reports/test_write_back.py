"""Margin written into a copy of the client's own workbook: everything else stays as it was."""

import zipfile
from decimal import Decimal

import pytest

from tests.unit.importers.books import without_places
from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.workspace.session import Session
from workstation.workspace.writing_back import write_margin_back

D = Decimal


def client_book(path):
    """A client's workbook with titles, formats, formulas and their values, a chart and a table."""
    import xlsxwriter

    with xlsxwriter.Workbook(path) as book:
        bold = book.add_format({"bold": True, "bg_color": "#DDEEFF", "border": 1})
        money = book.add_format({"num_format": "#,##0.00"})
        sheet = book.add_worksheet("Holdings & more")
        sheet.write(0, 0, "Invented Partners LP")
        sheet.write(1, 0, "As of 2026-11-13")
        sheet.write_row(3, 0, ("Account", "Account Type", "Symbol", "Quantity", "Price", "Value"),
                        bold)
        for row, line in enumerate((("=2+2", "margin", "AAPL", 100, 268.4),
                                    ("=2+2", "margin", "MSFT", -50, 412.5),
                                    ("=2+2", "margin", "XYZZ6 Comdty", 5, 1)), start=4):
            sheet.write_string(row, 0, line[0])
            sheet.write_row(row, 1, line[1:])
            sheet.write_formula(row, 5, f"=D{row + 1}*E{row + 1}", money,
                                round(line[3] * line[4], 2))
        sheet.set_column(0, 5, 14)
        sheet.freeze_panes(4, 0)
        sheet.autofilter(3, 0, 6, 5)
        chart = book.add_chart({"type": "column"})
        chart.add_series({"values": "='Holdings & more'!$F$5:$F$6"})
        sheet.insert_chart("J2", chart)
        other = book.add_worksheet("Remarks")
        other.write(0, 0, "nothing to see")
        other.hide()
    return path


@pytest.fixture
def written(tmp_path):
    session = Session.from_file(client_book(tmp_path / "client.xlsx"))
    run = session.review()
    path = write_margin_back(session, run, tmp_path / "copy.xlsx")
    return tmp_path / "client.xlsx", path, session, run


def opened(path):
    import openpyxl

    return openpyxl.load_workbook(path)


def test_margin_status_and_regime_stand_beside_each_position(written):
    sheet = opened(written[1])["Holdings & more"]
    assert [sheet.cell(4, c).value for c in range(7, 11)] == [
        "Margin alone (USD, 2026-11-13)", "Margin regime", "Margin status", "Offsets"]
    assert sheet.cell(5, 7).value == 6710  # 25 % of 26,840
    assert sheet.cell(5, 7).number_format == "#,##0.00"
    assert [sheet.cell(5, c).value for c in (8, 9)] == ["Regulation T", "margined"]
    assert sheet.cell(7, 7).value is None
    assert sheet.cell(7, 9).value.startswith("left out: ")
    assert sheet.cell(4, 7).font.bold
    assert sheet.cell(4, 7).fill.start_color.rgb == "FFDDEEFF"


def test_every_other_part_keeps_its_bytes(written):
    with zipfile.ZipFile(written[0]) as before, zipfile.ZipFile(written[1]) as after:
        same = {name for name in before.namelist() if before.read(name) == after.read(name)}
        assert set(before.namelist()) - same == {
            "xl/worksheets/sheet1.xml", "xl/workbook.xml", "xl/_rels/workbook.xml.rels",
            "xl/styles.xml", "[Content_Types].xml"}
        assert {"xl/charts/chart1.xml", "xl/worksheets/sheet2.xml"} <= same
        assert b"<f>D5*E5</f><v>26840" in after.read("xl/worksheets/sheet1.xml")


def test_formulas_formats_filters_and_hidden_sheets_survive(written):
    book = opened(written[1])
    sheet = book["Holdings & more"]
    assert sheet["F5"].value == "=D5*E5"
    assert sheet["F5"].number_format == "#,##0.00"
    assert sheet.freeze_panes == "A5"
    assert sheet.auto_filter.ref == "A4:F7"
    assert sheet.column_dimensions["A"].width == pytest.approx(14.71, abs=0.01)
    assert book["Remarks"].sheet_state == "hidden"
    assert len(sheet._charts) == 1


def test_client_text_never_becomes_a_formula(written):
    accounts = opened(written[1])["Crossmargin accounts"]
    assert accounts["A2"].value == "=2+2"
    assert accounts["A2"].data_type == "s"
    offsets = opened(written[1])["Crossmargin offsets"]
    assert offsets["A1"].value == "Under"


def test_the_copy_imports_to_the_same_book(written):
    again = Session.from_file(written[1])
    before, after = without_places(written[2].book), without_places(again.book)
    assert [(p.account_id, p.instrument, p.quantity, p.price) for p in after.positions] == [
        (p.account_id, p.instrument, p.quantity, p.price) for p in before.positions]
    assert dict(again.book.positions[0].extras)["Margin status"] == "margined"
    twice = write_margin_back(again, again.review(), written[1].with_name("twice.xlsx"))
    assert {"Crossmargin accounts", "Crossmargin accounts 2"} <= set(opened(twice).sheetnames)


def test_workbooks_saved_by_another_library(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Positions"
    for row in (("symbol", "quantity", "price"), ("AAPL", 100, 268.4)):
        book.active.append(row)
    book.save(tmp_path / "plain.xlsx")
    session = Session.from_file(tmp_path / "plain.xlsx")
    path = write_margin_back(session, session.review(), tmp_path / "copy.xlsx")
    assert opened(path)["Positions"]["D2"].value == 6710


@pytest.mark.parametrize(("name", "out", "sentence"), [
    ("client.csv", "copy.xlsx", "only"), ("client.xlsx", "copy.xlsm", r"must end in \.xlsx"),
    ("client.xlsx", "missing/copy.xlsx", "cannot be written")])
def test_what_cannot_be_written_back_is_a_sentence(tmp_path, name, out, sentence):
    path = tmp_path / name
    if name.endswith("csv"):
        path.write_text("Symbol,Quantity,Price\nAAPL,1,268\n")
    else:
        client_book(path)
    session = Session.from_file(path)
    with pytest.raises(UnusableInputError, match=sentence):
        write_margin_back(session, session.review(), tmp_path / out)


def test_the_command_writes_the_copy(tmp_path, capsys):
    path = client_book(tmp_path / "client.xlsx")
    assert main(["import", str(path), "--write-back", str(tmp_path / "copy.xlsx")]) == 1
    assert f"wrote {tmp_path / 'copy.xlsx'}" in capsys.readouterr().out
    assert (tmp_path / "copy.xlsx").exists()
