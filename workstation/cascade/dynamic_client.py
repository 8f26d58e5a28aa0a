"""The dynamic cascade of one client under today's silos or a design, and the regimes compared."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

import numpy as np
from numpy.typing import NDArray

from workstation.base.money import money
from workstation.base.problem import Problem
from workstation.base.progress import Progress, silent
from workstation.cascade import (
    amplifiers,
    causes,
    deficits,
    dynamic_assumptions,
    dynamic_story,
    network,
    played,
    reference,
    regimes,
    tipping,
)
from workstation.cascade.beta import Proxy, beta_proxy
from workstation.cascade.circuit_breakers import FOLDER as BREAKERS
from workstation.cascade.dynamic import run
from workstation.cascade.episodes import episode
from workstation.cascade.factors import NOTHING_LEFT, followers
from workstation.cascade.ground import Ground
from workstation.cascade.model import Mechanics, Scene
from workstation.cascade.played import Played
from workstation.cascade.regimes import Regime
from workstation.cascade.result import CascadeResult, RegimeOutcome
from workstation.cascade.rulebook_margin import After, AtTheShock, Books, Rulebooks, ratio_of
from workstation.cascade.scenarios import proxies

Floats = NDArray[np.float64]
MODE = "dynamic"


@dataclass(frozen=True, slots=True)
class Asked:
    """A design's answer as the cascade needs it: name, title and requirement."""

    name: str
    title: str
    requirement: Decimal


@dataclass(frozen=True, slots=True, eq=False)
class Blow:
    """The shock by column, and what followed a leader or has no holding here."""

    scenario: str
    shock: Floats
    following: Mapping[str, str]
    unused: tuple[str, ...]
    after: Mapping[str, After] = field(default_factory=dict)
    """What the rulebooks ask of every row right after it, by regime; empty without rulebooks."""
    proxied: tuple[str, ...] = ()
    """Sentences on factors moved by a beta to one that is not held."""


def dynamic_cascade(ground: Ground, shocks: Mapping[str, float], scenario: str,
                    designs: Sequence[Asked] = (), under: str = regimes.SILOS,
                    books: Books | None = None, progress: Progress = silent) -> CascadeResult:
    """Play a shock out step by step under one regime, and compare it with the others.

    Parameters
    ----------
    ground
        The book laid out; unusable market data refuses the run.
    shocks
        Relative price moves by underlying.
    scenario
        Name shown; under a shipped one, factors without a figure follow one of their class.
    designs
        The designs to compare with today's silos.
    under
        `silos`, or the name of one of the designs.
    books
        The rulebooks that margin the changed book; without them margin follows the model alone.
    """
    refused = (*(p for p in ground.problems if p.severity == "error"), *ground.refused)
    if refused:
        return _refused(scenario, under, refused)
    blow = struck(ground, shocks, scenario)
    progress(0.0, "Margining the book after the shock")
    if books is not None:
        blow = replace(blow, after=books.after(blow.shock))
    progress(0.2, f"Playing the cascade under {under}")
    run_ = play(ground, blow, chosen_regime(ground, designs, under), books)
    return _result(ground, blow, run_, designs, progress)


def steps_of(ground: Ground, minutes: float) -> int:
    """Return how many steps so many trading minutes are, one at least."""
    return max(1, round(minutes / ground.minutes_a_step))


def chosen_regime(ground: Ground, designs: Sequence[Asked], under: str) -> Regime:
    """Return the design of a name, or today's silos."""
    return next((regimes.pooled(ground, d.name, d.title, float(d.requirement))
                 for d in designs if d.name == under), regimes.silos(ground))


def struck(ground: Ground, shocks: Mapping[str, float], scenario: str) -> Blow:
    """Return the shock as it meets this book."""
    moves = ground.known.shocks(shocks)
    following = followers(ground.client.asset_classes, moves, ground.known, proxies(scenario))
    moves |= {name: moves[leader] for name, leader in following.items()}
    held = set(ground.names)
    unused = tuple(s for s in shocks if ground.known.of(s) not in held)
    proxied = () if proxies(scenario) else _by_beta(ground, moves, unused)
    moves |= {p.held: p.move for p in proxied}
    shock = np.array([max(moves.get(name, 0.0), NOTHING_LEFT) for name in ground.names])
    if ground.path is not None:
        shock = np.expm1(np.sum(ground.path, axis=0))
    return Blow(scenario, shock, {k: v for k, v in following.items() if k in held}, unused,
                proxied=tuple(p.sentence for p in proxied))


