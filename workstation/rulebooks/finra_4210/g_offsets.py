"""The ledger of portfolio margin: one row a level, so that large books stay readable.

The requirements of the positions alone plus every granted amount equal the requirement, to the
rounding of the scan.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workstation.base.money import accounting, money
from workstation.book.resolve import Floats
from workstation.measures.requirement import Offset, OffsetStatus
from workstation.measures.scan import Index, by_group, worst_loss
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.finra_4210.charges import per_cent
from workstation.rulebooks.finra_4210.g_requirement import Aggregate
from workstation.rulebooks.finra_4210.g_scan import Scan

ZERO = Decimal(0)
_CENTS = 2
_ROUNDING = Decimal("0.005")  # of a dollar: less is float noise of the scan
_MOST_NAMED = 8
_PAIR = 2


def ledger(scan: Scan, levels: Aggregate, required: Decimal, rule: Edition, account_id: str
           ) -> tuple[Offset, ...]:
    """Return what netting saved at each level, and what was not allowed to net."""
    if not len(scan.profits):
        return ()
    least = np.array([float(value) for value in scan.minimum])[:, None]
    place = np.array(levels.product_of, dtype=np.intp)
    upper = np.array(levels.portfolio_of, dtype=np.intp)
    class_least = by_group(least, scan.class_of, len(scan.classes))
    product_least = by_group(class_least, place, len(levels.products))
    portfolio_least = by_group(product_least, upper, len(levels.portfolios))
    alone = alone_of(scan)
    by_class = _charged(levels.classes, class_least)
    by_product = _charged(levels.product_profits, product_least)
    by_portfolio = _charged(levels.portfolio_profits, portfolio_least)
    paragraph = rule["scan_points_a_side"].cite.paragraph
    rows = [*_class_rows(scan, alone, by_class, paragraph, account_id)]
    whole = worst_loss(by_group(levels.classes, place, len(levels.products)))
    rows += _level_rows(
        Level("product group", levels.products, [g.class_group for g in scan.classes], place),
        by_class, by_product, np.maximum(whole, product_least[:, 0]), levels.product_offsets,
        account_id)
    whole = worst_loss(by_group(levels.product_profits, upper, len(levels.portfolios)))
    rows += _level_rows(
        Level("portfolio group", levels.portfolios, levels.products, upper),
        by_product, by_portfolio, np.maximum(whole, portfolio_least[:, 0]),
        levels.portfolio_offsets, account_id)
    left = required - sum((row.amount for row in rows), ZERO) - _total(alone)
    if abs(left) > _ROUNDING:
        rows.append(Offset("contract minimum", (account_id,), "granted",
                           "minimums compared at the level of the account", left, (account_id,),
                           "account"))
    return (*rows, *_denied(scan, levels, by_portfolio, account_id))


def alone_of(scan: Scan) -> Floats:
    """Return each position's requirement as the only one: worst point or contract minimum."""
    if not len(scan.profits):
        return np.zeros(0)
    return _charged(scan.profits, np.array([float(value) for value in scan.minimum])[:, None])


def _charged(profits: Floats, least: Floats) -> Floats:
    return np.asarray(np.maximum(worst_loss(profits), least[:, 0]))


def _total(values: Floats) -> Decimal:
    return sum((money(float(value)) for value in values), ZERO)


def _class_rows(scan: Scan, alone: Floats, charged: Floats, paragraph: str, account_id: str
                ) -> list[Offset]:
    found = []
    for c, group in enumerate(scan.classes):
        rows = np.flatnonzero(scan.class_of == c)
        saving = _total(alone[rows]) - money(float(charged[c]))
        if saving > _ROUNDING and len(rows) > 1:
            names = sorted({scan.holdings.positions[row].instrument.symbol for row in rows})
            found.append(Offset(
                "class group", _named(names), "granted",
                f"{group.class_group}: {len(rows)} positions of one class group net in full, "
                f"{paragraph}", -saving, (account_id,), "class group",
                (("positions alone", _shown(_total(alone[rows]))),
                 ("class group", _shown(money(float(charged[c])))))))
    return found


@dataclass(frozen=True, slots=True)
class Level:
    """A level of grouping: its groups, their members, and the group of each member."""

    kind: str
    groups: Sequence[str]
    members: Sequence[str]
    place: Index


def _level_rows(level: Level, below: Floats, charged: Floats, in_full: Floats,
                offsets: Sequence[Parameter], account_id: str) -> list[Offset]:
    """Return one row a group of several members; `in_full` is its charge if gains counted whole."""
    found = []
    for g, (name, offset) in enumerate(zip(level.groups, offsets, strict=True)):
        mark = " (to confirm)" if offset.cite.standing == "unverified" else ""
        rows = np.flatnonzero(level.place == g)
        saving = _total(below[rows]) - money(float(charged[g]))
        more = money(float(charged[g])) - money(float(in_full[g]))
        if len(rows) < _PAIR or max(saving, more) <= _ROUNDING:
            continue
        found.append(Offset(
            level.kind, _named([level.members[int(row)] for row in rows]),
            _status(saving, more),
            f"{name}: gains count at {per_cent(offset.value)}{mark} in one {level.kind}",
            -saving if saving > _ROUNDING else ZERO, (account_id,), level.kind,
            (("members alone", _shown(_total(below[rows]))),
             (level.kind, _shown(money(float(charged[g]))))),
            more if more > _ROUNDING else ZERO,
            f"a higher offset for the {level.kind}" if more > _ROUNDING else ""))
    return found


def _status(saving: Decimal, more: Decimal) -> OffsetStatus:
    if saving <= _ROUNDING:
        return "denied"
    return "partial" if more > _ROUNDING else "granted"


def _denied(scan: Scan, levels: Aggregate, charged: Floats, account_id: str) -> list[Offset]:
    """Return, for each portfolio group, what netting it with all the others would have saved."""
    count = len(levels.portfolios)
    if count < _PAIR:
        return []
    every = levels.portfolio_profits.sum(axis=0)
    together = worst_loss(every[None, :])[0]
    found = []
    without = worst_loss(every - levels.portfolio_profits)
    for p, name in enumerate(levels.portfolios):
        saving = money(round(float(charged[p] - max(0.0, together - without[p])), _CENTS))
        if saving > 0:
            found.append(Offset(
                "portfolio group", (name, "all other groups"), "denied",
                f"{name}: no class, product or portfolio group in common with the rest of the "
                "account", ZERO, (account_id,), "account", (), saving,
                "a group table that places them together"))
    return found


def _named(names: Sequence[str]) -> tuple[str, ...]:
    if len(names) <= _MOST_NAMED:
        return tuple(names)
    return (*names[:_MOST_NAMED], f"and {len(names) - _MOST_NAMED} more")


def _shown(value: Decimal) -> str:
    return accounting(value, _CENTS)
