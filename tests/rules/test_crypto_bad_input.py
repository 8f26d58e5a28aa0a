"""Any book at any venue: an answer that adds up, or a named exclusion; never a failure."""

from datetime import timedelta
from decimal import Decimal

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.rules.crypto_books import TODAY, held, margined
from workstation.base.vocabulary import AssetClass
from workstation.instruments.terms import FutureTerms, OptionTerms, PerpetualTerms
from workstation.rulebooks.crypto import (
    binance,
    coinbase_intl,
    deribit,
    derive,
    hyperliquid,
    okx,
    onshore,
)

VENUES = {"derive": derive, "deribit": deribit, "okx": okx, "binance": binance,
          "hyperliquid": hyperliquid, "coinbase": coinbase_intl, "onshore": onshore}
NUMBERS = st.sampled_from(["0", "-1", "0.00000001", "1", "-250", "0.37", "99999", "1e12", "-1e12"])
PRICES = st.none() | NUMBERS
COINS = st.sampled_from(["BTC", "ETH", "SOL", "NOTACOIN", "USDC", "USDT"])
CURRENCIES = st.sampled_from(["USD", "USDC", "BTC", "ETH", "EUR", ""])
DAYS = st.sampled_from([-3, 0, 1, 30, 400])


@st.composite
def positions(draw):
    kind = draw(st.sampled_from([
        AssetClass.PERPETUAL, AssetClass.CRYPTO_OPTION, AssetClass.CRYPTO, AssetClass.STABLECOIN,
        AssetClass.WRAPPED_TOKEN, AssetClass.FUTURE, AssetClass.ETF, AssetClass.CASH]))
    coin, currency = draw(COINS), draw(CURRENCIES)
    terms = None
    if kind is AssetClass.PERPETUAL:
        terms = draw(st.none() | st.builds(
            PerpetualTerms, st.sampled_from(["linear", "inverse"]), st.just(currency)))
    elif kind is AssetClass.CRYPTO_OPTION:
        strike = draw(NUMBERS)
        terms = OptionTerms(draw(st.sampled_from("CP")), Decimal(strike),
                            TODAY + timedelta(draw(DAYS)), "european", "cash",
                            draw(st.sampled_from(["", coin, currency])))
    elif kind is AssetClass.FUTURE:
        terms = FutureTerms(coin, TODAY + timedelta(draw(DAYS)))
    suffix = draw(st.sampled_from(["", "-PERPETUAL", "-25DEC26", "-25DEC26-90000-C", "-99XXX99"]))
    return held(coin + suffix, kind, draw(NUMBERS), draw(PRICES), underlying=coin, terms=terms,
                currency=draw(st.sampled_from(["USD", "BTC", "XYZ"])),
                where=f"P!{draw(st.integers(1, 10**9))}")


@pytest.mark.parametrize("name", VENUES)
@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(book=st.lists(positions(), max_size=6), cash=NUMBERS,
       programme=st.sampled_from(["", "X:PM", "portfolio margin"]))
def test_every_book_has_an_answer(name, book, cash, programme):
    answer = margined(VENUES[name], *book, cash=cash, programme=programme, iv="0.5")
    # Requirements are finite Decimals by construction, trees add up or cannot exist.
    assert answer.maintenance.amount >= Decimal("-0.01")
    assert answer.initial.amount.is_finite()
    assert all(item.what and item.remedy for item in answer.excluded)
