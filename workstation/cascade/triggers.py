"""How far away the next call is: every factor moved alone, until an account is called.

Positions are revalued in full; margin follows the model of the dynamic cascade. Nobody trades,
so a distance says where the first event lies, not what comes after it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import unstated
from workstation.cascade.ground import Ground
from workstation.cascade.margin_path import next_volatility
from workstation.cascade.obligations import Obligations
from workstation.cascade.participants import NEAR_CASH
from workstation.cascade.regimes import Regime, mechanics, scene, silos
from workstation.cascade.result import Trigger
from workstation.harmonised.underlyings import RiskMap
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import implied_volatilities

Floats = NDArray[np.float64]
CALL, SALE, RUIN = "call", "forced sale", "no equity left"
MOST_REVALUED = 2_000
"""Beyond so many positions gains are taken at the delta, to keep a review quick."""
KNOTS = np.unique(np.concatenate([
    np.linspace(-0.95, -0.5, 4), np.linspace(-0.5, 0.5, 21), np.linspace(0.5, 1.0, 5)]))
"""Moves at which positions are revalued; gains lie on straight lines between them."""
FINE = np.unique(np.concatenate([
    np.linspace(-0.95, -0.3, 66), np.linspace(-0.3, 0.3, 241), np.linspace(0.3, 1.0, 71)]))
"""Moves at which accounts are looked at; crossings are interpolated between them."""


@dataclass(frozen=True, slots=True, eq=False)
class _Surplus:
    """What is over (or short, negative) by firm, with collateral, and altogether: (g, moves)."""

    by_firm: Floats
    with_collateral: Floats
    whole: Floats

    def known(self, firms: list[str], silent: frozenset[str]) -> _Surplus:
        """Return the same without what depends on firms whose cash is not stated."""
        by_firm = self.by_firm.copy()
        by_firm[[firm in silent for firm in firms]] = np.inf
        never = np.full_like(self.whole, np.inf)
        return _Surplus(by_firm, never, never)


def triggers(ground: Ground, book: Book, holdings: ResolvedBook, rules: RuleSet,
             ) -> tuple[Trigger, ...]:
    """Return, by factor, the nearest move to each event under today's silos, nearest first.

    Distances are compared in daily volatilities of the factor. Where the file states no cash for
    an account, its firm's call is unknown, and so is what all accounts have together.
    """
    if not ground.accounts or any(p.severity == "error" for p in ground.problems):
        return ()
    regime = silos(ground)
    gains = _gains(ground, book, holdings, rules)
    silent = frozenset(row.firm for row in regime.rows
                       if row.name in unstated(book) and not row.exempt)
    found: list[Trigger] = []
    for k, factor in enumerate(ground.factors):
        if not gains[:, k].any():
            continue
        surplus = _surplus(ground, regime, gains[:, k], k)
        if silent:
            surplus = surplus.known(_firms(regime), silent)
        found += _events(ground, regime, surplus, k, factor.name)
    return tuple(sorted(found, key=_nearness))


def _nearness(trigger: Trigger) -> tuple[float, float, str, str]:
    far = trigger.volatilities if trigger.volatilities is not None else np.inf
    return far, abs(trigger.move), trigger.factor, trigger.event


def next_triggers(found: Sequence[Trigger], most: int = 2) -> tuple[Trigger, ...]:
    """Return the nearest event of each of the nearest factors, for a headline."""
    first: dict[str, Trigger] = {}
    for trigger in found:
        first.setdefault(trigger.factor, trigger)
    return tuple(first.values())[:most]


def _gains(ground: Ground, book: Book, holdings: ResolvedBook, rules: RuleSet) -> Floats:
    """Return what every account gains (accounts, factors, FINE) when one factor moves alone."""
    place = {name: k for k, name in enumerate(ground.names)}
    row = {account.name: i for i, account in enumerate(ground.accounts)}
    if len(holdings.positions) > MOST_REVALUED:
        flat = np.array([ground.columns(a.exposures) for a in ground.accounts])
        return np.asarray(flat[:, :, None] * FINE)
    risk = RiskMap.of_rules(rules)
    roots = risk.of_all(holdings)
    leverage = np.array([root.leverage for root in roots])
    moves = np.maximum(leverage[:, None] * KNOTS, -1.0 + 1e-9)
    profit = scenario_pnl(holdings, implied_volatilities(holdings).volatility, moves)
    sums = np.zeros((len(row), len(place), len(KNOTS)))
    for position, root, gain in zip(holdings.positions, roots, profit, strict=True):
        if root.scan != NEAR_CASH and root.name in place and position.account_id in row:
            sums[row[position.account_id], place[root.name]] += gain
    fine = np.zeros((*sums.shape[:2], len(FINE)))
    for i, k in zip(*np.nonzero(sums.any(axis=2)), strict=True):
        fine[i, k] = np.interp(FINE, KNOTS, sums[i, k])
    return fine


def _surplus(ground: Ground, regime: Regime, gain: Floats, k: int) -> _Surplus:
    """Return what accounts have over their margin along the moves of one factor."""
    rows = len(regime.rows)
    equity = np.array([row.equity for row in regime.rows])[:, None] + gain
    exempt = np.array([row.exempt for row in regime.rows])
    over = equity - _margins(ground, regime, k)[:rows]
    over[exempt] = np.maximum(equity[exempt], 0.0)
    firms = _firms(regime)
    index = np.array([firms.index(row.firm) for row in regime.rows])
    by_firm = np.zeros((len(firms), len(FINE)))
    np.add.at(by_firm, index, np.where(exempt[:, None], 0.0, over))
    free = np.array([row.free for row in regime.rows])[:, None]
    movable = np.zeros_like(by_firm)
    np.add.at(movable, index, np.minimum(free, np.maximum(over, 0.0)))
    by_firm[[firm not in {r.firm for r in regime.rows if not r.exempt} for firm in firms]] = np.inf
    return _Surplus(by_firm, _with_collateral(by_firm, movable), np.sum(equity, axis=0))


def _firms(regime: Regime) -> list[str]:
    return list(dict.fromkeys(row.firm for row in regime.rows))


def _with_collateral(by_firm: Floats, movable: Floats) -> Floats:
    """Return what is over once free collateral of firms that are not short has moved."""
    short = by_firm < 0
    giving = np.where(short, 0.0, movable)
    elsewhere = np.sum(giving, axis=0) - giving
    alone = np.min(by_firm + elsewhere, axis=0)
    together = np.sum(np.where(short, by_firm, 0.0), axis=0) + np.sum(giving, axis=0)
    return np.asarray(np.where(np.sum(short, axis=0) > 1, np.minimum(alone, together), alone))


def _margins(ground: Ground, regime: Regime, k: int) -> Floats:
    """Return every row's margin (n, moves) when factor k alone moves."""
    laid, how = scene(ground, regime), mechanics(ground)
    owes = laid.obligations
    assert owes is not None
    values = laid.positions * laid.prices
    start = laid.daily_volatility
    margins = np.empty((len(values), len(FINE)))
    low, high = how.drawdowns
    weight = np.clip((-FINE - low) / (high - low), 0.0, 1.0)
    rise = np.minimum(next_volatility(np.full(len(FINE), start[k]), np.log1p(FINE), how.decay),
                      owes.cap * start[k]) - start[k]
    for i, own in enumerate(values):
        risk = np.repeat((own * start)[:, None], len(FINE), axis=1)
        risk[k] = own[k] * (1.0 + FINE) * (start[k] + owes.reaction[i] * rise)
        margins[i] = _row_margin(risk, laid.correlation, weight, owes, i)
    return margins


