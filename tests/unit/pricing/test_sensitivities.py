"""Own sensitivities against bumped values worked out in the test."""

import math
from datetime import date, timedelta
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import PerpetualTerms, SwapTerms
from workstation.market.market import Market, Underlying
from workstation.pricing.sensitivities import own_sensitivities
from workstation.pricing.sensitivity_rows import CREDIT_TENORS, CURVE_TENORS, split_between

TODAY = date(2026, 3, 2)
RATES = {"USD": "0.04", "EUR": "0.02"}
MARKET = Market(
    {**{c: Underlying(c, Decimal(1), rate=Decimal(r)) for c, r in RATES.items()},
     "EURUSD": Underlying("EURUSD", Decimal("1.10")),
     "SPX": Underlying("SPX", Decimal(6000),
                       underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP)},
    fx={"EUR": Decimal("1.10")})


def held(kind, underlying, quantity=1, price=None, currency="USD", **terms):
    instrument = Instrument(f"{kind} {underlying}", kind, underlying, currency,
                            terms=SwapTerms(**terms))
    return Position("C", instrument, Decimal(quantity), price, "Positions!A2")


def rows_of(position):
    account = Account("C", AccountType.UNCLEARED_SWAPS)
    book = Book("b", TODAY, (account,), (position,), MARKET)
    found = own_sensitivities(resolve(book).of_account("C"), "C")
    return found.rows, found.excluded


def years(count):
    return TODAY + timedelta(days=round(365 * count))


def by_factor(rows):
    return {(r.risk_type, r.qualifier, r.label1): r.usd for r in rows}


def test_payer_swap_is_the_bumped_value_of_a_par_swap():
    position = held(AssetClass.SWAP, "USD IRS", notional=Decimal(10_000_000),
                    fixed_rate=Decimal("0.04"), pay_receive="pay", maturity=years(10))
    rows, excluded = rows_of(position)

    def value(rate):
        legs = (1 - math.exp(-rate * 10)), 0.04 * (1 - math.exp(-rate * 10)) / rate
        return 10_000_000 * (legs[0] - legs[1])

    bumped = (value(0.0401) - value(0.0399)) / 2
    assert excluded == ()
    assert by_factor(rows) == {("Risk_IRCurve", "USD", "10y"): pytest.approx(bumped, rel=1e-3)}
    assert (rows[0].label2, rows[0].product_class, rows[0].portfolio) == ("OIS", "RatesFX", "C")


def test_receiver_has_the_other_sign_and_a_maturity_between_vertices_is_split():
    common = {"notional": Decimal(1_000_000), "fixed_rate": Decimal("0.04")}
    payer, _ = rows_of(held(AssetClass.SWAP, "S", pay_receive="Pay fixed", maturity=years(7),
                            **common))
    receiver, _ = rows_of(held(AssetClass.SWAP, "S", pay_receive="receive", maturity=years(7),
                               **common))
    assert [r.label1 for r in payer] == ["5y", "10y"]
    assert payer[0].usd / payer[1].usd == pytest.approx(1.5)
    assert [r.usd for r in receiver] == [-r.usd for r in payer]


def test_fx_forward_against_bumped_values():
    rows, _ = rows_of(held(AssetClass.FX_FORWARD, "EURUSD", 5_000_000, currency="USD",
                           maturity=years(2)))

    def value(spot=1.10, euro=0.02, dollar=0.04):
        return 5_000_000 * (spot * math.exp(-euro * 2) - 1.10 * math.exp(-dollar * 2))

    base = value()
    found = by_factor(rows)
    assert found["Risk_FX", "EUR", ""] == pytest.approx(value(spot=1.111) - base)
    for currency, bumped in (("EUR", value(euro=0.0201)), ("USD", value(dollar=0.0401))):
        assert found["Risk_IRCurve", currency, "2y"] == pytest.approx(bumped - base, rel=1e-3)


@pytest.mark.parametrize("position", [
    held(AssetClass.FX_FORWARD, "EURUSD", currency="EUR", notional=Decimal(5_000_000),
         pay_receive="receive", maturity=years(2)),
    held(AssetClass.FX_FORWARD, "EURUSD", currency="USD", notional=Decimal(5_500_000),
         pay_receive="buy", maturity=years(2)),
    held(AssetClass.FX_FORWARD, "EURUSD", currency="EUR", notional=Decimal(5_000_000),
         maturity=years(2)),
])
def test_an_fx_forward_may_state_a_notional_of_either_currency(position):
    # 5,000,000 EUR at 1.10, either way; 1 % of it discounted at 2 % over two years
    found = by_factor(rows_of(position)[0])
    assert found["Risk_FX", "EUR", ""] == pytest.approx(55_000 * math.exp(-0.04))
    sold = held(AssetClass.FX_FORWARD, "EURUSD", -1, currency="EUR", notional=Decimal(5_000_000),
                maturity=years(2))
    assert by_factor(rows_of(sold)[0])["Risk_FX", "EUR", ""] == pytest.approx(
        -55_000 * math.exp(-0.04))


