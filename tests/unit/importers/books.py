"""Small files written for one test each, and short views of what was imported."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.importers import Imported, import_file

AS_OF = date(2026, 11, 13)


def workbook(path: Path, sheets: Mapping[str, Sequence[Sequence[Any]]]) -> Path:
    import openpyxl

    book = openpyxl.Workbook()
    book.remove(book.active)
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for row in rows:
            sheet.append(list(row))
    book.save(path)
    return path


def positions(tmp_path: Path, *rows: Sequence[Any], **others: Sequence[Sequence[Any]]) -> Imported:
    """Import a workbook whose Positions sheet holds these rows, the header first."""
    sheets = {"Positions": rows, **{name.title(): body for name, body in others.items()}}
    return import_file(workbook(tmp_path / "client.xlsx", sheets), as_of=AS_OF)


def text(tmp_path: Path, content: str, name: str = "client.csv", encoding: str = "utf-8",
         as_of: date | None = AS_OF) -> Imported:
    path = tmp_path / name
    path.write_bytes(content.encode(encoding))
    return import_file(path, as_of=as_of)


def held(imported: Imported) -> list[tuple[str, str, float]]:
    """Account, symbol and quantity of every position, loaded or held back."""
    assert imported.book is not None
    return [(p.account_id, p.instrument.symbol, float(p.quantity))
            for p in (*imported.book.positions, *imported.held_back)]


def said(imported: Imported, severity: str | None = None) -> str:
    return "\n".join(p.sentence() for p in imported.problems
                     if severity is None or p.severity == severity)


def places(problems: Iterable[Problem], severity: str) -> list[str]:
    return [problem.where for problem in problems if problem.severity == severity]


def without_places(book: Book) -> Book:
    """The same book without name, problems and cell addresses, for comparing round trips."""
    return replace(
        book, name="", problems=(),
        accounts=tuple(replace(item, where="") for item in book.accounts),
        positions=tuple(replace(item, where="") for item in book.positions),
        market=replace(book.market, underlyings={
            key: replace(item, where="") for key, item in book.market.underlyings.items()}),
        lots=tuple(replace(item, where="") for item in book.lots),
        liens=tuple(replace(item, where="") for item in book.liens),
        agents=tuple(replace(item, where="") for item in book.agents),
    )
