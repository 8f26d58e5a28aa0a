"""Which holdings and which levers a design's requirement comes from, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.offsets.attribution import Attributed
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
    released = row.marginal
    if released is None:
        hedge = ""
    elif released < 0 or row.euler < 0:
        hedge = "hedge"
    else:
        hedge = "risk" if released else "neither"
    return AttributionRow(row.name, row.account, row.underlying, row.positions or None, row.euler,
                          row.euler / whole_risk if whole_risk else None, released, hedge)


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
