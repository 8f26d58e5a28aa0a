"""Open a CRIF, find its header, and take each column as texts."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from operator import methodcaller
from pathlib import Path
from typing import cast

import numpy as np

from workstation.base.problem import Problem, UnusableInputError
from workstation.book.crif import Ints, Labels
from workstation.importers import crif_words as words
from workstation.importers.opening import open_source
from workstation.importers.sheets import Cell, Sheet, text_of
from workstation.importers.texts import decode, separator

HEADER_DEPTH = 25
SHEET_NAME = "crif"
SAMPLE = 60
_BINARY = (b"PK", b"\xd0\xcf\x11\xe0", b"%PDF", b"\x89PNG", b"\xff\xd8\xff", b"SQLite",
           b"\x1f\x8b", b"Rar!")
_PLAIN = ("trade", "amount", "amount_usd")
_AMOUNTS = ("amount", "amount_usd")
_SAYS_NOTHING = re.compile(r"[^a-z0-9]")
EXPECTED = "a CRIF has at least the columns RiskType and AmountUSD, or Amount and AmountCurrency"


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """The rows of a CRIF as texts by column, with the file line of each row.

    Columns in which most texts differ (trades, amounts) are kept as they stand, in `plain`.
    """

    labels: Mapping[str, Labels]
    plain: Mapping[str, Sequence[str]]
    lines: Ints

    def __getitem__(self, name: str) -> Labels:
        return self.labels[name]

    def __len__(self) -> int:
        return len(self.lines)


@dataclass(frozen=True, slots=True)
class CrifSource:
    """A CRIF file opened: its cells by column, below the header."""

    name: str
    sha256: str
    header: Mapping[str, int]
    columns: Sequence[Sequence[Cell]]
    lines: Ints
    problems: tuple[Problem, ...] = ()


def open_crif(path: Path) -> CrifSource:
    """Open a CRIF file; raises UnusableInputError where it is none or cannot be read."""
    try:
        data = path.read_bytes()
    except OSError:
        data = b""
    decoded = decode(data) if data and not data.startswith(_BINARY) else None
    if decoded is not None and '"' not in decoded.text:
        found = _cut(path.name, decoded.text, hashlib.sha256(data).hexdigest())
        if found is not None:
            return found
    source = open_source(path)
    for sheet in sorted(source.sheets, key=lambda s: s.name.casefold() != SHEET_NAME):
        found = crif_sheet(sheet, path.name)
        if found is not None:
            return replace(found, sha256=source.sha256, problems=source.problems)
    raise UnusableInputError(Problem(path.name, f"this is not a CRIF: {EXPECTED}",
                                     "export the sensitivities with their header row"))


def _cut(name: str, text: str, digest: str) -> CrifSource | None:
    """Cut a text without quotes straight into columns; None where its lines differ in width."""
    lines = text.removeprefix("\ufeff").split("\n")
    if lines and lines[0].endswith("\r"):
        lines = [line.removesuffix("\r") for line in lines]
    while lines and not lines[-1]:
        lines.pop()
    mark = separator("\n".join(lines[:SAMPLE]))
    found = _header([line.split(mark) for line in lines[:HEADER_DEPTH]])
    if found is None:
        return None
    row, places = found
    width = lines[row].count(mark) + 1
    rows = lines[row + 1:]
    if set(map(methodcaller("count", mark), rows)) - {width - 1}:
        return None
    cells = mark.join(rows).split(mark) if rows else []
    return CrifSource(name, digest, places, [cells[place::width] for place in range(width)],
                      np.arange(row + 2, row + 2 + len(rows), dtype=np.int64))


def _header(rows: Sequence[Sequence[Cell]]) -> tuple[int, dict[str, int]] | None:
    for row, cells in enumerate(rows[:HEADER_DEPTH]):
        places: dict[str, int] = {}
        for column, cell in enumerate(cells):
            name = words.COLUMNS.get(_SAYS_NOTHING.sub("", text_of(cell).casefold()))
            if name is not None:
                places.setdefault(name, column)
        if "risk_type" in places and any(name in places for name in _AMOUNTS):
            return row, places
    return None


def crif_sheet(sheet: Sheet, name: str) -> CrifSource | None:
    """Return the CRIF of one sheet, None where no row has its headers."""
    found = _header(sheet.rows)
    if found is None:
        return None
    header, places = found
    width = len(sheet.rows[header])
    kept = [row for row in range(header + 1, len(sheet.rows))
            if any(cell != "" for cell in sheet.rows[row])]
    rows = [[*sheet.rows[row], *[""] * (width - len(sheet.rows[row]))][:width] for row in kept]
    texts = [[text_of(cell) for cell in column] for column in zip(*rows, strict=True)]
    return CrifSource(name, "", places, texts or [[]] * width,
                      np.array(kept, dtype=np.int64) + 1)


def columns_of(source: CrifSource) -> Columns:
    """Take the columns a CRIF may have; one the file lacks is empty."""
    count = len(source.lines)
    nothing: Sequence[str] = [""] * count
    empty = Labels(("",), np.zeros(count, dtype=np.int64))
    labels, plain = {}, {}
    for name in (*words.HEADERS, "valuation_date"):
        held = name in source.header
        cells = cast("Sequence[str]", source.columns[source.header[name]] if held else nothing)
        if name in _PLAIN:
            plain[name] = list(map(str.strip, cells)) if held else cells
        else:
            labels[name] = renamed(Labels.of(cells), without_null) if held else empty
    return Columns(labels, plain, source.lines)


def without_null(text: str) -> str:
    """Return the text stripped; empty where it stands for an empty cell."""
    stripped = text.strip()
    return "" if stripped.casefold() in words.NULLS else stripped


def renamed(labels: Labels, rename: Callable[[str], str]) -> Labels:
    """Return the column with its distinct texts rewritten (and joined where they become one)."""
    new = [rename(name) for name in labels.names]
    if new == list(labels.names):
        return labels
    names = tuple(dict.fromkeys(new))
    index = {name: code for code, name in enumerate(names)}
    table = np.array([index[name] for name in new], dtype=np.int64)
    codes = table[labels.codes] if len(table) else labels.codes
    return Labels(names, codes)
