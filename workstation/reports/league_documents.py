"""The league table of a batch as JSON, workbook and text."""

from __future__ import annotations

from pathlib import Path

from workstation import __version__
from workstation.base.files import write_all
from workstation.reports.lines import WIDTH, cut, money_text, wrapped
from workstation.reports.margin_documents import Document, encode, number
from workstation.reports.workbook import table_workbook
from workstation.results.formats import percent_text
from workstation.results.league import BookOutcome, League, league_table

JSON, WORKBOOK = "league.json", "league.xlsx"


def league_document(league: League) -> Document:
    """Return the batch (`crossmargin.batch/1`), the largest saving first."""
    dates = {outcome.as_of for outcome in league.books if outcome.as_of}
    return {
        "schema": "crossmargin.batch/1",
        "as_of": dates.pop() if len(dates) == 1 else None,
        "product_version": __version__,
        "inputs": {each.file: each.sha256 for each in league.books if each.sha256},
        "parameters": dict(sorted({pair for each in league.books for pair in each.editions})),
        "design": league.design,
        "books": [book_body(rank, outcome, league.design)
                  for rank, outcome in enumerate(league.books, start=1)],
        "skipped": list(league.skipped),
    }


def book_body(rank: int, outcome: BookOutcome, design: str) -> Document:
    """Return one book; amounts are None where it failed."""
    figures = outcome.design(design)
    return {
        "rank": rank, "file": outcome.file, "book": outcome.book, "status": outcome.status,
        "incomplete": outcome.status != "complete", "as_of": outcome.as_of or None,
        "currency": outcome.currency or None, "positions": outcome.positions,
        "accounts": outcome.accounts, "excluded": outcome.excluded,
        "silos": number(outcome.silos),
        "design": number(figures.requirement) if figures else None,
        "saving": number(figures.saving) if figures else None,
        "saving_share": number(figures.share) if figures else None,
        "call": number(outcome.call), "free_collateral": number(outcome.free_collateral),
        "designs": [{"name": each.name, "requirement": number(each.requirement),
                     "saving": number(each.saving), "saving_share": number(each.share)}
                    for each in outcome.designs],
        "parameters": dict(outcome.editions), "written": list(outcome.written),
        "error": outcome.error or None,
    }


def write_league(league: League, folder: Path) -> tuple[Path, ...]:
    """Write the league beside the packs and return its files; raises OSError."""
    return write_all(folder, {
        JSON: encode(league_document(league)).encode("utf-8"),
        WORKBOOK: table_workbook(league_table(league), "League table",
                                 f"Crossmargin {__version__}, design {league.design}")})


def league_text(league: League) -> str:
    """Return the league for the console; names are cut, amounts never."""
    head = (f"{'':>3} {'BOOK':<24} {'TODAY, SILOS':>15} {'DESIGN':>15} {'SAVING':>15} {'':>8} "
            f"{'IN CALL':>14}")
    lines = [f"Design: {league.design}", head]
    for rank, outcome in enumerate(league.books, start=1):
        lines += _lines(rank, outcome, league.design)
    if league.skipped:
        lines += wrapped("not books by their ending: " + ", ".join(league.skipped))
    done = sum(outcome.status != "failed" for outcome in league.books)
    left = sum(outcome.status == "incomplete" for outcome in league.books)
    lines.append(f"{done} of {len(league.books)} books reviewed, {left} of them incomplete")
    return "\n".join(lines)


def _lines(rank: int, outcome: BookOutcome, design: str) -> list[str]:
    name = cut(outcome.book or outcome.file, 24)
    if outcome.status == "failed":
        return [f"{rank:>3} {name:<24} not reviewed", *wrapped(outcome.error, "    ")]
    figures = outcome.design(design)
    amounts = (outcome.silos, figures.requirement if figures else None,
               figures.saving if figures else None)
    share = percent_text(figures.share) if figures and figures.share is not None else ""
    line = (f"{rank:>3} {name:<24} " + " ".join(f"{money_text(each):>15}" for each in amounts)
            + f" {share:>8} {money_text(outcome.call):>14}")
    mark = "    incomplete: " + (f"{outcome.excluded} left out" if outcome.excluded
                                 else "the file has errors, see its review")
    return [line.rstrip(), mark[:WIDTH]] if outcome.status == "incomplete" else [line.rstrip()]
