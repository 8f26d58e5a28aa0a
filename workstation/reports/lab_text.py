"""The lab's findings to read on a terminal: one block a question, one line a design."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from workstation.base.money import accounting
from workstation.lab.result import BookFindings, DesignFindings, Findings
from workstation.lab.tables import taken_up
from workstation.reports.lines import WIDTH, cut, wrapped

NOT_KNOWN = "-"
NAME = 26
Cells = Callable[[DesignFindings], Sequence[str]]


def lab_text(findings: Findings) -> str:
    """Return the findings of every book."""
    return "\n\n".join("\n".join(_lines(book, findings.stress)) for book in findings.books)


def _lines(book: BookFindings, stress: str) -> Iterator[str]:
    unit = book.currency
    yield from wrapped(f"{book.book}, as of {book.as_of}: stand-alone "
                       f"{accounting(book.stand_alone)}, today {accounting(book.silos)} {unit}")
    blocks: tuple[tuple[str, Sequence[str], Cells], ...] = (
        (f"EFFICIENCY ({unit})", ("requirement", "saving", "saving (%)", "after stress"), _saved),
        ("COVERAGE AT 99 %", ("exceedances", "light", "Kupiec p", f"uncovered {unit}",
                              "peak/trough"), _covered),
        ("LIQUIDATION", ("amplification", "forced sales", f"uncovered {unit}", "first sale at"),
         _sold))
    for title, heads, cells in blocks:
        yield ""
        yield _row(title, heads)
        for found in book.designs:
            yield _row(f"  {found.design}", cells(found))
    yield ""
    yield from _notes(book, stress)


def _row(name: str, cells: Sequence[str]) -> str:
    width = (WIDTH - NAME) // len(cells) - 1
    return f"{cut(name, NAME):<{NAME}}" + "".join(f" {cut(c, width):>{width}}" for c in cells)


def _saved(found: DesignFindings) -> Sequence[str]:
    if found.refusal:
        return ("refused", *[NOT_KNOWN] * 3)
    share = NOT_KNOWN if found.saving_share is None else f"{found.saving_share:.1%}"
    after = accounting(found.stressed[0].requirement) if found.stressed else NOT_KNOWN
    return accounting(found.requirement), accounting(found.saving), share, after


def _covered(found: DesignFindings) -> Sequence[str]:
    coverage, cycle = found.coverage, found.cyclicality
    if found.refusal or coverage is None or cycle is None:
        return (NOT_KNOWN,) * 5
    return (f"{coverage.exceedances} of {coverage.days}", coverage.zone, f"{coverage.kupiec:.3f}",
            accounting(coverage.worst_uncovered), f"{cycle.peak_to_trough:.2f} x")


def _sold(found: DesignFindings) -> Sequence[str]:
    used = taken_up(found)
    if found.refusal or used is None:
        return (NOT_KNOWN,) * 4
    grown = NOT_KNOWN if used.amplification is None else f"{used.amplification:.3f} x"
    first = f"above {used.searched:g} x" if used.tipping is None else f"{used.tipping:.2f} x"
    return grown, f"{used.sold_share:.0%}", accounting(used.uncovered), first


def _notes(book: BookFindings, stress: str) -> Iterator[str]:
    windows = {f"{d.coverage.window}, {d.coverage.marks}" for d in book.designs
               if d.coverage is not None}
    for window in sorted(windows):
        yield from wrapped(f"Coverage: {window}.", "  ")
    left = {root for d in book.designs if d.coverage is not None for root in d.coverage.left_out}
    if left:
        yield from wrapped(f"Without history and left out of the losses: "
                           f"{', '.join(sorted(left))}.", "  ")
    yield from wrapped(f"After stress: the requirement computed again after {stress}.", "  ")
    yield from wrapped(f"Liquidation: {stress}, freed margin withdrawn until equity stands to the "
                       "requirement as it does today; multiples are of that stress.", "  ")
    for found in book.designs:
        if found.refusal:
            yield from wrapped(f"{found.design}: {found.refusal}.", "  ")
    for replay in book.published:
        yield from wrapped(f"published margin of {replay.symbol}, {replay.first} to {replay.last}: "
                           f"{len(replay.jumps)} changes, peak to trough "
                           f"{replay.peak_to_trough:.2f} x.", "  ")
    for problem in book.problems:
        yield from wrapped(problem.sentence(), "  ")
