"""How collateral flows: from lots through claims to secured parties, and on along re-use chains."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.graph import by_lot, partition
from workstation.collateral.pool import set_aside
from workstation.collateral.report import LotReport, LotState
from workstation.results.formats import money, whole, words
from workstation.results.run import Run
from workstation.results.table import Table

ZERO = Decimal(0)
KINDS = {"pledge": "pledged", "title_transfer": "title transferred", "statutory": "statutory lien",
         "seg_lock": "segregated"}
UNCLAIMED = (LotState.FREE, LotState.IN_TRANSIT, LotState.INELIGIBLE, LotState.SEGREGATED)


@dataclass(frozen=True, slots=True)
class Flow:
    """Market value of one lot going from one place to the next.

    `hop` 0 is from the lot to a claim or state, 1 from the claim to its secured party, 2 and more
    along the chain of re-use; `state` says how it is drawn.
    """

    lot: str
    hop: int
    source: str
    target: str
    value: Decimal
    state: str


def flows(run: Run) -> tuple[Flow, ...]:
    """Return every flow, lot by lot, in file order; each hop of a re-use chain is one flow."""
    lots = {lot.lot: lot for lot in reversed(run.book.lots)}
    claims = by_lot(run.book.liens)
    return tuple(flow for item in run.collateral.lots
                 if item.lot in lots and item.quantity and item.market_value > 0
                 for flow in _of_lot(item, lots[item.lot], claims.get(item.lot, [])))


def _of_lot(item: LotReport, lot: CollateralLot, liens: list[Lien]) -> Iterator[Flow]:
    unit, name = item.market_value / item.quantity, f"{item.lot} {item.symbol}"
    locked = ZERO
    for lien in partition(lot, liens, set_aside(lot, liens)).accepted:
        value = lien.quantity * unit
        if lien.parent:
            yield Flow(item.lot, _depth(lien, liens), lien.parent, lien.secured_party, value,
                       str(LotState.REUSED))
            continue
        kind = KINDS.get(lien.type, lien.type)
        state = LotState.SEGREGATED if lien.type == "seg_lock" else (
            LotState.REUSABLE if lien.reuse > 0 else LotState.PLEDGED)
        locked += lien.quantity if lien.type == "seg_lock" else ZERO
        yield Flow(item.lot, 0, name, kind, value, str(state))
        yield Flow(item.lot, 1, kind, lien.secured_party, value, str(state))
    for rest in UNCLAIMED:
        quantity = item.quantity_in(rest) - (locked if rest is LotState.SEGREGATED else ZERO)
        if quantity > 0:
            yield Flow(item.lot, 0, name, str(rest), quantity * unit, str(rest))


def _depth(lien: Lien, liens: list[Lien]) -> int:
    """Return the hop of a re-use: 2 for the client's own secured party passing it on."""
    parents = {other.secured_party: other.parent for other in liens}
    depth, at, seen = 2, lien.parent, set()
    while parents.get(at) and at not in seen:
        seen.add(at)
        depth, at = depth + 1, parents[at]
    return depth


def flow_table(run: Run) -> Table:
    """Return the flows as a table."""
    columns = (words("Lot", "lot"), whole("Hop", "hop"), words("From", "source"),
               words("To", "target"), words("State", "state"),
               money(f"Market value ({run.currency})", "value"))
    return Table("Encumbrance flow", columns, flows(run),
                 "From lots through claims to secured parties, and on along re-use chains.")
