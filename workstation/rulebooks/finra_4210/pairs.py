"""The pairing of one underlying's legs: which strategies are formed, what each one costs.

Guarantee: in classes of ordinary size (`exact_spreads.MOST_OPTIONS`) the strategies are the exact
optimum over spreads of any number of legs, straddles, boxes and stock hedges; above
`exact_spreads.MOST_PROVEN` series they save within a thousandth of what could be saved at most,
or as much as was found in the search's share of work.
In larger classes they are the optimum among all two-leg forms and stock hedges; in classes of
hundreds of series each leg weighs only its best partners, and formed spreads are then joined
further wherever that charges less. No pairing is ever charged more than its legs alone, nor more
than taking the largest saving first among the forms weighed. Under a firm's equal-wings rule
spreads of more than four legs are approached, not proven.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained
from workstation.base.money import accounting, money
from workstation.measures.pairing import Units, best_pairing, largest_saving_first
from workstation.measures.requirement import Offset
from workstation.rulebooks.finra_4210 import exact_spreads, f_options
from workstation.rulebooks.finra_4210.charges import plain
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.forms import (
    SPREAD,
    STRADDLE,
    WITHOUT_STOCK,
    Form,
    Forms,
    Legs,
    all_together,
    explained,
    recognised,
    refusal,
)
from workstation.rulebooks.finra_4210.securities import Option
from workstation.rulebooks.finra_4210.spread_search import (
    CLOSE,
    apart_saving,
    joined_groups,
    pair_losses,
    refused,
)

ZERO = Decimal(0)
LEVEL = "same underlying"
FEW_LEGS, CENTS = 12, 2
MOST_COMPARED = 40  # legs of a class up to which the greedy pairing is worked out beside it


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
    greedy: Decimal | None = None
    """What the strategies would save, largest saving first; None where it was not compared."""

    @property
    def saving(self) -> Decimal:
        """Return what the strategies save against their legs alone."""
        return sum((strategy.saving for strategy in self.formed), ZERO)


def paired(legs: Legs, basis: Basis) -> Pairing:
    """Return the pairing that saves most: with and without straddles, spreads joined.

    A class that stands as it stood is not paired again.
    """
    stocks = (legs.long_stock is not None) + (legs.short_stock is not None)
    if len(legs.options) + stocks <= 1:
        return Pairing((), legs.supply)  # every form has two legs or more
    question = (basis.name, basis.on, legs.options, legs.long_stock, legs.short_stock, legs.supply)
    found: Pairing = basis.recent.of(question, lambda: _paired(legs, basis))
    return found


def _paired(legs: Legs, basis: Basis) -> Pairing:
    forms = recognised(legs, basis)
    plan = _planned(legs, forms, basis)
    searched = all_together(legs) and len(legs.options) > FEW_LEGS
    if not searched and any(form.kind == STRADDLE for form, _ in plan.others):
        other = _planned(legs, forms.without(STRADDLE), basis)
        plan = other if other.saving > plan.saving * (1 + CLOSE) else plan
    if exact_spreads.worthwhile(legs) and _any_legs(basis):
        least = _exactly(legs, forms, basis, plan.saving)
        plan = least if least and least.saving > plan.saving * (1 + CLOSE) else plan
    pairing = plan.explained(legs, basis)
    if not (basis.hedge_relief and pairing.formed) or len(legs.options) > MOST_COMPARED:
        return pairing  # compared once, on the basis of maintenance
    first = _plan(legs, forms, largest_saving_first(legs.supply, forms.columns), basis)
    same = first.saving >= plan.saving * (1 - CLOSE)
    return replace(pairing, greedy=pairing.saving if same else money(round(first.saving, CENTS)))


def _any_legs(basis: Basis) -> bool:
    return bool(basis.rule["spread_any_legs"].value) and not basis.rule[
        "house_equal_wings_only"].value


def _exactly(legs: Legs, forms: Forms, basis: Basis, known: float) -> _Plan | None:
    """Return the plan that no other beats; None where it saves no more than what is known."""
    found = exact_spreads.exact(legs, forms, known)
    if found is None:
        return None
    units, groups = found
    left = list(legs.supply)
    others = tuple((forms.form(place), n) for place, n in sorted(units.items()))
    for form, n in others:
        for place in form.legs:
            left[place] -= n
    for group in groups:
        for place, n in group.items():
            left[place] -= n
    spreads = [part for group in groups for part in _split(group, legs, forms, basis)]
    saving = sum(form.saving * float(n) for form, n in others)
    saving += sum(float(_saving(sizes, legs)) for sizes in spreads)
    return _Plan(tuple(spreads), others, tuple(left), saving)


def _split(group: exact_spreads.Group, legs: Legs, forms: Forms, basis: Basis
           ) -> list[dict[int, Decimal]]:
    """Return a spread as smaller ones where they cost the same together: they read better."""
    supply = [group.get(place, ZERO) for place in range(len(legs.supply))]
    spreads = forms.only(SPREAD)
    plan = _plan(replace(legs, supply=tuple(supply)), spreads,
                 best_pairing(supply, spreads.columns, legs.first_side), basis)
    whole = _saving(dict(group), legs)
    used_up = not any(plan.left)
    if used_up and sum((_saving(part, legs) for part in plan.spreads), ZERO) >= whole:
        return list(plan.spreads)
    return [dict(group)]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What to form, before it is explained: spreads as contracts by place, other forms."""

    spreads: tuple[dict[int, Decimal], ...]
    others: tuple[tuple[Form, Decimal], ...]
    left: tuple[Decimal, ...]
    saving: float

    def explained(self, legs: Legs, basis: Basis) -> Pairing:
        """Return the plan with every strategy's requirement."""
        spreads = [_spread(sizes, legs, basis) for sizes in self.spreads]
        others = [_formed(legs, form, n, basis) for form, n in self.others]
        return Pairing((*spreads, *others), self.left)


