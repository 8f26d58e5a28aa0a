"""What a design asks of a book: scan, offsets, add-ons, buffers, floors and caps.

The design `today` repeats the silos' maintenance requirement exactly, tree and all.
"""

from __future__ import annotations

from dataclasses import dataclass

from workstation.base.explain import Explained, total
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.harmonised.addons import add_ons
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots, slots
from workstation.harmonised.evidence import Evidence
from workstation.harmonised.explanation import Explainer
from workstation.harmonised.limits import limits
from workstation.harmonised.rates import Rates
from workstation.harmonised.result import DesignMargin
from workstation.harmonised.scan import Scan, build_scan
from workstation.harmonised.tree import UnitTree, trees
from workstation.harmonised.underlyings import RiskMap
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import Volatilities


@dataclass(frozen=True, slots=True)
class Assessment:
    """A design's answer with what the bridge and the ledger need to ask "what if".

    `scan_risk`, `add_ons` and `limits` are zero-part lines of the requirement; for a design that
    repeats the silos they are None, and the scan serves only to estimate denied offsets.
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
        scan = build_scan(design, holdings, volatility, risk_map, silos.excluded)
    gathered = slots(scan, book, design)
    evidence = Evidence(scan, design, risk_map)
    rates = Rates.of(design, evidence)
    grown = trees(scan, gathered, rates)
    if design.repeats_silos:
        margin = _margin(design, silos, silos.maintenance, silos)
        return Assessment(design, book, silos, scan, gathered, rates, evidence, grown, margin)
    scan_risk = Explainer(scan, gathered, design).scan_risk(grown)
    extra = add_ons(design, scan, gathered, grown)
    bounds = limits(design, scan, silos, scan_risk.amount + extra.amount)
    requirement = total(design.title, scan_risk, extra, bounds, cite=design.cite())
    return Assessment(design, book, silos, scan, gathered, rates, evidence, grown,
                      _margin(design, silos, requirement, scan), scan_risk, extra, bounds)


def _margin(design: Design, silos: Margin, requirement: Explained,
            source: Scan | Margin) -> DesignMargin:
    return DesignMargin(design.name, design.title, design.version, design.status, design.citation,
                        silos.currency, requirement, (), source.excluded)
