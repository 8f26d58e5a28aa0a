"""OKX, Binance, Hyperliquid and Coinbase International accounts."""

from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.crypto_books import (
    TODAY,
    coin,
    contract,
    held,
    labels,
    margined,
    node,
    option,
    stablecoin,
)
from tests.shared import shared
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.resolve import resolve
from workstation.importers import import_file
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.rulebooks import registry
from workstation.rulebooks.crypto import binance, coinbase_intl, hyperliquid, okx
from workstation.rulebooks.crypto.coinbase_margin import SizeRules
from workstation.rulebooks.crypto.okx_units import Leg, quote_hedges

VENUES = {"okx": okx, "binance": binance, "hyperliquid": hyperliquid,
          "coinbase": coinbase_intl}
D = Decimal


def perp(quantity, price=100_000, underlying="BTC", coin="USDT", settlement="linear"):
    return contract(f"{underlying}-{coin}-{settlement}", quantity, price, underlying, settlement,
                    coin)


# ---- OKX


def test_a_bitcoin_unit_by_hand():
    """12 % of 200,000 against half of 24 %; .2 % basis; closing .45 % = 900, unscaled."""
    answer = margined(okx, perp(-2))
    assert answer.maintenance.amount == D("24000") + D("400")
    assert answer.initial.amount == D("1.3") * 24_400
    tree = node(answer.maintenance, "Larger of")
    assert tree.binding.label == "Market risk"
    assert {"MR1: index +12%", "MR6: half the loss at 24%", "MR4: basis",
            "MR7: closing cost"} <= set(labels(tree))


def test_a_large_flat_unit_is_bound_by_its_closing_cost():
    """Long and short 100 coins net to nothing, but 90,000 of closing cost stand in four bands."""
    answer = margined(okx, perp(100), perp(-100, coin="USD", settlement="linear"))
    raw = D("0.0045") * 20_000_000
    scaled = 10_000 + 60_000 * 2 + (raw - 70_000) * 4
    hedge = D("0.0075") * 1_000_000 + D("0.0175") * 4_000_000 + D("0.025") * 5_000_000
    assert float(answer.maintenance.amount) == pytest.approx(float(scaled + hedge))
    assert node(answer.maintenance, "MR9").amount == hedge
    assert answer.offsets[0].status == "partial"


def test_quote_currencies_are_matched_in_order():
    legs = [Leg("a", D(10), D(10), "USDT"), Leg("b", D(-4), D(-4), "USD"),
            Leg("c", D(-7), D(-7), "USDC")]
    order = [("USDT", "USD"), ("USDT", "USDC"), ("USDC", "USD")]
    assert [(h.first, h.second, h.size) for h in quote_hedges(legs, order)] == [
        ("USDT", "USD", 4), ("USDT", "USDC", 6)]


def test_an_inverse_contract_is_sized_in_dollars():
    inverse = contract("BTC-USD-SWAP", -200_000, 100_000, "BTC", "inverse", "BTC")
    assert margined(okx, inverse).maintenance.amount == margined(okx, perp(-2)).maintenance.amount


def test_what_is_owed_is_charged():
    answer = margined(okx, perp(-2), stablecoin(-50_000, 1, "USDT"))
    assert answer.maintenance.amount == 24_400 + D("0.02") * 50_000
    assert answer.initial.amount == D("1.3") * 24_400 + D("0.10") * 50_000


def test_a_stablecoin_off_its_peg_shrinks_what_is_quoted_in_it():
    answer = margined(okx, perp(-2), prices={"USDT": "0.95"})
    assert float(answer.maintenance.amount) == pytest.approx(0.95 * 24_400)


def test_the_published_example_of_the_position_builder():
    """Ten contracts short bitcoin, ten long litecoin, Tether owed at 0.99954."""
    book = (contract("BTC-USDT-SWAP", "-0.1", "97093.7", coin="USDT"),
            contract("LTC-USDT-SWAP", "10", "102", "LTC", coin="USDT"),
            stablecoin("-78589.37", "0.99954", "USDT"))
    answer = margined(okx, *book, prices={"BTC": "97078.9", "LTC": "101.9951",
                                          "USDT": "0.99954"})
    assert float(answer.maintenance.amount) == pytest.approx(2946.5480841048, rel=1e-9)
    assert float(answer.initial.amount) == pytest.approx(9643.45070718144, rel=1e-9)


