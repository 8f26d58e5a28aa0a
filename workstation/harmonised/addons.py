"""Add-ons of a design, each a line of its own: basis, concentration, short-option minimum."""

from __future__ import annotations

import math
from collections.abc import Iterator
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.book.book import Book
from workstation.harmonised.amounts import crossed
from workstation.harmonised.charges import further_charges
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.harmonised.explanation import nothing_due
from workstation.harmonised.levels import Level
from workstation.harmonised.scan import Scan
from workstation.harmonised.tree import Node, UnitTree
from workstation.market.market import Underlying

TRADING_DAYS = 252


def add_ons(design: Design, scan: Scan, slots: Slots, trees: tuple[UnitTree, ...],
            book: Book) -> Explained:
    """Return the sum of all add-ons."""
    return total(
        "Add-ons",
        _lines(design, "Basis charge, wrapper against wrapper", "basis",
               "no wrapper offsets another of the same underlying",
               _basis(design, scan, slots, trees)),
        _lines(design, "Concentration and liquidation cost", "concentration",
               "no position above the threshold for which daily volume is known",
               _concentration(design, scan)),
        _lines(design, "Short-option minimum above the scan", "short_option_minimum",
               "no underlying below the minimum of its short options",
               _short_option_minimum(design, scan, slots, trees)),
        *further_charges(design, scan, book),
        cite=design.cite())


def _lines(design: Design, label: str, knob: str, none: str,
           lines: Iterator[Explained]) -> Explained:
    found = [line for line in lines if line.amount]
    cite = design.cite(knob)
    return total(label, *found, cite=cite) if found else nothing_due(label, none, cite)


def roots_of(trees: tuple[UnitTree, ...]) -> Iterator[Node]:
    """Yield every underlying's node of every unit."""
    for tree in trees:
        for level, siblings in tree.nodes:
            if level is Level.PRODUCT_GROUP:
                yield from siblings


def _basis(design: Design, scan: Scan, slots: Slots,
           trees: tuple[UnitTree, ...]) -> Iterator[Explained]:
    """Charge the amount one wrapper offsets of another, never more than netting them saves.

    charge = min(rate x matched, sum of the wrappers' own scans - scan of the underlying)
    """
    for root in roots_of(trees):
        exposure = [_exposure(scan, slots, leg) for leg in root.children]
        matched = min(sum(e for e in exposure if e > 0), -sum(e for e in exposure if e < 0))
        saved = sum(leg.requirement for leg in root.children) - root.requirement
        kind = scan.asset_classes[scan.asset_class[scan.group[root.index]]]
        rate = design.rate(f"basis.{kind}")
        charge = min(rate * matched, saved)
        if charge > 0:
            yield leaf(f"Basis, {root.name}", crossed(charge), design.cite(f"basis.{kind}"),
                       wrappers="; ".join(leg.name for leg in root.children),
                       matched=accounting(matched), rate=f"{rate:.2%}",
                       saved_by_netting=accounting(saved))


def _exposure(scan: Scan, slots: Slots, leg: Node) -> float:
    return float(sum(scan.exposure[list(slots.rows[slot])].sum() for slot in leg.slots))


def _concentration(design: Design, scan: Scan) -> Iterator[Explained]:
    """Charge what closing the excess over the threshold would cost.

    cost = coefficient x daily volatility x sqrt(excess / daily volume) x excess x price
    """
    threshold = design.rate("concentration.adv_share")
    if threshold <= 0:
        return
    exposure: dict[str, float] = {}
    for i in np.flatnonzero(scan.included):
        symbol = scan.holdings.underlyings[i]
        exposure[symbol] = exposure.get(symbol, 0.0) + float(scan.exposure[i])
    for symbol in sorted(exposure):
        row = scan.holdings.market.underlying(symbol)
        if row is not None and row.adv:
            yield _liquidation(design, scan, row, abs(exposure[symbol]), threshold)


def _liquidation(design: Design, scan: Scan, row: Underlying, exposure: float,
                 threshold: float) -> Explained:
    label, cite = f"Concentration, {row.symbol}", design.cite("concentration")
    price = float(row.price * (scan.holdings.market.fx_rate(row.currency) or 0))
    volume, volatility = float(row.adv or 0), row.annual_volatility or row.iv
    if price <= 0 or volatility is None:
        return leaf(label, Decimal(0), cite)
    units = exposure / price / abs(float(row.leverage) or 1.0)
    excess = max(0.0, units - threshold * volume)
    daily = float(volatility) / math.sqrt(TRADING_DAYS)
    coefficient = design.rate("concentration.impact")
    cost = coefficient * daily * math.sqrt(excess / volume) * excess * price
    return leaf(label, crossed(cost), cite, units=f"{units:,.0f}", daily_volume=f"{volume:,.0f}",
                threshold=f"{threshold:.0%} of daily volume", excess=f"{excess:,.0f}",
                daily_volatility=f"{daily:.2%}", coefficient=f"{coefficient:g}")


def _short_option_minimum(design: Design, scan: Scan, slots: Slots,
                          trees: tuple[UnitTree, ...]) -> Iterator[Explained]:
    """Raise an underlying's scan to its short options' minimum.

    charge = max(0, minimum per unit x multiplier x short contracts - scan of the underlying)
    """
    least = design.rate("short_option_minimum")
    units = _short_units(scan)
    for root in roots_of(trees):
        short = sum(float(units[list(slots.rows[slot])].sum())
                    for leg in root.children for slot in leg.slots)
        alone = root.tail.loss(root.net)
        charge = least * short - alone
        if charge > 0:
            yield leaf(f"Short-option minimum, {root.name}", crossed(charge),
                       design.cite("short_option_minimum"), short_units=f"{short:,.0f}",
                       minimum=f"{least:g} a unit", scan=accounting(alone))


def _short_units(scan: Scan) -> np.ndarray[tuple[int], np.dtype[np.float64]]:
    holdings = scan.holdings
    is_option = np.array([p.instrument.option is not None for p in holdings.positions], dtype=bool)
    short = is_option & scan.included & (holdings.quantity < 0)
    return np.where(short, -holdings.quantity * holdings.multiplier * holdings.fx, 0.0)
