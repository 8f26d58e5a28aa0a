"""What every own sensitivity is made of: vertices, CRIF rows, rates and exchange rates."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from datetime import date

from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook

CURVE_TENORS = {"2w": 14 / 365, "1m": 1 / 12, "3m": 0.25, "6m": 0.5, "1y": 1.0, "2y": 2.0,
                "3y": 3.0, "5y": 5.0, "10y": 10.0, "15y": 15.0, "20y": 20.0, "30y": 30.0}
CREDIT_TENORS = {name: CURVE_TENORS[name] for name in ("1y", "2y", "3y", "5y", "10y")}
BASIS_POINT, PERCENT, DAYS_A_YEAR = 1e-4, 0.01, 365.0
USD = "USD"
CODE = 3
"""Letters of a currency code."""


class LackingError(ValueError):
    """A position lacks a term its sensitivities depend on: what, and what would mend it."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(what)
        self.what, self.remedy = what, remedy


def split_between(years: float, vertices: Mapping[str, float]) -> Iterator[tuple[str, float]]:
    """Yield the vertices next to a time and the share of each; the shares add up to 1."""
    names, times = list(vertices), list(vertices.values())
    if years <= times[0]:
        yield names[0], 1.0
        return
    for (low, start), (high, end) in zip(vertices.items(), list(vertices.items())[1:],
                                         strict=False):
        if start <= years <= end:
            share = (years - start) / (end - start)
            yield from ((name, part) for name, part in ((low, 1 - share), (high, share)) if part)
            return
    yield names[-1], 1.0


def annuity(rate: float, years: float) -> float:
    """Return the value of 1 a year paid continuously: (1 - exp(-r T)) / r."""
    return years if abs(rate) < BASIS_POINT**2 else (1.0 - math.exp(-rate * years)) / rate


def row(position: Position, product: str, kind: str, qualifier: str, amount: float,
        bucket: str = "", label1: str = "", label2: str = "") -> CrifRow:
    """Return one row of a position; its trade is the cell the position came from."""
    return CrifRow(position.account_id, product, kind, qualifier, bucket, label1, label2, amount,
                   position.where)


def curve_rows(position: Position, currency: str, years: float, amount: float,
               product: str = "RatesFX") -> list[CrifRow]:
    """Return the delta of +1 bp on the par rate of a maturity, split between its vertices."""
    return [row(position, product, "Risk_IRCurve", currency, amount * share, "", vertex, "OIS")
            for vertex, share in split_between(years, CURVE_TENORS)]


def years_to(day: date | None, holdings: ResolvedBook) -> float:
    """Return the years of 365 days to a date; raises LackingError where it is past or missing."""
    if day is None:
        raise LackingError("no maturity", "fill in the maturity column")
    if day < holdings.as_of:
        raise LackingError(f"matured on {day}", "remove it or correct the maturity")
    return (day - holdings.as_of).days / DAYS_A_YEAR


def rate_of(holdings: ResolvedBook, currency: str, otherwise: float) -> float:
    """Return the rate of a currency's market row, or `otherwise`."""
    found = holdings.market.underlying(currency)
    return float(found.rate) if found is not None and found.rate is not None else otherwise


def usd_rate(holdings: ResolvedBook, currency: str) -> float:
    """Return USD per unit of a currency, through the reporting currency."""
    one, dollar = holdings.market.fx_rate(currency), holdings.market.fx_rate(USD)
    if currency == USD:
        return 1.0
    if one is None or not dollar:
        raise LackingError(f"no exchange rate from {currency} to USD",
                           f"add {currency}USD to the Market sheet")
    return float(one / dollar)
