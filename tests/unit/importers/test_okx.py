"""OKX position exports: contracts, sides, index, unknown sizes."""

import json
from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType
from workstation.book.resolve import resolve
from workstation.importers import import_file
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks import registry

DAY = date(2026, 11, 20)
D = Decimal
SWAP = {"instId": "BTC-USDT-SWAP", "instType": "SWAP", "pos": "-10", "posSide": "net",
        "avgPx": "96000", "markPx": "97093.7", "idxPx": "97078.9", "ccy": "USDT", "upl": "12"}
COIN = {"instId": "BTC-USD-SWAP", "instType": "SWAP", "pos": "5", "posSide": "short",
        "markPx": "97090", "idxPx": "97078.9", "ccy": "BTC"}
UNKNOWN = {"instId": "PEPE-USDT-SWAP", "instType": "SWAP", "pos": "3", "markPx": "0.00001",
           "ccy": "USDT"}


@pytest.fixture
def read(tmp_path):
    def reading(*records):
        path = tmp_path / "positions.json"
        path.write_text(json.dumps({"code": "0", "data": list(records)}), "utf-8")
        return import_file(path, as_of=DAY)

    return reading


def test_contracts_become_coins_and_dollars(read):
    found = read(SWAP, COIN)
    assert found.kind == "okx positions"
    linear, inverse = found.book.positions
    assert (linear.quantity, linear.instrument.multiplier) == (-10, D("0.01"))
    assert linear.instrument.terms.settlement_currency == "USDT"
    assert (inverse.quantity, inverse.instrument.multiplier) == (-5, 100)
    assert inverse.instrument.terms.settlement == "inverse"
    assert found.book.market.underlyings["BTC"].price == D("97078.9")
    (account,) = found.book.accounts
    assert (account.account_type, account.venue) == (AccountType.CRYPTO_VENUE, "okx")


def test_a_contract_of_unknown_size_is_left_out_by_name(read):
    found = read(SWAP, UNKNOWN)
    assert [p.instrument.symbol for p in found.book.positions] == ["BTC-USDT-SWAP"]
    (left,) = found.book.excluded
    assert "size of one linear PEPE contract at okx is not known" in left.what
    assert left.remedy == "fill in the multiplier column"


def test_an_export_is_margined_by_risk_unit(read):
    """The published example: 1,183.82 at a Tether of 0.99954; here at par."""
    book = read(SWAP).book
    answer = registry.silos(book, resolve(book), RuleSet(DAY))
    assert answer.accounts[0].regime == "okx-pm"
    assert float(answer.maintenance.amount) == pytest.approx(1183.8207318516002 / 0.99954)
