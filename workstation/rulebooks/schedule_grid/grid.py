"""Gross amounts by the grid, the net-to-gross ratio, and the margin of a netting agreement.

gross = sum of |notional| * percentage;  NGR = max(sum of PV, 0) / sum of max(PV, 0), 1 where no
trade has a positive value;  margin = 0.4 * gross + 0.6 * NGR * gross. The poster uses -PV.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.book.netting_runs import Side
from workstation.parameters.store import Edition

ZERO = Decimal(0)
PERCENT = Decimal(100)
_BANDS = ("short", "medium", "long")
_FEBRUARY, _LEAP_DAY = 2, 29


@dataclass(frozen=True, slots=True)
class GridTrade:
    """One trade, its rows netted: product class, residual band, effective notional, value."""

    trade: str
    product_class: str
    band: int
    notional: Decimal
    value: Decimal


@dataclass(frozen=True, slots=True)
class GridMargin:
    """The schedule margin of one netting agreement on one side."""

    portfolio: str
    side: Side
    gross: Decimal
    gross_replacement_cost: Decimal
    net_replacement_cost: Decimal
    net_to_gross: Decimal
    margin: Explained


def band_of_years(years: Decimal, edition: Edition) -> int:
    """Return the band (0, 1, 2) of a residual maturity in years."""
    lower = bool(edition["anniversary_in_lower_band"].value)
    return sum(years > limit if lower else years >= limit
               for limit in edition["band_years"].numbers)


def band_of_date(end: date, on: date, edition: Edition) -> int:
    """Return the band of a trade by calendar anniversaries of the review date."""
    lower = bool(edition["anniversary_in_lower_band"].value)
    limits = [_anniversary(on, int(years)) for years in edition["band_years"].numbers]
    return sum(end > limit if lower else end >= limit for limit in limits)


def _anniversary(day: date, years: int) -> date:
    if (day.month, day.day) == (_FEBRUARY, _LEAP_DAY):
        return date(day.year + years, 3, 1)
    return day.replace(year=day.year + years)


def grid_margin(portfolio: str, trades: Sequence[GridTrade], edition: Edition,
                side: Side = "call") -> GridMargin:
    """Return the margin of one netting agreement."""
    percent = {str(row["class"]): row for row in edition["percent"].rows}
    lines = [_gross_line(trade, Decimal(percent[trade.product_class][_BANDS[trade.band]]), edition)
             for trade in trades]
    gross = total("Gross margin", *lines, cite=edition["percent"].cite)
    values = [trade.value if side == "call" else -trade.value for trade in trades]
    positive = sum((max(value, ZERO) for value in values), ZERO)
    net = max(sum(values, ZERO), ZERO)
    ratio = net / positive if positive else Decimal(1)
    margin = _margin(portfolio, side, gross, ratio, edition)
    return GridMargin(portfolio, side, gross.amount, positive, net, ratio, margin)


def _gross_line(trade: GridTrade, percent: Decimal, edition: Edition) -> Explained:
    years = [str(value) for value in edition["band_years"].numbers]
    band = (f"up to {years[0]} years", f"{years[0]} to {years[1]} years",
            f"over {years[1]} years")[trade.band]
    return leaf(f"{trade.trade}: {trade.product_class}, {band}",
                abs(trade.notional) * percent / PERCENT, edition["percent"].cite,
                effective_notional=f"{abs(trade.notional):,.2f}", percentage=f"{percent} %",
                value=f"{trade.value:,.2f}")


def _margin(portfolio: str, side: Side, gross: Explained, ratio: Decimal,
            edition: Edition) -> Explained:
    """State the margin as the gross amount less what netting takes off."""
    fixed, netted = edition["gross_share"].value, edition["net_share"].value
    amount = fixed * gross.amount + netted * ratio * gross.amount
    relief = leaf("Netting relief", amount - gross.amount, edition["net_share"].cite,
                  net_to_gross_ratio=f"{ratio:.6f}",
                  formula=f"{fixed} * gross + {netted} * NGR * gross, less gross")
    return total(f"{portfolio}: schedule margin, {side} side", gross, relief,
                 cite=edition["gross_share"].cite)


def netted_trades(rows: Iterable[GridTrade]) -> tuple[GridTrade, ...]:
    """Net the rows of each trade (and class) before absolute values are taken."""
    found: dict[tuple[str, str, int], GridTrade] = {}
    for row in rows:
        key = row.trade, row.product_class, row.band
        before = found.get(key)
        notional = row.notional + (before.notional if before else ZERO)
        value = row.value + (before.value if before else ZERO)
        found[key] = GridTrade(row.trade, row.product_class, row.band, notional, value)
    return tuple(found.values())
