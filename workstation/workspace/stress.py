"""The cascade a review asks for, in its mode and under its regime, and how far the next call is."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.problem import Problem, UnusableInputError
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import net_liquidating_value
from workstation.cascade import client, dynamic_client
from workstation.cascade.dynamic_client import Asked
from workstation.cascade.episodes import preset_shocks
from workstation.cascade.factors import FactorMap
from workstation.cascade.ground import Ground, lay_out
from workstation.cascade.monte_carlo import assumption, monte_carlo
from workstation.cascade.regimes import SILOS
from workstation.cascade.result import CascadeResult, Trigger
from workstation.cascade.scenarios import proxies
from workstation.cascade.triggers import triggers
from workstation.collateral.report import CollateralReport
from workstation.harmonised.design import Design
from workstation.lab.scenarios import Shock
from workstation.lab.stress import margin_under_stress
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.results.run import DesignOutcome

DEFAULT_SCENARIO = "2020-03-12 Covid A"
CURRENT_LAW = "current law"


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

    @property
    def label(self) -> str:
        """Return the name shown with the result."""
        name = "custom shocks" if self.shocks else self.scenario
        return name if self.multiplier == 1 else f"{name} x {self.multiplier:g}"

    @property
    def moves(self) -> Mapping[str, float]:
        """Return the relative price moves by underlying."""
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
        raise UnusableInputError(Problem(
            "Shock", f"no factor is called {', '.join(map(repr, lost))}",
            f"name one of: {', '.join(sorted(n for n in named if n))}"))


def stressed(stress: Stress, book: Book, holdings: ResolvedBook, silos: Margin,
             outcomes: Sequence[DesignOutcome], collateral: CollateralReport, rules: RuleSet,
             designs: Sequence[Design] = ()) -> Stressed:
    """Run the cascade and look for the nearest call of every factor."""
    if not book.positions:
        return Stressed(None)
    ground = lay_out(book, holdings, silos, collateral, rules)
    near = triggers(ground, book, holdings, rules)
    if stress.mode == dynamic_client.MODE:
        return Stressed(_played(stress, ground, outcomes, book, designs, rules), near)
    required: Decimal = silos.maintenance.amount
    return Stressed(client.cascade(
        book, holdings, required, net_liquidating_value(book, holdings), stress.moves, rules,
        stress.label, ground.lines), near)


def _played(stress: Stress, ground: Ground, outcomes: Sequence[DesignOutcome], book: Book,
            designs: Sequence[Design], rules: RuleSet) -> CascadeResult:
    """Play the shock out, margin the book by its rules right after it, and draw further shocks."""
    asked = [Asked(o.margin.name, o.margin.title, o.margin.requirement.amount)
             for o in outcomes if o.margin.status != CURRENT_LAW]
    ground = replace(ground, ramp=dynamic_client.steps_of(ground, stress.minutes))
    played = dynamic_client.dynamic_cascade(
        ground, stress.moves, stress.label, asked, stress.under)
    if not played.steps:
        return played
    shock = Shock(stress.label, stress.moves, {}, proxies(stress.label))
    names = {a.name for a in asked}
    checked = margin_under_stress(book, shock, tuple(d for d in designs if d.name in names), rules)
    after = {SILOS: checked.silos, **dict(checked.designs)}
    played = replace(played, comparison=tuple(
        replace(row, rulebooks_after=after.get(row.regime)) for row in played.comparison))
    if stress.paths <= 0:
        return played
    regime = dynamic_client.chosen_regime(ground, asked, stress.under)
    return replace(played, monte_carlo=monte_carlo(ground, regime, stress.paths, stress.seed),
                   assumptions=(*played.assumptions, assumption(ground)))
