import io
import zipfile
from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest
from python_calamine import CalamineWorkbook

from tests.unit.results.made_run import made_outcome, made_run
from workstation.base.explain import leaf
from workstation.reports import workbook
from workstation.reports.dossier.pack import Pack
from workstation.reports.sheets import SheetNames, number_format
from workstation.reports.workbook import workbook_bytes
from workstation.reports.workbook_charts import BARS, bars_of
from workstation.results.tables import all_tables, bridge_table


@pytest.fixture(scope="module")
def run():
    return made_run()


@pytest.fixture(scope="module")
def content(run):
    return workbook_bytes(Pack(run))


@pytest.fixture(scope="module")
def book(content):
    return CalamineWorkbook.from_filelike(io.BytesIO(content))


def styled(content):
    """Open the workbook with its formats."""
    import openpyxl

    return openpyxl.load_workbook(io.BytesIO(content))


def rows(book, sheet):
    return book.get_sheet_by_name(sheet).to_python()


def test_one_sheet_a_table_after_the_first(run, book):
    names = [table.name for table in all_tables(run)]
    assert book.sheet_names == [
        "About", *names, "Exceptions", "Check totals", "Explain"]


def test_the_first_sheet_says_what_each_sheet_is(run, book):
    lines = {row[0]: row[1] for row in rows(book, "About")}
    for table in all_tables(run):
        assert lines[table.name].startswith(table.about)
    assert lines["As of"] == "2026-03-02"
    assert lines["meridian.xlsx"] == "ab" * 32
    assert lines["Clearing margin"].endswith("to confirm: es_rate, btc_rate")
    assert any("INCOMPLETE: 2 positions" in str(name) for name in lines)


def test_a_complete_review_has_no_warning(run):
    complete = replace(run, silos=replace(run.silos, excluded=()))
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(Pack(complete))))
    assert "INCOMPLETE" not in str(rows(book, "About"))


def test_every_value_of_every_table_is_in_its_sheet(run, book):
    for table in all_tables(run):
        sheet = rows(book, table.name)
        assert [str(cell) for cell in sheet[0][:len(table.columns)]] == [
            c.heading for c in table.columns]
        for row in range(len(table.rows)):
            for place, column in enumerate(table.columns):
                cell, value = sheet[row + 1][place], table.value(row, place)
                if value is None:
                    assert cell == ""
                elif column.numeric:
                    assert cell == float(value)
                elif isinstance(value, date):
                    assert cell == value
                else:
                    assert str(cell) == column.text(value)


def test_totals_are_values_that_agree_with_the_run(run, book):
    total = rows(book, "Silos")[-1]
    headings = rows(book, "Silos")[0]
    assert total[0] == "Total"
    assert total[headings.index("Maintenance (USD)")] == float(run.silos.maintenance.amount)


def test_there_are_no_formulas_and_no_links_out_of_the_book(content):
    book = styled(content)
    for sheet in book:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f"
                if cell.hyperlink is not None:
                    assert sheet.title == "About"
                    assert cell.hyperlink.target is None
    assert book["Positions"]["G3"].value == '=HYPERLINK("http://x")'
    assert book["Positions"]["G3"].data_type == "s"
    book.close()


def test_sheets_are_ready_to_use(content):
    book = styled(content)
    for sheet in book.worksheets[1:]:
        assert sheet.freeze_panes == "A2"
        assert sheet.auto_filter.ref.startswith("A1:")
        assert sheet.print_title_rows == "$1:$1"
    assert book["Silos"]["G2"].number_format == "#,##0_);(#,##0)"
    assert book["Positions"]["H2"].number_format == "#,##0_);(#,##0)"
    assert book["Positions"]["H7"].number_format.startswith("#,##0.#")
    assert book["Silos"].column_dimensions["B"].width > 10
    book.close()


def test_explanations_are_indented_with_level_citation_and_inputs(run, content, book):
    sheet = rows(book, "Explain")
    assert sheet[0][:3] == ["Result", "Level", "Label"]
    assert sheet[1][:4] == ["Today, maintenance", 0, "Maintenance requirement, all accounts",
                            float(run.silos.maintenance.amount)]
    assert sheet[4][-2:] == ["FINRA 4210(f)(2)(E) [2026-06-04]",
                             "price: 268.40; rate: 15 % of market value"]
    assert "(to confirm)" in str(sheet)
    opened = styled(content)
    assert opened["Explain"]["C5"].alignment.indent == 3
    assert opened["Explain"].row_dimensions[5].outlineLevel == 3
    opened.close()


