"""Contract sizes: each priced by its underlying, and equal to a public list."""

from __future__ import annotations

import csv
from datetime import date
from decimal import Decimal

import pytest

from tests.shared import shared
from workstation.parameters.ruleset import RuleSet

EXPECTED_UNDERLYING = {
    "ES": "SPX", "MES": "SPX", "NQ": "NDX", "MNQ": "NDX", "RTY": "RUT", "M2K": "RUT",
    "ZT": "UST-2Y", "ZF": "UST-5Y", "ZN": "UST-10Y", "TN": "UST-10Y", "ZB": "UST-30Y",
    "UB": "UST-30Y", "GC": "GOLD", "MGC": "GOLD", "SI": "SILVER", "CL": "WTI", "MCL": "WTI",
    "BTC": "BTC", "MBT": "BTC", "ETH": "ETH", "MET": "ETH", "VX": "VIX", "6E": "EURUSD",
}
CENTS_IN_A_DOLLAR = 100


@pytest.fixture
def contracts():
    return RuleSet(date(2026, 11, 20)).edition("contracts")["contracts"].rows


def test_every_product_and_kind_appears_once(contracts):
    keys = [(row["product"], row["kind"]) for row in contracts]
    assert len(keys) == len(set(keys))


def test_futures_name_the_underlying_that_prices_them(contracts):
    futures = {r["product"]: r["underlying"] for r in contracts if r["kind"] == "future"}
    assert {product: futures[product] for product in EXPECTED_UNDERLYING} == EXPECTED_UNDERLYING


def test_option_roots_share_the_underlying_of_their_future(contracts):
    futures = {r["product"]: r for r in contracts if r["kind"] == "future"}
    options = [r for r in contracts if r["kind"] == "future option root"]
    assert {r["product"] for r in options} >= {"OG", "OZN", "LO"}
    for row in options:
        parent = futures[row["future"]]
        assert (row["underlying"], row["multiplier"]) == (
            parent["underlying"], parent["multiplier"])


def test_multipliers_equal_the_public_symbol_list(contracts):
    path = shared("data", "third_party", "lean", "contract_specs.csv")
    with path.open(encoding="utf-8", newline="") as file:
        listed = {(r["symbol"], r["type"]): r for r in csv.DictReader(file)}
    types = {"future": "future", "future option root": "futureoption"}
    compared = 0
    for row in contracts:
        public = listed.get((row["product"], types.get(row["kind"], "")))
        if public is None:
            assert row.get("check") == "to confirm" or row["kind"] == "index option root"
            continue
        cents = CENTS_IN_A_DOLLAR if row.get("quote") == "cents" else 1
        assert Decimal(row["multiplier"]) * cents == Decimal(public["contract_multiplier"]), row
        assert row["currency"] == public["quote_currency"]
        compared += 1
    assert compared > 60