def test_a_pair_takes_the_cross_of_the_known_rates():
    # No row of the pair: 1.10 USD a euro over 1.25 USD a pound is 0.88 GBP a euro.
    forward = held(AssetClass.FX_FORWARD, "EURGBP", 1_000_000, currency="GBP", maturity=years(1))
    market = Market(fx={"EUR": Decimal("1.10"), "GBP": Decimal("1.25")})
    book = Book("b", TODAY, (Account("C", AccountType.UNCLEARED_SWAPS),), (forward,), market)
    found = own_sensitivities(resolve(book).of_account("C"), "C")
    assert not found.excluded
    assert by_factor(found.rows)["Risk_FX", "GBP", ""] == pytest.approx(-11_000)


def test_who_pays_the_return_of_an_equity_swap_is_short():
    common = {"notional": Decimal(4_000)}
    [paid], _ = rows_of(held(AssetClass.SECURITY_BASED_SWAP, "MSFT", 1, pay_receive="pay",
                             **common))
    [got], _ = rows_of(held(AssetClass.SECURITY_BASED_SWAP, "MSFT", 1, pay_receive="receive",
                            **common))
    assert (paid.usd, got.usd) == (-40, 40)


def test_bought_protection_gains_when_spreads_widen():
    common = {"notional": Decimal(1_000_000), "spread_bp": Decimal(100), "maturity": years(5),
              "reference_entity": "Acme"}
    [row], _ = rows_of(held(AssetClass.CDS, "ACME", pay_receive="buy", **common))
    expected = 1_000_000 * 1e-4 * (1 - math.exp(-0.05 * 5)) / 0.05
    assert row.usd == pytest.approx(expected)
    assert (row.risk_type, row.qualifier, row.bucket, row.label1, row.label2) == (
        "Risk_CreditQ", "Acme", "Residual", "5y", "USD")


def test_an_inverse_perpetual_counts_its_size_in_dollars():
    coin = Instrument("BTC-PERPETUAL", AssetClass.PERPETUAL, "BTC",
                      terms=PerpetualTerms("inverse", "BTC"))
    position = Position("C", coin, Decimal(-220_000), Decimal(77_000), "Positions!A2")
    rows, excluded = rows_of(position)
    assert [row.usd for row in rows] == pytest.approx([-2_200])
    assert not excluded


def test_equity_swaps_go_to_the_index_bucket_or_residual():
    [index], _ = rows_of(held(AssetClass.SECURITY_BASED_SWAP, "SPX", -10, Decimal(6000)))
    [share], _ = rows_of(held(AssetClass.SECURITY_BASED_SWAP, "MSFT", 10, Decimal(400)))
    assert (index.bucket, index.usd) == ("11", -600)
    assert (share.bucket, share.usd) == ("Residual", 40)


@pytest.mark.parametrize(("position", "what"), [
    (held(AssetClass.SWAP, "S", pay_receive="pay", notional=Decimal(1)), "no maturity"),
    (held(AssetClass.SWAP, "S", notional=Decimal(1), maturity=years(2)), "pays or receives"),
    (held(AssetClass.SWAP, "S", notional=Decimal(1), maturity=years(-1), pay_receive="pay"),
     "matured"),
    (held(AssetClass.FX_FORWARD, "ABCXYZ", maturity=years(1)), "no currency pair"),
    (held(AssetClass.SWAP, "S", currency="SEK", notional=Decimal(1), maturity=years(2),
          pay_receive="pay"), "no exchange rate from SEK"),
    (held(AssetClass.EQUITY, "MSFT", 1, Decimal(1)), "not bilaterally"),
])
def test_what_lacks_a_term_is_excluded_with_a_remedy(position, what):
    rows, [item] = rows_of(position)
    assert rows == ()
    assert what in item.what
    assert item.remedy


@given(st.floats(0, 60), st.sampled_from((CURVE_TENORS, CREDIT_TENORS)))
def test_shares_of_a_split_add_up(time, vertices):
    parts = list(split_between(time, vertices))
    assert sum(share for _, share in parts) == pytest.approx(1)
    assert all(share > 0 for _, share in parts)
