"""Credit default swaps by the grid: maturity and spread fix a share of notional.

In one cell the same reference entity nets. Of what is left, protection bought and sold on
different names is matched: the excess pays its own share, the matched part half of the seller's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.parameters.store import Edition
from workstation.rulebooks.sbs.swaps import CreditSwap

ZERO = Decimal(0)
_ROUNDED = Decimal("0.0001")  # the index grid is stated to 0.01 %
LEVEL = "maturity and spread cell"
MOST_NAMED = 5


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of the grid: its row and column, whether of indices, and the seller's share."""

    row: int
    column: int
    index: bool
    share: Decimal
    name: str


def cell_of(swap: CreditSwap, rule: Edition) -> Cell:
    """Return the cell a swap falls in."""
    rows = rule["cds_grid"].rows
    row = next(n for n, item in enumerate(rows) if swap.months < item["below_months"])
    limits = rule["cds_spread_limits"].numbers
    last = rule["cds_last_column_from"].value
    column = next((n for n, limit in enumerate(limits) if swap.spread_bp <= limit),
                  len(limits) + (swap.spread_bp >= last))
    share = Decimal(rows[row]["fractions"][column])
    if swap.index:
        factor = Fraction(rule["cds_index_factor"].text)
        share = (share * factor.numerator / factor.denominator).quantize(
            _ROUNDED, ROUND_HALF_EVEN)
    return Cell(row, column, swap.index, share, _named_cell(swap, row, column, rule))


def _named_cell(swap: CreditSwap, row: int, column: int, rule: Edition) -> str:
    rows, limits = rule["cds_grid"].rows, rule["cds_spread_limits"].numbers
    low = 0 if row == 0 else rows[row - 1]["below_months"]
    whole = row == len(rows) - 1
    months = f"{low} months and over" if whole else f"{low}-{rows[row]['below_months'] - 1} months"
    if column > len(limits):
        spread = f"from {rule['cds_last_column_from'].value} bp"
    else:
        spread = f"above {limits[column - 1]} bp" if column else f"up to {limits[0]} bp"
    return f"{'index, ' if swap.index else ''}{months}, {spread}"


def credit_margin(swaps: Sequence[CreditSwap], rule: Edition, account_id: str
                  ) -> tuple[list[Explained], list[Offset]]:
    """Return the margin of every cell in grid order, and what netting and matching saved."""
    cells: dict[tuple[bool, int, int], tuple[Cell, list[CreditSwap]]] = {}
    for swap in swaps:
        cell = cell_of(swap, rule)
        cells.setdefault((cell.index, cell.row, cell.column), (cell, []))[1].append(swap)
    nodes, offsets = list[Explained](), list[Offset]()
    for _, (cell, held) in sorted(cells.items()):
        node = cell_margin(cell, held, rule)
        nodes.append(node)
        saved = sum((alone(swap, rule) for swap in held), ZERO) - node.amount
        if saved > 0:
            offsets.append(_granted(cell, held, saved, node, account_id))
    return nodes, offsets


def alone(swap: CreditSwap, rule: Edition) -> Decimal:
    """Return a swap's margin without any netting."""
    share = cell_of(swap, rule).share
    return share * (swap.sold if swap.sold > 0 else -swap.sold * rule["cds_buyer_fraction"].value)


def cell_margin(cell: Cell, held: Sequence[CreditSwap], rule: Edition) -> Explained:
    """Return the margin of one cell.

    margin = share * excess sold (or buyer's share * excess bought) + matched share * matched
    """
    net: dict[str, Decimal] = {}
    for swap in held:
        net[swap.entity] = net.get(swap.entity, ZERO) + swap.sold
    sold = sum((size for size in net.values() if size > 0), ZERO)
    bought = -sum((size for size in net.values() if size < 0), ZERO)
    cite = rule["cds_grid"].cite
    matched, excess = min(sold, bought), abs(sold - bought)
    side = "sold" if sold > bought else "bought"
    buyer, half = rule["cds_buyer_fraction"], rule["cds_matched_fraction"]
    share = cell.share if side == "sold" else cell.share * buyer.value
    parts = [leaf(f"protection {side}, net", share * excess,
                  cite if side == "sold" else buyer.cite, notional=accounting(excess),
                  share=f"{share:.3%} of notional",
                  entities=_named([name for name, size in net.items() if size]),
                  side_from=held[0].side_from)]
    if matched:
        parts.append(leaf(
            "bought and sold on different names, matched", cell.share * half.value * matched,
            half.cite, notional=accounting(matched), share=f"{cell.share * half.value:.3%}"))
    return total(f"Credit default swaps, {cell.name}", *parts, cite=cite)


def _granted(cell: Cell, held: Sequence[CreditSwap], saved: Decimal, node: Explained,
             account_id: str) -> Offset:
    return Offset(
        "credit protection bought and sold", tuple(dict.fromkeys(s.symbol for s in held)),
        "granted", f"{cell.name}: one reference entity nets, other names are matched "
        f"{node.cite}", -saved, (account_id,), LEVEL,
        (("alone", accounting(node.amount + saved)), ("in one cell", accounting(node.amount))))


def _named(names: Sequence[str]) -> str:
    shown = ", ".join(sorted(names)[:MOST_NAMED])
    left = len(names) - MOST_NAMED
    return f"{shown} and {left} more" if left > 0 else shown or "none left"
