"""What lies behind a run and costs too much for every edit: attribution and reverse stress."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from workstation.base.progress import Progress, part_of, silent
from workstation.book.resolve import resolve
from workstation.harmonised.design import Design
from workstation.harmonised.engine import assess
from workstation.offsets.attribution import attribution, contributions
from workstation.offsets.levers import shapley
from workstation.pricing.volatility import implied_volatilities
from workstation.results.attribution_table import Attribution
from workstation.results.beneath import Beneath
from workstation.workspace.stresses import reverse, stress_question

if TYPE_CHECKING:
    from workstation.results.run import Run
    from workstation.workspace.session import Session

MOST_POSITIONS = 2_000
"""Above this a pack leaves reverse stress to `crossmargin stress`: it takes minutes."""


def beneath_of(session: Session, run: Run, progress: Progress = silent) -> Beneath:
    """Return attribution and reverse stress of a run of this session."""
    terms = session.terms()
    names = {outcome.margin.name for outcome in run.designs}
    found = (attributed_to(session, run, d) for d in terms.designs if d.name in names)
    attributed = tuple(item for item in found if item is not None)
    count = len(run.book.positions)
    if count > MOST_POSITIONS:
        return Beneath(attributed, note=f"Reverse stress is not part of a pack above "
                     f"{MOST_POSITIONS:,} positions (this book has {count:,}); `crossmargin "
                     "stress FILE` computes it.")
    question = replace(stress_question(session), book=run.book)
    return Beneath(attributed, reverse(question, part_of(progress, 0.2, 0.8)))


def attributed_to(session: Session, run: Run, design: Design) -> Attribution | None:
    """Return a design's holdings and levers; None where it keeps today's silos or is refused."""
    if design.keeps_silos or not run.book.positions:
        return None
    holdings = resolve(run.book)
    working = assess(design, run.book, holdings, implied_volatilities(holdings), run.silos,
                     session.rule_set())
    return None if working.refused else Attribution(
        design.name, attribution(working), shapley(working), contributions(working))
