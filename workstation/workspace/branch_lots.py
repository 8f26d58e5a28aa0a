"""Collateral lots follow the positions they are: what is sold leaves them, what moves goes along.

No more is taken from the lots of a symbol than the position left requires:

    lots after = min(lots, max(held after, lots - sold))

What no claim is on goes first. A claim on what was sold falls with it, and the branch says so.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.book.valuation import VARIATION_MARGINED

NONE = Decimal(0)
Holding = tuple[str, str]
"""Account and symbol."""


@dataclass(frozen=True, slots=True)
class _Taken:
    """A lot and how much of it goes."""

    lot: CollateralLot
    quantity: Decimal


def with_lots(before: Book, after: Book, moved_to: str = "") -> Book:
    """Return the book after a trade or a move with its lots brought along."""
    if not before.lots:
        return after
    held, left = _held(before), _held(after)
    taken = [t for key, lots in _by_holding(before).items()
             for t in _from(lots, before.liens, held.get(key, NONE), left.get(key, NONE))]
    if not taken:
        return after
    gone = {t.lot.lot: t.quantity for t in taken}
    lots = [_less(lot, gone.get(lot.lot, NONE)) for lot in after.lots]
    if moved_to:
        return replace(after, lots=(*(lot for lot in lots if lot.quantity),
                                    *(_elsewhere(t, moved_to) for t in taken)),
                       liens=_moved_liens(after.liens, taken))
    liens, lapsed = _fitting(after.liens, gone, {lot.lot: lot.quantity for lot in lots})
    return replace(after, lots=tuple(lot for lot in lots if lot.quantity), liens=liens,
                   problems=(*after.problems, *lapsed))


def _held(book: Book) -> Mapping[Holding, Decimal]:
    """Return what is owned outright by account and symbol."""
    found: dict[Holding, Decimal] = defaultdict(lambda: NONE)
    for p in book.positions:
        if p.instrument.wrapper not in VARIATION_MARGINED:
            found[p.account_id, p.instrument.symbol] += p.quantity
    return found


def _by_holding(book: Book) -> Mapping[Holding, list[CollateralLot]]:
    found: dict[Holding, list[CollateralLot]] = defaultdict(list)
    for lot in book.lots:
        found[lot.account_id, lot.symbol].append(lot)
    return found


def _from(lots: Sequence[CollateralLot], liens: Sequence[Lien], held: Decimal, left: Decimal
          ) -> list[_Taken]:
    """Say how much of which lots goes as a holding falls from `held` to `left`."""
    held, left = max(held, NONE), max(left, NONE)
    whole = sum((lot.quantity for lot in lots), NONE)
    wanted = max(NONE, whole - max(left, whole - (held - left))) if left < held else NONE
    out: dict[str, Decimal] = defaultdict(lambda: NONE)
    unclaimed = [(lot, lot.quantity - _claimed(lot, liens)) for lot in lots]
    for lot, most in (*unclaimed, *((lot, lot.quantity) for lot in lots)):
        quantity = min(wanted, max(NONE, most - out[lot.lot]))
        out[lot.lot] += quantity
        wanted -= quantity
    return [_Taken(lot, out[lot.lot]) for lot in lots if out[lot.lot]]


def _claimed(lot: CollateralLot, liens: Sequence[Lien]) -> Decimal:
    return sum((n.quantity for n in liens if n.lot == lot.lot and not n.parent), NONE)


def _less(lot: CollateralLot, quantity: Decimal) -> CollateralLot:
    return replace(lot, quantity=lot.quantity - quantity) if quantity else lot


def _elsewhere(taken: _Taken, account_id: str) -> CollateralLot:
    """Return what moved as a lot of the other account; a part of a lot takes a name of its own."""
    lot = taken.lot
    name = lot.lot if taken.quantity == lot.quantity else f"{lot.lot}, in {account_id}"
    return replace(lot, lot=name, account_id=account_id, quantity=taken.quantity)


def _moved_liens(liens: Sequence[Lien], taken: Sequence[_Taken]) -> tuple[Lien, ...]:
    """Leave claims with their lots: a part that moves is what no claim is on, as far as it goes."""
    parted = {t.lot.lot: t.lot.quantity - t.quantity for t in taken
              if t.quantity != t.lot.quantity}
    return tuple(replace(n, quantity=min(n.quantity, parted[n.lot])) if n.lot in parted else n
                 for n in liens)


def _fitting(liens: Sequence[Lien], gone: Mapping[str, Decimal], left: Mapping[str, Decimal]
             ) -> tuple[tuple[Lien, ...], list[Problem]]:
    """Cut claims down to what is left of their lots, the most junior first."""
    kept, lapsed = list(liens), []
    for lot in gone:
        own = [i for i, n in enumerate(kept) if n.lot == lot and not n.parent]
        over = sum((kept[i].quantity for i in own), NONE) - left[lot]
        for i in sorted(own, key=lambda i: -kept[i].seniority):
            cut = min(kept[i].quantity, max(NONE, over))
            over -= cut
            if cut:
                lapsed.append(_lapse(kept[i], cut))
                kept[i] = replace(kept[i], quantity=kept[i].quantity - cut)
        kept = [replace(n, quantity=min(n.quantity, left[lot])) if n.lot == lot and n.parent else n
                for n in kept]
    return tuple(n for n in kept if n.quantity), lapsed


def _lapse(lien: Lien, quantity: Decimal) -> Problem:
    owed = f" for {lien.obligation}" if lien.obligation else ""
    return Problem(
        lien.where or f"Liens, lot {lien.lot}",
        f"what-if: {quantity.normalize():,f} of lot {lien.lot} are sold, on which "
        f"{lien.secured_party} has a claim{owed}; the claim is taken off",
        "agree the release, or pledge something else in its place", "warning")
