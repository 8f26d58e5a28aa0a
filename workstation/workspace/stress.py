"""The cascade a review asks for, in its mode and under its regime, and how far the next call is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from difflib import get_close_matches

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.progress import Progress, part_of, silent
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import net_liquidating_value
from workstation.cascade import client, dynamic_client
from workstation.cascade.dynamic_client import Asked
from workstation.cascade.episodes import preset_shocks
from workstation.cascade.factors import FactorMap
from workstation.cascade.ground import FIRMS, Ground, VenueMove, lay_out
from workstation.cascade.monte_carlo import assumption, monte_carlo, overflow_problem
from workstation.cascade.regimes import SILOS
from workstation.cascade.replayed import replayed
from workstation.cascade.result import CascadeResult, Overflow, Trigger
from workstation.cascade.selection import Selection
from workstation.cascade.triggers import triggers
from workstation.cascade.venue_marks import checked
from workstation.collateral.report import CollateralReport
from workstation.harmonised.design import Design
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.concentration import concentration_charge
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.results.run import DesignOutcome
from workstation.workspace.changed_margin import RulebooksOfBook, concentration_of

DEFAULT_SCENARIO = "2020-03-12 Covid A"
CURRENT_LAW = "current law"
LEAST_LIKENESS = 0.6


@dataclass(frozen=True, slots=True)
class Stress:
    """The cascade asked for: a preset times a multiplier, or shocks by factor.

    `mode` is equilibrium or dynamic; `under` is silos or a design's name, read in dynamic mode,
    as are `paths` (drawn beside the shock, 0 for none) and their `seed`, and the trading minutes
    over which the shock arrives (0 for at once).
    """

    scenario: str = DEFAULT_SCENARIO
    multiplier: float = 1.0
    shocks: tuple[tuple[str, float], ...] = ()
    mode: str = client.MODE
    under: str = SILOS
    paths: int = 0
    seed: int = 1
    minutes: float = 0.0
    replay: tuple[str, str] | None = None
    """First and last day of the book's history to be replayed instead, as ISO dates."""
    failed_firm: str = ""
    """Firms whose failure leaves their accounts unable to trade or lend until they are moved,
    between semicolons."""
    credit_line: float | None = None
    """Committed credit line in the reporting currency; None takes the edition's."""
    selection: Selection = "pro rata"
    """What called accounts sell first."""
    venue_moves: tuple[VenueMove, ...] = ()
    """Prices that leave their index at one venue: venue, factor, move."""

    @property
    def label(self) -> str:
        """Return the name shown with the result."""
        name = "custom shocks" if self.shocks else self.scenario
        if self.replay is not None:
            name = f"replay {self.replay[0]} to {self.replay[1]}"
        return name if self.multiplier == 1 else f"{name} x {self.multiplier:g}"

    @property
    def shocks_text(self) -> str:
        """Return own shocks as they are typed: SPX=-10%; BTC=-30%."""
        return "; ".join(f"{factor}={100 * move:.12g}%" for factor, move in self.shocks)

    @property
    def moves(self) -> Mapping[str, float]:
        """Return the relative price moves by underlying."""
        if self.replay is not None:
            return {}
        named = self.shocks or tuple(preset_shocks(self.scenario).items())
        return {factor: move * self.multiplier for factor, move in named}


@dataclass(frozen=True, slots=True)
class Stressed:
    """The cascade, None without positions, and the distances to the next events."""

    cascade: CascadeResult | None
    triggers: tuple[Trigger, ...] = ()


def refuse_unknown(shocks: Sequence[tuple[str, float]], book: Book, overlays: Sequence[Edition],
                   ) -> None:
    """Refuse shocks of factors that neither the book, its market nor the map knows."""
    known = FactorMap(RuleSet(book.as_of, overlays))
    named = {p.instrument.underlying for p in book.positions} | {
        p.instrument.symbol for p in book.positions} | set(book.market.underlyings) | {
        agent.factor for agent in book.agents}
    named |= {known.of(name) for name in named}
    lost = [name for name, _ in shocks if name not in named and not known.mapped(known.of(name))]
    if lost:
        near = [close for name in lost for close in get_close_matches(
            name.upper(), {*named, *known.names()}, 2, LEAST_LIKENESS)]
        meant = f"perhaps {' or '.join(dict.fromkeys(near))}; " if near else ""
        raise UnusableInputError(Problem(
            "Shock", f"no factor is called {', '.join(map(repr, lost))}",
            f"{meant}name one of: {', '.join(sorted(n for n in named if n))}"))


