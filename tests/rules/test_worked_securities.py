"""Cases worked by hand from the rule, in the vectors' own format: workbook in, JSON out.

Every amount is written as the arithmetic of the paragraph named beside it.
"""

import pytest

from tests.vectors.securities import by_measure, scanned

ON, FRONT, BACK = "2026-06-15", "2026-07-17", "2026-08-21"
NEXT_YEAR = "2027-06-18"


def share(quantity, price, product="stock", symbol="XYZ", **more):
    return {"symbol": symbol, "product": product, "quantity": quantity, "price": price,
            "multiplier": 1, **more}


def opt(quantity, right, strike, price, expiry=FRONT, symbol="XYZ", **more):
    return {"symbol": symbol, "product": "option", "right": right, "strike": strike,
            "expiry": expiry, "quantity": quantity, "price": price, "multiplier": 100,
            "exercise_style": "american", "settlement": "physical", **more}


def european(*args, **more):
    return opt(*args, **{"exercise_style": "european", "settlement": "cash", **more})


def bond(principal, price, product="treasury", **more):
    return {"symbol": "BOND", "product": product, "quantity": principal, "price": price,
            "multiplier": 0.01, **more}


def worked(positions, expected, *, spot=None, basis="gross", regime="finra-4210-strategy",
           measure="requirement", kind="equity", leverage=1, as_of=ON, **market):
    if spot is None:
        spot = next((row["price"] for row in positions if row["product"] != "option"), 100)
    said = {"class": kind, "leverage": leverage, **market}
    said.setdefault("underlying_price", spot)
    return {"id": "", "family": "", "regime": regime, "basis": basis, "measure": measure,
            "as_of": as_of, "positions": positions, "market": said,
            "expected": {"requirement_usd": expected}, "tolerance_usd": 0.005}


def reg_t(positions, expected, **more):
    return worked(positions, expected, regime="reg-t", measure="initial", **more)


