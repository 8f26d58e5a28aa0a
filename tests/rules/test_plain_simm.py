"""Every calibration against a plain second writing of the method, on random books."""

import json
import random

import pytest

from tests.rules.plain_simm import margin
from tests.shared import shared
from workstation.importers.crif import read_crif
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.vocabulary import CREDIT_TENORS, SUB_CURVES, TENORS

VERSIONS = ("2.2", "2.3", "2.4", "2.5", "2.5A", "2.6", "2.7", "2.7+2412", "2.8+2506", "2.8+2512")
CURRENCIES = ("USD", "EUR", "JPY", "GBP", "BRL", "TRY", "CNY", "SEK", "KRW", "MXN", "ZAR", "INR",
              "TWD", "ARS", "LBP", "PLN")
REGULAR = ("USD", "EUR", "GBP", "SEK", "KRW", "TWD")  # of those above
HEADER = "TradeID,PortfolioID,ProductClass,RiskType,Qualifier,Bucket,Label1,Label2,AmountUSD"
BOOKS = 6


def bucket(number, last):
    return "Residual" if number % 6 == 0 else str(number % last + 1)


def row(draw):
    """One row whose name fixes its bucket; sizes from nothing to far above every threshold."""
    currency, tenor, number = draw.choice(CURRENCIES), draw.choice(TENORS), draw.randint(1, 20)
    group = "2" if currency == "JPY" else "1" if currency in REGULAR else "3"
    curves = SUB_CURVES if currency == "USD" else SUB_CURVES[:5]
    vertex, family = draw.choice(CREDIT_TENORS), draw.choice(("CMBX", "ABX"))
    pair = "".join(draw.sample(CURRENCIES, 2))
    factor = draw.choice((
        ("Risk_IRCurve", currency, group, tenor, draw.choice(curves)),
        ("Risk_Inflation", currency, "", "", ""), ("Risk_XCcyBasis", currency, "", "", ""),
        ("Risk_IRVol", currency, "", tenor, ""), ("Risk_InflationVol", currency, "", tenor, ""),
        ("Risk_CreditQ", f"ISIN:{number}", bucket(number, 12), vertex,
         draw.choice(("USD", "EUR"))),
        ("Risk_CreditVol", f"ISIN:{number}", bucket(number, 12), vertex, ""),
        ("Risk_CreditNonQ", f"TR{number}", bucket(number, 2), vertex, family),
        ("Risk_CreditVolNonQ", f"TR{number}", bucket(number, 2), vertex, family),
        ("Risk_BaseCorr", draw.choice(("CDX IG", "CDX HY", "iTraxx Main")), "", "", ""),
        ("Risk_Equity", f"E{number}", bucket(number, 12), "", ""),
        ("Risk_EquityVol", f"E{number}", bucket(number, 12), tenor, ""),
        ("Risk_Commodity", f"C{number}", str(number % 17 + 1), "", ""),
        ("Risk_CommodityVol", f"C{number}", str(number % 17 + 1), tenor, ""),
        ("Risk_FX", currency, "", "", ""), ("Risk_FXVol", pair, "", tenor, "")))
    size = round(draw.gauss(0, 1) * 10 ** draw.uniform(3, 9), 2)
    return (draw.choice(("RatesFX", "Credit", "Equity", "Commodity")), *factor, size)


@pytest.mark.parametrize("version", VERSIONS)
def test_both_writings_agree(version, tmp_path):
    calibration = json.loads(shared("data", "simm", f"{version}.json").read_text("utf-8"))
    for seed in range(BOOKS):
        draw = random.Random(f"{version} {seed}")
        rows = [row(draw) for _ in range(draw.randint(1, 60))]
        path = tmp_path / f"{seed}.csv"
        path.write_text("\n".join([HEADER, *(
            f"T{n},P,{','.join(map(str, one[:6]))},{one[6]!r}" for n, one in enumerate(rows))]),
            "utf-8")
        crif = read_crif(path).crif
        assert len(crif) == len(rows)
        for mpor in ("10d", "1d"):
            currency = draw.choice(("USD", "EUR", "BRL", "JPY"))
            setup = Setup(editions.by_name(version), mpor, currency)
            for side, sign in (("call", 1.0), ("post", -1.0)):
                (found,) = margin_crif(crif, setup, side).portfolios
                signed = [(*one[:6], sign * one[6]) for one in rows]
                assert found.simm == pytest.approx(
                    margin(signed, calibration, mpor, currency), rel=1e-9), (seed, mpor, side)