def stressed(stress: Stress, book: Book, holdings: ResolvedBook, silos: Margin,
             outcomes: Sequence[DesignOutcome], collateral: CollateralReport, rules: RuleSet,
             designs: Sequence[Design] = (), progress: Progress = silent) -> Stressed:
    """Run the cascade and look for the nearest call of every factor."""
    if not book.positions:
        return Stressed(None)
    ground = lay_out(book, holdings, silos, collateral, rules)
    near = triggers(ground, book, holdings, rules)
    if stress.mode == dynamic_client.MODE:
        found = _played(stress, ground, silos, outcomes, book, designs, rules, progress)
    else:
        required: Decimal = silos.maintenance.amount
        found = client.cascade(
            book, holdings, required, net_liquidating_value(book, holdings), stress.moves, rules,
            stress.label, ground.lines)
    if stress.shocks and stress.replay is None:
        found = replace(found, assumptions=(
            *found.assumptions, f"Own shocks: {stress.shocks_text}."))
    return Stressed(found, near)


def _played(stress: Stress, ground: Ground, silos: Margin, outcomes: Sequence[DesignOutcome],
            book: Book, designs: Sequence[Design], rules: RuleSet, progress: Progress,
            ) -> CascadeResult:
    """Play the shock out with margin by the rulebooks, and draw further shocks beside it."""
    asked = [Asked(o.margin.name, o.margin.title, o.margin.requirement.amount)
             for o in outcomes if o.margin.status != CURRENT_LAW]
    ground, notes = _prepared(stress, ground, book, rules)
    names = {a.name for a in asked}
    today = {SILOS: concentration_of(book, silos)} | {
        o.margin.name: float(concentration_charge(o.margin.requirement)) for o in outcomes}
    books = RulebooksOfBook(book, rules, ground,
                            tuple(d for d in designs if d.name in names), today)
    drawing = stress.paths > 0
    played = dynamic_client.dynamic_cascade(
        ground, stress.moves, stress.label, asked, stress.under, books,
        part_of(progress, 0.0, 0.8 if drawing else 1.0))
    played = replace(played, assumptions=(*played.assumptions, *notes))
    if not played.steps or not drawing:
        return played
    regime = dynamic_client.chosen_regime(ground, asked, stress.under)
    played = replace(played, assumptions=(*played.assumptions, assumption(ground)))
    drawn = monte_carlo(ground, regime, stress.paths, stress.seed, part_of(progress, 0.8, 0.2))
    if isinstance(drawn, Overflow):
        return replace(played, overflow=drawn,
                       problems=(*played.problems, overflow_problem(drawn)))
    return replace(played, monte_carlo=drawn)


def _prepared(stress: Stress, ground: Ground, book: Book, rules: RuleSet,
              ) -> tuple[Ground, tuple[str, ...]]:
    """Lay the way a shock arrives, a failed firm and the credit line over the ground."""
    ground = replace(ground, ramp=dynamic_client.steps_of(ground, stress.minutes),
                     credit=stress.credit_line, selection=stress.selection)
    notes: list[str] = []
    ground = replace(ground, venue_moves=checked(ground, stress.venue_moves))
    if stress.minutes:
        notes.append(f"The shock arrives over {stress.minutes:g} trading minutes.")
    if stress.failed_firm:
        named = [_firm(name, book) for name in stress.failed_firm.split(FIRMS)]
        ground = replace(ground, failed=FIRMS.join(named))
        notes += [_porting(ground, name) for name in named]
    if stress.replay is not None:
        first, last = (date.fromisoformat(day) for day in stress.replay)
        path = replayed(ground.names, book.market.history, book.market, RiskMap.of_rules(rules),
                        (first, last), int(ground.value("steps_a_day")),
                        int(ground.value("longest_days")))
        ground = replace(ground, path=path.returns)
        notes.append(f"Replays {len(path.days)} days of the book's history, each day's move in "
                     f"equal parts over its {ground.value('steps_a_day'):g} steps." + (
                         f" Without a history there, standing still: {', '.join(path.still)}."
                         if path.still else ""))
    return ground, tuple(notes)


def _porting(ground: Ground, firm: str) -> str:
    """Return what a firm's failure does to its accounts."""
    to, days = ground.moved_to(firm) or (firm, 0.0)
    where = "moved" if to == firm else f"moved to {to}"
    return (f"{firm} has failed: its accounts neither trade nor lend for {days:g} trading days, "
            f"until they are {where}."
            + (" Drawn paths do not pool them there." if to != firm else ""))


def _firm(wanted: str, book: Book) -> str:
    firms = sorted({a.firm or a.account_id for a in book.accounts})
    found = [f for f in firms if f.lower() == wanted.strip().lower()]
    if not found:
        raise UnusableInputError(Problem(
            "Failed firm", f"no account is carried by {wanted!r}",
            f"name one of: {', '.join(firms)}"))
    return found[0]
