"""Numbers as people write them in position files.

The grammar: currency mark, sign, unit suffix and thousands marks are stripped; what is left must
be digits with an optional point and exponent. The decimal comma is decided per column by vote.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache

from workstation.importers.sheets import Cell

LARGEST, LARGEST_DIGITS = 1e30, 30
"""No holding or price reaches this; beyond it arithmetic would overflow."""
PERCENT, BASIS_POINT = Decimal("0.01"), Decimal("0.0001")
NOTHING = frozenset({"", "--", "-", "n/a", "nan", "none", "*", "—", "–", "null"})
FORMULA_ERRORS = frozenset({"#N/A", "#REF!", "#VALUE!", "#DIV/0!", "#NAME?", "#NUM!", "#NULL!"})
_SCALES = {"k": Decimal(1000), "m": Decimal(10**6), "mm": Decimal(10**6), "b": Decimal(10**9)}
_CURRENCY = re.compile(r"(?:US\$|[$€£¥]|\b(?:USD|EUR|GBP|JPY|CHF)\b)", re.IGNORECASE)
_MINUS = str.maketrans({"−": "-", "‒": "-", "﹣": "-", "-": "-"})
_SPACES = re.compile(r"[\s   ']+|’")
_PLAIN = re.compile(r"\d*\.?\d+(?:[eE][+-]?\d+)?|\d+\.")
_OTHER_MARKS = str.maketrans(".,", ",.")
_GROUPED = re.compile(r"\d{1,3}(?:,\d{2,3})*,\d{3}(?:\.\d*)?")
_THIRTY_SECONDS = re.compile(r"(\d{1,3})[-'’](\d{2})(?:([+0257]?)|\.(\d{1,3}))")
_FRACTION = re.compile(r"(\d+) (\d{1,2})/(\d{1,3})")
_COUNTED = re.compile(
    r"(?<=\d)\s*(?:shs?|shares?|contracts?|cts|lots?|units?|pcs|st(?:ü|ue)ck)\.?$", re.IGNORECASE)
_EIGHTHS = {"": 0, "0": 0, "2": 2, "+": 4, "5": 4, "7": 6}
_THIRTY_TWO = 32
_COMMA_DECIMAL = re.compile(r"^\d{1,3}(?:\.\d{3})+,\d+$|^\d+,(?:\d{1,2}|\d{4,})$")
_POINT_DECIMAL = re.compile(
    r"^\d{1,3}(?:,\d{3})+\.\d+$|^\d+\.(?:\d{1,2}|\d{4,})$|^\d+(?:,\d{3}){2,}$")
_UNDRESSED = re.compile(r"[-+]?[\d.,]+")
_COMMA_ONLY = re.compile(r"^\d{1,3},\d{3}$")
_EITHER_MARK = re.compile(r"^[1-9]\d{0,2}[,.]\d{3}$")


@dataclass(frozen=True, slots=True)
class Figure:
    """A number with the unit written beside it: empty, `%` or `bp`."""

    value: Decimal
    unit: str = ""

    @property
    def decimal(self) -> Decimal:
        """Return the number as a decimal: 25 % is 0.25, 35bp is 0.0035."""
        if self.unit == "%":
            return self.value * PERCENT
        return self.value * BASIS_POINT if self.unit == "bp" else self.value


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a cell is not what its column needs."""

    what: str


Reading = Figure | Fault | None


def figure(cell: Cell, comma: bool = False) -> Reading:
    """Read one cell: a figure, a fault, or None for one that says "nothing here"."""
    if isinstance(cell, str):
        return _from_text(cell, comma)
    if isinstance(cell, bool) or not isinstance(cell, float | int):
        return Fault(f"{cell} is not a number")
    if not abs(cell) < LARGEST:
        return Fault(f"{cell} is too large or not a number")
    return Figure(exact(cell))


def exact(value: float) -> Decimal:
    """Return a cell's number as the shortest decimal that reads back the same."""
    whole = int(value)
    return Decimal(whole) if whole == value else Decimal(repr(value))


@lru_cache(maxsize=65536)
def _from_text(text: str, comma: bool) -> Reading:
    raw = text.strip()
    if raw.casefold() in NOTHING:
        return None
    if raw.upper() in FORMULA_ERRORS:
        return Fault(f"the cell holds the error {raw}")
    raw_body = _COUNTED.sub("", _CURRENCY.sub("", raw.translate(_MINUS)).strip())
    body, negative = _unsigned(raw_body)
    body, unit, scale = _without_suffix(body)
    digits = _digits(body, comma)
    if digits is None:
        return Fault(f"“{raw}” is not a number")
    value = Decimal(digits) * scale
    if value.adjusted() >= LARGEST_DIGITS:
        return Fault(f"“{raw}” is too large")
    return Figure(-value if negative else value, unit)


