"""The whole table of Cboe's "Margin Requirement Examples for Sample Options-based Positions".

Closing prices of 23 February 2007; https://studylib.net/doc/11615061/. The index level, the rate
and the yield are not printed (see the vectors); the portfolio figures agree within 0.7 %.
"""

import pytest

from tests.vectors.securities import requirement

ON, EQUITY_EXPIRY, INDEX_EXPIRY = "2007-02-23", "2007-04-21", "2007-04-20"
IBM, SPX, SPY = 97.73, 1451.19, 145.30
PREMIUMS = {("IBM", "C", 100): 1.68, ("IBM", "P", 100): 3.18, ("IBM", "P", 95): 1.02,
            ("IBM", "C", 105): 0.40, ("IBM", "C", 95): 4.53, ("SPX", "C", 1460): 21.66,
            ("SPX", "P", 1460): 22.55, ("SPX", "P", 1450): 18.72, ("SPX", "C", 1500): 5.96,
            ("SPX", "C", 1450): 27.57}
# Name: legs of IBM, legs of the index, then the published amounts: IBM strategy and portfolio
# margin, index strategy and portfolio margin. A straddle's legs are printed 0.01 apart from the
# rest of the table: 48,600 and 463,000 follow from the prices displayed elsewhere in it.
TABLE = {
    "short call": ("-C100", "-C1460", 172_760, 115_429, 2_088_685, 654_514),
    "short put": ("-P100", "-P1460", 195_460, 137_527, 2_176_785, 948_203),
    "covered call": ("stock -C100", "stock -C1460", 471_850, 129_804, 7_048_400, 948_342),
    "protective put": ("stock +P95", "stock +P1450", 498_850, 37_538, 7_452_200, 272_402),
    "synthetic long": ("+C100 -P100", "+C1460 -P1460", 212_260, 154_313, 2_393_385, 1_162_261),
    "risk reversal": ("+P95 -C105", "+P1450 -C1500", 132_960, 91_118, 1_875_885, 625_592),
    "collar": ("stock +P95 -C105", "stock +P1450 -C1500", 494_850, 33_522, 7_392_600, 212_909),
    "long vertical": ("+C95 -C105", "+C1450 -C1500", 41_300, 40_881, 216_100, 210_984),
    "long straddle": ("+P100 +C100", "+P1450 +C1450", 48_600, 7_500, 462_900, 7_500),
}


def leg(symbol, text):
    if text == "stock":
        of_fund = symbol == "SPX"
        return {"symbol": "SPY" if of_fund else symbol, "product": "etf" if of_fund else "stock",
                "quantity": 100_000 if of_fund else 10_000, "price": SPY if of_fund else IBM,
                "multiplier": 1}
    right, strike = text[1], int(text[2:])
    index = symbol == "SPX"
    return {"symbol": symbol, "product": "option", "right": right, "strike": strike,
            "expiry": INDEX_EXPIRY if index else EQUITY_EXPIRY,
            "quantity": 100 if text[0] == "+" else -100, "price": PREMIUMS[symbol, right, strike],
            "multiplier": 100, "exercise_style": "european" if index else "american",
            "settlement": "cash" if index else "physical"}


def case(symbol, legs, regime, published):
    index = symbol == "SPX"
    market = {"class": "broad" if index else "equity", "leverage": 1, "rate": 0.0525,
              "dividend_yield": 0.0185 if index else 0.0,
              "underlying_prices": {"SPX": SPX, "SPY": SPY} if index else {"IBM": IBM}}
    tolerance = 1 if regime == "reg-t" else 0.007 * published
    return {"id": "", "family": "", "regime": regime, "basis": "net", "measure": "initial",
            "as_of": ON, "positions": [leg(symbol, text) for text in legs.split()],
            "market": market, "expected": {"requirement_usd": published},
            "tolerance_usd": tolerance}


CASES = {
    f"{symbol} {name}, {regime}": case(symbol, legs, regime, published)
    for name, (ibm, spx, *amounts) in TABLE.items()
    for (symbol, legs, regime), published in zip(
        (("IBM", ibm, "reg-t"), ("IBM", ibm, "finra-4210-portfolio"), ("SPX", spx, "reg-t"),
         ("SPX", spx, "finra-4210-portfolio")), amounts, strict=True)}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_published_figure(case):
    passed, detail = requirement(case, {})
    assert passed, f"{detail}; published {case['expected']['requirement_usd']:,}"