def test_rates_taken_from_another_coin_are_to_confirm():
    cited = [cite.paragraph for cite in margined(okx, perp(10, 2_400, "ETH")
                                                 ).maintenance.unverified()]
    assert ", MR4 basis" in cited


# ---- Binance


def test_brackets_by_hand():
    """250,000 in the second bracket: .5 % less 50; liquidated at 1.05 times that margin.

    20,000 + 2.5 (P - 100,000) = 1.05 (.005 x 2.5 P - 50)
    """
    answer = margined(binance, perp("2.5"), cash=20_000)
    assert answer.maintenance.amount == 1_200
    assert answer.initial.amount == 1_440
    shown = dict(node(answer.maintenance, "BTC-USDT").inputs)
    price = (250_000 - 20_000 - 1.05 * 50) / (2.5 * (1 - 1.05 * 0.005))
    assert shown["liquidation price"] == f"{price:,.2f}"
    assert dict(node(answer.maintenance, "Maintenance margin of").inputs)["uniMMR"] == "16.6667"


def test_rows_of_one_contract_stand_in_one_bracket():
    """40,000 and 20,000 are 60,000: .5 % less 50, not .4 % each; long and short stay apart."""
    rows = [perp("0.4"), perp("0.2")]
    assert margined(binance, *rows).maintenance.amount == 60_000 * D("0.005") - 50
    both = margined(binance, perp("0.4"), perp("-0.4"), perp("0.2"))
    assert both.maintenance.amount == 250 + 40_000 * D("0.004")
    unknown = contract("XLMUSDT", 1, 1, "XLM"), contract("XLMUSDT", 2, 1, "XLM")
    assert len(margined(binance, *unknown).excluded) == 2


def test_only_what_is_left_of_a_coin_after_its_loan_is_haircut():
    """N = 1 - .4: the ratio of .95 takes 5 % of 60,000; the loan of 40,000 asks 10 %."""
    answer = margined(binance, coin(1), coin("-0.4"))
    assert answer.maintenance.amount == D("0.05") * 60_000 + D("0.1") * 40_000


def test_collateral_ratios_take_off_and_debts_count_whole():
    answer = margined(binance, perp("2.5"), coin(1), stablecoin(-10_000, 1, "USDT"))
    assert node(answer.maintenance, "Haircut of BTC").amount == D("5000.00")
    assert node(answer.maintenance, "Loan of USDT").amount == 1_000
    ratio = (95_000 - 10_000) / (1_200 + 1_000)
    assert dict(node(answer.maintenance, "Maintenance margin of").inputs)["uniMMR"] == (
        f"{ratio:.4f}")


def test_an_unknown_token_counts_nothing_and_is_listed():
    answer = margined(binance, perp(1), held("MEME", AssetClass.CRYPTO, 1_000, 5))
    assert "MEME: no collateral ratio is known" in answer.excluded[0].what


def test_a_venue_export_is_margined_or_named():
    book = import_file(shared("data", "positions", "binance_positions.json"), as_of=TODAY).book
    answer = registry.silos(book, resolve(book), RuleSet(TODAY))
    (account,) = answer.accounts
    assert account.regime == "binance-pm"
    assert account.maintenance.amount == D("96400.125") * D("0.005") - 50
    assert "brackets of inverse ETH contracts were not found" in answer.excluded[0].what


def test_an_overlay_brings_an_unknown_contract_in():
    overlay = parse_edition("""
        rule = "Binance portfolio margin"
        edition = "house"
        effective = 2026-01-01
        source = "house"
        [parameter.tiers]
        value = [{ coin = "ETH", settlement = "inverse", rate = 0.01 }]
        unit = "share"
        paragraph = ", house"
        standing = "house"
        """.replace("        ", ""), Path("house.toml"))
    inverse = contract("ETHUSD_PERP", 24_000, 2_400, "ETH", "inverse", "ETH")
    answer = margined(binance, inverse, rules=RuleSet(TODAY, [overlay]))
    assert answer.complete
    assert answer.maintenance.amount == 240


