"""Readers: traps of the layouts, damaged and strange files, and what each says about itself."""

import io
import json
import zipfile
from decimal import Decimal

import numpy as np
import pytest

from tests.rules.span_fixture import CSV, PA2, POS, SPN, conventions, loaded, portfolios
from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.importers.span_parameters import read_risk_parameters
from workstation.importers.span_positions import read_span_positions
from workstation.importers.span_prices import decoded_price
from workstation.rulebooks.span.requirement import SpanCalculator

TEXT = PA2.read_bytes()
FUTURE = b"81XMXEQ        EQ        FUT 202609"


def written(tmp_path, name, content):
    path = tmp_path / name
    path.write_bytes(content)
    return path


def run(path, *names):
    calculator = SpanCalculator([read_risk_parameters(path)], conventions())
    return [calculator.risk(portfolios(CSV)[name]) for name in names]


def price_of(path, code, month, strike=None):
    """Return the price of one contract of a file."""
    organisation = loaded(path).organisations[0]
    for row in range(len(organisation.contracts)):
        series = organisation.series[organisation.contracts.series[row]]
        if (organisation.families[series.family].code, series.month) == (code, month) and (
                strike is None
                or organisation.contracts.strike[row] == int(Decimal(strike) * 10**9)):
            return float(organisation.contracts.price[row])
    raise KeyError(code)


@pytest.mark.parametrize(("raw", "decimals", "alignment", "wanted"), [
    ("0251100", 2, " ", "2511"), ("0122060", 3, "C", "122.1875"),
    ("0146240", 3, "C", "146.75"), ("0106053", 3, "C", "106.16796875"),
    ("0003757", 3, "0", "375.75"), ("0000370", 3, "K", "0.578125"),
    ("0000012", 3, "K", "0.01953125"), ("0110215", 3, "C", "110.671875"),
    ("9999999", 2, " ", None), ("0003754", 3, "0", None), ("0106059", 3, "C", None),
    ("0106330", 3, "C", None), ("       ", 2, " ", None),
])
def test_prices_decode_as_the_exchange_writes_them(raw, decimals, alignment, wanted):
    assert decoded_price(raw, decimals, alignment) == (
        None if wanted is None else Decimal(wanted))


@pytest.mark.parametrize(("code", "month", "strike", "price"), [
    ("PW", "202607", None, -4.25), ("TN", "202606", None, 110 + 21.5 / 32),
    ("TNO", "202608", "109.5", 43 / 64), ("EQO", "202607W3", "6450", 72.6),
    ("NTO", "202609", "22500", 395.0)])
def test_both_layouts_give_the_same_traps_the_same_price(code, month, strike, price):
    assert [price_of(path, code, month, strike) for path in (PA2, SPN)] == [price, price]


def test_a_contract_without_a_price_has_none():
    assert np.isnan(price_of(PA2, "EQO", "202609", "2800"))
    assert np.isnan(price_of(SPN, "EQO", "202609", "2800"))


def test_unknown_records_are_skipped_and_counted(tmp_path):
    more = TEXT + b"V XMXEQ        202606  2026\r\nV again\r\nR x\r\n85 x\r\n"
    file = read_risk_parameters(written(tmp_path, "more.pa2", more))
    assert file.skipped == {"5": 1, "V": 2, "R": 1, "85": 1}
    assert file.complete
    assert run(tmp_path / "more.pa2", "P06")[0].initial.amount == 97096


