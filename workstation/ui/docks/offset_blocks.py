"""A ledger laid out for the heat-map: a block for each kind of offset, by dollars at stake."""

from __future__ import annotations

from decimal import Decimal

from workstation.measures.requirement import Offset
from workstation.offsets.heat_map import LEGS_OF_A_PAIR, HeatMap, heat_map
from workstation.ui.plots.heat_map import Block, Cell


def blocks(ledger: tuple[Offset, ...]) -> tuple[Block, ...]:
    """Return the pairs of a ledger, kinds with the most dollars granted or withheld first."""
    kinds: dict[str, list[Offset]] = {}
    for row in ledger:
        if len(row.between) == LEGS_OF_A_PAIR:
            kinds.setdefault(row.kind, []).append(row)
    ranked = sorted(kinds.items(), key=lambda kind: -_at_stake(kind[1]))
    return tuple(_block(kind, rows, ledger) for kind, rows in ranked)


def _at_stake(rows: list[Offset]) -> Decimal:
    return sum((abs(row.amount) + row.would_save for row in rows), Decimal(0))


def _block(kind: str, rows: list[Offset], ledger: tuple[Offset, ...]) -> Block:
    first = tuple(dict.fromkeys(row.between[0] for row in rows))
    second = tuple(dict.fromkeys(row.between[1] for row in rows))
    figures = heat_map(rows)
    pairs = dict.fromkeys((first.index(row.between[0]), second.index(row.between[1]))
                          for row in rows)
    cells = tuple(_cell(figures, first, second, pair, ledger) for pair in pairs)
    return Block(f"{kind[0].upper()}{kind[1:]}" if kind else "Offsets", first, second, cells)


def _cell(figures: HeatMap, first: tuple[str, ...], second: tuple[str, ...],
          pair: tuple[int, int], ledger: tuple[Offset, ...]) -> Cell:
    between = (first[pair[0]], second[pair[1]])
    told = figures.cell(*between)
    number = next(n for n, row in enumerate(ledger)
                  if row.between == between and row.status == told.status)
    return Cell(*pair, told.amount, told.status, told.reason, told.would_save, str(number))
