"""Which holdings and which levers a design's requirement comes from, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.offsets.attribution import Attributed, Contribution
from workstation.offsets.bridge import Bridge
from workstation.offsets.levers import CHARGES, LeverShare
from workstation.offsets.waterfall import ADD_ONS, LIMITS, MODEL
from workstation.results.formats import money, percent, whole, words
from workstation.results.table import Table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Attribution:
    """One design's risk by holding and its way from equal netting by lever."""

    design: str
    holdings: tuple[Attributed, ...]
    levers: tuple[LeverShare, ...]
    positions: tuple[Contribution, ...] = ()


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position: its Euler share, what it is of the whole, and what would go with it."""

    name: str
    account: str
    where: str
    euler: Decimal
    share: Decimal | None
    marginal: Decimal
    hedge: str


@dataclass(frozen=True, slots=True)
class LeverRow:
    """One lever: what it moves in the bridge's order, and averaged over every order."""

    lever: str
    in_order: Decimal
    shapley: Decimal

    @property
    def difference(self) -> Decimal:
        """Return what the bridge's order makes of it."""
        return self.in_order - self.shapley


@dataclass(frozen=True, slots=True)
class AttributionRow:
    """One holding: its Euler share, what it is of the whole, and what would go with it."""

    name: str
    account: str
    underlying: str
    positions: int | None
    euler: Decimal
    share: Decimal | None
    marginal: Decimal | None
    hedge: str


def attribution_table(rows: Sequence[Attributed], design: str, currency: str) -> Table:
    """Return the holdings of one design, largest Euler share first; Euler shares add up."""
    unit = f"({currency})"
    columns = (
        words("Holding", "name", "one wrapper of an underlying in one account"),
        words("Account", "account"), words("Underlying", "underlying"),
        whole("Positions", "positions"),
        money(f"Euler share {unit}", "euler", "its part of the risk as it stands; adds up to the "
              "risk before add-ons, buffers and floors", total=True),
        percent("Of the risk (%)", "share"),
        money(f"Released if it goes {unit}", "marginal", "risk now less risk without it, all else "
              "held; negative: the requirement would rise. Does not add up"),
        words("Works as", "hedge"))
    whole_risk = sum((row.euler for row in rows), ZERO)
    return Table(f"Attribution {design}", columns,
                 tuple(_row(row, whole_risk) for row in rows),
                 f"Where the risk of {design} comes from: Euler shares add up, released amounts "
                 "(leave one out) do not.")


def _row(row: Attributed, whole_risk: Decimal) -> AttributionRow:
    hedge = "" if row.marginal is None else _works_as(row.euler, row.marginal)
    return AttributionRow(row.name, row.account, row.underlying, row.positions or None, row.euler,
                          row.euler / whole_risk if whole_risk else None, row.marginal, hedge)


def _works_as(euler: Decimal, released: Decimal) -> str:
    if released < 0 or euler < 0:
        return "hedge"
    return "risk" if released else "neither"


def positions_table(rows: Sequence[Contribution], design: str, currency: str) -> Table:
    """Return the positions a design scans, largest Euler share first; Euler shares add up."""
    unit = f"({currency})"
    columns = (
        words("Position", "name"), words("Account", "account"),
        words("Cell", "where", "where the position stands in the file"),
        money(f"Euler share {unit}", "euler", "its part of the risk as it stands; adds up to the "
              "risk before add-ons, buffers and floors", total=True),
        percent("Of the risk (%)", "share"),
        money(f"Released if it goes {unit}", "marginal", "risk now less risk without this position "
              "alone; negative: the requirement would rise. Does not add up"),
        words("Works as", "hedge"))
    whole_risk = sum((row.euler for row in rows if row.euler is not None), ZERO)
    found = [PositionRow(row.symbol, row.account, row.where, row.euler,
                         row.euler / whole_risk if whole_risk else None, row.released,
                         _works_as(row.euler, row.released))
             for row in rows if row.euler is not None and row.released is not None]
    found.sort(key=lambda row: (-row.euler, row.name, row.where))
    return Table(f"Positions {design}", columns, tuple(found),
                 f"What each position adds to the risk of {design}, and the margin released if it "
                 "alone goes.")


def levers_table(levers: Sequence[LeverShare], bridge: Bridge, currency: str) -> Table:
    """Return what each lever moves, in the bridge's order and in every order; both add up."""
    unit = f"({currency})"
    steps = {step.label: step.amount for step in bridge.steps}
    steps[CHARGES] = steps.get(ADD_ONS, ZERO) + steps.get(LIMITS, ZERO)
    columns = (
        words("Lever", "lever"),
        money(f"In the bridge's order {unit}", "in_order", "steps that save margin are negative",
              total=True),
        money(f"Shapley share {unit}", "shapley", "averaged over every order of the levers",
              total=True),
        money(f"Due to the order {unit}", "difference", total=True))
    rows = tuple(LeverRow(share.label, steps.get(share.label, ZERO), share.amount)
                 for share in levers)
    return Table(f"Levers {bridge.design}", columns, rows,
                 f"What each lever of {bridge.design} moves after '{MODEL.lower()}', whatever the "
                 "order in which the levers are pulled.")
