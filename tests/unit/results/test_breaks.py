"""Stated margin against ours: matched, agreed or broken, and the cause that explains a break."""

from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.importers.stated_margin import margin_basis, own_margin_column, read_stated
from workstation.reports.dispute import (
    dispute_sheet,
    reconcile_document,
    reconcile_text,
    write_dispute,
)
from workstation.results.breaks import StatedFigure, reconcile
from workstation.workspace.reconciling import reconciled
from workstation.workspace.session import Session

D = Decimal
BOOK = ("Account,Account Type,Symbol,Asset Class,Quantity,Price,As of\n"
        "A-1,margin,AAPL,equity,100,268.4,2026-11-13\n"
        "A-1,margin,MSFT,equity,-50,412.5,2026-11-13\n"
        "B2,portfolio_margin,SPY,etf,100,671.2,2026-11-13\n")
AAPL = D(6710)  # 25 % of 26,840, FINRA 4210(c)(1)
MSFT = D("6187.5")  # 30 % of 20,625, FINRA 4210(c)(3)


@pytest.fixture(scope="module")
def run(tmp_path_factory):
    path = tmp_path_factory.mktemp("book") / "client.csv"
    path.write_text(BOOK)
    return Session.from_file(path).review()


def only(found, account, symbol=""):
    (each,) = [b for b in found.breaks if (b.account_id, b.symbol) == (account, symbol)]
    return each


def stated(*rows):
    return [StatedFigure(account, D(str(amount)), symbol=symbol, **more)
            for account, symbol, amount, more in rows]


def test_equal_figures_agree_within_a_tenth_of_a_percent(run):
    found = reconcile(run, stated(("A1", "", AAPL + MSFT + 5, {})))
    account = only(found, "A-1")
    assert account.status == "agrees"
    assert account.ours == AAPL + MSFT
    assert not account.causes
    assert only(found, "B2").status == "only ours"
    assert not found.agrees


@pytest.mark.parametrize(("row", "kind", "words"), [
    (("A-1", "AAPL", AAPL * 2, {"quantity": D(200)}), "position", "they hold 200, the book 100"),
    (("A-1", "AAPL", D(7381), {"price": D("295.24")}), "price", "they price it at 295.24"),
    (("A-1", "AAPL", D(10736), {}), "parameter", "they ask 40.0% of market value, we 25.0%"),
    (("A-1", "MSFT", MSFT * D("1.3"), {}), "house", "a house multiplier of 1.3"),
    (("A-1", "MSFT", D(0), {}), "offset", "they ask nothing for it"),
    (("A-1", "IBM", D(25), {}), "position", "the book does not hold it"),
])
def test_each_cause_of_a_position_break_is_told_apart(run, row, kind, words):
    each = only(reconcile(run, stated(row)), "A-1", row[1])
    assert each.causes[0].kind == kind
    assert words in each.likely
    assert abs(each.unexplained) <= abs(each.difference) * D("0.02")


def test_an_account_break_points_to_its_positions(run):
    found = reconcile(run, stated(("A-1", "AAPL", 10736, {}), ("A-1", "MSFT", MSFT, {})))
    account = only(found, "A-1")
    assert account.stated == 10736 + MSFT
    assert account.causes[0].kind == "positions"
    assert "AAPL most" in account.likely
    assert account.unexplained == 0


def test_another_basis_is_recognised(run):
    initial = next(a for a in run.silos.accounts if a.account_id == "A-1").initial.amount
    each = only(reconcile(run, stated(("A-1", "", initial, {}))), "A-1")
    assert each.causes[0].kind == "basis"
    assert "initial margin" in each.likely


def test_another_rulebook_is_recognised(run, tmp_path):
    path = tmp_path / "broker.csv"
    path.write_text("Account,Requirement\nB2,16780\n")  # 25 % of 67,120: strategy-based
    found, _ = reconciled(run, path)
    each = only(found, "B2")
    assert each.causes[0].kind == "rulebook"
    assert "strategy-based" in each.likely
    assert each.unexplained == 0


def test_what_nothing_explains_is_said_to_be_unexplained(run):
    each = only(reconcile(run, stated(("A-1", "", 98765, {}))), "A-1")
    assert each.causes[0].kind == "unknown"
    assert each.unexplained == each.difference


@pytest.mark.parametrize(("header", "basis"), [
    ("Margin Requirement", "maintenance"), ("Initial Margin", "initial"),
    ("Maint Req", "maintenance"),
    ("IM", "initial"), ("Excess Margin", None), ("Margin Type", None), ("Quantity", None),
    ("Margin Balance", None)])
def test_headers_that_state_a_requirement(header, basis):
    assert margin_basis(header) == basis


def test_a_brokers_sheet_with_titles_totals_and_decimal_commas(tmp_path):
    path = tmp_path / "broker.csv"
    path.write_text("Margin report of 13.11.2026\n\nKonto;Symbol;Initial Margin\n"
                    "A-1;AAPL;6.710,00\n;MSFT;6.187,50\nTotal;;12.897,50\n")
    found = read_stated(path)
    assert [(f.account_id, f.symbol, f.amount, f.basis) for f in found.figures] == [
        ("A-1", "AAPL", D(6710), "initial"), ("A-1", "MSFT", D("6187.5"), "initial")]