@pytest.mark.parametrize(("name", "content"), [("xmc.pa2", TEXT), ("xmc.spn", SPN.read_bytes())])
def test_zipped_files_open_directly(tmp_path, name, content):
    with zipfile.ZipFile(tmp_path / "file.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("read me.md", "x")
        archive.writestr(name, content)
    assert run(tmp_path / "file.zip", "P06")[0].initial.amount == 97096


def refusal(path):
    with pytest.raises(UnusableInputError) as caught:
        read_risk_parameters(path)
    (problem,) = caught.value.problems
    assert problem.remedy
    return problem.sentence()


def test_archives_built_to_exhaust_the_machine_are_refused(tmp_path):
    with zipfile.ZipFile(tmp_path / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xmc.pa2", b"0" * 60_000_000)
    assert "more than any honest file" in refusal(tmp_path / "bomb.zip")
    with zipfile.ZipFile(tmp_path / "nest.zip", "w") as archive:
        archive.writestr("inner.zip", b"x")
        archive.writestr("xmc.pa2", TEXT)
    assert "another archive" in refusal(tmp_path / "nest.zip")
    cut = written(tmp_path, "cut.zip", (tmp_path / "nest.zip").read_bytes()[:200])
    assert "damaged or cut short" in refusal(cut)


@pytest.mark.parametrize("declaration", [
    b'<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>',
    b'<!DOCTYPE x SYSTEM "file:///etc/passwd">'])
def test_entities_and_document_types_are_refused(tmp_path, declaration):
    content = b'<?xml version="1.0"?>' + declaration + b"<spanFile>&b;</spanFile>"
    assert "line 1: the file declares a document type" in refusal(
        written(tmp_path, "x.spn", content))
    positions = written(tmp_path, "x.pos", content.replace(b"spanFile", b"posFile"))
    with pytest.raises(UnusableInputError, match="document type"):
        read_span_positions(positions)


def test_an_unknown_encoding_is_refused(tmp_path):
    content = SPN.read_bytes().replace(b"utf-8", b"utf-68")
    assert "encoding cannot be read" in refusal(written(tmp_path, "x.spn", content))


@pytest.mark.parametrize(("name", "content", "said"), [
    ("empty.pa2", b"", "the file is empty"),
    ("hello.pa2", b"hello\n", "no header record"),
    ("old.par", b"1 CME 01\n2 XX\n", "standard unpacked"),
    ("positions.pa2", CSV.read_bytes(), "position file"),
    ("positions.spn", POS.read_bytes(), "position file"),
    ("other.spn", b"<html><body>x</body></html>", "no clearing organisation"),
    ("b.pa2", b"0 XMC   2026AB15SF\r\n", "the header cannot be read"),
    ("paris.pa2", b"0 XMC   20260615SF 1800202606151800UP\r\n", "Paris expanded layout")])
def test_wrong_files_are_refused_with_a_remedy(tmp_path, name, content, said):
    assert said in refusal(written(tmp_path, name, content))


def test_a_file_that_is_not_there_ends_with_status_2(tmp_path, capsys):
    missing = str(tmp_path / "none.pa2")
    assert main(["span", "--params", missing, "--positions", str(CSV)]) == 2
    assert "no such file" in capsys.readouterr().err


def test_a_truncated_pa2_still_margins_what_it_holds(tmp_path):
    cut = TEXT.index(b"81XMXTNO")
    path = written(tmp_path, "cut.pa2", TEXT[:cut + 40])
    file = read_risk_parameters(path)
    assert not file.complete
    assert any("line " in p.where for p in file.problems)
    assert any("cut short" in p.what for p in file.problems)
    answer = run(path, "P03")[0]
    assert answer.maintenance.amount == 2350
    assert not answer.complete


def test_a_cut_spread_record_is_never_half_read(tmp_path):
    """A spread cut after its first leg would credit one commodity for nothing."""
    cut = TEXT.index(b"6 ALL0001") + 34
    path = written(tmp_path, "cut.pa2", TEXT[:cut])
    answer = run(path, "P06")[0]
    assert answer.maintenance.amount == 125000 + 72000
    assert not answer.complete
    (short,) = read_risk_parameters(
        written(tmp_path, "leg.pa2", TEXT[:cut] + b"\r\n")).problems
    assert "a spread with 1 leg" in short.what
    (short,) = read_risk_parameters(
        written(tmp_path, "half.pa2", TEXT[:cut + 8] + b"\r\n")).problems
    assert "without a ratio or a side" in short.what


def test_a_truncated_xml_names_line_and_element(tmp_path):
    content = SPN.read_bytes()
    path = written(tmp_path, "cut.spn", content[:content.index(b"<interSpreads>") - 400])
    file = read_risk_parameters(path)
    assert file.problems[0].where.startswith("cut.spn line 2")
    assert "inside <" in file.problems[0].what
    answer = run(path, "P03")[0]
    assert answer.maintenance.amount == 2350
    assert not answer.complete


def test_two_files_in_one_are_told_apart(tmp_path):
    other = TEXT.replace(b"20260615SF", b"20260616SF")
    file = read_risk_parameters(written(tmp_path, "mixed.pa2", TEXT + other))
    (problem,) = file.problems
    assert problem.where == "mixed.pa2 line 146"
    assert "2026-06-16" in problem.what
    assert len(file.organisations[0].contracts) == 34


def test_a_contract_under_two_records_is_named_and_left_out(tmp_path):
    lines = TEXT.split(b"\r\n")
    at = next(i for i, line in enumerate(lines) if line.startswith(FUTURE))
    path = written(tmp_path, "twice.pa2", b"\r\n".join(lines[:at + 2] + lines[at:]))
    assert "repeat the key" in read_risk_parameters(path).problems[0].what
    whole, hit = run(path, "P12", "P06")
    assert whole.complete
    assert not hit.complete
    assert "2 contracts EQ 202609 under one key" in hit.excluded[0].what
    assert [item.code for item in hit.commodities] == ["NQX"]


def test_halves_of_a_contract_need_not_follow_each_other(tmp_path):
    lines = TEXT.split(b"\r\n")
    arrays = [line for line in lines if line.startswith((b"81", b"82"))]
    rest = [line for line in lines if line and not line.startswith((b"81", b"82"))]
    path = written(tmp_path, "sorted.pa2", b"\r\n".join([*rest, *sorted(arrays)]) + b"\r\n")
    assert not read_risk_parameters(path).problems
    assert run(path, "P08")[0].initial.amount == Decimal("1676.25")


def wide(line, value=lambda text: text.rjust(8, b"0")):
    """Return a record 81 or 82 as 83 or 84: eight digits an array value instead of five."""
    if not line.startswith((b"81", b"82")):
        return line
    end = 108 if line.startswith(b"81") else 96
    values = b"".join(value(line[n:n + 5]) + line[n + 5:n + 6] for n in range(54, end, 6))
    return (b"83" if end == 108 else b"84") + line[2:54] + values + line[end:]


@pytest.mark.parametrize("some", [b"", b"EQ "])
def test_high_precision_records_hold_the_same_contracts(tmp_path, some):
    """All records as 83 and 84, or those of one product among 81 and 82."""
    lines = [wide(line) if some in line[5:16] else line for line in TEXT.split(b"\r\n")]
    path = written(tmp_path, "wide.pa2", b"\r\n".join(lines))
    file, plain = read_risk_parameters(path), read_risk_parameters(PA2)
    assert not file.problems
    assert len(file.organisations[0].contracts) == len(plain.organisations[0].contracts)
    names = sorted(portfolios(CSV))
    for found, wanted in zip(run(path, *names), run(PA2, *names), strict=True):
        assert found.initial.amount == wanted.initial.amount
        assert found.net_option_value == wanted.net_option_value


def test_a_high_precision_value_needs_no_five_digits(tmp_path):
    """A thousandfold loss, which 81 and 82 have no room for."""
    thousand = [wide(line, lambda text: text + b"000") if line.startswith(
        (b"81" + FUTURE[2:], b"82" + FUTURE[2:])) else line for line in TEXT.split(b"\r\n")]
    path = written(tmp_path, "large.pa2", b"\r\n".join(thousand))
    answer, plain = run(path, "P01")[0], run(PA2, "P01")[0]
    assert answer.commodities[0].scan == 1000 * plain.commodities[0].scan


def test_a_high_precision_record_without_its_half_is_named(tmp_path):
    line = next(line for line in TEXT.split(b"\r\n") if line.startswith(FUTURE))
    path = written(tmp_path, "half.pa2", TEXT + wide(line) + b"\r\n")
    (problem,) = read_risk_parameters(path).problems
    assert "83 needs 84" in problem.what


def test_a_garbled_array_is_named_by_line(tmp_path):
    path = written(tmp_path, "bad.pa2", TEXT.replace(b"+12500-12500-", b"+125X0-12500-", 1))
    (problem,) = read_risk_parameters(path).problems
    assert problem.where == "bad.pa2 line 74"
    assert "not a number" in problem.what


def test_a_garbled_control_record_is_named_by_line_and_column(tmp_path):
    path = written(tmp_path, "bad.pa2", TEXT.replace(b"E EQX   00001", b"E EQX   0X001", 1))
    (problem,) = read_risk_parameters(path).problems
    assert "columns 9-13" in problem.what
    assert problem.where.startswith("bad.pa2 line ")
    assert not run(path, "P03")[0].complete


def test_a_broken_element_is_named_by_line(tmp_path):
    content = SPN.read_bytes().replace(b"<p>6571.5</p>", b"<p>six</p>")
    (problem,) = read_risk_parameters(written(tmp_path, "bad.spn", content)).problems
    assert "<p> of <fut> holds 'six'" in problem.what
    assert problem.where.startswith("bad.spn line ")


POSITIONS = """acctId,acctType,currency,ec,cc,exch,pfCode,pfType,pe,undPe,o,k,net
A,S,USD,XMC,EQX,XMX,EQ,FUT,202609,,,,3
A,S,USD,XMC,EQX,XMX,EQ,FUT,203009,,,,3
A,S,USD,XMC,EQX,XMX,ZZ,FUT,202609,,,,3
A,S,USD,XMC,EQX,XMX,EQO,OOF,202609,202609,C,6605,3
A,S,USD,XMC,EQX,XMX,EQ,FUT,202609,,,,three
B,S,EUR,XMC,EQX,XMX,EQ,FUT,202609,,,,3
C,S,USD,QQQ,EQX,XMX,EQ,FUT,202609,,,,3
D,S,USD,XMC,EQX,XMX,EQO,OOF,202609,202609,P,2800,-5
A,S,USD,XMC,EQX,XMX,EQ,FUT,202609,,,,2.5
"""


def test_bad_positions_are_named_and_the_rest_is_margined(tmp_path, capsys):
    path = written(tmp_path, "p.csv", POSITIONS.encode())
    assert main(["span", "--params", str(PA2), "--positions", str(path), "--json"]) == 1
    document = json.loads(capsys.readouterr().out)
    found = {p["account_id"]: p for p in document["portfolios"]}
    assert found["A"]["initial"] == 41250
    said = {x["where"]: x["what"] for p in document["portfolios"] for x in p["excluded"]}
    assert all(x["remedy"] for p in document["portfolios"] for x in p["excluded"])
    assert "no EQ of 203009" in said["p.csv line 3"]
    assert "no product ZZ" in said["p.csv line 4"]
    assert "no contract EQO 202609 C 6605" in said["p.csv line 5"]
    assert "net holds 'three'" in said["p.csv line 6"]
    assert "net holds 2.5, not a whole number of contracts" in said["p.csv line 10"]
    assert "no exchange rate from USD to EUR" in said["p.csv line 7"]
    assert "organisation QQQ" in said["p.csv line 8"]
    assert "no settlement price" in said["p.csv line 9"]
    assert found["D"]["maintenance"] == 250
    assert not any(p["complete"] for p in document["portfolios"])


def test_positions_in_a_workbook_and_with_semicolons(tmp_path):
    import openpyxl

    rows = [line.split(",") for line in POSITIONS.splitlines()[:2]]
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append([int(cell) if cell.isdigit() else cell for cell in row])
    stream = io.BytesIO()
    book.save(stream)
    for path in (written(tmp_path, "p.xlsx", stream.getvalue()),
                 written(tmp_path, "p.csv", "\n".join(";".join(r) for r in rows).encode())):
        (portfolio,) = read_span_positions(path).portfolios
        answer = SpanCalculator([loaded(PA2)], conventions()).risk(portfolio)
        assert (answer.complete, answer.initial.amount) == (True, 41250)


def test_the_products_own_workbook_is_margined(tmp_path):
    import openpyxl

    book = openpyxl.Workbook()
    book.active.title = "Positions"
    book.active.append(["account_id", "symbol", "asset_class", "quantity", "price", "multiplier",
                        "expiry", "underlying"])
    book.active.append(["F1", "TNU6", "future", 5, 110.5, 1000, "2026-09-21", "TN"])
    book.active.append(["F1", "AAPL", "equity", 100, 200, 1, None, "AAPL"])
    book.create_sheet("Accounts").append(["account_id", "account_type", "risk_profile"])
    book["Accounts"].append(["F1", "futures", "non_hrp"])
    stream = io.BytesIO()
    book.save(stream)
    (portfolio,) = read_span_positions(written(tmp_path, "b.xlsx", stream.getvalue())).portfolios
    answer = SpanCalculator([loaded(PA2)], conventions()).risk(portfolio)
    assert portfolio.account_class == "NHRP"
    assert answer.initial.amount == 5500
    assert ["AAPL" in item.what for item in answer.excluded] == [True]


def test_batch_lines_are_read(tmp_path):
    lines = (b"P,A1,XMX,EQ,F,20260900,,3,C,H\r\nP,A1,XMX,EQO,C,20260900,6600,2,C,H\r\n"
             b"P,A2,XMX,EQ,D,20260900,,3,H,H\r\n\r\nP,short\r\n")
    found = read_span_positions(written(tmp_path, "batch.txt", lines))
    assert found.layout == "batch lines"
    assert [p.where for p in found.problems if p.severity == "error"] == ["batch.txt line 5"]
    first, second = found.portfolios
    assert [(p.family, p.month, p.right, p.quantity) for p in first.positions] == [
        ("EQ", "202609", "", 3), ("EQO", "202609", "C", 2)]
    assert (first.customer, second.customer) == (True, False)
    assert "type 'D'" in second.rejected[0].what
    answer = SpanCalculator([loaded(PA2)], conventions()).risk(first)
    assert answer.complete
    assert [item.code for item in answer.commodities] == ["EQX"]


def test_two_files_of_one_organisation_are_refused(capsys):
    assert main(["span", "--params", str(PA2), "--params", str(SPN), "--positions",
                 str(CSV)]) == 2
    assert "holds the organisation XMC already" in capsys.readouterr().err


@pytest.mark.parametrize(("content", "said"), [
    (TEXT, "these are risk parameters"), (SPN.read_bytes(), "these are risk parameters"),
    (b"1  20260615S180020260615 1815E\r\n2SYNP01\r\n", "flat PC-SPAN"),
    (b"a,b\n1,2\n", "no position table"), (b"<posFile></posFile>", "no portfolio")])
def test_wrong_position_files_are_refused(tmp_path, content, said):
    with pytest.raises(UnusableInputError, match=said):
        read_span_positions(written(tmp_path, "p.txt", content))


def test_a_file_for_cross_margin_accounts_says_so(tmp_path):
    header, rest = PA2.read_bytes().split(b"\n", 1)
    assert header[39:42] == b"CLR"
    path = written(tmp_path, "xm.pa2", header[:39] + b"XMRGN" + header[44:] + b"\n" + rest)
    (organisation,) = read_risk_parameters(path).organisations
    assert organisation.snapshot == "XMC 2026-06-15 settlement final for XMRGN 18:00"


def test_positions_of_another_day_are_noted(tmp_path, capsys):
    content = POS.read_bytes().replace(b"<date>20260615", b"<date>20260612")
    other = written(tmp_path, "p.pos", content)
    assert main(["span", "--params", str(PA2), "--positions", str(other)]) == 0
    assert "the positions are of 20260612, the risk parameters of 2026-06-15" in (
        capsys.readouterr().out)


def test_truncated_positions_are_margined_as_far_as_they_go(tmp_path, capsys):
    cut = written(tmp_path, "p.pos", POS.read_bytes()[:4000])
    assert main(["span", "--params", str(PA2), "--positions", str(cut)]) == 1
    assert "p.pos line " in capsys.readouterr().out
