"""CRIF files: separators, synonyms, null markers, defects row by row, writing and reading back."""

import re

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.rules.crif_rows import HEADER, books, read, written
from tests.shared import shared
from workstation.base.problem import UnusableInputError
from workstation.importers.crif import CrifOptions, is_schedule, read_crif
from workstation.importers.write_crif import write_crif

GOOD = ("T1", "P", "RatesFX", "Risk_IRCurve", "USD", "1", "5y", "OIS", "1000")
FIELDS = ("portfolio", "product_class", "risk_type", "qualifier", "bucket", "label1", "label2")


def texts(crif):
    return [tuple(getattr(crif, name)[row] for name in FIELDS) for row in range(len(crif))]


def codes(found):
    return sorted(f"{f.trade} {f.code}" for f in found.findings)


@pytest.mark.parametrize("mark", [",", "\t", ";"])
def test_separators(tmp_path, mark):
    found = read_crif(written(tmp_path, [GOOD, GOOD], delimiter=mark))
    assert texts(found.crif) == [("P", "RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS")] * 2
    assert found.crif.usd.tolist() == [1000, 1000]
    assert found.crif.line.tolist() == [2, 3]


def test_headers_in_any_case_with_underscores_and_a_hash(tmp_path):
    header = ("#trade_id", "PORTFOLIO_ID", "product_class", "risk_type", "qualifier", "bucket",
              "label_1", "Label2", "amount_usd")
    assert len(read_crif(written(tmp_path, [GOOD], header)).crif) == 1


def test_quoted_cells_and_lines_of_uneven_width(tmp_path):
    path = tmp_path / "uneven.csv"
    path.write_text(",".join(HEADER) + '\n"T1",P,RatesFX,Risk_FX,"EUR",,,,1000\n'
                    "T2,P,RatesFX,Risk_FX,GBP,#N/A,,,5,,,\n\n", "utf-8")
    found = read_crif(path)
    assert [row[3] for row in texts(found.crif)] == ["EUR", "GBP"]
    assert found.crif.line.tolist() == [2, 3]


def test_the_crif_sheet_of_a_workbook(tmp_path):
    from openpyxl import Workbook

    book = Workbook()
    book.active.append(["some", "cover"])
    sheet = book.create_sheet("CRIF")
    sheet.append(HEADER)
    sheet.append([*GOOD[:5], 1, *GOOD[6:8], 1000.25])
    path = tmp_path / "book.xlsx"
    book.save(path)
    assert read_crif(path).crif.usd.tolist() == [1000.25]


def test_missing_portfolio_is_defaulted_with_a_notice(tmp_path):
    header = tuple(name for name in HEADER if name != "PortfolioID")
    found = read_crif(written(tmp_path, [(GOOD[0], *GOOD[2:])], header))
    assert found.crif.portfolios == ("portfolio 1",)
    assert "name no portfolio" in found.problems[0].what


@pytest.mark.parametrize("content", ["", "a,b\n1,2\n", "RiskType,Qualifier\nRisk_FX,EUR\n"])
def test_a_file_that_is_no_crif_is_refused(tmp_path, content):
    path = tmp_path / "no.csv"
    path.write_text(content, "utf-8")
    with pytest.raises(UnusableInputError):
        read_crif(path)


def test_one_defective_portfolio_does_not_stop_the_others(tmp_path):
    bad = ("T9", "Q", "RatesFX", "Risk_IRCurve", "USD", "1", "4y", "OIS", "1000")
    path = written(tmp_path, [GOOD, bad, ("T8", "Q", *GOOD[2:])])
    found = read_crif(path)
    assert found.crif.portfolios == ("P",)
    assert found.refused_portfolios == ("Q",)
    [finding] = found.refused
    assert (finding.line, finding.trade, finding.column, finding.value, finding.code) == (
        3, "T9", "Label1", "4y", "E05")
    lenient = read_crif(path, CrifOptions(skip_refused_rows=True))
    assert len(lenient.crif) == 2
    assert lenient.skipped_rows
    assert lenient.refused_portfolios == ()


@pytest.mark.parametrize(("row", "code"), [
    (("RatesFX", "Risk_Rates", "USD", "", "5y", "OIS", 1), "E02"),
    (("RatesFX", "Risk_FX", "ABC", "", "", "", 1), "E03"),
    (("RatesFX", "Risk_FXVol", "EUREUR", "", "1y", "", 1), "E04"),
    (("RatesFX", "Risk_FXVol", "CNHCNY", "", "1y", "", 1), "E04"),
    (("RatesFX", "Risk_FXVol", "EURUSD", "", "", "", 1), "E05"),
    (("Credit", "Risk_CreditQ", "X", "4", "20y", "USD", 1), "E05"),
    (("Credit", "Risk_CreditQ", "X", "13", "5y", "USD", 1), "E06"),
    (("Commodity", "Risk_Commodity", "Coal", "Residual", "", "", 1), "E06"),
    (("Equity", "Risk_Equity", "X", "5", "", "", ""), "E07"),
    (("Equity", "Risk_Equity", "X", "5", "", "", "1_000"), "E09"),
    (("Equity", "Risk_Equity", "X", "5", "", "", "inf"), "E09"),
    (("FX", "Risk_FX", "EUR", "", "", "", 1), "E11"),
    (("RatesFX", "Risk_IRCurve", "EUR", "", "5y", "Prime", 1), "E12"),
    (("", "Param_ProductClassMultiplier", "Equity", "", "", "", 0.99), "E13"),
    (("", "Param_ProductClassMultiplier", "Rates", "", "", "", 1.5), "E11"),
    (("RatesFX", "Param_AddOnFixedAmount", "", "", "", "", 5), "E14"),
    (("Equity", "Risk_Equity", "", "5", "", "", 1), "E16"),
])
def test_defects(tmp_path, row, code):
    found = read(tmp_path, [row])
    assert code in [f.code for f in found.refused]
    assert found.refused[0].problem("f").remedy
    assert len(found.crif) == 0


