"""The encumbrance report as plain text: each lot's value, and its quantity by state."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import accounting
from workstation.collateral.report import CollateralReport, LotReport
from workstation.reports.lines import row, wrapped


def lots_text(report: CollateralReport) -> list[str]:
    """Return one line of values for each lot, with its quantity by state below it."""
    if not report.lots:
        return ["COLLATERAL: the book names no lots."]
    currency = report.currency
    lines = [row("COLLATERAL", "held at", f"value ({currency})", "free after haircut")]
    for lot in report.lots:
        lines += _lot(lot)
    held = sum((value for _, value in report.value_by_state), Decimal(0))
    return [*lines, row("  All lots", "", accounting(held), accounting(report.free_value))]


def _lot(lot: LotReport) -> list[str]:
    shares = "; ".join(f"{state} {units(amount)}" for state, amount in lot.states if amount)
    return [row(f"  {lot.lot} {lot.symbol}", lot.location, accounting(lot.market_value),
                accounting(lot.free_value)),
            *wrapped(f"of {units(lot.quantity)} units: {shares}", "    ")]


def units(quantity: Decimal) -> str:
    """Write a quantity with as many decimals as it has: 18.75 coins are not 19."""
    text = f"{quantity:,f}"
    return text.rstrip("0").rstrip(".") if "." in text else text