def _by_beta(ground: Ground, moves: Mapping[str, float], unused: Sequence[str]) -> list[Proxy]:
    """Let factors of the class of one that is not held move with it; the largest move holds."""
    found: dict[str, Proxy] = {}
    for symbol in unused:
        leader = ground.known.of(symbol)
        for factor in ground.factors:
            if factor.name in moves or factor.name not in ground.client.asset_classes:
                continue
            proxy = beta_proxy(leader, moves[leader], factor, ground)
            held = found.get(factor.name)
            if proxy is not None and (held is None or abs(proxy.move) > abs(held.move)):
                found[factor.name] = proxy
    return list(found.values())


def play(ground: Ground, blow: Blow, regime: Regime, books: Books | None = None) -> Played:
    """Run one regime; with `books`, they margin the changed book along the way."""
    scene, plain = regimes.scene(ground, regime), regimes.mechanics(ground)
    after = blow.after.get(regime.name)
    how = plain if after is None else replace(plain, correction=AtTheShock(
        scene.prices, np.log1p(blow.shock), ratio_of(
            after.margin, _model_at(scene, blow.shock, plain)[:len(regime.rows)])))
    if books is None:
        return Played(ground, regime, scene, blow.shock, run(scene, blow.shock, how), how, 0, after)
    asked = Rulebooks(scene, books.source(regime.name), len(regime.rows),
                      ground.value("rulebook_move"), ground.value("rulebook_sale"))
    outcome = run(scene, blow.shock, replace(plain, correction=asked))
    return Played(ground, regime, scene, blow.shock, outcome, how, asked.asked, after)


def _model_at(scene: Scene, shock: Floats, how: Mechanics) -> Floats:
    """Return the model's margin (n,) right after the whole shock, everything at the index."""
    at_once = replace(how, ramp=1, path=None, most_steps=1)
    return run(replace(scene, marks=None), shock, at_once).steps[0].margin


def _result(ground: Ground, blow: Blow, run_: Played, designs: Sequence[Asked],
            progress: Progress) -> CascadeResult:
    outcome, own = run_.outcome, run_.own
    minutes = ground.minutes_a_step
    direct = float(np.sum(outcome.direct_loss[own]))
    whole = float(np.sum(outcome.total_loss[own]))
    equity = run_.by_owner(outcome.equity)
    return CascadeResult(
        MODE, blow.scenario, ground.names, run_.owners, played.steps(run_), money(direct),
        money(whole), money(whole / direct) if direct > played.NOTHING else None,
        tuple(n for n, e in zip(run_.owners, equity, strict=True) if e <= 0),
        played.calls(run_), dynamic_story.told(run_, minutes, blow.unused), played.invariants(run_),
        (*dynamic_assumptions.assumptions(run_, blow.following, blow.unused, minutes),
         *blow.proxied, _halting(ground), *_facts(blow.scenario)),
        (*ground.problems, *_cut(run_)), run_.regime.name, played.factor_outcomes(run_),
        played.account_outcomes(run_), played.halts(run_), _orphaned(run_),
        tipping.tipping_points(run_.scene, blow.shock, run_.how, ground.value("search_to"), own),
        compared(ground, blow, designs, run_, progress), minutes, amplifiers.amplifiers(run_),
        amplifiers.liquidity(run_), amplifiers.margin_rise(run_),
        contagion=amplifiers.contagion(run_), causes=causes.causes(run_),
        liquidations=causes.liquidations(run_, minutes),
        references=reference.references(ground, blow.shock),
        deleveraged=deficits.deleveraged(run_), borne=deficits.borne(run_),
        network=network.unpaid(run_))


