"""Deribit portfolio margin: coin settlement exactly, the matrix, shocks, exclusions, offsets."""

import math
import re
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
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
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.importers import import_file
from workstation.instruments.terms import OptionTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks import registry
from workstation.rulebooks.crypto import deribit, deribit_matrix
from workstation.rulebooks.crypto.deribit_intake import dated, read_matrix_pack

BTC, ETH = 100_000, 2_400


def venue(*positions, **given):
    return margined(deribit, *positions, **given)


def inverse(usd, price=100_000, symbol="BTC-PERPETUAL", underlying="BTC"):
    return contract(symbol, usd, price, underlying, "inverse", underlying)


def linear(coins, price=100_000, symbol="BTC_USDC-PERPETUAL", underlying="BTC"):
    return contract(symbol, coins, price, underlying)


def black(forward, strike, volatility, years, is_call):
    """Undiscounted Black-76 by the error function, apart from the kernels."""
    sv = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / sv + sv / 2
    sign = 1 if is_call else -1

    def normal(x):
        return 0.5 * math.erfc(-x / math.sqrt(2))

    return sign * (forward * normal(sign * d1) - strike * normal(sign * (d1 - sv)))


def on_future(quantity, strike, right, days, forward, volatility, symbol="BTC"):
    """A coin-settled option of the future BTC-<expiry>, its premium in dollars at the index."""
    expiry = TODAY + timedelta(days)
    value = black(forward, strike, volatility, days / 365, right == "C")
    spot = {"BTC": BTC, "ETH": ETH}[symbol]
    terms = OptionTerms(right, Decimal(strike), expiry, "european", "cash", symbol)
    name = f"{symbol}-{expiry.day}{expiry:%b%y}-{strike}-{right}".upper()
    return held(name, AssetClass.CRYPTO_OPTION, quantity, repr(value / forward * spot),
                underlying=symbol, terms=terms)


def future_symbol(days, symbol="BTC"):
    expiry = TODAY + timedelta(days)
    return f"{symbol}-{expiry.day}{expiry:%b%y}".upper()


def test_an_inverse_long_loses_more_than_its_range_in_coin():
    """2 coins long at 100,000: -16 % costs 2 x .16/.84 coins; roll 1 % of delta; 80 % for MM."""
    answer = venue(inverse(200_000))
    loss = round(2 * 0.16 / 0.84, 9)
    assert float(answer.initial.amount) == pytest.approx((loss + 0.02) * BTC, abs=1e-6)
    assert float(answer.maintenance.amount) == pytest.approx(0.8 * (loss + 0.02) * BTC, abs=1e-6)


def test_an_inverse_short_loses_less_in_coin():
    answer = venue(inverse(-200_000))
    assert float(answer.initial.amount) == pytest.approx(
        (round(2 * 0.16 / 1.16, 9) + 0.02) * BTC, abs=1e-6)


def test_ether_has_its_own_constants():
    answer = venue(inverse(24_000, ETH, "ETH-PERPETUAL", "ETH"))
    loss = round(10 * 0.18 / 0.82, 9)
    assert float(answer.initial.amount) == pytest.approx((loss + 0.005 * 10) * ETH, abs=1e-6)


def test_a_linear_perpetual_is_in_dollars_and_says_what_is_assumed():
    answer = venue(linear(2))
    assert float(answer.initial.amount) == pytest.approx(0.16 * 200_000 + 0.01 * 200_000)
    assert any("linear contracts" in cite.paragraph for cite in answer.initial.unverified())


@given(st.floats(-50, 50).filter(lambda size: abs(size) > 1e-6), st.floats(0.1, 0.4))
def test_inverse_profit_is_exact(coins, span):
    """The coin profit of an inverse future is usd x (1/old - 1/new) at every move."""
    pack = read_matrix_pack(RuleSet(TODAY).edition("deribit_pm"), "btc")
    pair = deribit_matrix.Pair("BTC", "BTC", BTC, pack, (
        deribit_matrix.MatrixFuture("f", coins, BTC),))
    profits = deribit_matrix.pair_matrix(pair).profits[0, :27]
    moves = np.array([bucket.move for bucket in pack.buckets[:27]])
    usd = coins * BTC
    assert profits == pytest.approx(usd * (1 / BTC - 1 / (BTC * (1 + moves))), rel=1e-9, abs=1e-12)


