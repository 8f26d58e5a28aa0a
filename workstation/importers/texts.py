"""Open delimited text: find the encoding and the separator, and cut it into cells."""

from __future__ import annotations

import codecs
import csv
from collections import Counter
from dataclasses import dataclass

from workstation.importers.sheets import Cell, Sheet

SEPARATORS = (",", ";", "\t", "|")
SAMPLE_LINES = 60
_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"),
          (codecs.BOM_UTF16_BE, "utf-16"))
_CONTROL = frozenset(range(32)) - {9, 10, 12, 13}
CONTROL_SHARE = 0.01
WIDEST_CELL = 1_000_000


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text of a file and the encoding it was read with."""

    text: str
    encoding: str


def decode(data: bytes) -> Decoded | None:
    """Return the text of a file, or None when it is not text in any encoding we know."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _tried(data, encoding)
    if b"\0" in data[:4096]:
        even = data[:4096:2].count(0)
        odd = data[1:4096:2].count(0)
        return _tried(data, "utf-16-be" if even > odd else "utf-16-le")
    return _tried(data, "utf-8") or _tried(data, "cp1252") or _tried(data, "latin-1")


def _tried(data: bytes, encoding: str) -> Decoded | None:
    try:
        text = data.decode(encoding)
    except (UnicodeDecodeError, UnicodeError):
        return None
    sample = text[:20_000]
    strange = sum(1 for letter in sample if ord(letter) in _CONTROL or letter == "�")
    if strange > CONTROL_SHARE * max(len(sample), 1):
        return None
    return Decoded(text, encoding)


def separator(text: str) -> str:
    """Return the separator that cuts most lines into the same number of cells."""
    lines = [line for line in text.splitlines() if line.strip()][:SAMPLE_LINES]

    def score(mark: str) -> tuple[int, int]:
        widths = Counter(len(row) for row in _cut(lines, mark))
        widths.pop(0, None)
        widths.pop(1, None)
        if not widths:
            return 0, 0
        width, count = max(widths.items(), key=lambda item: (item[1] * item[0], item[0]))
        return count * min(width, 4), width

    return max(SEPARATORS, key=score)


def _cut(lines: list[str], mark: str) -> list[list[str]]:
    try:
        return list(csv.reader(lines, delimiter=mark, skipinitialspace=False))
    except csv.Error:
        return []


def read_text(text: str, name: str) -> Sheet:
    """Return a delimited text as one sheet named after the file."""
    csv.field_size_limit(WIDEST_CELL)
    mark = separator(text)
    rows: list[list[Cell]] = []
    try:
        rows.extend(list(row) for row in csv.reader(text.splitlines(keepends=True), delimiter=mark))
    except csv.Error:
        rows = [list(line.split(mark)) for line in text.splitlines()]
    return Sheet(name, rows)


def comma_decimals_expected(text: str) -> bool:
    """Say whether the separator suggests a decimal comma, as in European exports."""
    return separator(text) == ";"