def compared(ground: Ground, blow: Blow, designs: Sequence[Asked], main: Played | None = None,
             progress: Progress = silent) -> tuple[RegimeOutcome, ...]:
    """Play the same shock under silos and every design, with today's equity and levered.

    Levered, the client has taken out equity until it stands to the requirement as it does today:
    withdrawn = equity x (1 - requirement / silos), in the share the edition says.
    """
    today = regimes.silos(ground)
    equity = sum(row.equity for row in today.rows)
    every = [today]
    for design in designs:
        asked = float(design.requirement)
        every.append(regimes.pooled(ground, design.name, design.title, asked))
        freed = equity * (1.0 - asked / today.requirement) if today.requirement > 0 else 0.0
        if freed > 0:
            every.append(regimes.pooled(ground, design.name, f"{design.title}, levered", asked,
                                        ground.value("levered_share") * freed))
    found = []
    for n, regime in enumerate(every):
        progress(0.5 + 0.5 * n / len(every), f"Playing the cascade under {regime.title}")
        own = main is not None and not regime.withdrawn and regime.name == main.regime.name
        found.append(_outcome(main if main is not None and own else play(ground, blow, regime),
                              today))
    return tuple(found)


def _outcome(run_: Played, today: Regime) -> RegimeOutcome:
    outcome, own, regime, ground = run_.outcome, run_.own, run_.regime, run_.ground
    direct = float(np.sum(outcome.direct_loss[own]))
    whole = float(np.sum(outcome.total_loss[own]))
    first_sale = tipping.first_forced_sale(run_.scene, run_.shock, run_.how,
                                           ground.value("search_to"), own)
    fall = 1.0 - outcome.prices / (run_.scene.prices * (1.0 + run_.shock))
    return RegimeOutcome(
        regime.name, regime.title, money(regime.requirement),
        money(today.requirement - regime.requirement), money(regime.withdrawn),
        money(regime.offset_share), money(_first_calls(run_)), money(_from_elsewhere(run_)),
        money(run_.sold()), money(direct), money(whole),
        money(whole / direct) if direct > played.NOTHING else None,
        money(float(np.max(fall, initial=0.0))), len(outcome.steps),
        bool(np.sum(outcome.equity[own]) <= 0), first_sale,
        money(_margin_after(run_)), _asked_after(run_))


def _margin_after(run_: Played) -> float:
    """Return the model's margin right after the shock; fully paid accounts stand at their worth."""
    model = _model_at(run_.scene, run_.shock, replace(run_.how, correction=None))[run_.own]
    step = run_.outcome.steps[run_.arrived]
    exempt = np.array([row.exempt for row in run_.regime.rows])
    return float(np.sum(np.where(exempt, np.maximum(step.equity[run_.own], 0.0), model)))


def _asked_after(run_: Played) -> Decimal | None:
    """Return what the rulebooks ask for right after the shock; None where they were not asked."""
    if run_.rulebooks is None:
        return None
    worth = np.maximum(run_.outcome.steps[run_.arrived].equity[run_.own], 0.0)
    exempt = np.array([row.exempt for row in run_.regime.rows])
    found = np.where(exempt, worth, np.nan_to_num(run_.rulebooks))
    return money(float(np.sum(found)))


def _first_calls(run_: Played) -> float:
    """Add up each account's largest call; a call that lasts several steps is one call."""
    steps = [step.calls[run_.own] for step in run_.outcome.steps]
    return float(np.sum(np.max(steps, axis=0)))


def _from_elsewhere(run_: Played) -> float:
    return float(sum(np.sum(step.met.received[run_.own]) for step in run_.outcome.steps))


def _orphaned(run_: Played) -> Decimal:
    return money(max(float(np.sum(step.orphaned[run_.own])) for step in run_.outcome.steps))


def _halting(ground: Ground) -> str:
    markets = dict.fromkeys(f"{b.market} at {b.level:.0%}" for b in ground.breakers)
    if not markets:
        return "No circuit breaker applies to these factors."
    return (f"Halts ({BREAKERS.replace('_', ' ')}), falls since before the shock, a halt lasts at "
            f"least one step: {'; '.join(markets)}. Crypto venues do not halt.")


def _facts(scenario: str) -> tuple[str, ...]:
    known = episode(scenario)
    return () if known is None else known.sentences()


def _cut(run_: Played) -> tuple[Problem, ...]:
    outcome = run_.outcome
    if outcome.settled:
        return ()
    why = "numbers overflowed" if outcome.broken else "it was cut off by its time limit"
    return (Problem("Cascade", f"{why} in step {len(outcome.steps)}; the state there is kept",
                    "lower the shock, or raise longest_days in the cascade edition"),)


def _refused(scenario: str, under: str, problems: tuple[Problem, ...]) -> CascadeResult:
    return CascadeResult(MODE, scenario, (), (), (), Decimal(0), Decimal(0), None, (), (), (), (),
                         (), problems, under)