def test_a_short_call_by_hand():
    """30-day short call on a future at 101,000, all 35 buckets computed apart."""
    forward, strike, volatility, years = 101_000.0, 110_000.0, 0.55, 30 / 365
    mark = black(forward, strike, volatility, years, True) / forward
    totals = []
    for state in (1 - 0.25, 1.0, 1.5):
        for step in range(-4, 5):
            move = 0.16 * step / 4
            shocked = max(volatility * state, 0.5 if state > 1 else 0.0)
            value = black(forward * (1 + move), strike, shocked, years, True)
            totals.append(mark - value / (forward * (1 + move)))
    for move in (-0.66, -0.33, 0.5, 1, 2, 3, 4, 5):
        sign = math.copysign(1, move)
        value = black(forward * (1 + move), strike, volatility * 1.5, years, True)
        profit = mark - value / (forward * (1 + move))
        profit *= 0.16 / abs(move) * (1 + move) / (1 + sign * 0.16)
        relief = (abs(move) / 0.16 - 1) * 100_000 / ((1 + sign * 0.16) * BTC)
        totals.append(math.copysign(max(0.0, abs(profit) - relief), profit))
    d1 = math.log(forward / strike) / (volatility * math.sqrt(years)) + (
        volatility * math.sqrt(years) / 2)
    delta = 0.5 * math.erfc(-d1 / math.sqrt(2))
    roll = delta * max(0.01, math.expm1(0.075 * years))
    answer = venue(on_future(-1, 110_000, "C", 30, forward, volatility),
                   prices={future_symbol(30): forward})
    worst = -min(totals)
    assert float(answer.initial.amount) == pytest.approx((round(worst, 9) + roll) * BTC, rel=1e-8)


def test_the_future_of_the_expiry_prices_the_option_and_the_index_is_said():
    far = on_future(-1, 110_000, "C", 30, 103_000.0, 0.5)
    known = venue(far, prices={future_symbol(30): 103_000})
    unknown = venue(far)
    assert "note" not in dict(node(known.initial, "Worst bucket").inputs)
    assert "index stands in" in dict(node(unknown.initial, "Worst bucket").inputs)["note"]
    assert known.initial.amount != unknown.initial.amount


def test_a_future_held_at_the_expiry_is_the_forward():
    option_ = on_future(-1, 110_000, "C", 30, 103_000.0, 0.5)
    future = inverse(-1_030, 103_000, future_symbol(30))
    answer = venue(option_, future)
    assert "note" not in dict(node(answer.initial, "Worst bucket").inputs)


def test_roll_shock_is_gross_over_expiries_and_grows_with_time():
    """A calendar of perpetual against a year-long future: min branch and exp branch, no netting."""
    answer = venue(inverse(100_000), inverse(-105_000, 105_000, future_symbol(365)))
    shocks = [float(part.amount) for part in node(answer.initial, "Roll shock").parts]
    assert shocks == pytest.approx([0.01 * BTC, math.expm1(0.075) * BTC])


def test_delta_beyond_the_threshold_is_shocked():
    """1,000 coins at 100,000: 800 beyond 20 million, 4 % of 1,000; capped at 10 %."""
    shock = node(venue(inverse(100_000_000)).initial, "Delta shock")
    assert float(shock.amount) == pytest.approx(800 * 5e-5 * 1_000 * BTC)
    capped = node(venue(inverse(1_000_000_000)).initial, "Delta shock")
    assert float(capped.amount) == pytest.approx(0.10 * 10_000 * BTC)


def test_the_tree_names_the_worst_bucket_and_the_next_ones():
    answer = venue(inverse(200_000), on_future(-5, 110_000, "C", 30, 100_000.0, 0.55))
    tree = node(answer.initial, "Worst bucket")
    shown = dict(tree.inputs)
    assert [key for key in shown if key.endswith(". worst")] == [
        "2. worst", "3. worst", "4. worst", "5. worst"]
    assert {part.label for part in tree.parts} == {
        "BTC-PERPETUAL", f"{future_symbol(30)}-110000-C"}
    assert {"Roll shock", "Delta shock", "Correlation contingency"} <= set(labels(answer.initial))
    assert any("correlation" in cite.paragraph for cite in answer.initial.unverified())