def _planned(legs: Legs, forms: Forms, basis: Basis) -> _Plan:
    return _plan(legs, forms, best_pairing(legs.supply, forms.columns, legs.first_side), basis)


def _plan(legs: Legs, forms: Forms, units: Units, basis: Basis) -> _Plan:
    left = list(legs.supply)
    chosen = [(forms.form(place), units[place]) for place in sorted(units)]
    for form, n in chosen:
        for place in form.legs:
            left[place] -= n
    spreads, saving = _joined([(form, n) for form, n in chosen if form.kind == SPREAD], legs,
                              basis)
    others = tuple((form, n) for form, n in chosen if form.kind != SPREAD)
    saving += sum(form.saving * float(n) for form, n in others)
    return _Plan(tuple(spreads), others, tuple(left), saving)


def _formed(legs: Legs, form: Form, units: Decimal, basis: Basis) -> Formed:
    node = explained(legs, form.kind, form.legs, units, basis)
    options = tuple(legs.options[i].resized(units) for i in form.legs if i < legs.long_at)
    alone = sum((legs.alone[i] for i in form.legs), ZERO) * units
    shares = [side for place, side in ((legs.long_at, legs.long_stock),
                                       (legs.short_at, legs.short_stock)) if place in form.legs]
    value = shares[0].market_value * units if shares and shares[0] is not None else ZERO
    return Formed(form.kind, options, node, alone - node.amount, units, value)


def _joined(spreads: list[tuple[Form, Decimal]], legs: Legs, basis: Basis
            ) -> tuple[list[dict[int, Decimal]], float]:
    """Join formed spreads into larger ones while that charges less: contracts by place, saving."""
    wings = [(form.legs[k], form.legs[k + 1], n) for form, n in spreads
             for k in range(0, len(form.legs), 2)]
    if not wings:
        return [], 0.0
    i, j = (np.array([wing[side] for wing in wings], dtype=np.intp) for side in (0, 1))
    contracts = np.array([float(n) for _, _, n in wings])
    if not basis.rule["spread_any_legs"].value:
        return [_sizes([wing]) for wing in wings], apart_saving(legs.series, i, j, contracts)
    groups, saving = joined_groups(
        legs.series, i, j, contracts,
        equal_wings=bool(basis.rule["house_equal_wings_only"].value))
    return [_sizes([wings[w] for w in group]) for group in groups], saving


