"""What a design asks of a book: risk by its method, offsets, add-ons, buffers, floors and caps.

The design `today` repeats the silos' maintenance requirement exactly, tree and all. A design whose
method has no data to stand on is refused: today's requirement stands and the answer is incomplete.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TypeVar, cast

from workstation.base.explain import Explained, total
from workstation.base.problem import Problem
from workstation.book.book import Book, Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.harmonised.addons import add_ons
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots, slots
from workstation.harmonised.evidence import Evidence
from workstation.harmonised.kept import kept_accounts
from workstation.harmonised.limits import limits
from workstation.harmonised.methods import Measured, measured
from workstation.harmonised.programmes import Programme, live_programmes, with_programmes
from workstation.harmonised.rates import Rates
from workstation.harmonised.result import DesignMargin
from workstation.harmonised.revaluation import Revalued
from workstation.harmonised.scan import Scan, build_scan
from workstation.harmonised.tree import UnitTree, trees
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import Volatilities

T = TypeVar("T")
SLOTS_HANG_ON = ("legal.", "listed.", "mpor.")
EVIDENCE_HANGS_ON = ("tests.", "offsets.", "mpor.")
"""Knobs that decide what is kept with a priced scan from one design to the next."""


@dataclass(frozen=True, slots=True)
class Assessment:
    """A design's answer with what the bridge and the ledger need to ask "what if".

    `scan_risk`, `add_ons` and `limits` are the lines of the requirement; where today's requirement
    stands as it is (the design repeats the silos, or is refused) they are None, and the scan
    serves only to estimate denied offsets.
    """

    design: Design
    book: Book
    silos: Margin
    scan: Scan
    slots: Slots
    rates: Rates
    evidence: Evidence
    trees: tuple[UnitTree, ...]
    margin: DesignMargin
    scan_risk: Explained | None = None
    add_ons: Explained | None = None
    limits: Explained | None = None
    programmes: tuple[Programme, ...] = ()
    revalued: Revalued | None = None
    """Positions in the outcomes of an expected-shortfall method; None for the scan."""

    @property
    def refused(self) -> bool:
        """Say whether the design could not be computed and today's requirement stands instead."""
        return self.scan_risk is None and not self.design.keeps_silos

def evaluate(design: Design, book: Book, holdings: ResolvedBook, volatility: Volatilities,
             silos: Margin, rules: RuleSet) -> DesignMargin:
    """Return the design's requirement for the whole book."""
    return assess(design, book, holdings, volatility, silos, rules).margin


def assess(design: Design, book: Book, holdings: ResolvedBook, volatility: Volatilities,
           silos: Margin, rules: RuleSet, scan: Scan | None = None) -> Assessment:
    """Return the design's requirement with its working.

    `scan` may be handed over from a design with an equal `scan_key()`, to price only once.
    """
    risk_map = RiskMap.of_rules(rules)
    if scan is None:
        scan = build_scan(design, holdings, volatility, risk_map, silos.excluded, rules.recent)
    gathered = _kept(scan, design, SLOTS_HANG_ON, book.accounts,
                     lambda: slots(scan, book, design))
    evidence = _kept(scan, design, EVIDENCE_HANGS_ON, None,
                     lambda: Evidence(scan, design, risk_map))
    rates = Rates.of(design, evidence)

    def standing(requirement: Explained, source: Scan | Margin, *, grown: bool = True
                 ) -> Assessment:
        return Assessment(design, book, silos, scan, gathered, rates, evidence,
                          trees(scan, gathered, rates) if grown else (),
                          _margin(design, silos, requirement, source))

    if design.repeats_silos:
        return standing(silos.maintenance, silos)
    if design.keeps_silos:
        start = standing(silos.maintenance, silos)
        joined = live_programmes(design, book, silos, scan, gathered, start.trees)
        return replace(start, programmes=joined, margin=_margin(
            design, silos, with_programmes(design, silos, joined), silos))
    found = measured(design, scan, gathered, rates, risk_map, volatility, book.as_of)
    if isinstance(found, Problem):
        return _refused(standing(_stands(design, silos, found), silos), found)
    return _charged(standing(silos.maintenance, scan, grown=False), found)


def _kept(scan: Scan, design: Design, knobs: tuple[str, ...], beside: object,
          make: Callable[[], T]) -> T:
    """Return what was made on this scan under equal knobs, or make it."""
    key = (knobs, beside, *((n, v) for n, v in design.knobs.items() if n.startswith(knobs)))
    if key not in scan.simulated:
        scan.simulated[key] = make()
    return cast("T", scan.simulated[key])


def _charged(start: Assessment, found: Measured) -> Assessment:
    """Put add-ons, buffers, floors and caps on the risk found."""
    design, scan, silos = start.design, start.scan, start.silos
    extra = add_ons(design, scan, found.slots, found.trees, start.book)
    bounds = limits(design, found.slots, silos, found.risk.amount + extra.amount,
                    kept_accounts(scan.holdings, scan.included, silos))
    requirement = total(design.title, found.risk, extra, bounds, cite=design.cite())
    return replace(start, slots=found.slots, trees=found.trees, scan_risk=found.risk,
                   add_ons=extra, limits=bounds, revalued=found.revalued,
                   margin=_margin(design, silos, requirement, scan))


def _stands(design: Design, silos: Margin, why: Problem) -> Explained:
    return Explained(f"{design.title}: refused, today's requirement stands",
                     silos.maintenance.amount, design.cite("method"),
                     (("why", why.what), ("remedy", why.remedy)), (silos.maintenance,), "sum")


def _refused(stands: Assessment, why: Problem) -> Assessment:
    """Say in the exclusions that the design has no answer of its own."""
    gap = Exclusion(why.where, f"{stands.design.title} is refused: {why.what}", why.remedy)
    return replace(stands, margin=replace(
        stands.margin, excluded=(gap, *stands.margin.excluded)))


def _margin(design: Design, silos: Margin, requirement: Explained,
            source: Scan | Margin) -> DesignMargin:
    return DesignMargin(design.name, design.title, design.version, design.status, design.citation,
                        silos.currency, requirement, (), source.excluded)
