"""Token lots by regime: eligibility, haircuts, redemption, a de-peg at one venue."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.collateral.tokens import local_depeg_losses, token_eligibility
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
D = Decimal


def lot(symbol, kind, quantity, price, currency="USD", custodian="Venue One"):
    return CollateralLot(symbol.lower(), "A1", symbol, kind, D(quantity), D(price), currency,
                         custodian=custodian)


def book(*lots, day=TODAY, **market):
    rows = {"ETH": Underlying("ETH", D(2_400))}
    return Book("b", day, lots=lots, market=Market(rows, **market))


def by_regime(found, symbol):
    return {row.regime: row for row in found if row.symbol == symbol}


def test_staff_percentages_of_each_date():
    lots = (lot("BTC", "crypto", 2, 100_000), lot("USDC", "stablecoin", 1_000_000, "0.9998"))
    now = token_eligibility(book(*lots), RuleSet(TODAY))
    coins, dollars = by_regime(now, "BTC"), by_regime(now, "USDC")
    assert coins["broker-dealer capital"].value == 160_000
    assert dollars["broker-dealer capital"].value == D(1_000_000) * D("0.9998") * D("0.98")
    assert dollars["broker-dealer capital"].cite.standing == "sourced"
    assert dollars["margin of futures customers"].cite.standing == "unverified"
    then = by_regime(token_eligibility(book(*lots), RuleSet(date(2026, 1, 5))), "USDC")
    assert then["broker-dealer capital"].value == 0


def test_nothing_is_taken_for_uncleared_swaps():
    found = token_eligibility(book(lot("BTC", "crypto", 2, 100_000)), RuleSet(TODAY))
    row = by_regime(found, "BTC")["margin of uncleared swaps"]
    assert row.value == 0
    assert row.reason == "not taken as margin of uncleared swaps"


def test_an_unknown_token_counts_nothing_everywhere_and_is_listed():
    found = token_eligibility(book(lot("MEME", "crypto", 5, 3)), RuleSet(TODAY))
    assert len(found) == 4
    assert {row.value for row in found} == {0}
    assert all(row.reason for row in found)


@pytest.mark.parametrize(("price", "counted", "remark"), [
    ("1.02", 1, "counted at redemption"), ("0.95", "0.95", "5.00% below redemption")])
def test_a_stablecoin_counts_at_the_lower_of_mark_and_redemption(price, counted, remark):
    found = token_eligibility(book(lot("USDC", "stablecoin", 100, price)), RuleSet(TODAY))
    row = by_regime(found, "USDC")["broker-dealer capital"]
    assert row.value == 100 * D(counted) * D("0.98")
    assert remark in row.reason


def test_securities_and_cash_are_no_tokens():
    assert token_eligibility(book(lot("SPY", "etf", 1, 600)), RuleSet(TODAY)) == ()


def test_before_the_first_statement_there_is_no_answer():
    old = RuleSet(date(2024, 1, 1))
    assert token_eligibility(book(lot("BTC", "crypto", 2, 1)), old) == ()
    assert local_depeg_losses(book(lot("USDE", "stablecoin", 2, 1)), old) == ()


def test_a_depeg_at_the_venue_hits_the_lots_that_lie_there():
    lots = (lot("USDe", "stablecoin", 1_000_000, "0.999"), lot("wBETH", "wrapped_token", 10, 2_450),
            lot("BTC", "crypto", 1, 100_000))
    found = local_depeg_losses(book(*lots), RuleSet(TODAY))
    losses = {item.lot: item.loss for item in found}
    assert {item.location for item in found} == {"Venue One"}
    assert losses == {"usde": 1_000_000 * (D("0.999") - D("0.6567")),
                      "wbeth": 10 * (2_450 - D("0.1045") * 2_400)}


def test_another_currency_is_converted():
    euro = lot("USDC", "stablecoin", 100, "0.5", "EUR")
    found = token_eligibility(book(euro, fx={"EUR": D(2)}), RuleSet(TODAY))
    row = by_regime(found, "USDC")["broker-dealer capital"]
    assert row.token.redeem_price == D("0.5")
    assert row.value == 98