def _row_margin(risk: Floats, correlation: Floats, weight: Floats, owes: Obligations, i: int
                ) -> Floats:
    gross = np.sum(np.abs(risk), axis=0)
    share = owes.offset[i]
    net = gross
    if share > 0:
        today = np.sum(risk * (correlation @ risk), axis=0)
        net = np.sqrt(np.maximum((1.0 - weight) * today + weight * gross**2, 0.0))
    return np.asarray(owes.fixed[i] + owes.scale[i] * (share * net + (1.0 - share) * gross))


def _events(ground: Ground, regime: Regime, surplus: _Surplus, k: int, name: str
            ) -> list[Trigger]:
    firms = _firms(regime)
    nearest = [(_crossing(line), firm) for line, firm in zip(surplus.by_firm, firms, strict=True)]
    called = min(((m, f) for m, f in nearest if m is not None), key=lambda p: abs(p[0]),
                 default=None)
    found = [] if called is None else [_trigger(ground, k, name, CALL, called[1], called[0])]
    for event, line in ((SALE, surplus.with_collateral), (RUIN, surplus.whole)):
        move = _crossing(line)
        if move is not None:
            # Sales start where a call stands, so they name the same firm.
            who = called[1] if called is not None and event == SALE else "all accounts"
            found.append(_trigger(ground, k, name, event, who, move))
    return found


def _trigger(ground: Ground, k: int, name: str, event: str, who: str, move: float) -> Trigger:
    factor = ground.factors[k]
    sigma = factor.daily_volatility
    return Trigger(name, event, who, move, factor.price * (1.0 + move),
                   abs(move) / sigma if sigma > 0 else None, factor.symbol)


def _crossing(surplus: Floats) -> float | None:
    """Return the smallest move at which a surplus is gone; 0 where it is gone already."""
    zero = int(np.searchsorted(FINE, 0.0))
    up = _first(FINE[zero:], surplus[zero:])
    down = _first(FINE[zero::-1], surplus[zero::-1])
    found = [move for move in (up, down) if move is not None]
    return min(found, key=abs) if found else None


def _first(moves: Floats, surplus: Floats) -> float | None:
    gone = np.flatnonzero(surplus < 0)
    if not len(gone):
        return None
    n = int(gone[0])
    if n == 0:
        return 0.0
    before, after = surplus[n - 1], surplus[n]
    return float(moves[n - 1] + (moves[n] - moves[n - 1]) * before / (before - after))