# ---- Hyperliquid


def test_tiers_of_leverage_by_hand():
    """200 million of bitcoin: 150 at 40x, 50 at 20x; maintenance is half."""
    answer = margined(hyperliquid, perp(2_000, coin="USDC"), cash=20_000_000)
    initial = 150_000_000 / D(40) + 50_000_000 / D(20)
    assert answer.initial.amount == initial
    assert answer.maintenance.amount == initial / 2


def test_rows_of_one_contract_are_one_position_in_the_tiers():
    """2,000 and 2,000 coins: 150 m at 40x, 250 m at 20x, half of it; longs and shorts net."""
    whole = D("0.5") * (150_000_000 / D(40) + 250_000_000 / D(20))
    assert margined(hyperliquid, perp(2000), perp(2000)).maintenance.amount == whole
    net = margined(hyperliquid, perp(2000), perp(-500))
    assert net.maintenance.amount == margined(hyperliquid, perp(1500)).maintenance.amount
    assert margined(hyperliquid, perp(1), perp(-1)).maintenance.amount == 0


def test_the_liquidation_price_is_the_venues():
    """The documented example: 13.95 short, 10x, liquidated at 2,822.13."""
    overlay = parse_edition("""
rule = "Hyperliquid margin"
edition = "example"
effective = 2026-01-01
source = "venue documentation"
[parameter.leverage]
value = [{ coins = ["ETH"], leverage = 10 }]
unit = "x"
paragraph = ", example"
standing = "house"
""", Path("example.toml"))
    short = perp("-13.95", "1547.6809444444443", "ETH", "USDC")
    answer = margined(hyperliquid, short, cash=19_747, rules=RuleSet(TODAY, [overlay]))
    assert dict(answer.maintenance.parts[0].inputs)["liquidation price"] == "2,822.13"


def test_portfolio_margin_is_held_to_the_ratio():
    """(20 + 6,250 + 10,000) / .95 less the debt, and what liquidation takes off 1,000 tokens."""
    positions = [perp(5, coin="USDC"), coin(1_000, 40, "HYPE"), stablecoin(-10_000)]
    answer = margined(hyperliquid, *positions, programme="portfolio margin")
    kept = 500_000 / D(40) / 2
    expected = (20 + kept + 10_000) / D("0.95") - 10_000 + 40_000 * D("0.25")
    assert float(answer.maintenance.amount) == pytest.approx(float(expected))
    shown = dict(answer.maintenance.inputs)
    assert shown["portfolio margin ratio"] == f"{(20 + kept + 10_000) / 30_000:.4f}"
    assert shown["liquidatable"] == "no"


def test_tokens_outside_portfolio_margin_are_no_margin():
    answer = margined(hyperliquid, perp(5, coin="USDC"), coin(1_000, 40, "HYPE"))
    assert "counts nothing as margin" in answer.excluded[0].what


# ---- Coinbase International


def test_small_positions_pay_the_base_and_large_ones_the_root_of_their_horizon():
    small = margined(coinbase_intl, perp(1, coin="USDC"), adv=10_000)
    assert small.initial.amount == 20_000
    assert float(small.maintenance.amount) == pytest.approx(20_000 * 2 / 3)
    # 40,000 coins against 10 % of 10,000 a day: 40 days, 4 % x root 40 = 25.3 %
    large = margined(coinbase_intl, perp(40_000, coin="USDC"), adv=10_000)
    assert float(large.initial.amount) == pytest.approx(4e9 * 0.04 * 40**0.5)


def test_without_a_volume_the_base_stands_and_says_so():
    answer = margined(coinbase_intl, perp(1, coin="USDC"))
    assert answer.initial.amount == 20_000
    assert dict(answer.initial.parts[0].inputs)["daily volume"].startswith("not in the file")


@pytest.mark.parametrize(("initial", "close_out"), [("0.30", "0.10"), ("0.36", "0.12"),
                                                    ("0.60", "0.28")])
