"""Accounts of uncleared swaps under SIMM and the schedule, through the registry."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import Crif, CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import SwapTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.projects.codec import Codec
from workstation.rulebooks.registry import margin, silos
from workstation.workspace.designs import find_design
from workstation.workspace.review import Question, review

TODAY = date(2026, 11, 20)
CSA = Account("CSA", AccountType.UNCLEARED_SWAPS)
ROW = CrifRow("CSA", "RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", 1000.0, "T1")
GRID = (CrifRow("CSA", "Rates", "Notional", usd=400.0, trade="A", model="schedule",
                end_date="2029-01-01"),
        CrifRow("CSA", "Rates", "PV", usd=-5.0, trade="A", model="schedule",
                end_date="2029-01-01"))
SWAP = Position("CSA", Instrument("IRS", AssetClass.SWAP, "USD IRS", terms=SwapTerms(
    Decimal(1_000_000), Decimal("0.04"), "pay", date(2031, 11, 19))), Decimal(1), None,
    "Positions!A2")


def of(book, regime="silos"):
    answer = margin(book, resolve(book), RuleSet(TODAY), regime)
    return answer, answer.of_account("CSA")


def book(crif=(), positions=(), market=None):
    return Book("b", TODAY, (CSA,), positions, market or Market(), crif=crif)


def test_rows_of_the_account_are_margined_under_its_silo():
    answer, account = of(book((ROW, CrifRow("OTHER", "RatesFX", "Risk_FX", "EUR", usd=1e9))))
    assert account.regime == "simm"
    assert account.maintenance.amount == account.initial.amount == 61_000
    assert answer.complete


def test_rows_speak_for_the_account_where_there_are_any():
    _, with_rows = of(book((ROW,), (SWAP,)))
    assert with_rows.maintenance.amount == 61_000
    assert dict(with_rows.maintenance.inputs)["positions beside the CRIF"] == "1, taken to be in it"
    _, own = of(book((), (SWAP,)))
    assert own.complete
    # Annuity of five years at 4 %, one basis point, risk weight 61.
    assert float(own.maintenance.amount) == pytest.approx(61 * 100 * 4.5317, rel=1e-3)


def test_the_schedule_regime():
    _, account = of(book(GRID), "schedule")
    # The poster's value is +5, so the ratio is 1: all of 2 % of 400.
    assert account.maintenance.amount == 8
    _, without = of(book((), (SWAP,)), "schedule")
    assert [item.where for item in without.excluded] == ["Positions!A2"]


def test_margin_in_another_reporting_currency_is_converted_as_a_line():
    euro = Market({"USD": Underlying("USD", Decimal("0.9"))}, currency="EUR",
                  fx={"USD": Decimal("0.9")})
    _, account = of(book((ROW,), market=euro))
    assert account.maintenance.amount == Decimal("54900")
    assert account.maintenance.parts[-1].label == "Conversion from USD"
    _, lost = of(book((ROW,), market=Market(currency="EUR")))
    assert "no exchange rate" in lost.excluded[0].what


def test_positions_without_terms_are_excluded():
    bare = Position("CSA", Instrument("IRS", AssetClass.SWAP, "USD IRS"), Decimal(1), None, "P!2")
    answer, _ = of(book((), (bare,)))
    assert [item.where for item in answer.excluded] == ["P!2"]


def test_silos_run_on_a_book_with_rows_only():
    found = book((ROW,))
    assert silos(found, resolve(found), RuleSet(TODAY)).maintenance.amount == 61_000


def test_rows_survive_columns_and_the_project_codec():
    rows = (ROW, *GRID)
    assert Crif.of_rows(rows).rows() == rows
    codec = Codec(Book)
    assert codec.decode(codec.encode(book(rows))).crif == rows


def test_a_design_keeps_the_margin_of_sensitivities():
    run = review(Question(book((ROW,)), (find_design("single-account-scan"),)), RuleSet(TODAY))
    [outcome] = run.designs
    assert outcome.margin.complete
    assert outcome.margin.requirement.amount == run.silos.maintenance.amount == 61_000
    assert outcome.saving == 0


def test_an_account_with_both_is_scanned_and_says_what_is_left_out():
    market = Market({"EURUSD": Underlying("EURUSD", Decimal("1.1"))})
    forward = Position("CSA", Instrument("EURUSD", AssetClass.FX_FORWARD, "EURUSD",
                                         terms=SwapTerms(maturity=date(2027, 1, 4))),
                       Decimal(1000), Decimal("1.1"), "Positions!A2")
    run = review(Question(book((ROW,), (forward,), market), (find_design("single-account-scan"),)),
                 RuleSet(TODAY))
    [outcome] = run.designs
    assert not outcome.margin.complete
    assert "left out" in outcome.margin.excluded[0].what
