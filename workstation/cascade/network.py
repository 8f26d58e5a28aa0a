"""Unpaid calls between the client, the firms that carry it, and the clearing house behind them.

Payments clear as in Eisenberg-Noe, with the recovery shares of Rogers-Veraart; how distress
spreads is told beside it by DebtRank, where every participant passes its losses on once.
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.cascade.clearing import clear, distress_impact, single_hit
from workstation.cascade.participants import CLIENT
from workstation.cascade.played import NOTHING, Played
from workstation.cascade.result import NetworkNode

Floats = NDArray[np.float64]
HOUSE = "clearing house"
LENDERS = "lenders of {}"


def unpaid(played: Played) -> tuple[NetworkNode, ...]:
    """Clear what the cascade leaves unpaid; empty where every account ends above zero.

    An account below zero is owed to the firm that carries it, which owes as much to the clearing
    house where the account is cleared; the client pays from what it has left elsewhere, a firm
    from the capital the edition states. Venues bear their own deficits and are in no network.
    """
    owed = _owed(played)
    if not owed:
        return ()
    names = tuple(dict.fromkeys(name for pair in owed for name in pair))
    place = {name: i for i, name in enumerate(names)}
    liabilities = np.zeros((len(names), len(names)))
    for (debtor, creditor), amount in owed.items():
        liabilities[place[debtor], place[creditor]] = amount
    stated = _capital(played)
    means = np.array([_means(played, name, stated) for name in names])
    value = played.ground.value
    found = clear(liabilities, means, value("recovery_own"), value("recovery_income"))
    distress = _spread(liabilities, means, found.defaulted)
    due, income = liabilities.sum(axis=1), _received(liabilities, found.payments)
    return tuple(
        NetworkNode(name, money(float(due[i])), money(float(found.payments[i])),
                    money(float(liabilities[:, i].sum())), money(float(income[i])),
                    money(float(means[i])), name == CLIENT or name in stated,
                    i in found.defaulted, float(distress[i]))
        for i, name in enumerate(names))


def _owed(played: Played) -> dict[tuple[str, str], float]:
    """Return what is owed by (debtor, creditor)."""
    owed: dict[tuple[str, str], float] = {}
    for row, equity in zip(played.rows, played.outcome.equity, strict=True):
        deficit = -float(equity)
        if deficit <= NOTHING or row.exempt or row.venue:
            continue
        firm = row.firm if row.owner == CLIENT and row.firm != CLIENT else LENDERS.format(row.owner)
        _add(owed, (row.owner, firm), deficit)
        if row.cleared:
            _add(owed, (firm, HOUSE), deficit)
    return owed


def _add(owed: dict[tuple[str, str], float], pair: tuple[str, str], amount: float) -> None:
    owed[pair] = owed.get(pair, 0.0) + amount


def _means(played: Played, name: str, stated: Mapping[str, float]) -> float:
    """Return what a participant can pay from besides what it is paid."""
    own = sum(float(equity) for row, equity in zip(played.rows, played.outcome.equity, strict=True)
              if row.owner == name and equity > 0)
    return own + stated.get(name, 0.0)


def _capital(played: Played) -> dict[str, float]:
    return {str(row["firm"]): float(row["capital"])
            for row in played.ground.edition["firm_capital"].rows}


def _received(liabilities: Floats, payments: Floats) -> Floats:
    due = liabilities.sum(axis=1)
    share = np.divide(payments, due, out=np.zeros_like(due), where=due > 0)
    return np.asarray(liabilities.T @ share)


def _spread(liabilities: Floats, means: Floats, defaulted: tuple[int, ...]) -> Floats:
    """Return DebtRank's distress (single hit) from those whose own means do not cover them."""
    first = np.zeros(len(means))
    first[[i for i in defaulted if not liabilities[:, i].any()]] = 1.0
    return single_hit(distress_impact(liabilities.T, means), first)
