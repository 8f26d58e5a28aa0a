"""A ledger laid out for the heat-map: a block for each kind of offset, by dollars at stake."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

from workstation.measures.requirement import Offset
from workstation.ui.plots.heat_map import Block, Cell

LEGS_OF_A_PAIR = 2
BEST_LAST = ("denied", "partial", "granted")
ZERO = Decimal(0)
Numbered = tuple[int, Offset]


def blocks(ledger: Sequence[Offset]) -> tuple[Block, ...]:
    """Return the pairs of a ledger, kinds with the most dollars granted or withheld first."""
    kinds: dict[str, list[Numbered]] = {}
    for number, row in enumerate(ledger):
        if len(row.between) == LEGS_OF_A_PAIR:
            kinds.setdefault(row.kind, []).append((number, row))
    ranked = sorted(kinds.items(), key=lambda kind: -_at_stake(kind[1]))
    return tuple(_block(kind, rows) for kind, rows in ranked)


def _at_stake(rows: list[Numbered]) -> Decimal:
    return sum((abs(row.amount) + row.would_save for _, row in rows), ZERO)


def _block(kind: str, rows: list[Numbered]) -> Block:
    pairs: dict[tuple[str, str], list[Numbered]] = {}
    for number, row in rows:
        one, other = row.between
        pair = (other, one) if (other, one) in pairs else (one, other)
        pairs.setdefault(pair, []).append((number, row))
    first = tuple(dict.fromkeys(one for one, _ in pairs))
    second = tuple(dict.fromkeys(other for _, other in pairs))
    cells = tuple(_cell(first.index(one), second.index(other), told)
                  for (one, other), told in pairs.items())
    return Block(f"{kind[:1].upper()}{kind[1:]}" or "Offsets", first, second, cells)


def _cell(row: int, column: int, told: list[Numbered]) -> Cell:
    """Add the rows of one pair up; the best decision stands for it, with its reason."""
    number, best = max(told, key=lambda each: BEST_LAST.index(each[1].status))
    return Cell(row, column, sum((each.amount for _, each in told), ZERO), best.status,
                best.reason, sum((each.would_save for _, each in told), ZERO), str(number))
