"""What each design's figures rest on: method, data window, draws and seed, what was left out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from workstation.lab.result import BookFindings, DesignFindings, Findings
from workstation.results.formats import words
from workstation.results.table import Table

DRAWS = "draws"
"""How the method's explanation names its draws with their seed."""


@dataclass(frozen=True, slots=True)
class BasisRow:
    """One thing a design's figures rest on."""

    design: str
    about: str
    basis: str


def basis_table(findings: Findings) -> Table:
    """Return what the figures of every design rest on."""
    rows = tuple(BasisRow(found.design, about, basis) for book in findings.books
                 for found in book.designs for about, basis in _basis(book, found))
    return Table("Basis", (words("Design", "design"), words("What", "about"),
                           words("Rests on", "basis")), rows,
                 "Method, data window, draws and seed of every design.")


def _basis(book: BookFindings, found: DesignFindings) -> Iterator[tuple[str, str]]:
    yield "version", f"{found.version}, {found.status}"
    if found.refusal:
        yield "refused", found.refusal
        return
    yield "method", found.method
    yield from found.told
    coverage = found.coverage
    if coverage is None:
        yield "replay", "none: the history does not hold what the book needs"
        return
    yield "replay", f"{coverage.window}; {coverage.marks}"
    if coverage.left_out:
        yield "without history", f"{', '.join(coverage.left_out)}: left out of the losses"
    yield "history", book.history


def draws(book: BookFindings) -> str:
    """Return the draws and seeds of simulated designs, 'none' where nothing is drawn."""
    told = dict.fromkeys(basis for found in book.designs for about, basis in found.told
                         if about == DRAWS)
    return "; ".join(told) or "none"
