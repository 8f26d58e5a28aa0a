"""One regime on one ground: who answers for what, and the margin scaled to what it asks today."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.auto_deleveraging import NO_VENUE, Venues
from workstation.cascade.ground import Ground
from workstation.cascade.model import Mechanics, Scene
from workstation.cascade.obligations import Converging, Obligations
from workstation.cascade.obligors import Obligor, as_one
from workstation.cascade.participants import CLIENT
from workstation.cascade.relief import Recall, Relief

Floats = NDArray[np.float64]
SILOS = "silos"


@dataclass(frozen=True, slots=True)
class Regime:
    """A way of margining the client: `rows` of the client, and what it asks for altogether.

    `offset_share` is the part margined net across factors, `factor` what is left to explain after
    it (1: nothing); both are 0 and 1 for silos, whose accounts are scaled one by one.
    """

    name: str
    title: str
    requirement: float
    rows: tuple[Obligor, ...]
    offset_share: float = 0.0
    factor: float = 1.0
    withdrawn: float = 0.0


def silos(ground: Ground) -> Regime:
    """Return today's law: every account answers for itself."""
    return Regime(SILOS, "Today, silos", sum(a.requirement for a in ground.accounts),
                  ground.accounts)


def pooled(ground: Ground, name: str, title: str, requirement: float,
           withdrawn: float = 0.0) -> Regime:
    """Return a design: one account for everything, margined net as far as its saving says.

    With s the silos' rate per unit of gross risk, the share o solves
    s (o x net + (1 - o) x gross) = requirement, within 0 and 1; a factor takes up the rest.
    """
    row = as_one(ground.accounts, ground.lines.rows, requirement, withdrawn)
    risk = np.abs(ground.columns(row.exposures)) * volatility(ground)
    gross = float(np.sum(risk))
    signed = ground.columns(row.exposures) * volatility(ground)
    net = float(Converging(ground.correlation.matrix, 0.0).netted(signed[None, :])[0])
    rate = _silo_rate(ground)
    share, model = 0.0, rate * gross
    if rate > 0 and gross > net:
        share = min(max((gross - requirement / rate) / (gross - net), 0.0), 1.0)
        model = rate * (share * net + (1.0 - share) * gross)
    factor = requirement / model if model > 0 else 1.0
    return Regime(name, title, requirement, (row,), share, factor, withdrawn)


def _silo_rate(ground: Ground) -> float:
    """Return the requirement per unit of gross risk of all accounts that can be called."""
    called = [row for row in ground.accounts if not row.exempt]
    risk = sum(float(np.sum(np.abs(ground.columns(r.exposures)) * volatility(ground)))
               for r in called)
    return sum(row.requirement for row in called) / risk if risk > 0 else 0.0


def volatility(ground: Ground) -> Floats:
    """Return daily volatilities (k,), the assumed one where none is known."""
    unknown = ground.value("volatility_unknown") / math.sqrt(ground.value("trading_days"))
    return np.array([f.daily_volatility or unknown for f in ground.factors])


def scene(ground: Ground, regime: Regime) -> Scene:
    """Return a regime's rows and the other participants as arrays."""
    rows = (*regime.rows, *ground.agents)
    prices = np.array([factor.price for factor in ground.factors])
    values = np.array([ground.columns(row.exposures) for row in rows]).reshape(
        len(rows), len(prices))
    equity = np.array([row.equity for row in rows])
    return Scene(
        values / prices, equity - np.sum(values, axis=1), prices, volatility(ground),
        ground.correlation.matrix, np.array([factor.adv for factor in ground.factors]),
        _obligations(ground, regime, rows, values), _relief(ground, rows),
        _venues(ground, rows, values), _frozen(ground, rows), _settlement(ground, rows),
        _marks(ground, rows, values))


def _obligations(ground: Ground, regime: Regime, rows: Sequence[Obligor], values: Floats,
                 ) -> Obligations:
    """Scale the model so that before the shock each row owes exactly what it owes today."""
    offset = np.zeros(len(rows))
    offset[:len(regime.rows)] = regime.offset_share
    risk = values * volatility(ground)
    netted = Converging(ground.correlation.matrix, 0.0).netted(risk)
    model = offset * netted + (1.0 - offset) * np.sum(np.abs(risk), axis=1)
    required = np.array([0.0 if row.exempt else row.requirement for row in rows])
    follows = model > 0
    scale = np.divide(required, model, out=np.zeros(len(rows)), where=follows)
    return Obligations(offset, scale, np.where(follows, 0.0, required),
                       np.array([row.reaction for row in rows]), ground.value("volatility_cap"))


