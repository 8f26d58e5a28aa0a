"""The rulebooks behind a cascade: today's silos and every design, on the book as it changes."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workstation.book.book import Book
from workstation.cascade.ground import Ground
from workstation.cascade.regimes import SILOS
from workstation.cascade.rulebook_margin import After, Source
from workstation.harmonised.design import Design
from workstation.lab.changed_book import ChangedBook, by_account
from workstation.measures.concentration import concentration_charge
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet

Floats = NDArray[np.float64]


def concentration_of(book: Book, silos: Margin) -> float:
    """Return what concentration adds to today's silos, in the reporting currency."""
    charges = 0.0
    for account in silos.accounts:
        rate = book.market.fx_rate(account.currency)
        charges += float(concentration_charge(account.maintenance) * (rate or 0))
    return charges


class RulebooksOfBook:
    """The report's own rulebooks, on the book as a cascade has changed it."""

    def __init__(self, book: Book, rules: RuleSet, ground: Ground, designs: Sequence[Design],
                 today: Mapping[str, float]) -> None:
        """`today` is what concentration adds to each regime's requirement before the shock."""
        self._today = today
        self._book, self._changed = book, ChangedBook(book, rules, ground.names)
        self._names = tuple(row.name for row in ground.accounts)
        self._exempt = np.array([row.exempt for row in ground.accounts], dtype=np.bool_)
        self._designs = {design.name: design for design in designs}

    def source(self, regime: str) -> Source:
        """Return what margins the client's rows under one regime."""
        design = self._designs.get(regime)

        def silos(shares: Floats, moves: Floats) -> Floats:
            kept = dict(zip(self._names, shares, strict=True))
            return self._by_account(self._changed.margin(kept, moves).silos)

        def pooled(shares: Floats, moves: Floats) -> Floats:
            assert design is not None
            kept = dict.fromkeys(self._names, shares[0])
            found = self._changed.margin(kept, moves, (design,))
            return np.array([float(found.designs[regime].amount)])

        return silos if design is None else pooled

    def after(self, moves: Floats) -> Mapping[str, After]:
        """Return the margin of every row of every regime at moved prices, nothing sold."""
        found = self._changed.margin({}, moves, tuple(self._designs.values()))
        return {
            SILOS: After(self._by_account(found.silos), self._today.get(SILOS, 0.0),
                         concentration_of(self._book, found.silos)),
            **{name: After(np.array([float(tree.amount)]), self._today.get(name, 0.0),
                           float(concentration_charge(tree)))
               for name, tree in found.designs.items()}}

    def _by_account(self, silos: Margin) -> Floats:
        """Return maintenance by account; fully paid accounts owe none."""
        return np.where(self._exempt, np.nan, by_account(self._book, silos, self._names))
