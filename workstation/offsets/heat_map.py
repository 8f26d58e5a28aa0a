"""The offsets of one design as a matrix: underlyings or groups against each other."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal

from workstation.measures.requirement import Offset, OffsetStatus
from workstation.offsets.ledger import is_across_silos

LEGS_OF_A_PAIR = 2
ORDER: tuple[OffsetStatus, ...] = ("denied", "partial", "granted")


@dataclass(frozen=True, slots=True)
class HeatCell:
    """One pair: dollars granted (negative saves), dollars withheld, decision and reason.

    `status` is empty where the two were never a hedge of each other.
    """

    amount: Decimal = Decimal(0)
    would_save: Decimal = Decimal(0)
    status: OffsetStatus | str = ""
    reason: str = ""
    level: str = ""


@dataclass(frozen=True, slots=True)
class HeatMap:
    """A symmetric matrix of pairs; `cells[i][j]` is `labels[i]` against `labels[j]`."""

    labels: tuple[str, ...]
    cells: tuple[tuple[HeatCell, ...], ...]

    def cell(self, one: str, other: str) -> HeatCell:
        """Return the cell of two labels."""
        return self.cells[self.labels.index(one)][self.labels.index(other)]


def heat_map(rows: Iterable[Offset]) -> HeatMap:
    """Lay the rows that have two legs out as a matrix; rows of one pair are added together.

    Offsets inside one account are shown only where a design considered none across accounts. A
    pair decided more than once shows the best status with its reason. Legs keep the order in
    which the ledger names them, so that legs of one level stand together.
    """
    pairs: dict[tuple[str, str], list[Offset]] = {}
    labels: dict[str, None] = {}
    two_legs = [row for row in rows if len(row.between) == LEGS_OF_A_PAIR]
    across = [row for row in two_legs if is_across_silos(row)]
    for row in across or two_legs:
        one, other = row.between
        labels |= {one: None, other: None}
        pairs.setdefault((one, other), []).append(row)
    names = tuple(labels)
    return HeatMap(names, tuple(
        tuple(_cell([*pairs.get((a, b), ()), *(pairs.get((b, a), ()) if a != b else ())])
              for b in names) for a in names))


def _cell(rows: list[Offset]) -> HeatCell:
    if not rows:
        return HeatCell()
    told = max(rows, key=lambda row: ORDER.index(row.status))
    return HeatCell(sum((r.amount for r in rows), Decimal(0)),
                    sum((r.would_save for r in rows), Decimal(0)), told.status, told.reason,
                    told.level)