SHARES = {
    # (c)(2) below 5: the greater of 2.50 a share and the whole value
    "short at 2.49": worked([share(-100, 2.49)], 250),
    "short at 2.50": worked([share(-100, 2.50)], 250),
    "short at 4.99": worked([share(-100, 4.99)], 499),
    # (c)(3) at 5 and above: the greater of 5 a share and 30 %; they meet at 16.6667
    "short at 5.00": worked([share(-100, 5)], 500),
    "short at 16.66": worked([share(-100, 16.66)], 500),
    "short at 16.67": worked([share(-100, 16.67)], 0.30 * 1667),
    "fraction of a share": worked([share(10.5, 40)], 0.25 * 420),
    # RN 09-53: 25 % L and 30 % L, at most the whole value; the sign of L is the fund's direction
    "long 3x": worked([share(10, 100, "etf")], 750, leverage=3),
    "long 4x": worked([share(10, 100, "etf")], 1000, leverage=4),
    "long 5x": worked([share(10, 100, "etf")], 1000, leverage=5),
    "long inverse 3x": worked([share(10, 100, "etf")], 750, leverage=-3),
    "short 2x": worked([share(-10, 100, "etf")], 600, leverage=2),
    "short 3x": worked([share(-10, 100, "etf")], 900, leverage=3),
    "short 4x": worked([share(-10, 100, "etf")], 1000, leverage=4),
    "short 3x at 4 dollars": worked([share(-100, 4, "etf")], 400, leverage=3),
    "3x crypto ETP long": worked([share(10, 100, "etp")], 750, leverage=3, kind="crypto"),
    "3x crypto ETP short": worked([share(-10, 100, "etp")], 900, leverage=3, kind="crypto"),
    # (c)(6), RN 12-44
    "not margin-eligible": worked([share(100, 12, marginable="no")], 1200),
    # (e)(1): 5 % of the long, the rest by (c)
    "same security": worked([share(300, 50), share(-100, 50)], 0.05 * 5000 + 0.25 * 10_000),
    "more short than long": worked([share(100, 50), share(-300, 50)], 0.05 * 5000 + 0.3 * 10_000),
    # a name that is not margin-eligible is charged whole before any offset
    "not margin-eligible, long and short": worked(
        [share(100, 12, marginable="no"), share(-100, 12)], 1200 + 500),
    "mutual fund": worked([share(200, 30, "mutual_fund")], 0.25 * 6000),
    "security future": worked([share(1, 40, "security_future") | {"multiplier": 100}], 0.15 * 4000),
    "security future in 2019": worked([share(1, 40, "security_future") | {"multiplier": 100}],
                                      0.20 * 4000, as_of="2019-06-14"),
}
REG_T = {
    "short": reg_t([share(-100, 40)], 6000),
    "not margin-eligible": reg_t([share(100, 12, marginable="no")], 1200),
    # (a): the exchange rule where it asks for more than half
    "long 3x": reg_t([share(10, 100, "etf")], 750, leverage=3),
    "long 2x": reg_t([share(10, 100, "etf")], 500, leverage=2),
    "short 3x": reg_t([share(-10, 100, "etf")], 1900, leverage=3),
    # (d): the whole value and good faith
    "short Treasury": reg_t([bond(-100_000, 99, maturity="2036-06-15")], 99_000 * 1.05),
    "Treasury": reg_t([bond(100_000, 99, maturity="2036-06-15")], 99_000 * 0.05),
    "covered call in the money": reg_t([share(100, 100), opt(-1, "C", 90, 12)], 4500),
    "covered put in the money": reg_t([share(-100, 100), opt(-1, "P", 105, 6)], 15_000 + 500),
    "protective put": reg_t([share(100, 100), opt(1, "P", 95, 2)], 5000 + 200),
    # (c)(2): a long American call struck at or below the price of the sale
    "short with a call at the sale price": reg_t(
        [share(-100, 50), opt(1, "C", 50, 3)], 5000 + 300),
    "short with a call below it": reg_t([share(-200, 50), opt(2, "C", 45, 7)], 10_000 + 1400),
    "short with a call above it": reg_t([share(-100, 50), opt(1, "C", 55, 1)], 7500 + 100),
    "short of more shares than calls": reg_t(
        [share(-300, 50), opt(1, "C", 45, 7)], 5000 + 700 + 2 * 7500),
    "short with a European call": reg_t([share(-100, 50), european(1, "C", 45, 7)], 7500 + 700),
}
DEBT = {
    name: worked([bond(100_000, 100, maturity=day)], expected) for name, day, expected in (
        ("a day short of one year", "2027-06-14", 1000), ("one year", "2027-06-15", 2000),
        ("a day short of three", "2029-06-14", 2000), ("three years", "2029-06-15", 3000),
        ("five years", "2031-06-15", 4000), ("ten years", "2036-06-15", 5000),
        ("a day short of twenty", "2046-06-14", 5000), ("twenty years", "2046-06-15", 6000))
} | {
    "short Treasury": worked([bond(-100_000, 90, maturity="2031-06-15")], 3600),
    "agency": worked([bond(100_000, 100, "agency", maturity="2031-06-15")], 4000),
    "zero coupon of seven years": worked(
        [bond(100_000, 60, maturity="2033-06-15", fixed_rate=0)], 3000),
    "zero coupon of four years": worked(
        [bond(100_000, 85, maturity="2030-06-15", fixed_rate=0)], 0.03 * 85_000),
    "zero coupon of twenty-five years": worked(
        [bond(100_000, 60, maturity="2051-06-15", fixed_rate=0)], 0.06 * 60_000),
    "municipal": worked([bond(50_000, 102, "municipal", maturity="2040-01-01")], 0.07 * 51_000),
    "investment grade": worked([bond(50_000, 98, "corporate_bond", rating="BBB-")], 4900),
    "not investment grade": worked([bond(50_000, 80, "corporate_bond", rating="BB+")], 8000),
    "deep discount": worked([bond(50_000, 30, "corporate_bond", rating="CCC")], 3500),
    "not rated": worked([bond(50_000, 80, "corporate_bond")], 8000),
    "convertible": worked([bond(10_000, 110, "convertible")], 0.25 * 11_000),
    # (c)(4): 5 % of principal or 30 % of value
    "short convertible": worked([bond(-10_000, 110, "convertible")], 0.30 * 11_000),
}
OPTIONS = {
    # (f)(2)(E): the floor is on the underlying for calls, on the strike for puts
    "put far out of the money": worked([opt(-1, "P", 60, 0.1)], 610),
    "call far out of the money": worked([opt(-1, "C", 150, 0.1)], 1010),
    "put deep in the money": worked([opt(-1, "P", 180, 81)], 8100 + 2000),
    "call deep in the money": worked([opt(-2, "C", 20, 80.5)], 2 * (8050 + 2000)),
    "at the money": worked([opt(-1, "P", 100, 3)], 300 + 2000),
    "where percentage and floor meet": worked([opt(-1, "C", 110, 1)], 100 + 1000),
    "net of the premium": worked([opt(-1, "C", 110, 1)], 1000, basis="net"),
    "narrow index": worked([opt(-1, "C", 100, 3)], 2300, kind="narrow"),
    "broad index": worked([european(-1, "C", 5100, 30, symbol="SPX")],
                          3000 + (750 - 100) * 100, spot=5000, kind="broad"),
    "volatility index": worked([european(-1, "C", 25, 1.5, symbol="VIX")],
                               100 * (1.5 + max(4 - 5, 2)), spot=20, kind="volatility"),
    "3x fund": worked([opt(-1, "P", 80, 4)], 100 * (4 + max(60 - 20, 0.3 * 80)), leverage=3),
    "3x fund, floor": worked([opt(-1, "P", 60, 1)], 100 * (1 + max(60 - 40, 0.3 * 60)), leverage=3),
    "inverse 2x fund, floor": worked([opt(-1, "C", 140, 1)], 100 * (1 + 0.2 * 100), leverage=-2),
    "adjusted contract": worked([opt(-1, "P", 100, 3) | {"multiplier": 150}], 150 * 23),
    # 150 shares cover the adjusted call: 25 % of 15,000, two ordinary calls uncovered at 23 each;
    # covering an ordinary call and leaving 50 shares would ask for 9,725
    "adjusted contract meets the stock first": worked(
        [share(150, 100), opt(-2, "C", 100, 3), opt(-1, "C", 100, 4.5) | {"multiplier": 150}],
        0.25 * 15_000 + 2 * 2300),
    # (f)(2)(D): nine calendar months, not ninety days
    "nine months to the day": worked([opt(1, "C", 100, 8, "2027-03-15")], 800),
    "a day over nine months": worked([opt(1, "C", 100, 8, "2027-03-16")], 600),
    "a long fraction": worked([opt(0.5, "C", 100, 8)], 400),
    # (f)(2)(G)
    "strangle": worked([opt(-1, "C", 110, 1), opt(-1, "P", 95, 2)],
                       max(100 + 1000, 200 + 1500) + 100),
    "straddle of unequal sizes": worked(
        [opt(-3, "C", 100, 4), opt(-1, "P", 100, 3)], 2400 + 300 + 2 * 2400),
    # (f)(2)(F): OTC 30 % and 10 %
    "OTC put": worked([opt(-1, "P", 95, 2, otc="yes")], 200 + 2500),
    "OTC long over nine months": worked([opt(1, "C", 90, 15, NEXT_YEAR, otc="yes")],
                                        0.75 * 1000 + 500),
}
SPREADS = {
    "credit vertical": worked([opt(-1, "P", 95, 3), opt(1, "P", 90, 1)], 500 + 100),
    "credit vertical, net": worked([opt(-1, "P", 95, 3), opt(1, "P", 90, 1)], 300, basis="net"),
    "debit vertical": worked([opt(1, "C", 95, 7), opt(-1, "C", 105, 2)], 700),
    "debit vertical, net": worked([opt(1, "C", 95, 7), opt(-1, "C", 105, 2)], 500, basis="net"),
    # the short leg alone asks less than the loss of 60 a share
    "wide spread": worked([opt(-1, "P", 120, 21), opt(1, "P", 60, 0.1)], 10 + 4100),
    # one call stands uncovered
    "ratio": worked([opt(1, "C", 100, 4), opt(-2, "C", 105, 2)], 400 + 200 + 1500),
    "backspread": worked([opt(-1, "C", 100, 4), opt(2, "C", 105, 2)], 2 * 200 + 500),
    "butterfly": worked([opt(1, "C", 95, 7), opt(-2, "C", 100, 4), opt(1, "C", 105, 2)], 900),
    "short butterfly": worked(
        [opt(-1, "C", 95, 7), opt(2, "C", 100, 4), opt(-1, "C", 105, 2)], 800 + 500),
    "broken wing": worked([opt(1, "C", 95, 7), opt(-2, "C", 100, 4), opt(1, "C", 110, 1)],
                          800 + 500),
    "condor": worked([opt(1, "P", 85, 0.5), opt(-1, "P", 90, 1), opt(-1, "P", 100, 4),
                      opt(1, "P", 105, 7)], 750),
    "iron condor": worked([opt(1, "P", 85, 0.5), opt(-1, "P", 90, 1), opt(-1, "C", 110, 1),
                           opt(1, "C", 115, 0.4)], 90 + 500),
    "iron condor of unequal wings": worked(
        [opt(1, "P", 80, 0.3), opt(-1, "P", 90, 1), opt(-1, "C", 110, 1), opt(1, "C", 115, 0.4)],
        70 + 1000),
    "iron butterfly": worked([opt(1, "P", 90, 1), opt(-1, "P", 100, 4), opt(-1, "C", 100, 4),
                              opt(1, "C", 110, 1)], 200 + 1000),
    "short box": worked([opt(-1, "C", 95, 7), opt(1, "C", 105, 2), opt(-1, "P", 105, 7),
                         opt(1, "P", 95, 2)], 400 + 1000),
    "long box, European": worked(
        [european(1, "C", 95, 7), european(-1, "C", 105, 2), european(1, "P", 105, 7),
         european(-1, "P", 95, 2)], 0.5 * 1000, basis="net", kind="broad"),
    "long box, American": worked([opt(1, "C", 95, 7), opt(-1, "C", 105, 2), opt(1, "P", 105, 7),
                                  opt(-1, "P", 95, 2)], 1400),
    "calendar": worked([opt(-1, "C", 100, 3), opt(1, "C", 100, 5, BACK)], 500),
    "calendar, long first": worked([opt(1, "C", 100, 3), opt(-1, "C", 100, 5, BACK)],
                                   300 + 500 + 2000),
    "diagonal": worked([opt(-1, "C", 100, 3), opt(1, "C", 105, 3.5, BACK)], 350 + 500),
    "diagonal over nine months": worked([opt(-1, "C", 105, 3), opt(1, "C", 100, 14, NEXT_YEAR)],
                                        1400),
    "two markets": worked([opt(-1, "P", 95, 3), opt(1, "P", 90, 1, otc="yes")], 300 + 1500 + 100),
    "two styles": worked([opt(-1, "P", 95, 3), european(1, "P", 90, 1)], 300 + 1500 + 100),
    "before RN 12-44 irons are two spreads": worked(
        [opt(1, "P", 85, 0.5, "2012-07-20"), opt(-1, "P", 90, 1, "2012-07-20"),
         opt(-1, "C", 110, 1, "2012-07-20"), opt(1, "C", 115, 0.4, "2012-07-20")],
        90 + 2 * 500, as_of="2012-06-15"),
}
HEDGES = {
    "covered call": worked([share(100, 100), opt(-1, "C", 105, 2)], 2500),
    "covered call in the money": worked([share(100, 100), opt(-1, "C", 90, 12)], 0.25 * 9000),
    "half a contract against fifty shares": worked([share(50, 100), opt(-0.5, "C", 105, 2)], 1250),
    "one contract against fifty shares": worked([share(50, 100), opt(-1, "C", 105, 2)],
                                                1250 + 200 + 1500),
    "covered put": worked([share(-100, 100), opt(-1, "P", 95, 2)], 3000),
    "covered put in the money": worked([share(-100, 100), opt(-1, "P", 105, 6)], 3000 + 500),
    "protective put": worked([share(100, 100), opt(1, "P", 95, 2)], 950 + 500 + 200),
    "protective put far away": worked([share(100, 100), opt(1, "P", 70, 0.2)], 2500 + 20),
    "short with a call": worked([share(-100, 100), opt(1, "C", 105, 2)], 1050 + 500 + 200),
    "conversion": worked([share(100, 100), opt(1, "P", 100, 3), opt(-1, "C", 100, 4)], 1000 + 300),
    "reverse conversion": worked([share(-100, 100), opt(-1, "P", 105, 7), opt(1, "C", 105, 2)],
                                 1050 + 500 + 200),
    "collar": worked([share(100, 100), opt(1, "P", 95, 2), opt(-1, "C", 110, 1)],
                     950 + 500 + 200),
    "collar with a call in the money": worked(
        [share(100, 100), opt(1, "P", 40, 0.1), opt(-1, "C", 60, 41)], 0.25 * 6000 + 10),
    # (e)(1): 20 shares a thousand, so 10,000 of principal covers 200 shares
    "convertible against the short": worked(
        [bond(10_000, 110, "convertible", conversion_ratio=20) | {
            "symbol": "XYZ 5 31", "underlying": "XYZ"},
         share(-200, 50)], 0.10 * 11_000, underlying_prices={"XYZ": 50}),
}
INDEX = {"kind": "broad", "spot": 5000, "underlying_prices": {"SPX": 5000, "SPY": 500}}
# (f)(2)(H), Rel. 34-99696: the greater of the in-the-money amount and what the fund falls short of
# the index value; one contract stands for 500,000 dollars of the index.
PROTECTED = {
    "index call": worked(
        [share(1000, 500, "etf", "SPY"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.25 * 500_000, **INDEX),
    "index call in the money": worked(
        [share(1000, 500, "etf", "SPY"), european(-1, "C", 4900, 130, symbol="SPX")],
        0.25 * 500_000 + 10_000, **INDEX),
    "fund short by 2 %": worked(
        [share(980, 500, "etf", "SPY"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.25 * 490_000 + 10_000, **INDEX),
    "fund short by 6 %": worked(
        [share(940, 500, "etf", "SPY"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.25 * 470_000 + 1000 + 55_000, **INDEX),
    "index put against the fund sold short": worked(
        [share(-1000, 500, "etf", "SPY"), european(-1, "P", 5100, 140, symbol="SPX")],
        0.30 * 500_000 + 10_000, **INDEX),
    "call against the fund sold short": worked(
        [share(-1000, 500, "etf", "SPY"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.30 * 500_000 + 1000 + 55_000, **INDEX),
    "another index": worked(
        [share(1000, 500, "etf", "QQQ"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.25 * 500_000 + 1000 + 55_000, **INDEX | {
            "underlying_prices": {"SPX": 5000, "QQQ": 500}}),
    "two contracts, one protected": worked(
        [share(1000, 500, "etf", "SPY"), european(-2, "C", 5200, 10, symbol="SPX")],
        0.25 * 500_000 + 1000 + 55_000, **INDEX),
    "written at less than the index value": reg_t(
        [share(980, 500, "etf", "SPY"), european(-1, "C", 5200, 10, symbol="SPX")],
        0.50 * 490_000 + 1000 + 55_000, **INDEX),
}
PORTFOLIO = {
    name: worked(positions, expected, regime="finra-4210-portfolio", basis="net", **more)
    for name, positions, expected, more in (
        ("stock", [share(1000, 75)], 0.15 * 75_000, {}),
        ("short stock", [share(-1000, 75)], 0.15 * 75_000, {}),
        ("3x fund", [share(100, 100, "etf")], 0.45 * 10_000, {"leverage": 3}),
        ("high-capitalisation index fund", [share(100, 500, "etf", "SPY")], 0.08 * 50_000,
         {"kind": "broad"}),
        ("and short of it", [share(-100, 500, "etf", "SPY")], 0.06 * 50_000, {"kind": "broad"}),
        ("other broad index fund", [share(-100, 400, "etf", "QQQ")], 0.10 * 40_000,
         {"kind": "broad_index"}),
        ("sector fund", [share(100, 50, "etf")], 750, {"kind": "narrow"}),
        ("3x crypto ETP", [share(100, 20, "etp")], 0.45 * 2000,
         {"kind": "crypto", "leverage": 3}),
        # worthless options far away: 37.50 a contract, whichever side
        ("minimum", [opt(-10, "C", 400, 0.01)], 375, {"spot": 100}),
        ("minimum of a small contract", [opt(-10, "C", 400, 0.01) | {"multiplier": 10}], 37.5, {}),
        ("Treasury beside it", [share(100, 100), bond(100_000, 100, maturity="2031-06-15")],
         1500 + 4000, {"underlying_prices": {"XYZ": 100}}),
        # two names: no offset
        ("two stocks", [share(100, 100), share(-100, 100, symbol="ABC")], 3000,
         {"underlying_prices": {"XYZ": 100, "ABC": 100}}),
        # one class group: SPX and SPY net in full
        ("index fund against itself", [share(100, 500, "etf", "SPY"),
                                       share(-100, 500, "etf", "VOO")], 0,
         {"underlying_prices": {"SPY": 500, "VOO": 500}, "kind": "broad"}),
    )
}
STANDING = {
    "equity": worked([share(1000, 10)], 5000, measure="equity", debit_balance=5000),
    "maintenance call": worked([share(1000, 6)], 500, measure="maintenance call",
                               debit_balance=5000),
    "excess": worked([share(1000, 10)], 2500, measure="excess", debit_balance=5000),
    # short 100 at 40: credit 6,000; equity 2,000; maintenance 1,200
    "excess of a short": worked([share(-100, 40)], 800, measure="excess", credit_balance=6000),
    "SMA": worked([share(1000, 20)], 5000, measure="sma", debit_balance=5000, regime="reg-t"),
    "buying power": worked([share(1000, 20)], 10_000, measure="buying power", debit_balance=5000,
                           regime="reg-t"),
    # (b)(4): 2,000 dollars where anything is owed
    "minimum equity": worked([share(100, 30)], 500, measure="call", debit_balance=1500),
}
FOLDS = {"shares": SHARES, "reg t": REG_T, "debt": DEBT, "options": OPTIONS, "spreads": SPREADS,
         "hedges": HEDGES, "protected": PROTECTED, "portfolio": PORTFOLIO, "standing": STANDING}
CASES = {f"{fold}: {name}": case for fold, cases in FOLDS.items() for name, case in cases.items()}


@pytest.mark.parametrize("case", CASES.values(), ids=CASES)
def test_case(case):
    check = scanned if case["regime"] == "finra-4210-portfolio" else by_measure
    passed, detail = check(case, {})
    assert passed, f"{detail}; worked out {case['expected']['requirement_usd']:,.2f}"
