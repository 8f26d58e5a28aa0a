"""Cleared credit default swaps, indices and single names in one account, Rel. 34-93501.

The clearing house's model is not public. This is an own estimate in the grid's manner: cells as
the rule margins them, and between the index cell and the single-name cell of one maturity and
spread a share of the smaller amount taken off where protection is sold on one and bought on the
other. The share is a parameter to confirm; 0 grants nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.sbs.credit import Cell, cell_margin, cell_of, credit_margin
from workstation.rulebooks.sbs.margin import FOLDER as GRID
from workstation.rulebooks.sbs.swaps import CreditSwap, Swaps, take_in

REGIME = "ice-cds"
FOLDER = "cross_margin_programmes"
OFFSET = "ice_cds_index_offset"
NOT_ADMITTED = ("the programme admits cleared credit default swaps alone",
                "move it to an account of its own type")
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Matched:
    """The index and single-name cells of one maturity and spread that stand against each other."""

    index: Cell
    names: Cell
    swaps: tuple[CreditSwap, ...]
    lesser: Decimal


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the margin of an account in the programme; maintenance is the same, daily."""
    programme, grid = rules.edition(FOLDER), rules.edition(GRID)
    swaps = take_in(holdings, account.account_id)
    cells, netted = credit_margin(swaps.credit, grid, account.account_id)
    share = programme[OFFSET]
    matched = tuple(opposed(swaps.credit, grid))
    off = [leaf(f"indices against single names, {pair.names.name}", -share.value * pair.lesser,
                share.cite, lesser_amount=accounting(pair.lesser),
                share=f"{share.value:.0%} {share.unit}") for pair in matched]
    node = total(f"{account.account_id}: cleared credit default swaps (estimate)", *cells, *off,
                 cite=programme["ice_cds"].cite)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, node, node, node.amount, node.amount,
        (*netted, *(_ledger(pair, share.value, programme, account) for pair in matched)),
        _excluded(swaps, account))


def opposed(swaps: Sequence[CreditSwap], grid: Edition) -> Iterator[Matched]:
    """Yield the cells of one maturity and spread whose indices and single names are opposed."""
    held: dict[tuple[int, int], dict[bool, list[CreditSwap]]] = {}
    for swap in swaps:
        cell = cell_of(swap, grid)
        held.setdefault((cell.row, cell.column), {}).setdefault(cell.index, []).append(swap)
    for _, sides in sorted(held.items()):
        index, names = sides.get(True, []), sides.get(False, [])
        if _sold(index) * _sold(names) >= 0:
            continue
        cells = [cell_of(side[0], grid) for side in (index, names)]
        lesser = min(cell_margin(cell, side, grid).amount
                     for cell, side in zip(cells, (index, names), strict=True))
        yield Matched(cells[0], cells[1], (*index, *names), lesser)


def estimate(holdings: ResolvedBook, rules: RuleSet) -> tuple[Decimal, Decimal]:
    """Return the margin of admitted swaps with indices and names apart, and in one account."""
    programme, grid = rules.edition(FOLDER), rules.edition(GRID)
    swaps = take_in(holdings, "").credit
    apart = sum((cell.amount for cell in credit_margin(swaps, grid, "")[0]), ZERO)
    off = sum((pair.lesser for pair in opposed(swaps, grid)), ZERO)
    return apart, apart - programme[OFFSET].value * off


def _sold(swaps: Sequence[CreditSwap]) -> Decimal:
    return sum((swap.sold for swap in swaps), ZERO)


def _ledger(pair: Matched, share: Decimal, programme: Edition, account: Account) -> Offset:
    saved, symbols = share * pair.lesser, tuple(dict.fromkeys(s.symbol for s in pair.swaps))
    tests = (("index protection sold", accounting(_sold([s for s in pair.swaps if s.index]))),
             ("single-name protection sold",
              accounting(_sold([s for s in pair.swaps if not s.index]))))
    cite = programme[OFFSET].cite
    if saved:
        return Offset("credit indices against single names", symbols, "granted",
                      f"{pair.names.name}: commingled in one cleared-swaps account; {cite}",
                      -saved, (account.account_id,), "account", tests)
    return Offset("credit indices against single names", symbols, "denied",
                  f"{pair.names.name}: the share granted is set to nothing; {cite}", ZERO,
                  (account.account_id,), "account", tests, would_save=pair.lesser,
                  barrier="the clearing house's own figure for the offset")


def _excluded(swaps: Swaps, account: Account) -> tuple[Exclusion, ...]:
    """Return what the programme does not take: equity swaps, and what was left out before."""
    what, remedy = NOT_ADMITTED
    return (*swaps.excluded, *(
        Exclusion(swap.where, f"{swap.symbol}: {what}", remedy, account.account_id)
        for swap in swaps.equity))


PARAGRAPHS = {"Rel. 34-93501": margin}