def _sizes(wings: list[tuple[int, int, Decimal]]) -> dict[int, Decimal]:
    sizes: dict[int, Decimal] = {}
    for i, j, contracts in wings:
        sizes[i] = sizes.get(i, ZERO) + contracts
        sizes[j] = sizes.get(j, ZERO) + contracts
    return sizes


def _spread(sizes: dict[int, Decimal], legs: Legs, basis: Basis) -> Formed:
    key = "spread", id(legs.series), tuple(sizes.items())
    if key not in basis.memo:
        options = tuple(legs.options[place].resized(n) for place, n in sizes.items())
        node = f_options.f_2_h_spread(options, basis.rule)
        apart = sum((legs.alone[place] * n for place, n in sizes.items()), ZERO)
        basis.memo[key] = Formed(SPREAD, options, node, apart - node.amount, max(sizes.values()))
    found: Formed = basis.memo[key]
    return found


def _saving(sizes: dict[int, Decimal], legs: Legs) -> Decimal:
    """Return what a spread saves against its legs alone, as `f_2_h_spread` charges it."""
    options = [legs.options[place].resized(n) for place, n in sizes.items()]
    shorts = sum((legs.alone[place] * n for place, n in sizes.items()
                  if legs.options[place].short), ZERO)
    longs = sum((legs.alone[place] * n for place, n in sizes.items()
                 if not legs.options[place].short), ZERO)
    paid = sum((option.premium_value for option in options if not option.short), ZERO)
    return longs - paid + max(shorts - f_options.spread_loss(options), ZERO)


def granted(formed: Sequence[Formed], account_id: str) -> list[Offset]:
    """Return one granted offset for each strategy formed."""
    return [_granted(strategy, account_id) for strategy in formed if strategy.saving > 0]


def _granted(strategy: Formed, account_id: str) -> Offset:
    cost = strategy.node.amount
    names = [option.symbol for option in strategy.options]
    if strategy.kind not in WITHOUT_STOCK:
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
    series, free = legs.series, np.array([float(units) for units in left])
    longs = np.array([i for i in legs.places(short=False) if left[i]], dtype=np.intp)
    for j in legs.places(short=True) if len(longs) else ():
        rows = longs[refused(series, longs, j)]
        if not left[j] or not len(rows):
            continue
        loss = pair_losses(series, rows, np.full(len(rows), j))
        saving = (series.alone[rows] - series.premium[rows]
                  + np.maximum(series.alone[j] - loss, 0.0)) * np.minimum(free[rows], free[j])
        i = int(rows[np.argmax(saving)])
        best = _would_save(legs, i, j, min(left[i], left[j]))
        if best > 0:
            long, short = legs.options[i], legs.options[j]
            found.append(Offset(
                "strategy", (long.symbol, short.symbol), "denied",
                f"no spread: {refusal(long, short)}; (f)(2)(H) wants one style, one "
                "market and the short to expire on or before the long", ZERO, (account_id,), LEVEL,
                (("contracts", plain(min(left[i], left[j]))),), best,
                "a long option of the same style that expires no earlier"))
    return found


def _would_save(legs: Legs, i: int, j: int, contracts: Decimal) -> Decimal:
    pair = [legs.options[i].resized(contracts), legs.options[j].resized(contracts)]
    loss = f_options.spread_loss(pair)
    charged = pair[0].premium_value + min(legs.alone[j] * contracts, loss)
    return (legs.alone[i] + legs.alone[j]) * contracts - charged
