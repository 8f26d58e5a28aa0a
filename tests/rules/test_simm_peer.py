"""Fifty random books against the Open Source Risk Engine, where its wheel is installed.

The extra `peers` brings the wheel; the rest of the suite does not need it.
"""

import random

import numpy as np
import pytest

from tests.rules.crif_rows import read
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.vocabulary import CREDIT_TENORS, SUB_CURVES, TENORS

ORE = pytest.importorskip("ORE", reason="the ORE wheel (extra `peers`) is not installed",
                          exc_type=ImportError)
CONFIGURATIONS = {"2.6": "SimmConfiguration_ISDA_V2_6",
                  "2.7+2412": "SimmConfiguration_ISDA_V2_7_2412",
                  "2.8+2506": "SimmConfiguration_ISDA_V2_8_2506",
                  "2.8+2512": "SimmConfiguration_ISDA_V2_8_2512"}
CURRENCIES = ("USD", "EUR", "JPY", "BRL", "GBP", "SEK", "TRY", "CNY")
BOOKS = 50


def book(rng):
    return [one(rng) for _ in range(rng.randint(5, 60))]


def one(rng):
    """One row; names fix their buckets, so that the book is valid."""
    number, size = rng.randint(1, 30), round(rng.gauss(0, 1) * 10 ** rng.randint(3, 9), 2)
    currency, tenor = rng.choice(CURRENCIES), rng.choice(TENORS)
    pair = "".join(sorted(rng.sample(CURRENCIES, 2)))
    product = rng.choice(("RatesFX", "Credit", "Equity", "Commodity"))
    credit = rng.choice(CREDIT_TENORS)
    kind = rng.choice((
        ("Risk_IRCurve", currency, rate_bucket(currency), tenor, rng.choice(SUB_CURVES[:5])),
        ("Risk_Inflation", currency, "", "", ""), ("Risk_XCcyBasis", currency, "", "", ""),
        ("Risk_IRVol", currency, "", tenor, ""), ("Risk_InflationVol", currency, "", tenor, ""),
        ("Risk_CreditQ", f"ISIN:{number}", bucket(number, 12), credit, "USD"),
        ("Risk_CreditVol", f"ISIN:{number}", bucket(number, 12), credit, ""),
        ("Risk_CreditNonQ", f"TR{number}", bucket(number, 2), credit, "CMBX"),
        ("Risk_CreditVolNonQ", f"TR{number}", bucket(number, 2), credit, "CMBX"),
        ("Risk_Equity", f"ISIN:E{number}", bucket(number, 12), "", ""),
        ("Risk_EquityVol", f"ISIN:E{number}", bucket(number, 12), tenor, ""),
        ("Risk_Commodity", f"C{number}", str(number % 17 + 1), "", ""),
        ("Risk_CommodityVol", f"C{number}", str(number % 17 + 1), tenor, ""),
        ("Risk_FX", currency, "", "", ""), ("Risk_FXVol", pair, "", tenor, "")))
    return product, *kind, size


def bucket(number, count):
    return "Residual" if number % 7 == 0 else str(number % count + 1)


def rate_bucket(currency):
    return {"JPY": "2", "BRL": "3", "TRY": "3", "CNY": "3"}.get(currency, "1")


def ore_margin(rows, version, mpor, side):
    record = ORE.CrifRecord
    crif, netting_set = ORE.Crif(), ORE.NettingSetDetails("P")
    mapper = ORE.SimmBucketMapperBase()
    for number, (product, kind, qualifier, place, label1, label2, amount) in enumerate(rows):
        risk_type = getattr(record, f"RiskType_{kind.removeprefix('Risk_')}")
        if place and kind != "Risk_IRCurve":
            mapper.addMapping(risk_type, qualifier, place)
        crif.addRecord(record(
            f"T{number}", "", netting_set, getattr(record, f"ProductClass_{product}"), risk_type,
            qualifier, place, label1, label2, "USD", amount, amount))
    configuration = getattr(ORE, CONFIGURATIONS[version])(
        mapper, int(mpor.removesuffix("d")))
    sides = ORE.SimmConfiguration
    chosen = sides.SimmSide_Call if side == "call" else sides.SimmSide_Post
    calculator = ORE.SimmCalculator(crif, configuration)
    results = calculator.simmResults(chosen, netting_set, record.Regulation_Unspecified)
    return results.get(record.ProductClass_All, sides.RiskClass_All, sides.MarginType_All, "All")


@pytest.mark.parametrize("seed", range(BOOKS))
def test_random_books_agree(tmp_path, seed):
    rng = random.Random(seed)
    rows, version = book(rng), rng.choice(sorted(CONFIGURATIONS))
    mpor, side = rng.choice(("10d", "1d")), rng.choice(("call", "post"))
    crif = read(tmp_path, rows).crif
    [ours] = margin_crif(crif, Setup(editions.by_name(version), mpor), side).portfolios
    assert np.isclose(ours.total, ore_margin(rows, version, mpor, side), rtol=1e-9, atol=0.01)