def test_currencies_unknown_to_others_are_accepted(tmp_path):
    rows = [("RatesFX", "Risk_FX", code, "", "", "", 1.5) for code in ("LBP", "SCR", "TZS", "VES")]
    assert read(tmp_path, rows).findings == ()


def test_amounts_in_another_currency_need_a_rate(tmp_path):
    header = (*HEADER[:-1], "Amount", "AmountCurrency")
    path = written(tmp_path, [(*GOOD[:-1], "1000", "EUR")], header)
    assert [f.code for f in read_crif(path).refused] == ["E08"]
    found = read_crif(path, CrifOptions(rates={"EUR": 1.08}))
    assert found.crif.usd.tolist() == [1080]
    assert found.crif.amount.tolist() == [1000]


def test_one_qualifier_in_two_buckets_names_both_rows(tmp_path):
    rows = [("Equity", "Risk_Equity", "X", bucket, "", "", 5.0) for bucket in ("5", "7", "5")]
    refused = read(tmp_path, rows).refused
    assert [f.code for f in refused] == ["E01"] * 3
    assert "5 (line 2, T0), 7 (line 3, T1), 5 (line 4, T2)" in refused[0].reason


def test_delta_and_vega_in_different_buckets_is_a_warning(tmp_path):
    rows = [("Equity", "Risk_Equity", "X", "5", "", "", 5.0),
            ("Equity", "Risk_EquityVol", "X", "6", "1y", "", 5.0)]
    found = read(tmp_path, rows)
    assert [f.code for f in found.findings] == ["W09", "W09"]
    assert len(found.crif) == 2


def test_duplicate_multipliers_do_not_depend_on_row_order(tmp_path):
    rows = [(f"T{i}", "P", "", "Param_ProductClassMultiplier", "Equity", "", "", "", value)
            for i, value in enumerate((1.1, 1.3))]
    for order in (rows, rows[::-1]):
        found = read_crif(written(tmp_path, order))
        assert found.crif.usd.tolist() == [1.1]
        assert codes(found) == ["T1 W08"]


def test_end_dates(tmp_path):
    header = (*HEADER, "im_model", "end_date")

    def of(*dates, order=""):
        rows = [(f"T{i}", "P", "Rates", "Notional", "", "", "", "", "5", "Schedule", day)
                for i, day in enumerate(dates)]
        found = read_crif(written(tmp_path, rows, header), CrifOptions(date_order=order))
        assert is_schedule(found.crif).all()
        return [found.crif.end_date[row] for row in range(len(found.crif))], codes(found)

    assert of("2027-02-03") == (["2027-02-03"], [])
    assert of("03/02/2027") == ([], ["T0 E15"])
    assert of("03/02/2027", order="dmy") == (["2027-02-03"], [])
    assert of("03/02/2027", order="mdy") == (["2027-03-02"], [])
    assert of("03/02/2027", "23/02/2027") == (["2027-02-03", "2027-02-23"], [])
    assert of("31/02/2027") == ([], ["T0 E15"])
    assert of("") == ([], ["T0 E15"])


def test_the_book_of_defects_is_refused_row_by_row():
    path = shared("vectors", "crif_negative.csv")
    note = shared("vectors", "crif_negative.md").read_text("utf-8")
    expected = {trade: (int(line), code) for trade, line, code in
                re.findall(r"^\| (\w\w-\d\d) \| (\d+) \| (\w\d\d) \|", note, re.MULTILINE)}
    found = read_crif(path)
    assert {f.trade: (f.line, f.code) for f in found.findings} == expected
    assert len(found.findings) == len(expected) == 38
    assert len(found.crif) == 0
    assert found.refused_portfolios == ("NEGBOOK",)
    assert (found.rows_read, found.rows_refused) == (49, 30)


@settings(max_examples=30, deadline=None,
          suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=books)
def test_written_rows_read_back_the_same(tmp_path, rows):
    first = read(tmp_path, rows).crif
    path = tmp_path / "again.csv"
    write_crif(first, path, delimiter="\t")
    again = read_crif(path).crif
    assert texts(again) == texts(first)
    assert np.array_equal(again.usd, first.usd)
