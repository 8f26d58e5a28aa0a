"""What stresses leave behind and where things begin along one, as tables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from types import SimpleNamespace

from workstation.measures.stressed import AfterShock, ReverseStress
from workstation.results.cascade_measures import times
from workstation.results.formats import money, words
from workstation.results.table import Table

BEFORE_ANY = "already before the shock"


@dataclass(frozen=True, slots=True)
class ReverseRow:
    """One event along a direction: what, for whom, from which multiple, and the figures there."""

    event: str
    of: str
    multiple: float | None
    moves: str
    verdict: str
    why: str
    direction: str


def stresses_table(after: Sequence[AfterShock], currency: str) -> Table:
    """Return one row a stress: loss, equity, everything margined again, calls, free collateral."""
    unit = f"({currency})"
    names = list(dict.fromkeys(name for row in after for name, _ in row.designs))
    columns = (
        words("Stress", "shock"), words("Kind", "kind"),
        money(f"Loss {unit}", "loss", "by full revaluation; a gain stands in parentheses"),
        money(f"Equity after {unit}", "equity", "liquidating value"),
        money(f"Today, silos {unit}", "silos", "maintenance computed again"),
        money(f"Change of today's {unit}", "rise"),
        *(money(f"{name} {unit}", f"design_{n}", "requirement computed again")
          for n, name in enumerate(names)),
        money(f"Calls {unit}", "calls", "in all accounts together, under today's rulebooks"),
        words("Largest call", "worst"),
        money(f"Free collateral {unit}", "free", "after haircut, at stressed prices"))
    return Table("Stresses", columns, tuple(_row(row, names) for row in after),
                 "The book after each stress, margined again: today's rulebooks and every design.")


def _row(after: AfterShock, names: Sequence[str]) -> SimpleNamespace:
    designs, worst = dict(after.designs), after.worst
    return SimpleNamespace(
        shock=after.shock, kind=after.kind, loss=after.loss,
        equity=after.equity if after.cash_stated else None,
        silos=after.silos, rise=after.silos - after.silos_before, calls=after.calls,
        worst="" if worst is None else f"{worst.account_id}: {worst.test.lower()}",
        free=after.free, **{f"design_{n}": designs.get(name) for n, name in enumerate(names)})


def reverse_table(found: Sequence[ReverseStress]) -> Table:
    """Return from which multiple of a shock each event happens, nearest first."""
    columns = (
        words("Event", "event"), words("Account or regime", "of"),
        times("From", "multiple", "smallest multiple of the shock, to a thousandth"),
        words("Moves there", "moves", "the largest of the book's factors"),
        words("Verdict", "verdict"), words("Figures there", "why"), words("Shock", "direction"))
    direction = f" along {found[0].direction}" if found else ""
    return Table("Reverse stress", columns, tuple(map(_reverse, found)),
                 f"How far the market may go{direction} before something gives, everything "
                 "margined again. Each account stands on its own equity; in a cascade and for the "
                 "next trigger excess at the same firm answers first.")


def _reverse(found: ReverseStress) -> ReverseRow:
    return ReverseRow(found.event, found.account or found.regime, found.multiple,
                      moves_text(found), verdict(found),
                      found.why or verdict(found), found.direction)


def moves_text(found: ReverseStress) -> str:
    """Return the moves at which an event begins."""
    return ", ".join(f"{name} {move:+.1%}" for name, move in found.moves if move)


def verdict(found: ReverseStress) -> str:
    """Return what the multiple means."""
    if found.multiple is None:
        return f"not up to {found.searched:g} times the shock"
    if not found.multiple:
        return BEFORE_ANY
    return "under this shock" if found.multiple <= 1 else "not under this shock"


def reverse_sentence(found: Sequence[ReverseStress]) -> str:
    """Return the nearest event in a sentence; what holds before any move is said as such."""
    if not found:
        return ""
    first = found[0]
    whom = f" ({first.account or first.regime})" if first.account or first.regime else ""
    if first.multiple is None:
        return (f"Along {first.direction} nothing gives up to {first.searched:g} times the shock: "
                "no call, and equity covers every requirement.")
    if not first.multiple:
        return f"Before any move: {first.event}{whom}, {first.why}."
    moves = f" ({moves_text(first)})" if first.moves else ""
    return (f"Along {first.direction} comes first: {first.event}{whom}, at {first.multiple:.2f} "
            f"times the shock{moves}: {first.why}.")
