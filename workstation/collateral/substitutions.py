"""Substitutions one for one: a dear lot released against a cheaper one of the same cover."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.collateral.plan import Proposal

Floats = NDArray[np.float64]
CENT = 0.01


def proposals(names: Sequence[str], obligations: Sequence[str], now: Floats, best: Floats,
              haircuts: Floats, costs: Floats) -> tuple[Proposal, ...]:
    """Pair what the cheapest delivery takes back with what it brings, obligation by obligation.

    The dearest cover released goes with the cheapest brought, until one side is used up; what is
    left to release was in excess of the requirement. Largest saving first.

    Parameters
    ----------
    now, best, haircuts
        (lots, obligations): market value given now and at the least cost, and the haircuts there.
    costs
        (lots,) opportunity cost a year of one unit of market value.
    """
    found = [p for o, name in enumerate(obligations)
             for p in _at(names, name, (best - now)[:, o], haircuts[:, o], costs)]
    return tuple(sorted((p for p in found if float(p.saving) > CENT),
                        key=lambda p: (-p.saving, p.obligation, p.release)))


def _at(names: Sequence[str], obligation: str, change: Floats, haircut: Floats, costs: Floats,
        ) -> list[Proposal]:
    worth = np.where(haircut < 1.0, 1.0 - haircut, np.nan)
    by_cover = costs / worth
    leaves = sorted(np.flatnonzero((change < -CENT) & np.isfinite(worth)),
                    key=lambda n: -by_cover[n])
    brings = [[n, change[n] * worth[n]] for n in sorted(
        np.flatnonzero((change > CENT) & np.isfinite(worth)), key=lambda n: by_cover[n])]
    found = []
    for old in leaves:
        cover = -change[old] * worth[old]
        while cover > CENT and brings:
            new, left = brings[0]
            counted = min(cover, left)
            found.append(_pair(names, obligation, (int(old), int(new)), counted, worth, costs))
            cover -= counted
            brings[0][1] = left - counted
            if brings[0][1] <= CENT:
                brings.pop(0)
        if cover > CENT:
            released = cover / worth[old]
            found.append(Proposal(obligation, names[int(old)], _cents(released), "", _cents(0.0),
                                  _cents(cover), _cents(released * costs[old])))
    return found


def _pair(names: Sequence[str], obligation: str, pair: tuple[int, int], counted: float,
          worth: Floats, costs: Floats) -> Proposal:
    old, new = pair
    released, delivered = counted / worth[old], counted / worth[new]
    return Proposal(obligation, names[old], _cents(released), names[new], _cents(delivered),
                    _cents(counted), _cents(released * costs[old] - delivered * costs[new]))


def _cents(amount: float) -> Decimal:
    return money(round(float(amount), 2))