def test_one_matrix_nets_and_settlement_currencies_do_not():
    apart = venue(inverse(200_000), linear(-2))
    statuses = [offset.status for offset in apart.offsets]
    assert statuses == ["denied"]
    assert apart.offsets[0].would_save > 0
    together = venue(inverse(200_000), linear(-2), programme="X:PM")
    assert together.initial.amount < apart.initial.amount
    assert {part.label for part in together.initial.parts} == {"Portfolio settled in USD"}


def test_netting_within_one_matrix_is_granted_with_its_saving():
    positions = [inverse(200_000), on_future(-5, 110_000, "C", 30, 100_000.0, 0.55)]
    answer = venue(*positions)
    (granted,) = [offset for offset in answer.offsets if offset.status == "granted"]
    alone = sum(venue(position).maintenance.amount for position in positions)
    assert float(granted.amount) == pytest.approx(
        float(answer.maintenance.amount) - float(alone), abs=1e-3)


@pytest.mark.parametrize(("position", "reason"), [
    (contract("SOL_USDC-PERPETUAL", 10, 150, "SOL"), "no constants for SOL"),
    (coin(-1), "borrowed coin"),
    (stablecoin(100, 1, "USDT"), "haircut for it was not found"),
    (held("SPY", AssetClass.ETF, 1, 600), "no constants for SPY"),
    (contract("BTC-PERPETUAL", 1, 100_000, "BTC", "linear", "EURR"), "settled in EURR"),
    (inverse(10_000, 0), "not above zero"),
    (option(-1, 49_000, strike=50_000), "below its value without volatility"),
    (option(-1, 300_000), "above what any volatility gives"),
])
def test_what_the_pack_cannot_margin_is_named(position, reason):
    answer = venue(position)
    assert answer.maintenance.amount == 0
    assert reason in answer.excluded[0].what
    assert answer.excluded[0].remedy


def test_coins_are_equity_and_staked_ether_has_the_haircut_of_its_day():
    assert venue(coin(3)).initial.amount == 0
    steth = held("stETH", AssetClass.WRAPPED_TOKEN, 10, 2_400, underlying="ETH")
    assert float(venue(steth).initial.amount) == pytest.approx(0.075 * 24_000)
    earlier = RuleSet(date(2025, 12, 31))
    assert float(venue(steth, rules=earlier).initial.amount) == pytest.approx(0.15 * 24_000)


def test_another_reporting_currency_scales_everything():
    positions = [inverse(200_000), linear(-1), on_future(-5, 110_000, "C", 30, 100_000.0, 0.55)]
    dollars = venue(*positions)
    euros = venue(*positions, reporting="EUR", fx={"USD": Decimal("0.5")})
    assert float(euros.initial.amount) == pytest.approx(float(dollars.initial.amount) / 2)


@settings(max_examples=20, deadline=None)
@given(st.integers(-5, 5), st.lists(st.integers(-4, 4), max_size=3))
def test_margin_is_never_negative_and_grows_with_size(perpetuals, sizes):
    def book(scale):
        found = [on_future(scale * size, 90_000 + 10_000 * place, "CP"[place % 2], 30, 100_000.0,
                           0.5) for place, size in enumerate(sizes) if size]
        return [*found, *([inverse(scale * perpetuals * 10_000)] if perpetuals else [])]

    once, twice = venue(*book(1)), venue(*book(2))
    assert once.maintenance.amount >= 0
    assert twice.maintenance.amount >= once.maintenance.amount - Decimal("0.001")


@pytest.mark.parametrize(("symbol", "expected"), [
    ("BTC-25DEC26-90000-C", ("BTC-25DEC26", date(2026, 12, 25))),
    ("BTC-25DEC26", ("BTC-25DEC26", date(2026, 12, 25))),
    ("SOL_USDC-3JAN27-150-P", ("SOL_USDC-3JAN27", date(2027, 1, 3))),
    ("BTC-PERPETUAL", None), ("BTC-31FEB26", None)])
