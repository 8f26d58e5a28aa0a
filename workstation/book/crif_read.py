"""A CRIF after reading: the rows that may be margined, and everything said about the others."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.base.problem import Problem
from workstation.book.crif import Crif
from workstation.book.crif_findings import Finding


@dataclass(frozen=True, slots=True, eq=False)
class CrifRead:
    """A CRIF read: the rows that may be margined, the findings, and what was held back."""

    name: str
    sha256: str
    crif: Crif
    findings: tuple[Finding, ...]
    refused_portfolios: tuple[str, ...]
    rows_read: int
    rows_refused: int
    skipped_rows: bool
    as_of: str = ""
    problems: tuple[Problem, ...] = ()

    @property
    def refused(self) -> tuple[Finding, ...]:
        """Return the findings that refuse rows."""
        return tuple(f for f in self.findings if f.refuses)

    @property
    def all_problems(self) -> tuple[Problem, ...]:
        """Return every finding as a problem, refusals first, then notices on the file."""
        ordered = sorted(self.findings, key=lambda f: (not f.refuses, f.line))
        return (*(f.problem(self.name) for f in ordered), *self.problems)
