"""Perpetuals in US futures accounts, beside dated futures."""

from datetime import date
from decimal import Decimal

import pytest

from tests.rules.crypto_books import RULES, TODAY, contract, held, labels
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.instruments.terms import FutureTerms
from workstation.market.market import Market, Underlying
from workstation.measures.perpetual import unsettled_move
from workstation.parameters.ruleset import RuleSet
from workstation.results.venue_tables import funding_table
from workstation.rulebooks import registry
from workstation.workspace.session import Session

BTC = Underlying("BTC", Decimal(100_000), annual_volatility=Decimal("0.5"))


def margined(*positions, account_type=AccountType.FUTURES, rules=RULES):
    account = Account("A1", account_type)
    book = Book("b", TODAY, (account,), positions, market=Market({"BTC": BTC}))
    return registry.account_margin(account, resolve(book), rules)


def bitcoin_future(quantity):
    return held("BTCZ6", AssetClass.FUTURE, quantity, 100_500, underlying="BTC",
                terms=FutureTerms("BTC", date(2026, 12, 25)))


def test_a_perpetual_is_a_futures_contract():
    answer = margined(contract("BTCPERP", 2, 100_000))
    assert answer.regime == "span"
    assert answer.maintenance.amount == 60_000
    assert answer.initial.amount == 66_000
    assert answer.complete
    assert any("outright maintenance" in cite.paragraph
               for cite in answer.maintenance.unverified())


def test_it_is_added_to_dated_futures_and_gets_no_spread():
    answer = margined(contract("BTCPERP", 2, 100_000), bitcoin_future(-1))
    alone = margined(bitcoin_future(-1)).maintenance.amount
    assert answer.maintenance.amount == alone + 60_000
    assert {"BTC", "BTC perpetuals"} <= set(labels(answer.maintenance))
    (denied,) = [o for o in answer.offsets if o.kind == "between perpetual and dated futures"]
    assert denied.between == ("BTCPERP", "BTCZ6")
    assert denied.would_save == 60_000


def test_longs_and_shorts_of_one_coin_net():
    assert margined(contract("P1", 2, 100_000), contract("P2", -2, 100_000)
                    ).maintenance.amount == 0


def test_before_such_contracts_existed_they_are_named_and_left_out():
    answer = margined(contract("BTCPERP", 2, 100_000), rules=RuleSet(date(2025, 1, 2)))
    assert answer.maintenance.amount == 0
    assert "BTCPERP" in answer.excluded[0].what


def test_an_unknown_coin_is_named():
    answer = margined(contract("SOLPERP", 2, 150, "SOL"))
    assert "no margin rate of perpetuals on SOL" in answer.excluded[0].what


def test_the_weekend_is_a_move_of_three_days():
    assert unsettled_move(0.5, 3) == pytest.approx(0.5 * (3 / 365) ** 0.5)
    leaf = margined(contract("BTCPERP", 2, 100_000)).maintenance.parts[1].parts[0]
    shown = dict(leaf.inputs)["weekend move of one deviation"]
    assert shown == f"{200_000 * 0.5 * (3 / 365) ** 0.5:,.0f}"


def test_five_year_perpetual_style_futures_are_carried_the_same(tmp_path):
    """BIP is of 0.01 bitcoin, ETP of 0.10 ether: 30 and 35 % of notional, in the 4d(a) account."""
    file = tmp_path / "book.csv"
    file.write_text("account_id,account_type,symbol,quantity,price\n"
                    "F1,futures,BIP-20DEC30-CDE,100,90000\nF1,futures,ETP-20DEC30-CDE,-50,3000\n"
                    "F1,futures,ZZZ-20DEC30-CDE,1,10\n")
    run = Session.from_file(file).review()
    assert run.silos.maintenance.amount == Decimal("0.30") * 90_000 + Decimal("0.35") * 15_000
    assert [item.where for item in run.book.excluded] == ["book.csv!A4"]
    assert {item.legal for item in run.exposures} == {"futures account, CEA 4d(a)"}
    assert len(funding_table(run, 0.0001).rows) == 2


@pytest.mark.parametrize(("symbol", "quantity", "account_type", "share"), [
    ("BITX", 100, "reg_t", "0.50"), ("BITX", -100, "reg_t", "0.60"),
    ("IBIT", 100, "reg_t", "0.25"), ("BITX", 100, "portfolio_margin", "0.30"),
    ("SBIT", 100, "portfolio_margin", "0.30"), ("IBIT", 100, "portfolio_margin", "0.15")])
def test_leveraged_coin_funds_are_securities_at_their_factor(tmp_path, symbol, quantity,
                                                             account_type, share):
    file = tmp_path / "book.csv"
    file.write_text("account_id,account_type,symbol,quantity,price\n"
                    f"A1,{account_type},{symbol},{quantity},40\n")
    run = Session.from_file(file).review()
    assert float(run.silos.maintenance.amount) == pytest.approx(float(share) * 4_000)
    (exposure,) = run.exposures
    assert exposure.root == "BTC"
    assert exposure.legal == "securities account, Rule 15c3-3"
