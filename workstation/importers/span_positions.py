"""Read a position file whatever its layout: XML (.pos), CSV, batch lines, or a workbook."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from workstation.base.problem import Problem
from workstation.importers.opening import open_source
from workstation.importers.sheets import Source, text_of
from workstation.importers.span_book import portfolios_of_book
from workstation.importers.span_files import SpanFile, open_span_file
from workstation.importers.span_ice import is_ice_line, read_ice
from workstation.importers.span_portfolios import PortfolioDrafts
from workstation.importers.span_pos import read_pos
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.portfolio import Portfolio

REMEDY = "give a .pos file, a CSV with the SpanPosConv columns, or a position workbook"
NEEDED = frozenset({"pfcode", "pe", "net"})
HEADER_ROWS = 30


@dataclass(frozen=True, slots=True)
class SpanPositions:
    """The portfolios of one position file, and what went wrong while reading it."""

    name: str
    sha256: str
    layout: str
    portfolios: tuple[Portfolio, ...]
    problems: tuple[Problem, ...] = ()
    dates: tuple[str, ...] = ()
    """Business dates the file states, as eight digits."""

    def other_dates(self, business_date: date | None) -> tuple[Problem, ...]:
        """Note that positions and risk parameters are of different days."""
        if business_date is None or not self.dates:
            return ()
        stated = ", ".join(self.dates)
        if self.dates == (f"{business_date:%Y%m%d}",):
            return ()
        return (Problem(self.name, f"the positions are of {stated}, the risk parameters of "
                        f"{business_date}", "load files of one day and cycle"),)


def read_span_positions(path: Path) -> SpanPositions:
    """Return the portfolios of a position file; raises UnusableInputError when there are none."""
    file = open_span_file(path)
    start = file.head.lstrip(b"\0 \t\r\n")
    if start.startswith(b"<"):
        portfolios, problems, dates = read_pos(file)
        return _found(file, "XML positions", portfolios, problems, dates)
    if start[:1] == b"1" and start[3:11].strip().isdigit() and b"," not in start[:29]:
        raise refusal(file.name, "this is the flat PC-SPAN position layout, which is not read",
                      "save the positions as XML (.pos) or as a CSV with the SpanPosConv columns")
    if start.startswith(b"0 "):
        raise refusal(file.name, "these are risk parameters, not positions",
                      "give the file as --params")
    first = start.split(b"\n", 1)[0].decode("latin-1")
    if is_ice_line(first):
        text = b"".join(file.blocks()).decode("latin-1")
        portfolios, problems = read_ice(text.splitlines(), file.name)
        return _found(file, "batch lines", portfolios, problems)
    source = open_source(path)
    found = _table(source, file)
    if found is not None:
        return found
    portfolios, problems = portfolios_of_book(path)
    return _found(file, "position workbook", portfolios, problems)


def _found(file: SpanFile, layout: str, portfolios: Iterable[Portfolio],
           problems: Iterable[Problem], dates: Iterable[str] = ()) -> SpanPositions:
    kept = tuple(portfolios)
    if not kept:
        raise refusal(file.name, "the file holds no portfolio", REMEDY)
    return SpanPositions(file.name, file.sha256, layout, kept, tuple(problems),
                         tuple(sorted(dates)))


def _table(source: Source, file: SpanFile) -> SpanPositions | None:
    """Read a table with the SpanPosConv columns; None where no sheet has them."""
    for sheet in source.visible:
        for row, cells in enumerate(sheet.rows[:HEADER_ROWS]):
            names = [text_of(cell).strip().casefold() for cell in cells]
            if not NEEDED.issubset(names):
                continue
            drafts = PortfolioDrafts()
            for offset, values in enumerate(sheet.rows[row + 1:], start=row + 2):
                texts = [text_of(cell).strip() for cell in values]
                if any(texts):
                    where = f"{file.name} line {offset}" if source.sort == "text" else (
                        f"{file.name} {sheet.name} row {offset}")
                    drafts.add(dict(zip(names, texts, strict=False)), where)
            return _found(file, "SpanPosConv columns", drafts.finished(), drafts.problems,
                          drafts.dates)
    return None
