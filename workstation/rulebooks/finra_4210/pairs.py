"""The pairing of one underlying's legs: which strategies are formed, what each one costs.

Guarantee: the strategies are the exact optimum among all two-leg forms, stock hedges, and (for
classes of ordinary size) pairs of spreads joined into one; in classes of hundreds of series each
leg weighs only its best partners. Formed spreads are then joined further wherever that charges
less. No pairing is ever charged more than its legs alone, nor more than taking the largest saving
first among the forms weighed. The minimum over spreads of more than four legs is approached, not
proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained
from workstation.base.money import accounting
from workstation.measures.pairing import best_pairing
from workstation.measures.requirement import Offset
from workstation.rulebooks.finra_4210 import f_options
from workstation.rulebooks.finra_4210.charges import plain
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.forms import (
    SPREAD,
    Form,
    Legs,
    all_together,
    explained,
    recognised,
    refusal,
)
from workstation.rulebooks.finra_4210.securities import Option
from workstation.rulebooks.finra_4210.spread_search import joined_groups

ZERO = Decimal(0)
LEVEL = "same underlying"
FEW_LEGS = 12


@dataclass(frozen=True, slots=True)
class Formed:
    """A strategy formed: kind, option legs sized, the place of its stock, cost and saving."""

    kind: str
    options: tuple[Option, ...]
    node: Explained
    saving: Decimal
    contracts: Decimal
    stock_value: Decimal = ZERO
    """Market value of the shares used."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """The strategies of one set of legs and what is left of each leg, in contracts."""

    formed: tuple[Formed, ...]
    left: tuple[Decimal, ...]

    @property
    def saving(self) -> Decimal:
        """Return what the strategies save against their legs alone."""
        return sum((strategy.saving for strategy in self.formed), ZERO)


def paired(legs: Legs, basis: Basis) -> Pairing:
    """Return the pairing that saves most: with and without straddles, spreads joined."""
    plans = [_planned(legs, basis, straddles=True)]
    searched = all_together(legs) and len(legs.options) > FEW_LEGS
    if not searched and _both_rights_short(legs):
        plans.append(_planned(legs, basis, straddles=False))
    return max(plans, key=lambda plan: plan.saving)


def _both_rights_short(legs: Legs) -> bool:
    return bool(legs.places(short=True, right="C") and legs.places(short=True, right="P"))


def _planned(legs: Legs, basis: Basis, *, straddles: bool) -> Pairing:
    forms = recognised(legs, basis, with_straddles=straddles)
    units = best_pairing(legs.supply, [form.column() for form in forms])
    left = list(legs.supply)
    chosen = [(form, n) for form, n in zip(forms, units, strict=True) if n]
    for form, n in chosen:
        for place in form.legs:
            left[place] -= n
    spreads = [(form, n) for form, n in chosen if form.kind == SPREAD]
    others = [_formed(legs, form, n, basis) for form, n in chosen if form.kind != SPREAD]
    return Pairing((*_joined(spreads, legs, basis), *others), tuple(left))


def _formed(legs: Legs, form: Form, units: Decimal, basis: Basis) -> Formed:
    node = explained(legs, form.kind, form.legs, units, basis)
    options = tuple(legs.options[i].resized(units) for i in form.legs if i < legs.long_at)
    alone = sum((legs.alone[i] for i in form.legs), ZERO) * units
    shares = [side for place, side in ((legs.long_at, legs.long_stock),
                                       (legs.short_at, legs.short_stock)) if place in form.legs]
    value = shares[0].market_value * units if shares and shares[0] is not None else ZERO
    return Formed(form.kind, options, node, alone - node.amount, units, value)


def _joined(spreads: list[tuple[Form, Decimal]], legs: Legs, basis: Basis) -> list[Formed]:
    """Join formed spreads into larger ones while that charges less, then explain each."""
    wings = [(form.legs[k], form.legs[k + 1], n) for form, n in spreads
             for k in range(0, len(form.legs), 2)]
    groups = [[w] for w in range(len(wings))]
    if wings and basis.rule["spread_any_legs"].value:
        i, j = (np.array([wing[side] for wing in wings], dtype=np.intp) for side in (0, 1))
        groups = joined_groups(
            legs.series, i, j, np.array([float(n) for _, _, n in wings]),
            equal_wings=bool(basis.rule["house_equal_wings_only"].value))
    return [_spread([wings[w] for w in group], legs, basis) for group in groups]


def _spread(wings: list[tuple[int, int, Decimal]], legs: Legs, basis: Basis) -> Formed:
    sizes: dict[int, Decimal] = {}
    for i, j, contracts in wings:
        sizes[i] = sizes.get(i, ZERO) + contracts
        sizes[j] = sizes.get(j, ZERO) + contracts
    options = tuple(legs.options[place].resized(n) for place, n in sizes.items())
    node = f_options.f_2_h_spread(options, basis.rule)
    apart = sum((legs.alone[place] * n for place, n in sizes.items()), ZERO)
    return Formed(SPREAD, options, node, apart - node.amount, max(sizes.values()))


def granted(formed: Sequence[Formed], account_id: str) -> list[Offset]:
    """Return one granted offset for each strategy formed."""
    return [_granted(strategy, account_id) for strategy in formed if strategy.saving > 0]


def _granted(strategy: Formed, account_id: str) -> Offset:
    cost = strategy.node.amount
    names = [option.symbol for option in strategy.options]
    if strategy.kind != SPREAD and not strategy.kind.startswith("short"):
        names.append(strategy.node.label.split(":")[0])
    return Offset(
        "strategy", tuple(dict.fromkeys(names)), "granted",
        f"{strategy.node.label}; {strategy.node.cite}", -strategy.saving, (account_id,), LEVEL,
        (("contracts", plain(strategy.contracts)),
         ("legs alone", accounting(cost + strategy.saving, 2)),
         ("as a strategy", accounting(cost, 2))))


def denied(legs: Legs, left: Sequence[Decimal], account_id: str) -> list[Offset]:
    """Return one denied offset for each short left uncovered that a long would cover but may not.

    The long named is the one that would have saved most.
    """
    found = []
    for j in legs.places(short=True):
        short = legs.options[j]
        longs = [i for i in legs.places(short=False, right=short.terms.right)
                 if left[i] and refusal(legs.options[i], short)]
        options = [(_would_save(legs, i, j, min(left[i], left[j])), -i) for i in longs]
        best, i = max(options, default=(ZERO, 0))
        if left[j] and best > 0:
            long = legs.options[-i]
            found.append(Offset(
                "strategy", (long.symbol, short.symbol), "denied",
                f"no spread: {refusal(long, short)}; (f)(2)(H) wants one style and the short to "
                "expire on or before the long", ZERO, (account_id,), LEVEL,
                (("contracts", plain(min(left[-i], left[j]))),), best,
                "a long option of the same style that expires no earlier"))
    return found


def _would_save(legs: Legs, i: int, j: int, contracts: Decimal) -> Decimal:
    pair = [legs.options[i].resized(contracts), legs.options[j].resized(contracts)]
    loss = f_options.spread_loss(pair)
    charged = pair[0].premium_value + min(legs.alone[j] * contracts, loss)
    return (legs.alone[i] + legs.alone[j]) * contracts - charged