def test_close_out_switches_at_36_percent(initial, close_out):
    rates = SizeRules(D(initial), D(0), D(2) / 3, D("0.12")).at(D(0))
    assert float(rates.close_out) == pytest.approx(float(close_out))


# ---- every venue


@pytest.mark.parametrize("name", VENUES)
@pytest.mark.parametrize(("position", "reason"), [
    (perp(1, 30, "NOTACOIN"), "not found"),
    (option(-1, 2_000), "options"),
    (held("SPY", AssetClass.ETF, 1, 600), "not held at this venue"),
    (perp(1, None), "no price"),
])
def test_what_a_venue_cannot_margin_is_named(name, position, reason):
    answer = margined(VENUES[name], position)
    assert answer.maintenance.amount == 0
    assert reason in answer.excluded[0].what
    assert answer.excluded[0].remedy


@pytest.mark.parametrize("name", VENUES)
def test_cash_without_an_exchange_rate_is_named(name):
    answer = margined(VENUES[name], perp(1, coin="USDC"), other_cash=(("XYZ", D(5)),))
    assert any("XYZ cash has no exchange rate" in item.what for item in answer.excluded)


def test_a_balance_in_coin_is_worth_the_coin():
    in_coin = margined(binance, perp("2.5"), other_cash=(("BTC", D(1)),))
    assert node(in_coin.maintenance, "Haircut of BTC").amount == D("5000.00")


@pytest.mark.parametrize("name", VENUES)
def test_a_closed_position_needs_nothing(name):
    answer = margined(VENUES[name], perp(0, coin="USDC"), cash=100)
    assert answer.maintenance.amount == 0
    assert answer.complete


@pytest.mark.parametrize("name", ["binance", "hyperliquid", "coinbase"])
def test_charging_by_contract_denies_netting_and_says_what_it_costs(name):
    first, second = perp(3, coin="USDC"), contract("BTC-OTHER", -2, 100_000)
    answer = margined(VENUES[name], first, second, cash=50_000)
    (denied,) = answer.offsets
    assert denied.status == "denied"
    assert denied.would_save > 0
    net = margined(VENUES[name], perp(1, coin="USDC"), cash=50_000).maintenance.amount
    assert float(denied.would_save) == pytest.approx(float(answer.maintenance.amount - net))


@pytest.mark.parametrize("name", VENUES)
@settings(max_examples=15, deadline=None)
@given(size=st.integers(1, 3_000))
def test_margin_grows_with_size_and_is_the_same_on_both_sides(name, size):
    long, short = (margined(VENUES[name], perp(side * size, coin="USDC"))
                   for side in (1, -1))
    larger = margined(VENUES[name], perp(size + 1, coin="USDC"))
    assert long.maintenance.amount == short.maintenance.amount > 0
    assert larger.maintenance.amount > long.maintenance.amount
    assert long.initial.amount >= long.maintenance.amount


@pytest.mark.parametrize("name", VENUES)
def test_another_reporting_currency_scales_everything(name):
    dollars = margined(VENUES[name], perp(200, coin="USDC"), cash=1)
    euros = margined(VENUES[name], perp(200, coin="USDC"), reporting="EUR",
                     fx={"USD": D("0.5")})
    assert float(euros.maintenance.amount) == pytest.approx(
        float(dollars.maintenance.amount) / 2)


@pytest.mark.parametrize("name", ["coinbase_intl", "Coinbase International", "coinbase-intl",
                                  "COINBASE  INTL"])
def test_a_venue_may_be_written_as_people_write_it(name):
    account = Account("V", AccountType.CRYPTO_VENUE, venue=name)
    assert registry.regime_of(account) == "coinbase-intl"


def test_each_venue_is_found_by_its_name():
    for venue, regime in (("OKX", "okx-pm"), ("Binance", "binance-pm"),
                          ("Hyperliquid", "hyperliquid"),
                          ("Coinbase International", "coinbase-intl"), ("Deribit", "deribit-pm")):
        assert registry.regime_of(Account("A", AccountType.CRYPTO_VENUE, venue=venue)) == regime
