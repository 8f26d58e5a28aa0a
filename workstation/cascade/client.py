"""A liquidation cascade on one client beside the other participants its book names."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.cascade import story
from workstation.cascade.episodes import episode
from workstation.cascade.equilibrium import Depth, Equilibrium, Round, solve
from workstation.cascade.factors import Factor, FactorMap, factors, followers
from workstation.cascade.participants import Lines, agents, client, lines
from workstation.cascade.result import CascadeResult, CascadeStep
from workstation.cascade.scenarios import proxies
from workstation.cascade.stage import Stage, staged
from workstation.harmonised.underlyings import RiskMap
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

Floats = NDArray[np.float64]
FOLDER = "cascade"
MODE = "equilibrium"


def cascade(book: Book, holdings: ResolvedBook, requirement: Decimal, equity: Decimal,
            shocks: Mapping[str, float], rules: RuleSet, scenario: str = "custom",
            held: Lines | None = None) -> CascadeResult:
    """Solve the equilibrium of forced sales after a shock; losses are the client's own.

    Parameters
    ----------
    book, holdings
        The client's positions, market and the agents beside it.
    requirement, equity
        Today's maintenance requirement and net liquidating value, in the reporting currency.
    shocks
        Relative price moves by underlying.
    rules
        Where impact, buffer and the underlyings map come from.
    scenario
        Name shown with the result; under a shipped scenario, factors without a figure of their own
        follow one of their asset class.
    held
        The positions as the cascade sees them, where they were laid out before.
    """
    edition = rules.edition(FOLDER)
    known = FactorMap(rules)
    if held is None:
        held = lines(book, holdings, RiskMap.of_rules(rules), float(edition["delta_move"].value))
    own = client(held, float(requirement), float(equity))
    others, problems = agents(book.agents, book, known)
    names = [e.factor for p in (own.participant, *others) for e in p.exposures]
    moves = known.shocks(shocks)
    following = followers(own.asset_classes, moves, known, proxies(scenario))
    moves |= {name: moves[leader] for name, leader in following.items()}
    priced, shallow = factors(names, known, book.market, moves, own.prices,
                              float(edition["trading_days"].value))
    stage = staged(priced, (own.participant, *others))
    solved = solve(stage.borrowers, np.array([f.shocked for f in priced]),
                   _depth(priced, edition), float(edition["margin_buffer"].value))
    unused = [s for s in shocks if known.of(s) not in {f.name for f in priced}]
    assumed = story.assumptions(stage, own, following, unused, edition)
    preset = episode(scenario)
    assumed = assumed if preset is None else (*assumed, *preset.sentences())
    return _result(scenario, stage, solved, assumed, (*problems, *shallow))


def _depth(priced: Sequence[Factor], edition: Edition) -> Depth:
    return Depth(float(edition["impact_coefficient"].value),
                 np.array([factor.daily_volatility for factor in priced]),
                 np.array([factor.adv for factor in priced]))


def _result(scenario: str, stage: Stage, solved: Equilibrium, assumed: tuple[str, ...],
            problems: tuple[Problem, ...]) -> CascadeResult:
    first, final = solved.rounds[0], solved.final
    direct, whole = stage.equity - first.equity, stage.equity - final.equity
    names = tuple(p.name for p in stage.participants)
    own_direct, own_total = money(float(direct[0])), money(float(whole[0]))
    return CascadeResult(
        MODE, scenario, tuple(f.name for f in stage.factors), names, _steps(stage, solved),
        own_direct, own_total, money(float(whole[0] / direct[0])) if own_direct > 0 else None,
        tuple(n for n, e in zip(names, final.equity, strict=True) if e <= 0),
        story.calls(stage, solved), story.triggers(stage, solved),
        _invariants(stage, solved), assumed, problems)


def _steps(stage: Stage, solved: Equilibrium) -> tuple[CascadeStep, ...]:
    """Return the state before the shock, then the rounds worth showing."""
    nothing = np.zeros_like(stage.equity)
    before = Round(np.array([f.price for f in stage.factors]), stage.equity, nothing, nothing,
                   np.zeros(len(stage.factors)))
    return tuple(_step(number, state) for number, state in enumerate((before, *solved.shown)))


def _step(number: int, state: Round) -> CascadeStep:
    calls = np.maximum(state.requirement - state.equity, 0.0)
    return CascadeStep(number, _floats(state.prices), _floats(state.equity), _floats(calls),
                       _floats(state.sale_fraction), _floats(state.sold))


def _floats(values: Floats) -> tuple[float, ...]:
    return tuple(float(v) for v in values)


def _invariants(stage: Stage, solved: Equilibrium) -> tuple[tuple[str, float], ...]:
    """Return the residuals of inventory, cash and value with the buyers of what is sold."""
    final, held = solved.final, stage.borrowers.holdings
    kept = (1.0 - final.sale_fraction)[:, None] * held
    inventory = np.sum(kept, axis=0) + final.sold - np.sum(held, axis=0)
    raised = final.sale_fraction * (held @ final.prices)
    cash = float(np.sum(raised) - final.sold @ final.prices)
    ends = stage.borrowers.cash + raised + kept @ final.prices
    value = float(np.sum(ends - final.equity))
    return (
        ("inventory: kept + sold - held before, largest factor",
         float(np.max(np.abs(inventory), initial=0.0))),
        ("cash: raised by sellers - paid by buyers", cash),
        ("value: cash and holdings after sales - equity", value),
        ("prices: largest relative change one more round would make", solved.residual),
    )
