from decimal import Decimal

import pytest

from tests.rules.crypto_books import coin, held, margined, perpetual, stablecoin
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.rulebooks.crypto import spot


def outright(*positions, **given):
    return margined(spot, *positions, account_type=AccountType.CRYPTO_SPOT, **given)


def test_long_coins_and_stablecoins_cost_their_whole_value():
    answer = outright(coin("31.25", 77_080), stablecoin(1_850_000, "0.9998"))
    assert answer.regime == "crypto-spot"
    assert answer.maintenance.amount == Decimal("31.25") * 77_080 + 1_850_000 * Decimal("0.9998")
    assert answer.initial.amount == answer.maintenance.amount == answer.gross == answer.net
    assert answer.complete


def test_every_charge_shows_its_inputs_and_its_standing():
    charge = outright(coin(2)).maintenance.parts[0]
    assert dict(charge.inputs) == {"quantity": "2", "price": "100,000",
                                   "share": "100% of market value"}
    assert charge.cite.standing == "house"


def test_another_currency_is_converted():
    euro = held("BTC", AssetClass.CRYPTO, 2, 90_000, currency="EUR")
    answer = outright(euro, fx={"EUR": Decimal("1.1")})
    assert answer.maintenance.amount == 198_000


@pytest.mark.parametrize(("position", "reason"), [
    (coin(-1), "short coin is a loan"),
    (perpetual(1, 100_000), "class perpetual cannot lie"),
    (held("BTC", AssetClass.CRYPTO, 1, None), "no price"),
    (held("BTC", AssetClass.CRYPTO, 1, 5, currency="XYZ"), "no exchange rate"),
])
def test_what_cannot_be_margined_is_named(position, reason):
    answer = outright(position, coin(1))
    assert answer.maintenance.amount == 100_000
    assert not answer.complete
    assert reason in answer.excluded[0].what
    assert answer.excluded[0].remedy
    assert answer.excluded[0].account_id == "A1"


def test_cash_needs_no_margin():
    assert outright(held("USD", AssetClass.CASH, 500, 1)).maintenance.amount == 0