def _relief(ground: Ground, rows: Sequence[Obligor]) -> Relief:
    owners = {name: i for i, name in enumerate(dict.fromkeys(row.owner for row in rows))}
    later = [(ground.moved_to(row.firm) or (row.firm, 0.0))[0] for row in rows]
    firms = {name: i for i, name in enumerate(dict.fromkeys((*(r.firm for r in rows), *later)))}
    return Relief(
        np.array([owners[row.owner] for row in rows], dtype=np.int64),
        np.array([firms[row.firm] for row in rows], dtype=np.int64),
        np.array([row.free for row in rows]),
        np.array([0.0 if row.exempt else 1.0 for row in rows]),
        tuple(Recall(i, value, math.ceil(days * ground.value("steps_a_day")))
              for i, row in enumerate(rows) for value, days in row.recalls),
        np.array([credit_line(ground) if name == CLIENT else 0.0 for name in owners]),
        np.array([firms[name] for name in later], dtype=np.int64))


def credit_line(ground: Ground) -> float:
    """Return what the client may borrow against its name: the review's own, else the edition's."""
    return ground.value("credit_line") if ground.credit is None else ground.credit


def _venues(ground: Ground, rows: Sequence[Obligor], values: Floats) -> Venues | None:
    """Return who stands at which crypto venue; its fund is a share of everything open there.

    Other participants that hold coins alone stand where the client has most open.
    """
    coins = np.array([ground.known.is_coin(name) for name in ground.names], dtype=np.bool_)
    names = list(dict.fromkeys(row.venue for row in rows if row.venue))
    if not names:
        return None
    size = np.sum(np.abs(values), axis=1)
    opened = {v: sum(s for s, row in zip(size, rows, strict=True) if row.venue == v)
              for v in names}
    busiest = names.index(max(names, key=lambda v: opened[v]))
    only_coins = (size > 0) & (np.sum(np.abs(values[:, ~coins]), axis=1) == 0.0)
    place = np.array([names.index(row.venue) if row.venue else
                      busiest if row.owner != CLIENT and only_coins[i] else NO_VENUE
                      for i, row in enumerate(rows)], dtype=np.int64)
    open_there = np.array([float(np.sum(size[place == v])) for v in range(len(names))])
    return Venues(place, ground.value("insurance_fund") * open_there)


def _frozen(ground: Ground, rows: Sequence[Obligor]) -> NDArray[np.int64] | None:
    """Return for how many steps each row stands still because the firm carrying it has failed."""
    moves = [ground.moved_to(row.firm) for row in rows]
    if not any(moves):
        return None
    a_day = ground.value("steps_a_day")
    return np.array([0 if move is None else math.ceil(move[1] * a_day) for move in moves],
                    dtype=np.int64)


def _settlement(ground: Ground, rows: Sequence[Obligor]) -> NDArray[np.int64] | None:
    """Return for how many steps each row waits for what it sells; None where none waits."""
    steps = ground.settlement_steps
    if not steps or not any(row.securities for row in rows):
        return None
    return np.array([steps if row.securities else 0 for row in rows], dtype=np.int64)


def _marks(ground: Ground, rows: Sequence[Obligor], values: Floats) -> Floats | None:
    """Return each row's price over the index (n, k); None where no row stands away from it.

    Participants that are put at a crypto venue are marked as it marks.
    """
    marks = np.ones_like(values)
    venues = _venues(ground, rows, values)
    places = [row.where for row in rows]
    if venues is not None:
        names = list(dict.fromkeys(row.venue for row in rows if row.venue))
        places = [names[p] if p != NO_VENUE else where
                  for p, where in zip(venues.of, places, strict=True)]
    for where, factor, move in ground.venue_moves:
        here = np.array([place == where for place in places])
        marks[here, ground.names.index(factor)] = 1.0 + move
    return None if np.all(marks == 1.0) else marks


def mechanics(ground: Ground) -> Mechanics:
    """Return how margin is met and prices give way, from the assumptions in force."""
    a_day = ground.value("steps_a_day")
    return Mechanics(
        ground.value("impact_coefficient"), 1.0, 1.0, ground.value("volatility_decay"),
        ground.value("participation"), 1.0, ground.value("margin_buffer"), 0.0,
        (ground.value("converge_from"), ground.value("converge_to")), ground.value("price_floor"),
        most_steps=int(a_day * ground.value("longest_days")), breakers=ground.breakers,
        adverse=True, steps_a_day=a_day, intraday=True, ramp=ground.ramp, path=ground.path,
        selection=ground.selection)
