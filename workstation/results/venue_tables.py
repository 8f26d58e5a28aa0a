"""Tables of one risk across silos, and of what stands behind a venue's margin."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.money import money as exact
from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.instruments.terms import PerpetualTerms
from workstation.measures.perpetual import funding_projection
from workstation.measures.venue_detail import LiquidationLadder, ScenarioMatrix
from workstation.offsets.exposure import Exposure
from workstation.results.formats import (
    money,
    percent,
    price,
    quantity,
    regime,
    whole,
    words,
    yes_no,
)
from workstation.results.run import Run
from workstation.results.silos import silo_of
from workstation.results.table import Column, Table

INTERVALS = (1, 3, 21, 90)
"""Eight-hour intervals of the projection: one, a day, a week, thirty days."""


@dataclass(frozen=True, slots=True)
class ExposureRow:
    """One risk in one wrapper in one account."""

    root: str
    wrapper: str
    account: str
    silo: str
    regime: str
    location: str
    positions: int
    delta: Decimal
    stand_alone: Decimal | None


@dataclass(frozen=True, slots=True)
class ScenarioRow:
    """One scenario of one portfolio; `legs` names each instrument's part."""

    account: str
    regime: str
    portfolio: str
    move: float
    state: str
    counted: str
    profit: float
    currency: str
    binding: bool
    legs: str


@dataclass(frozen=True, slots=True)
class LadderRow:
    """One step of a liquidation; `step` 0 is the position as it stands."""

    account: str
    regime: str
    symbol: str
    step: int
    what: str
    mark: float | None
    size_after: float | None
    equity_after: float | None


def exposure_table(run: Run) -> Table:
    """Return each risk by wrapper, silo, margin and legal location."""
    regimes = {account.account_id: account.regime for account in run.silos.accounts}
    rows = tuple(_exposure_row(item, regimes) for item in run.exposures)
    columns = (
        words("Risk", "root"), words("Wrapper", "wrapper"), words("Account", "account"),
        words("Silo", "silo"), regime("Regime", "regime"), words("Location", "location"),
        whole("Positions", "positions"),
        money(f"Exposure ({run.currency})", "delta",
              "profit per unit relative move of the risk: the outright holding it equals"),
        money(f"Stand-alone requirement ({run.currency})", "stand_alone",
              "sum of the positions' requirements, each by itself", total=True))
    return Table("Exposure by risk", columns, rows,
                 "Everything held of one risk, by wrapper, silo, margin and legal location.")


def _exposure_row(item: Exposure, regimes: dict[str, str]) -> ExposureRow:
    return ExposureRow(
        item.root, item.wrapper, item.account_id, str(silo_of(item.account_type)),
        regimes.get(item.account_id, ""), item.location, item.positions, item.delta,
        item.stand_alone)


def scenarios_table(run: Run) -> Table:
    """Return every scenario of every venue portfolio, the worst marked."""
    rows = tuple(row for matrix in run.venues.matrices for row in _scenario_rows(matrix))
    columns = (
        words("Account", "account"), regime("Regime", "regime"), words("Portfolio", "portfolio"),
        percent("Price move (%)", "move"), words("Volatility", "state"),
        words("Counted as", "counted"),
        quantity("Result", "profit", "positive for the client, in the currency beside it"),
        words("Currency", "currency"), _binding(), words("By instrument", "legs"))
    return Table("Venue scenarios", columns, rows,
                 "Every scenario of the venues' portfolio margins, instrument by instrument.")


def _binding() -> Column:
    return Column("Binding", "binding", yes_no, hint="the scenario that fixes the margin")


def _scenario_rows(matrix: ScenarioMatrix) -> Iterator[ScenarioRow]:
    for place, cell in enumerate(matrix.cells):
        yield ScenarioRow(
            matrix.account_id, matrix.regime, matrix.portfolio, cell.move, cell.state,
            cell.counted, cell.profit, matrix.currency, place == matrix.binding,
            "; ".join(f"{name} {profit:,.6g}" for name, profit in cell.legs))


def ladders_table(run: Run) -> Table:
    """Return the marks at which perpetuals are closed, step by step."""
    rows = tuple(row for ladder in run.venues.ladders for row in _ladder_rows(ladder))
    columns = (
        words("Account", "account"), regime("Regime", "regime"), words("Symbol", "symbol"),
        whole("Step", "step"), words("What happens", "what"), price("Mark (USD)", "mark"),
        quantity("Size after", "size_after"), money("Equity after (USD)", "equity_after"))
    return Table("Liquidation ladders", columns, rows,
                 "Marks at which each contract is closed in part: collateral in the coin and the "
                 "coin's other contracts move with it, every other price unchanged.")


