"""A book in the middle of a cascade, part of it sold, prices moved, margined by its rulebooks."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained
from workstation.base.money import money
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import Floats, resolve
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.scenarios import Shock
from workstation.lab.stress import stressed
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks import registry

ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Margined:
    """Today's silos on a changed book, and what each design asks of it."""

    silos: Margin
    designs: Mapping[str, Explained]


class ChangedBook:
    """Margins one book at other holdings and marks, by the very code of the report."""

    def __init__(self, book: Book, rules: RuleSet, names: Sequence[str]) -> None:
        self._book, self._rules = book, rules
        self._names = tuple(names)
        risk, place = RiskMap.of_rules(rules), {name: k for k, name in enumerate(names)}
        self._column = [place.get(risk.of(p, book.market).name, -1) for p in book.positions]

    def margin(self, shares: Mapping[str, Floats], moves: Floats, designs: Sequence[Design] = (),
               ) -> Margined:
        """Margin what is left of every account at moved prices.

        Parameters
        ----------
        shares
            By account, the share (k,) of today's holding of each factor that is still held.
        moves
            Relative move (k,) of each factor since today; volatilities stay.
        designs
            Harmonised designs to margin it under as well.
        """
        left = tuple(kept for p, k in zip(self._book.positions, self._column, strict=True)
                     if (kept := _kept(p, shares, k)) is not None)
        shock = Shock("cascade", dict(zip(self._names, moves.tolist(), strict=True)), {}, {})
        after = stressed(replace(self._book, positions=left), shock, self._rules)
        held = resolve(after)
        silos = registry.silos(after, held, self._rules)
        if not designs:
            return Margined(silos, {})
        volatility = implied_volatilities(held)
        return Margined(silos, {
            design.name: assess(design, after, held, volatility, silos, self._rules)
            .margin.requirement for design in designs})


def by_account(book: Book, silos: Margin, accounts: Sequence[str]) -> Floats:
    """Return maintenance by account in the reporting currency; NaN where none was computed."""
    found = np.full(len(accounts), np.nan)
    for i, name in enumerate(accounts):
        margin = silos.of_account(name)
        rate = None if margin is None else book.market.fx_rate(margin.currency)
        if margin is not None and rate is not None:
            found[i] = float(margin.maintenance.amount * rate)
    return found


def _kept(position: Position, shares: Mapping[str, Floats], column: int) -> Position | None:
    """Return what is left of a position, whole lots where it was whole; None where nothing is."""
    own = shares.get(position.account_id)
    share = 1.0 if own is None or column < 0 else float(own[column])
    if share == 1.0:
        return position
    quantity = position.quantity * money(share)
    if position.quantity == position.quantity.to_integral_value():
        quantity = quantity.quantize(ONE)
    return replace(position, quantity=quantity) if quantity else None
