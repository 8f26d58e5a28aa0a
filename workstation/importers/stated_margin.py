"""What a broker or clearing house says an account must post, by its sheet or the client's own.

A sheet names an account and a requirement, and may name the position, with the quantity and the
price the requirement was computed from. A client's own position file may carry the same as a
margin column, which the importer keeps beside each position.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from workstation.base.problem import Problem
from workstation.book.positions import Position
from workstation.importers.figures import Figure, comma_vote, figure
from workstation.importers.labels import label
from workstation.importers.opening import open_source
from workstation.importers.sheets import Cell, Sheet, is_blank, text_of
from workstation.importers.vocabulary import field_words, spellings
from workstation.importers.workbooks import refusal
from workstation.results.stated import Basis, StatedFigure

__all__ = ["StatedFile", "margin_basis", "own_margin_column", "read_stated"]
SEARCHED = 40
ACCOUNT, SYMBOL, QUANTITY, PRICE, CURRENCY = (
    "account_id", "symbol", "quantity", "price", "currency")
_INITIAL = re.compile(r"\binitial\b|\bIM\b|reg(?:ulation)? ?t\b", re.IGNORECASE)
_REQUIREMENT = re.compile(
    r"\b(?:margin|requirement|required|req|initial|maintenance|maint|IM|MM|TIMS|span)\b",
    re.IGNORECASE)
_NOT = re.compile(r"excess|call|available|used|ratio|%|type|account|equity|balance|interest|rate|"
                  r"surplus|deficit|currency|basis|method|regime", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class StatedFile:
    """The figures of one file, and what could not be read of it."""

    name: str
    sha256: str
    figures: tuple[StatedFigure, ...]
    problems: tuple[Problem, ...] = ()


def margin_basis(header: str) -> Basis | None:
    """Return which requirement a header names, or None where it names none."""
    if _NOT.search(header) or _REQUIREMENT.search(header) is None:
        return None
    return "initial" if _INITIAL.search(header) else "maintenance"


def read_stated(path: Path, password: str | None = None) -> StatedFile:
    """Return the requirements a file states; raises UnusableInputError where it states none."""
    source = open_source(path, password)
    figures: list[StatedFigure] = []
    problems: list[Problem] = []
    for sheet in source.visible:
        found = _header(sheet)
        if found is not None:
            _read_rows(sheet, *found, figures, problems)
    if not figures:
        raise refusal(path.name, "no table of stated margin was found",
                      "name an account column and a margin requirement column in one row")
    return StatedFile(path.name, source.sha256, tuple(figures), tuple(problems))


def own_margin_column(positions: Iterable[Position]) -> tuple[StatedFigure, ...]:
    """Return what the client's own file states beside its positions, by its margin column."""
    figures = []
    for position in positions:
        for header, text in position.extras:
            basis, amount = margin_basis(header), figure(text)
            if basis is not None and isinstance(amount, Figure):
                figures.append(StatedFigure(
                    position.account_id, abs(amount.value), basis, position.instrument.symbol,
                    where=position.where, column=header))
                break
    return tuple(figures)


def _header(sheet: Sheet) -> tuple[int, Mapping[str, int], dict[int, Basis]] | None:
    """Return the header row, its columns by field, and the columns that hold requirements."""
    words = {entry.field: frozenset(entry.words) for entry in field_words()
             if entry.field in (ACCOUNT, SYMBOL, QUANTITY, PRICE, CURRENCY, "cusip", "isin")}
    for i, row in enumerate(sheet.rows[:SEARCHED]):
        texts = [text_of(cell) if isinstance(cell, str) else "" for cell in row]
        margins = {n: basis for n, text in enumerate(texts) if (basis := margin_basis(text))}
        fields: dict[str, int] = {}
        for n, text in enumerate(texts):
            for field, known in words.items():
                if n not in margins and field not in fields and any(
                        spelling in known for spelling in spellings(text)):
                    fields[field] = n
        if margins and fields:
            return i, fields, margins
    return None


def _read_rows(sheet: Sheet, header: int, fields: Mapping[str, int], margins: Mapping[int, Basis],
               figures: list[StatedFigure], problems: list[Problem]) -> None:
    body = sheet.rows[header + 1:]
    commas = {n: comma_vote([_cell(row, n) for row in body]).comma for n in range(_width(body))}
    account = ""
    for i, row in enumerate(body, start=header + 1):
        account = _text(row, fields, ACCOUNT) or account
        if all(map(is_blank, row)) or label(text_of(row[0])) in ("total", "weak total"):
            continue
        for column, basis in margins.items():
            amount = figure(_cell(row, column), commas.get(column, False))
            if isinstance(amount, Figure):
                symbol = next(filter(None, (_text(row, fields, name)
                                            for name in (SYMBOL, "cusip", "isin"))), "")
                figures.append(StatedFigure(
                    account, abs(amount.value), basis, symbol,
                    _number(row, fields, QUANTITY, commas), _number(row, fields, PRICE, commas),
                    _text(row, fields, CURRENCY).upper(), sheet.where(i, column)))
            elif amount is not None:
                problems.append(Problem(sheet.where(i, column), amount.what,
                                        "correct the requirement", "error"))


def _width(rows: Sequence[Sequence[Cell]]) -> int:
    return max((len(row) for row in rows), default=0)


def _cell(row: Sequence[Cell], column: int) -> Cell:
    return row[column] if column < len(row) else ""


def _text(row: Sequence[Cell], fields: Mapping[str, int], name: str) -> str:
    return text_of(_cell(row, fields[name])) if name in fields else ""


def _number(row: Sequence[Cell], fields: Mapping[str, int], name: str,
            commas: Mapping[int, bool]) -> Decimal | None:
    if name not in fields:
        return None
    found = figure(_cell(row, fields[name]), commas.get(fields[name], False))
    return found.value if isinstance(found, Figure) else None
