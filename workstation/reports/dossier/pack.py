"""Everything a pack is made from: one run, and the words and decisions around it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

from workstation.reports.standing import Standing
from workstation.reports.template import Template
from workstation.results.beneath import NOTHING, Beneath
from workstation.results.break_list import Reconciliation
from workstation.results.changes import Changes
from workstation.results.exceptions import ExceptionRow, exception_rows
from workstation.results.run import DesignOutcome, Run
from workstation.results.stressed_book import StressedBook

HASH_SHOWN = 16
EDITIONS_SHOWN = 3


@dataclass(frozen=True, slots=True)
class Pack:
    """One run with the firm's template, its standing, and what changed since the last review."""

    run: Run
    template: Template = field(default_factory=Template)
    standing: Standing = field(default_factory=Standing)
    changes: Changes | None = None
    stressed: StressedBook | None = None
    """The book after moves and over its history; None where nobody asked."""
    beneath: Beneath = NOTHING
    reconciled: Reconciliation | None = None
    """Ours beside what a broker or clearing house states; None where nothing was given."""

    @property
    def exceptions(self) -> tuple[ExceptionRow, ...]:
        """Return the exceptions with the ages the earlier review gives them."""
        since = self.changes.since if self.changes else {}
        return exception_rows(self.run, since, self.template.owners)


def data_hash(run: Run) -> str:
    """Return one hash over the hashes of all input files, in their order."""
    return hashlib.sha256("".join(i.sha256 for i in run.inputs).encode()).hexdigest()


def proposal(run: Run) -> DesignOutcome | None:
    """Return the design the memo argues: the first proposal, else the first beyond current law."""
    for wanted in ("proposal", "experiment", "programme"):
        for outcome in run.designs:
            if outcome.margin.status == wanted:
                return outcome
    return run.designs[0] if run.designs else None


def footer(run: Run, standing: str) -> tuple[str, ...]:
    """Return the lines at the foot of every page; `standing` says if it is decided on."""
    named = [f"{e.rule} {e.edition}" for e in run.editions]
    left = len(named) - EDITIONS_SHOWN
    more = f" and {left} more: workbook, sheet Editions" if left > 0 else ""
    editions = ", ".join(named[:EDITIONS_SHOWN]) + more
    return (f"{run.book.name} · as of {run.as_of} · inputs {data_hash(run)[:HASH_SHOWN]} · "
            f"Crossmargin {run.product_version} · {standing}",
            f"editions: {editions or 'none read'}")