def test_a_sheet_that_states_nothing_is_refused(tmp_path):
    path = tmp_path / "x.csv"
    path.write_text("Symbol,Quantity\nAAPL,1\n")
    with pytest.raises(UnusableInputError, match="no table of stated margin"):
        read_stated(path)


def test_the_clients_own_margin_column(tmp_path):
    path = tmp_path / "own.csv"
    path.write_text(BOOK.replace("As of\n", "As of,Margin Requirement\n").replace(
        "2026-11-13\n", "2026-11-13,6710\n"))
    run = Session.from_file(path).review()
    assert [f.amount for f in own_margin_column(run.book.positions)] == [6710] * 3
    found, source = reconciled(run, None)
    assert only(found, "A-1", "AAPL").status == "agrees"
    assert source.figures[0].column == "Margin Requirement"


def test_without_anything_stated_the_call_is_refused(run):
    with pytest.raises(UnusableInputError, match="no margin column"):
        reconciled(run, None)


def test_document_and_dispute_sheet(run, tmp_path):
    found = reconcile(run, stated(("A-1", "AAPL", 10736, {}), ("B2", "", 5369.6, {})))
    document = reconcile_document(run, found, "broker.csv", "00")
    assert document["schema"] == "crossmargin.reconcile/1"
    assert document["inputs"]["broker.csv"] == "00"
    assert {b["status"] for b in document["breaks"]} == {"agrees", "differs"}
    sheet = dispute_sheet(run, found, "broker.csv")
    assert [s.title for s in sheet.sections] == ["Accounts", "Positions that differ", "Response"]
    written = write_dispute(run, found, "broker.csv", tmp_path / "out")
    assert written[0].read_bytes().startswith(b"%PDF")


def test_figures_in_another_currency_are_converted_or_named(run):
    from dataclasses import replace

    euro = stated(("A-1", "", (AAPL + MSFT) / D("1.25"), {"currency": "EUR", "where": "B2"}))
    rated = replace(run, book=replace(run.book, market=replace(
        run.book.market, fx={"EUR": D("1.25")})))
    assert only(reconcile(rated, euro), "A-1").status == "agrees"
    found = reconcile(run, euro)
    assert only(found, "A-1").likely == "it is stated in a currency without an exchange rate here"
    (problem,) = found.problems
    assert problem.where == "B2"
    assert "no exchange rate from EUR to USD" in problem.what


def test_a_repeated_line_counts_once_and_lots_add_up(run):
    line = ("A-1", "AAPL", AAPL, {"quantity": D(100)})
    twice = reconcile(run, stated(line, line))
    assert only(twice, "A-1", "AAPL").status == "agrees"
    assert "stands there 2 times" in twice.problems[0].what
    assert only(twice, "A-1").stated == AAPL  # what stands in for the account counts it once too
    half = ("A-1", "AAPL", AAPL / 2, {"quantity": D(50)})
    lots = reconcile(run, stated(half, half))
    assert only(lots, "A-1", "AAPL").status == "agrees"
    assert lots.problems == ()
    bare = reconcile(run, stated(("A-1", "AAPL", AAPL, {}), ("A-1", "AAPL", AAPL, {})))
    assert only(bare, "A-1", "AAPL").status == "agrees"


def test_account_lines_that_differ_add_up_with_a_warning(run):
    found = reconcile(run, stated(("A-1", "", AAPL, {}), ("a1", "", MSFT, {})))
    assert only(found, "A-1").status == "agrees"
    assert "were added up" in found.problems[0].what
    same = reconcile(run, stated(("A-1", "", AAPL + MSFT, {}), ("A-1", "", AAPL + MSFT, {})))
    assert only(same, "A-1").status == "agrees"
    assert "counted once" in same.problems[0].what


def test_a_position_with_both_bases_is_held_to_maintenance(run):
    found = reconcile(run, stated(("A-1", "AAPL", AAPL * 2, {"basis": "initial"}),
                                  ("A-1", "AAPL", AAPL, {})))
    assert only(found, "A-1", "AAPL").status == "agrees"


def test_a_long_position_they_hold_short_is_another_position(run):
    each = only(reconcile(run, stated(("A-1", "AAPL", AAPL * D("1.2"), {"quantity": D(-100)}))),
                "A-1", "AAPL")
    assert [cause.kind for cause in each.causes] == ["parameter", "house", "position"]
    assert each.causes[2].what == "they hold -100, the book 100"


def test_text_tells_doubts_and_what_is_left_out(run):
    found = reconcile(run, stated(("A-1", "", 1, {"currency": "EUR", "where": "B2"})))
    text = reconcile_text(found, "x.csv", found.problems, 2)
    assert max(map(len, text.splitlines())) <= 100
    assert "error: B2: A-1: 1 EUR is not compared" in text
    assert "INCOMPLETE: our figures leave out 2 positions." in text
    sheet = dispute_sheet(run, found, "x.csv")
    assert any("not compared" in getattr(block, "text", "")
               for section in sheet.sections for block in section.blocks)


def test_positions_without_a_line_explain_an_account_that_only_lines_stand_for(run):
    each = only(reconcile(run, stated(("A-1", "AAPL", AAPL, {}))), "A-1")
    assert each.causes[0].what == "no line stands for MSFT"
    assert each.causes[0].explains == -MSFT
    assert each.unexplained == 0
    whole = only(reconcile(run, stated(("A-1", "", AAPL, {}), ("A-1", "AAPL", AAPL, {}))), "A-1")
    assert all("no line" not in cause.what for cause in whole.causes)

