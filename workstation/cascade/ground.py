"""What every run of a dynamic cascade on one book shares: factors, holders, correlations, halts."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.cascade import circuit_breakers
from workstation.cascade.co_movement import CoMovement, co_movement
from workstation.cascade.factors import EQUITY, Factor, FactorMap, factors
from workstation.cascade.halts import Breaker
from workstation.cascade.obligors import Obligor, of_accounts, of_agent
from workstation.cascade.participants import (
    VALUED_FLOOR,
    Client,
    Lines,
    agents,
    client,
    lines,
)
from workstation.cascade.selection import Selection
from workstation.cascade.settlement import cycle_days
from workstation.collateral.report import CollateralReport
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

Floats = NDArray[np.float64]
FOLDER = "cascade"
VenueMove = tuple[str, str, float]
"""Venue or firm, factor, and how far its price there stands from the index."""
FIRMS = ";"
"""Stands between the names of several firms."""
SESSION_MINUTES = 390
"""The regular session of the US exchanges, 9:30 to 16:00: a trading day of the cascade."""


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """One book laid out for dynamic cascades, before any regime or shock is chosen."""

    edition: Edition
    known: FactorMap
    factors: tuple[Factor, ...]
    lines: Lines
    client: Client
    accounts: tuple[Obligor, ...]
    agents: tuple[Obligor, ...]
    correlation: CoMovement
    breakers: tuple[Breaker, ...]
    problems: tuple[Problem, ...]
    refused: tuple[Problem, ...] = ()
    """Why no forced sale can be played out, though today's margins stand."""
    around: Mapping[str, float] = field(default_factory=dict)
    """Daily volatility of the market's factors nobody here holds."""
    ramp: int = 1
    """Steps over which a shock arrives."""
    path: Floats | None = None
    """Log returns (steps, k) along which it arrives instead, from a replayed history."""
    failed: str = ""
    """Firms that have failed, between semicolons: their accounts can neither trade nor lend until
    they are moved."""
    credit: float | None = None
    """Committed credit line of the client; None takes the edition's."""
    selection: Selection = "pro rata"
    """What called accounts sell first."""
    settlement_days: int = 0
    """Business days until sales of securities settle; 0 where nothing waits."""
    venue_moves: tuple[VenueMove, ...] = ()
    """Prices that leave their index at one venue from the shock on."""

    def value(self, name: str) -> float:
        """Return an assumption of the edition in force."""
        return float(self.edition[name].value)

    def moved_to(self, firm: str) -> tuple[str, float] | None:
        """Return which firm takes a firm's accounts and after how many days; None if it stands."""
        if firm.lower() not in (name.strip().lower() for name in self.failed.split(FIRMS)):
            return None
        for row in self.edition["porting"].rows:
            if str(row["firm"]).lower() == firm.lower():
                return str(row["to"]), float(row["days"])
        return firm, self.value("porting_days")

    @property
    def minutes_a_step(self) -> float:
        """Return how many trading minutes one step lasts."""
        return SESSION_MINUTES / self.value("steps_a_day")

    @property
    def settlement_steps(self) -> int:
        """Return how many steps pass until sales of securities settle."""
        return math.ceil(self.settlement_days * self.value("steps_a_day"))

    @property
    def names(self) -> tuple[str, ...]:
        """Return the factors in the order of the columns."""
        return tuple(factor.name for factor in self.factors)

    def columns(self, exposures: Mapping[str, float]) -> Floats:
        """Return exposures (k,) in the order of the columns."""
        return np.array([exposures.get(name, 0.0) for name in self.names])


def lay_out(book: Book, holdings: ResolvedBook, silos: Margin, collateral: CollateralReport,
            rules: RuleSet) -> Ground:
    """Lay out a book: accounts with their own equity and requirement, agents, market, halts."""
    edition, known, risk = rules.edition(FOLDER), FactorMap(rules), RiskMap.of_rules(rules)
    held = lines(book, holdings, risk, float(edition["delta_move"].value))
    reactions = {row["regime"]: float(row["share"])
                 for row in edition["volatility_reactions"].rows}
    accounts = of_accounts(book, holdings, held.rows, silos, collateral,
                           int(edition["call_deadline_days"].value), reactions)
    others, problems = agents(book.agents, book, known)
    beside = tuple(of_agent(agent) for agent in others)
    own = client(held, sum(a.requirement for a in accounts), sum(a.equity for a in accounts))
    names = _names((*accounts, *beside), rules)
    priced, shallow = factors(names, known, book.market, {}, own.prices,
                              float(edition["trading_days"].value))
    priced = tuple(sorted(priced, key=lambda factor: factor.name))
    classes = {f.name: known.asset_class(f.name, book.market) for f in priced}
    shares = [n for n, kind in classes.items() if kind == EQUITY and not known.mapped(n)]
    bad = (*_faults(priced), *_breaker_faults(rules))
    halts = () if bad else circuit_breakers.breakers(
        rules, tuple(classes), classes, shares, float(edition["steps_a_day"].value))
    together = co_movement(tuple(classes), classes, book.market, risk,
                           float(edition["correlation_same_class"].value),
                           float(edition["correlation_across_classes"].value))
    return Ground(edition, known, priced, held, own, accounts, beside, together, halts,
                  (*(p for p in problems if p.severity != "error"), *shallow, *bad),
                  _refusals(problems, priced, (*accounts, *beside)),
                  _around(book, known, names, float(edition["trading_days"].value)),
                  settlement_days=cycle_days(rules))


def _refusals(problems: Sequence[Problem], priced: Sequence[Factor], rows: Sequence[Obligor],
              ) -> tuple[Problem, ...]:
    """Name participants without assets, and holdings whose forced sale would have no price."""
    found = tuple(p for p in problems if p.severity == "error")
    held = {name for row in rows for name, value in row.exposures.items()
            if abs(value) > VALUED_FLOOR}
    lost = [factor.symbol for factor in priced if factor.adv == 0.0 and factor.name in held]
    if not lost:
        return found
    return (*found, Problem(
        "Market", f"no average daily volume or annual volatility above zero for {', '.join(lost)}, "
        "so a forced sale has no price", "fill in the adv and annual_volatility columns, or ask "
        "where it ends (equilibrium), which leaves those prices as they are", "error"))


def _around(book: Book, known: FactorMap, held: set[str], days: float) -> dict[str, float]:
    return {name: float(row.annual_volatility) / math.sqrt(days)
            for name, row in known.rows(book.market).items()
            if name not in held and row.annual_volatility}


def _names(rows: Sequence[Obligor], rules: RuleSet) -> set[str]:
    """Return every factor held, and those whose fall halts others."""
    held = {name for row in rows for name, value in row.exposures.items()
            if abs(value) > VALUED_FLOOR}
    if not rules.has(circuit_breakers.FOLDER):
        return held
    watched = rules.edition(circuit_breakers.FOLDER)["halts"].rows
    return held | {str(row["watch"]) for row in watched}


def _breaker_faults(rules: RuleSet) -> tuple[Problem, ...]:
    if not rules.has(circuit_breakers.FOLDER):
        return ()
    return circuit_breakers.faults(rules.edition(circuit_breakers.FOLDER))


def _faults(priced: Sequence[Factor]) -> tuple[Problem, ...]:
    """Name volumes and volatilities no market can have."""
    found = []
    for factor in priced:
        for what, value in (("annual_volatility", factor.daily_volatility), ("adv", factor.adv)):
            if value < 0 or not math.isfinite(value):
                found.append(Problem(f"Market, {factor.symbol}", f"{what} is below zero",
                                     "correct the Market sheet", "error"))
    return tuple(found)
