"""Deribit's real chains: marks come from the future of the expiry, not from the index."""

import csv
from datetime import date
from decimal import Decimal

import numpy as np
import pytest

from tests.rules.crypto_books import held
from tests.shared import shared
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.instruments.terms import OptionTerms
from workstation.kernels import european_values
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.crypto.deribit_intake import dated, sorted_in

SNAPSHOTS = ("20260205T212937Z", "20260822T153351Z")


@pytest.mark.parametrize(("name", "median", "tail", "with_index"),
                         [(SNAPSHOTS[0], 0.35, 12.0, 300.0), (SNAPSHOTS[1], 0.15, 4.0, 1_000.0)])
def test_the_future_reproduces_marks_and_the_index_does_not(name, median, tail, with_index):
    """Black-76 on each expiry's future, value per coin of the future; dollars of error."""
    path = shared("data", "third_party", "deribit-snapshots", f"deribit_btc_eth_{name}.csv")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["implied_volatility"]]
    right, wrong = errors(rows, "futures_price"), errors(rows, "index_price")
    assert np.median(right) < median
    assert np.quantile(right, 0.95) < tail
    assert np.quantile(wrong, 0.95) > with_index


def errors(rows, forward):
    """Reprice a chain through the matrix's own kernel call."""
    def column(key):
        return np.array([float(row[key]) for row in rows])

    count, values = len(rows), np.empty((len(rows), 1))
    european_values(column(forward), column("strike"), column("time_to_maturity"),
                    np.zeros(count), np.zeros(count), np.ones(count),
                    np.array([row["option_type"] == "call" for row in rows]),
                    np.zeros((count, 1)), column("implied_volatility")[:, None].copy(), values)
    return np.abs(values[:, 0] - column("mark_price") * column(forward))


def test_marks_of_a_chain_come_back_from_a_book():
    """Marks in coin, imported as dollars at the index, solve to the venue's own volatility."""
    path = shared("data", "third_party", "deribit-snapshots",
                  f"deribit_btc_eth_{SNAPSHOTS[1]}.csv")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file)
                if row["currency"] == "BTC" and row["implied_volatility"]
                and 0.2 < abs(float(row["delta"])) < 0.8
                and float(row["time_to_maturity"]) > 0.2][:60]
    index, day = rows[0]["index_price"], date(2026, 8, 22)
    markets = {"BTC": Underlying("BTC", Decimal(index))}
    positions = []
    for row in rows:
        future, expiry = dated(row["instrument_name"])
        markets[future] = Underlying(future, Decimal(row["futures_price"]))
        terms = OptionTerms(row["option_type"][0].upper(), Decimal(row["strike"]), expiry,
                            "european", "cash", "BTC")
        positions.append(held(row["instrument_name"], AssetClass.CRYPTO_OPTION, 1,
                              Decimal(row["mark_price"]) * Decimal(index), underlying="BTC",
                              terms=terms))
    account = Account("A1", AccountType.CRYPTO_VENUE, venue="deribit")
    book = Book("chain", day, (account,), tuple(positions), market=Market(markets))
    taken = sorted_in(account, resolve(book), RuleSet(day).edition("deribit_pm"))
    solved = {o.name: o.volatility for pair in taken.pairs for o in pair.options}
    assert len(solved) == len(rows) > 20
    for row in rows:
        assert solved[row["instrument_name"]] == pytest.approx(
            float(row["implied_volatility"]), rel=0.02)


@pytest.mark.parametrize("name", SNAPSHOTS)
def test_quotes_of_the_real_chains_are_judged_against_the_future(name):
    """Marks stand inside the bounds of the future; the index would throw good ones out."""
    path = shared("data", "third_party", "deribit-snapshots", f"deribit_btc_eth_{name}.csv")
    with path.open(encoding="utf-8") as file:
        rows = [row for row in csv.DictReader(file) if row["implied_volatility"]]

    def outside(forward):
        found = 0
        for row in rows:
            mark = float(row["mark_price"]) * float(row["futures_price"])
            price = float(row[forward])
            strike, call = float(row["strike"]), row["option_type"] == "call"
            low = max(price - strike if call else strike - price, 0.0)
            high = price if call else strike
            found += not low - 0.001 * price <= mark <= high
        return found

    assert outside("futures_price") == 0
    assert outside("index_price") > 20
