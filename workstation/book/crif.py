"""Rows of a CRIF file in columns: what was read, normalised, before any calibration is applied.

Amounts are in USD. A text column keeps each distinct text once (`names`) and one number a row.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
_TEXTS = ("portfolio", "product_class", "risk_type", "qualifier", "bucket", "label1", "label2",
          "trade", "model", "collect", "post", "end_date")
Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Labels:
    """A text column: the distinct texts, and which one each row has."""

    names: tuple[str, ...]
    codes: Ints

    @classmethod
    def of(cls, texts: Iterable[str]) -> Labels:
        """Return a column from one text a row."""
        rows = list(texts)
        names = tuple(dict.fromkeys(rows))
        index = {name: code for code, name in enumerate(names)}
        codes = np.fromiter(map(index.__getitem__, rows), dtype=np.int64, count=len(rows))
        return cls(names, codes)

    @cached_property
    def index(self) -> dict[str, int]:
        """Return the number of each text."""
        return {name: code for code, name in enumerate(self.names)}

    def __getitem__(self, row: int) -> str:
        return self.names[int(self.codes[row])]

    def __len__(self) -> int:
        return len(self.codes)

    def take(self, rows: Ints | NDArray[np.bool_]) -> Labels:
        """Return the column of some rows."""
        return Labels(self.names, self.codes[rows])

    def is_any(self, *wanted: str) -> NDArray[np.bool_]:
        """Say for each row whether its text is one of `wanted`."""
        hits = np.array([name in wanted for name in self.names], dtype=np.bool_)
        return hits[self.codes] if len(hits) else np.zeros(len(self.codes), dtype=np.bool_)


@dataclass(frozen=True, slots=True)
class CrifRow:
    """One row of a CRIF as a book keeps it: normalised texts and the amount in USD."""

    portfolio: str
    product_class: str
    risk_type: str
    qualifier: str = ""
    bucket: str = ""
    label1: str = ""
    label2: str = ""
    usd: float = 0.0
    trade: str = ""
    model: str = ""
    collect: str = ""
    post: str = ""
    end_date: str = ""
    line: int = field(default=0, compare=False)


@dataclass(frozen=True, slots=True, eq=False)
class Crif:
    """The rows of a CRIF; `usd` is the amount in USD (a multiplier or percent where one is meant).

    `line` counts lines of the file from 1, the header being the first.
    """

    line: Ints
    trade: Labels
    portfolio: Labels
    product_class: Labels
    risk_type: Labels
    qualifier: Labels
    bucket: Labels
    label1: Labels
    label2: Labels
    currency: Labels
    amount: Floats
    usd: Floats
    model: Labels
    collect: Labels
    post: Labels
    end_date: Labels

    def __len__(self) -> int:
        return len(self.line)

    def take(self, rows: Ints | NDArray[np.bool_]) -> Crif:
        """Return some rows."""
        picked: dict[str, Any] = {}
        for item in fields(self):
            column = getattr(self, item.name)
            picked[item.name] = (column.take(rows) if isinstance(column, Labels)
                                 else column[rows])
        return Crif(**picked)

    @classmethod
    def of_rows(cls, rows: Sequence[CrifRow]) -> Crif:
        """Return rows of a book as columns."""
        usd = np.array([row.usd for row in rows], dtype=np.float64)
        lines = np.array([row.line for row in rows], dtype=np.int64)
        texts = {name: Labels.of([getattr(row, name) for row in rows]) for name in _TEXTS}
        currency = Labels.of(["USD"] * len(rows))
        return cls(line=lines, currency=currency, amount=usd, usd=usd, **texts)

    def rows(self) -> tuple[CrifRow, ...]:
        """Return the rows one by one, as a book keeps them."""
        texts = [[label.names[code] for code in label.codes.tolist()]
                 for label in (getattr(self, name) for name in _TEXTS)]
        return tuple(
            CrifRow(usd=usd, line=line, **dict(zip(_TEXTS, values, strict=True)))
            for usd, line, *values in zip(self.usd.tolist(), self.line.tolist(), *texts,
                                          strict=True))

    @property
    def portfolios(self) -> tuple[str, ...]:
        """Return the portfolios that have rows, in file order."""
        held, first = np.unique(self.portfolio.codes, return_index=True)
        return tuple(self.portfolio.names[code] for code in held[np.argsort(first)])