def _unsigned(body: str) -> tuple[str, bool]:
    """Take off parentheses, DR and CR, leading and trailing signs."""
    negative = False
    if body.startswith(("-(", "+(")) and body.endswith(")"):
        body = body[1:]
    if body.startswith("(") and body.endswith(")"):
        negative, body = True, body[1:-1].strip()
    mark = body[-2:].upper()
    if mark in ("DR", "CR"):
        negative, body = negative or mark == "DR", body[:-2].strip()
    if body[:1] in ("-", "+"):
        negative, body = negative != (body[0] == "-"), body[1:].strip()
    elif body[-1:] in ("-", "+"):
        negative, body = negative != (body[-1] == "-"), body[:-1].strip()
    return body, negative


def _without_suffix(body: str) -> tuple[str, str, Decimal]:
    lowered = body.casefold()
    if lowered.endswith("%"):
        return body[:-1].strip(), "%", Decimal(1)
    for suffix in ("bps", "bp"):
        if lowered.endswith(suffix):
            return body[: -len(suffix)].strip(), "bp", Decimal(1)
    for suffix in ("mm", "m", "k", "b"):
        if lowered.endswith(suffix):
            return body[: -len(suffix)].strip(), "", _SCALES[suffix]
    return body, "", Decimal(1)


def _digits(body: str, comma: bool) -> str | None:
    body = _SPACES.sub("", body)
    if comma:
        if "." in body and _GROUPED.fullmatch(body.translate(_OTHER_MARKS)) is None:
            return None
        body = body.replace(".", "").replace(",", ".")
    elif "," in body:
        if _GROUPED.fullmatch(body) is None:
            return None
        body = body.replace(",", "")
    return body if _PLAIN.fullmatch(body) else None


def thirty_seconds(cell: Cell) -> Decimal | None:
    """Read a price in points and 32nds, 117-24, 117-24+, 117-242 or 117-24.5; None otherwise."""
    if not isinstance(cell, str):
        return None
    found = _THIRTY_SECONDS.fullmatch(cell.strip())
    if found is None or int(found[2]) >= _THIRTY_TWO:
        return None
    if found[4]:
        return Decimal(found[1]) + Decimal(f"{found[2]}.{found[4]}") / _THIRTY_TWO
    ticks = int(found[2]) * 8 + _EIGHTHS[found[3]]
    return Decimal(found[1]) + Decimal(ticks) / (_THIRTY_TWO * 8)


def mixed_fraction(cell: Cell) -> Decimal | None:
    """Read a price with a fraction, 450 1/4 or 112 16/32; None for anything else."""
    found = _FRACTION.fullmatch(cell.strip()) if isinstance(cell, str) else None
    if found is None or int(found[2]) >= int(found[3]):
        return None
    return Decimal(found[1]) + Decimal(found[2]) / Decimal(found[3])


@dataclass(frozen=True, slots=True)
class CommaVote:
    """Whether a column writes decimals with a comma, and whether that was a guess."""

    comma: bool
    doubtful: bool = False


def comma_vote(cells: Sequence[Cell], expected: bool = False, units: bool = False,
               settled: bool = False) -> CommaVote:
    """Decide the decimal mark of one column; doubtful if `1,234` is the only evidence.

    Where the other columns have `settled` the mark, this one follows them without doubt.

    In a column of `units`, which are mostly whole, `1.234` alone is as doubtful.
    """
    texts = _marked(cells)
    commas, points = _evidence(texts)
    if commas != points:
        return CommaVote(commas > points)
    if settled and expected:
        return CommaVote(expected)
    unclear = _EITHER_MARK if units and not expected else _COMMA_ONLY
    return CommaVote(expected, doubtful=commas == 0 and any(unclear.match(t) for t in texts))


def writes_commas(columns: Iterable[Sequence[Cell]], expected: bool = False) -> tuple[bool, bool]:
    """Say whether a table writes decimals with a comma, and whether its columns settle it."""
    commas, points = _evidence({text for cells in columns for text in _marked(cells)})
    return (expected, False) if commas == points else (commas > points, True)


def _marked(cells: Sequence[Cell]) -> set[str]:
    written = (cell for cell in cells if isinstance(cell, str) and ("," in cell or "." in cell))
    return {_bare(cell) for cell in written}


def _evidence(texts: Iterable[str]) -> tuple[int, int]:
    """Count the numbers that can only be read with a decimal comma, and only with a point."""
    texts = tuple(texts)
    return (sum(1 for text in texts if _COMMA_DECIMAL.match(text)),
            sum(1 for text in texts if _POINT_DECIMAL.match(text)))


def _bare(text: str) -> str:
    if _UNDRESSED.fullmatch(text):
        return text.lstrip("+-")
    body, _ = _unsigned(_CURRENCY.sub("", text.strip().translate(_MINUS)).strip())
    return _SPACES.sub("", _without_suffix(body)[0])