def test_dates_in_symbols(symbol, expected):
    assert dated(symbol) == expected


def test_a_premium_in_coin_is_worth_coin_times_index():
    """An option quoted in its own coin resolves to dollars without an exchange rate."""
    terms = OptionTerms("C", Decimal(110_000), TODAY + timedelta(30), "european", "cash", "BTC")
    quoted = held("BTC-O", AssetClass.CRYPTO_OPTION, -1, "0.03", underlying="BTC", terms=terms,
                  currency="BTC")
    book = Book("b", TODAY, (Account("A1", AccountType.CRYPTO_VENUE, venue="deribit"),), (quoted,),
                market=Market({"BTC": Underlying("BTC", Decimal(100_000))}))
    row = resolve(book)
    assert row.unpriced == (None,)
    assert row.price[0] == pytest.approx(3_000)
    assert row.value[0] == pytest.approx(-3_000)


def test_the_size_of_an_inverse_contract_is_its_dollars():
    account = Account("A1", AccountType.CRYPTO_VENUE, venue="deribit")
    book = Book("b", TODAY, (account,), (inverse(220_000),),
                market=Market({"BTC": Underlying("BTC", Decimal(100_000))}))
    assert resolve(book).value[0] == 220_000


def test_a_venue_export_is_margined_end_to_end():
    """Perpetual and option by the venue's matrix; the expired option is named and left out."""
    path = shared("data", "positions", "deribit_positions.json")
    book = import_file(path, as_of=TODAY).book
    answer = registry.silos(book, resolve(book), RuleSet(TODAY))
    (account,) = answer.accounts
    assert account.regime == "deribit-pm"
    assert account.maintenance.amount > 30_000
    assert [re.sub(":.*", "", item.what) for item in answer.excluded] == ["ETH-25SEP26-3000-P"]
    assert float(account.maintenance.amount) == pytest.approx(0.8 * float(account.initial.amount))


def test_a_foreign_futures_account_at_the_venue_is_margined_the_same():
    """Since May 2026 the venue's perpetuals may lie in a 30.7 account."""
    account = Account("A1", AccountType.FOREIGN_FUTURES, venue="Deribit")
    assert registry.regime_of(account) == "deribit-pm"
    assert registry.regime_of(Account("A2", AccountType.FOREIGN_FUTURES)) == "span"


OUTSIDE = {"a call above its future": ("C", 90_000, 1.02),
           "a put above its strike": ("P", 90_000, 0.92),
           "a call below its intrinsic value": ("C", 60_000, 0.30),
           "a put below its intrinsic value": ("P", 140_000, 0.30)}


@pytest.mark.parametrize("case", OUTSIDE)
def test_a_quote_outside_no_arbitrage_bounds_is_left_out_or_assumed_by_name(case):
    """The bounds are those of the future: intrinsic value below; its price or the strike above."""
    right, strike, in_coin = OUTSIDE[case]
    expiry = TODAY + timedelta(30)
    terms = OptionTerms(right, Decimal(strike), expiry, "european", "cash", "BTC")
    bad = held(f"{future_symbol(30)}-{strike}-{right}", AssetClass.CRYPTO_OPTION, -1,
               repr(in_coin * BTC), underlying="BTC", terms=terms)
    prices = {future_symbol(30): BTC}
    left_out = venue(bad, prices=prices)
    (exclusion,) = left_out.excluded
    assert left_out.initial.amount == 0
    assert "value without volatility" in exclusion.what or "any volatility" in exclusion.what
    assumed = venue(bad, prices=prices, iv="0.5")
    assert not assumed.excluded
    assert "50.0%" in dict(node(assumed.initial, "Worst bucket").inputs)["note"]
    usual = on_future(-1, strike, right, 30, float(BTC), 0.5)
    loss = float(assumed.initial.amount - venue(usual, prices=prices).initial.amount)
    assert abs(loss) < 1e-3 * BTC  # margined at the assumed volatility, as if priced by it
