"""One review: resolve, margin the silos, compare designs, look at collateral and cascade."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal

from workstation import __version__
from workstation.base.problem import Problem
from workstation.base.progress import Progress, part_of, silent
from workstation.book.book import Book
from workstation.book.parity import implied_yields
from workstation.book.resolve import ResolvedBook, resolve
from workstation.cascade.result import CascadeResult
from workstation.collateral import pool
from workstation.collateral.estates import estates
from workstation.collateral.mobility import OnePool, mobility
from workstation.collateral.tokens import local_depeg_losses, token_eligibility
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.harmonised.scan import Scan
from workstation.kernels import LEVEL
from workstation.measures.requirement import Margin
from workstation.offsets.exposure import exposures
from workstation.offsets.ledger import ledger, margin_with_offsets
from workstation.offsets.waterfall import bridge
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.pricing.volatility import Volatilities, implied_volatilities
from workstation.results.run import DesignOutcome, EditionUsed, InputFile, Run, StandAlone
from workstation.results.spreads import spread_rows
from workstation.rulebooks import registry
from workstation.rulebooks.span.file_remarks import said_of_files, standing_problems
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.workspace.memory import Memory
from workstation.workspace.scans import price_scans, risks_from_files
from workstation.workspace.sensitivities import net_sensitivities, past_profits_of
from workstation.workspace.standing import standing
from workstation.workspace.stress import Stress, stressed
from workstation.workspace.stressed_collateral import stressed_collateral

__all__ = ["Question", "Stress", "edition_used", "review"]


@dataclass(frozen=True, slots=True)
class Question:
    """Everything a review is computed from, as one snapshot."""

    book: Book
    designs: tuple[Design, ...]
    stress: Stress = field(default_factory=Stress)
    inputs: tuple[tuple[str, bytes], ...] = ()
    input_problems: tuple[Problem, ...] = ()


def review(question: Question, rules: RuleSet, memory: Memory | None = None,
           progress: Progress = silent) -> Run:
    """Answer the question; every figure of the result comes from this one call."""
    book, kept = question.book, memory or Memory()
    rules.recent = kept.recent(rules)
    progress(0.0, "Resolving the book")
    holdings = resolve(book)
    volatility = implied_volatilities(holdings)
    progress(0.1, "Margining today's silos")
    silos = registry.silos(book, holdings, rules)
    stand_alone = kept.alone.of(book, holdings, rules, part_of(progress, 0.2, 0.3))
    outcomes = _designs(question, holdings, volatility, silos, stand_alone, rules, progress,
                        kept.scans(book, rules))
    progress(0.8, "Partitioning collateral")
    collateral = pool.report(book, rules, silos.maintenance.amount)
    progress(0.83, "Testing the accounts")
    stands = standing(book, holdings, volatility.volatility, silos, rules, kept.distances)
    progress(0.86, "Moving collateral")
    collateral = replace(
        collateral, estates=estates(book, collateral, rules), mobility=mobility(
            book, collateral, rules, silos, [_pool(outcome) for outcome in outcomes], stands))
    collateral = replace(collateral, stressed=stressed_collateral(
        book, holdings, collateral, question.stress, rules))
    tokens, depegs = token_eligibility(book, rules), local_depeg_losses(book, rules)
    futures = risks_from_files(book, holdings, silos, rules)
    progress(0.9, "Running the cascade")
    after = stressed(question.stress, book, holdings, silos, outcomes, collateral, rules,
                     question.designs, part_of(progress, 0.9, 0.08))
    progress(0.98, "Gathering scans and exposures")
    return Run(
        __version__, LEVEL, book.as_of, book.market.currency,
        _inputs(question, rules),
        tuple(edition_used(edition) for edition in rules.used()),
        book, stand_alone, silos, outcomes, collateral, after.cascade,
        _problems(question, holdings, volatility, (
            *collateral.problems, *(p for risk in futures.values() for p in risk.problems)),
            after.cascade, rules.risk_files), stands,
        exposures(book, holdings, volatility.volatility, rules,
                  {row.where: row.amount for row in stand_alone}),
        registry.venue_detail(book, holdings, rules, silos),
        price_scans(book, holdings, silos, rules, futures), net_sensitivities(holdings, silos),
        triggers=after.triggers, tokens=tokens, depegs=depegs,
        spreads=tuple(row for risk in futures.values() for row in spread_rows(risk)),
        tails=past_profits_of(book, holdings, silos, rules),
    )


def _designs(question: Question, holdings: ResolvedBook, volatility: Volatilities, silos: Margin,
             stand_alone: tuple[StandAlone, ...], rules: RuleSet, progress: Progress,
             scans: dict[object, Scan]) -> tuple[DesignOutcome, ...]:
    alone = sum((row.amount for row in stand_alone if row.amount is not None), Decimal(0))
    outcomes = []
    for design in question.designs:
        progress(0.5, f"Computing {design.title}")
        working = assess(design, question.book, holdings, volatility, silos, rules,
                         scans.get(design.scan_key()))
        scans[design.scan_key()] = working.scan
        progress(0.5, "Weighing offsets")
        rows = ledger(working, rules)
        outcomes.append(DesignOutcome(
            margin_with_offsets(working, rows), bridge(working, alone), rows))
    return tuple(outcomes)


def _pool(outcome: DesignOutcome) -> OnePool:
    margin = outcome.margin
    return OnePool(margin.name, margin.title, margin.requirement.amount)


def _inputs(question: Question, rules: RuleSet) -> tuple[InputFile, ...]:
    """Return the client's files and the risk-parameter files, by name and digest."""
    return (*(InputFile(name, hashlib.sha256(data).hexdigest()) for name, data in question.inputs),
            *(InputFile(file.name, file.sha256) for file in rules.risk_files
              if isinstance(file, RiskParameters)))


def edition_used(edition: Edition) -> EditionUsed:
    """Return what a result says about an edition it read."""
    doubtful = tuple(name for name, parameter in edition.values.items()
                     if parameter.cite.standing == "unverified")
    return EditionUsed(edition.rule, edition.edition, edition.effective, edition.source, doubtful)


def _problems(question: Question, holdings: ResolvedBook, volatility: Volatilities,
              found: tuple[Problem, ...], cascade: CascadeResult | None,
              risk_files: Sequence[object]) -> tuple[Problem, ...]:
    every = (
        *standing_problems((*question.input_problems, *question.book.problems), question.book),
        *said_of_files(question.book, risk_files),
        *(p for p in holdings.unpriced if p is not None),
        *(p for p in volatility.problems if p is not None),
        *implied_yields(holdings.positions, holdings.market, holdings.as_of).problems(),
        *found,
        *(cascade.problems if cascade else ()),
    )
    return tuple(dict.fromkeys(every))
