"""Tables of a liquidation cascade: price path, participants, calls, conservation laws."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.cascade.result import CascadeResult
from workstation.results.formats import money, percent, price, quantity, whole, words
from workstation.results.run import Run
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class PathRow:
    """One factor after one round; `move` is the change since the first round shown."""

    step: int
    factor: str
    price: float
    move: float | None
    sold: float


@dataclass(frozen=True, slots=True)
class ParticipantRow:
    """One participant after one round."""

    step: int
    participant: str
    equity: float
    call: float
    sale_fraction: float
    unsettled: float | None = None


@dataclass(frozen=True, slots=True)
class CallRow:
    """One margin call and how it was met or not."""

    step: int
    participant: str
    equity: Decimal
    requirement: Decimal
    call: Decimal
    sale_fraction: Decimal
    met_by: str


@dataclass(frozen=True, slots=True)
class InvariantRow:
    """The residual of one conservation law; zero up to rounding in a sound cascade."""

    law: str
    residual: float


def calls_table(run: Run) -> Table:
    """Return every margin call of the cascade, in order."""
    calls = run.cascade.calls if run.cascade else ()
    rows = tuple(
        CallRow(c.step, c.participant, c.equity, c.requirement, c.call, c.sale_fraction, c.met_by)
        for c in calls
    )
    columns = (
        whole("Step", "step"), words("Participant", "participant"),
        money(f"Equity ({run.currency})", "equity"),
        money(f"Requirement ({run.currency})", "requirement"),
        money(f"Call ({run.currency})", "call"),
        percent("Sold (%)", "sale_fraction", "share of the holdings sold to meet the call"),
        words("Met by", "met_by"),
    )
    return Table("Cascade calls", columns, rows, "Margin calls of the cascade, in order.")


def cascade_path_table(run: Run) -> Table:
    """Return the price path of every factor, and how much was sold so far."""
    rows = _path(run.cascade) if run.cascade else ()
    columns = (
        whole("Step", "step"), words("Factor", "factor"), price("Price", "price"),
        percent("Move (%)", "move", "since the first step"),
        quantity("Sold so far", "sold", "by all participants together"),
    )
    return Table("Cascade path", columns, rows, "Price of every factor, round by round.")


def _path(cascade: CascadeResult) -> tuple[PathRow, ...]:
    start = cascade.steps[0].prices if cascade.steps else ()
    return tuple(
        PathRow(step.step, factor, now, now / first - 1 if first else None, sold)
        for step in cascade.steps
        for factor, now, first, sold in zip(
            cascade.factors, step.prices, start, step.sold, strict=True)
    )


def cascade_participants_table(run: Run) -> Table:
    """Return every participant's equity, call and sale, round by round."""
    rows = _participants(run.cascade) if run.cascade else ()
    columns = (
        whole("Step", "step"), words("Participant", "participant"),
        money(f"Equity ({run.currency})", "equity"), money(f"Call ({run.currency})", "call"),
        percent("Sold (%)", "sale_fraction"),
        money(f"Unsettled ({run.currency})", "unsettled",
              "proceeds of sales that no other account can have yet"),
    )
    return Table("Cascade participants", columns, rows,
                 "Equity, call and sale of every participant, round by round.")


def _participants(cascade: CascadeResult) -> tuple[ParticipantRow, ...]:
    return tuple(
        ParticipantRow(step.step, name, equity, call, fraction, unsettled)
        for step in cascade.steps
        for name, equity, call, fraction, unsettled in zip(
            cascade.participants, step.equity, step.calls, step.sale_fractions,
            step.unsettled or (None,) * len(cascade.participants), strict=True)
    )


def invariants_table(run: Run) -> Table:
    """Return the residuals of the conservation laws of the cascade."""
    invariants = run.cascade.invariants if run.cascade else ()
    rows = tuple(InvariantRow(law, residual) for law, residual in invariants)
    columns = (
        words("Conservation law", "law"),
        Column("Residual", "residual", lambda value: f"{value:.3g}", True, "0.00E+00"),
    )
    return Table("Cascade checks", columns, rows, "Residuals of the conservation laws.")