def test_the_same_run_gives_the_same_bytes(run, content):
    assert workbook_bytes(Pack(made_run())) == content
    times = {item.date_time for item in zipfile.ZipFile(io.BytesIO(content)).infolist()}
    assert times == {(1980, 1, 1, 0, 0, 0)}


def test_long_and_clashing_names_become_sheets(run):
    long = "a-design-with-a-name-that-goes-on-and-on"
    amount = run.silos.maintenance.amount
    designs = (made_outcome(amount, long + "-1"), made_outcome(amount, long + "-2"),
               made_outcome(amount, "odd/name*?"))
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(
        Pack(replace(run, designs=designs)))))
    assert len(book.sheet_names) == len({name.lower() for name in book.sheet_names})
    assert all(len(name) <= 31 for name in book.sheet_names)


def test_sheet_names():
    names = SheetNames("About")
    assert names.unique("about") == "about 2"
    assert names.unique("A/B:C") == "A-B-C"
    assert names.unique("x" * 40) == "x" * 31
    assert names.unique("x" * 40) == "x" * 29 + " 2"


def test_whole_numbers_lose_the_point_of_optional_decimals():
    form = "#,##0.########_);(#,##0.########)"
    assert number_format(form, Decimal(12500)) == "#,##0_);(#,##0)"
    assert number_format(form, Decimal("0.5")) == form
    assert number_format("0.0%", 1.0) == "0.0%"


def test_numbers_that_are_none_are_written_as_words(run):
    odd = replace(run.cascade, invariants=(("value", float("nan")),))
    book = CalamineWorkbook.from_filelike(
        io.BytesIO(workbook_bytes(Pack(replace(run, cascade=odd)))))
    assert rows(book, "Cascade checks")[1] == ["value", "nan"]


def test_an_empty_book_still_makes_a_workbook(run):
    empty = replace(run.book, accounts=(), positions=(), name="Empty")
    book = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(Pack(
        replace(run, book=empty, designs=(), cascade=None, stand_alone=(), problems=())))))
    assert len(rows(book, "Positions")) == 1


def test_bars_of_the_waterfall_stack_up_to_their_levels(run):
    rows = bridge_table(run.designs[1]).rows
    before = 0.0
    for row, (base, level, saves, asks) in zip(rows, bars_of(rows), strict=True):
        assert base + level + saves + asks == pytest.approx(
            float(row.level) if row.kind == "level" else max(float(row.level), before))
        before = float(row.level)


def test_each_bridge_has_its_chart(run, content):
    charts = [name for name in zipfile.ZipFile(io.BytesIO(content)).namelist()
              if name.startswith("xl/charts/chart")]
    drawn = [table for table in all_tables(run) if table.name in BARS and table.rows]
    assert drawn
    assert len(charts) == len(run.designs) + len(drawn)


def test_an_explanation_too_long_for_a_sheet_is_cut_and_says_so(run, monkeypatch):
    monkeypatch.setattr(workbook, "MOST_EXPLAINED", 10)
    made = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(Pack(run))))
    assert len(rows(made, "Explain")) == 11
    assert "lines are only in review.json" in str(rows(made, "About"))


def test_check_totals_agree_and_name_their_sheets(run, book):
    lines = rows(book, "Check totals")
    assert len(lines) > 6
    assert {line[1] for line in lines[1:]} <= set(book.sheet_names)
    agree = {line[0]: line[-1] for line in lines[1:]}
    assert agree["Maintenance of all accounts"] == "yes"
    broken = replace(run, silos=replace(run.silos, maintenance=leaf("x", Decimal(1))))
    wrong = CalamineWorkbook.from_filelike(io.BytesIO(workbook_bytes(Pack(broken))))
    found = {line[0]: line[-1] for line in rows(wrong, "Check totals")}
    assert found["Maintenance of all accounts"] == "no"