def _ladder_rows(ladder: LiquidationLadder) -> Iterator[LadderRow]:
    def row(step: int, what: str, mark: float | None, size: float | None, equity: float | None
            ) -> LadderRow:
        return LadderRow(ladder.account_id, ladder.regime, ladder.symbol, step, what,
                         _shown(mark), _shown(size), equity)

    first = ladder.rungs[0].size_before if ladder.rungs else None
    yield row(0, "as it stands", ladder.mark, first, ladder.equity)
    for step, rung in enumerate(ladder.rungs, start=1):
        part = (rung.size_before - rung.size_after) / rung.size_before
        what = "closed whole" if rung.size_after == 0 else f"{part:.0%} closed"
        yield row(step, what, rung.mark, rung.size_after, rung.equity_after)
    if ladder.liquidation is None:
        yield row(len(ladder.rungs) + 1, "no mark liquidates it", None, None, None)
    if ladder.takeover is not None:
        yield row(len(ladder.rungs) + 1, "backstop takes the whole position", ladder.takeover,
                  None, None)
    yield row(len(ladder.rungs) + 1, "bankruptcy of the whole position", ladder.bankruptcy, None,
              None if ladder.bankruptcy is None else 0.0)


def _shown(figure: float | None) -> float | None:
    """Return a mark or size at the eight digits a venue would quote."""
    return None if figure is None else float(f"{figure:.8g}")


@dataclass(frozen=True, slots=True)
class LegRow:
    """One instrument's part of a scenario."""

    instrument: str
    profit: float


@dataclass(frozen=True, slots=True)
class FundingRow:
    """What one perpetual pays if the rate stays; received where negative."""

    account: str
    symbol: str
    notional: Decimal
    an_interval: Decimal
    a_day: Decimal
    a_week: Decimal
    a_month: Decimal


def legs_table(matrix: ScenarioMatrix | None, place: int | None) -> Table:
    """Return one scenario by instrument; empty without a scenario."""
    cell = None if matrix is None or place is None else matrix.cells[place]
    currency = "" if matrix is None else f" ({matrix.currency})"
    rows = () if cell is None else tuple(LegRow(name, profit) for name, profit in cell.legs)
    shown = "" if cell is None else f", price {cell.move * 100:+.4g} %, {cell.state}"
    is_coin = matrix is not None and matrix.currency not in ("", "USD", "USDC", "USDT")
    column = quantity if is_coin else money
    result = replace(column(f"Result{currency}", "profit", "positive for the client"), total=True)
    return Table(f"Scenario{shown}", (words("Instrument", "instrument"), result), rows,
                 "What each instrument earns or loses in one scenario.")


def funding_table(run: Run, rate: float) -> Table:
    """Return what every perpetual pays ahead at a rate per eight hours that stays."""
    rows = tuple(row for position in run.book.positions
                 if (row := _funding_row(position, run, rate)) is not None)
    columns = (
        words("Account", "account"), words("Symbol", "symbol"),
        money(f"Notional ({run.currency})", "notional", "short positions are negative"),
        money(f"In 8 hours ({run.currency})", "an_interval", "paid; received in parentheses",
              total=True),
        money(f"In a day ({run.currency})", "a_day", total=True),
        money(f"In a week ({run.currency})", "a_week", total=True),
        money(f"In 30 days ({run.currency})", "a_month", total=True))
    return Table("Projected funding", columns, rows,
                 "What perpetuals pay ahead if the funding rate and the mark stay as they are.")


def _funding_row(position: Position, run: Run, rate: float) -> FundingRow | None:
    terms, instrument = position.instrument.terms, position.instrument
    fx = run.book.market.fx_rate(instrument.currency)
    if instrument.asset_class is not AssetClass.PERPETUAL or fx is None or dated(position):
        return None
    inverse = isinstance(terms, PerpetualTerms) and terms.settlement == "inverse"
    notional = (position.quantity * instrument.multiplier if inverse else position.value) * fx
    side, size = (1 if notional > 0 else -1), abs(float(notional))
    paid = funding_projection(side, size, 1.0, rate, INTERVALS[-1])
    return FundingRow(position.account_id, instrument.symbol, notional,
                      *(exact(paid[count - 1]) for count in INTERVALS))


def dated(position: Position) -> bool:
    """Say whether a contract read as a perpetual is a dated future by its symbol; it pays none."""
    return bool(re.search(r"[-_](\d{1,2}[A-Z]{3}\d{2}|\d{6})$", position.instrument.symbol.upper()))
