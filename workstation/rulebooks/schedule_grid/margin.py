"""Schedule margin of every netting agreement of a CRIF, the worst regulation reported."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.base.money import money
from workstation.base.problem import Problem
from workstation.book.crif import Crif, Ints
from workstation.book.netting_runs import Side, netting_runs
from workstation.parameters.store import Edition
from workstation.rulebooks.schedule_grid.grid import (
    ZERO,
    GridMargin,
    GridTrade,
    band_of_date,
    grid_margin,
    netted_trades,
)

_VALUE, _NOTIONAL = "PV", "Notional"


@dataclass(frozen=True, slots=True)
class ScheduleMargin:
    """One netting agreement: its margin on one side, and that under each regulation."""

    portfolio: str
    margin: GridMargin
    regulations: tuple[str, ...]
    by_regulation: Mapping[str, Decimal]


def margin_schedule(crif: Crif, edition: Edition, on: date,
                    side: Side = "call") -> tuple[ScheduleMargin, ...]:
    """Margin the schedule rows of a CRIF; `crif` holds those alone."""
    found: dict[str, dict[str, GridMargin]] = {}
    for run in netting_runs(crif, side):
        trades = schedule_trades(crif, run.rows, edition, on)
        margin = grid_margin(run.portfolio, trades, edition, side)
        found.setdefault(run.portfolio, {})[run.regulation] = margin
    return tuple(_worst(portfolio, margins) for portfolio, margins in found.items())


def _worst(portfolio: str, margins: Mapping[str, GridMargin]) -> ScheduleMargin:
    amounts = {name: item.margin.amount for name, item in margins.items()}
    highest = max(amounts.values())
    winners = tuple(name for name, amount in amounts.items() if amount == highest)
    return ScheduleMargin(portfolio, margins[winners[0]], winners, amounts)


def schedule_trades(crif: Crif, rows: Ints, edition: Edition,
                    on: date) -> tuple[GridTrade, ...]:
    """Return the trades of some rows; PV and Notional rows of a trade are one trade."""
    parts = []
    for row in rows.tolist():
        amount = money(float(crif.usd[row]))
        kind = crif.risk_type[row]
        band = band_of_date(date.fromisoformat(crif.end_date[row]), on, edition)
        parts.append(GridTrade(crif.trade[row], crif.product_class[row], band,
                               amount if kind == _NOTIONAL else ZERO,
                               amount if kind == _VALUE else ZERO))
    return netted_trades(parts)


def schedule_notes(crif: Crif, on: date) -> tuple[Problem, ...]:
    """Say which trades have already ended, or have a value but no notional."""
    ended = {crif.trade[row] for row in range(len(crif))
             if date.fromisoformat(crif.end_date[row]) < on}
    valued = {crif.trade[row] for row in range(len(crif)) if crif.risk_type[row] == _VALUE}
    sized = {crif.trade[row] for row in range(len(crif)) if crif.risk_type[row] == _NOTIONAL}
    notes = [Problem(trade, f"ended before the review date {on}; counted in the shortest band",
                     "leave the trade out, or choose the review date with --as-of")
             for trade in sorted(ended)]
    notes += [Problem(trade, "has a value but no notional, so the grid asks nothing for it",
                      "add its Notional row") for trade in sorted(valued - sized)]
    return tuple(notes)
