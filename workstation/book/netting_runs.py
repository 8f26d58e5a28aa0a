"""Which rows are margined together: by portfolio, side and regulation."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np

from workstation.book.crif import Crif, Ints

Side = Literal["call", "post"]
UNSPECIFIED = "Unspecified"
_SEPARATORS = re.compile(r"[,;|\[\]\"'\s]+")


@dataclass(frozen=True, slots=True, eq=False)
class NettingRun:
    """The rows of one portfolio that count on one side under one regulation."""

    portfolio: str
    side: Side
    regulation: str
    rows: Ints
    dropped: int = 0
    """Rows that name no regulation in a portfolio that names some."""


@lru_cache(maxsize=4096)
def regulations_named(text: str) -> tuple[str, ...]:
    """Return the regulations a cell lists; none stands for unspecified."""
    names = dict.fromkeys(part for part in _SEPARATORS.split(text) if part)
    return tuple(name for name in names if name.casefold() != UNSPECIFIED.casefold())


def netting_runs(crif: Crif, side: Side) -> tuple[NettingRun, ...]:
    """Return every run of a side; rows without a regulation drop out beside rows with one."""
    column = crif.collect if side == "call" else crif.post
    named = np.array([bool(regulations_named(text)) for text in column.names], dtype=np.bool_)
    has_name = named[column.codes] if len(named) else np.zeros(0, dtype=np.bool_)
    order = np.argsort(crif.portfolio.codes, kind="stable")
    bounds = np.searchsorted(crif.portfolio.codes[order], np.arange(len(crif.portfolio.names) + 1))
    runs: list[NettingRun] = []
    for code in dict.fromkeys(crif.portfolio.codes.tolist()):
        rows = order[bounds[code]:bounds[code + 1]]
        portfolio = crif.portfolio.names[code]
        if not has_name[rows].any():
            runs.append(NettingRun(portfolio, side, UNSPECIFIED, rows))
            continue
        dropped = int((~has_name[rows]).sum())
        listed = {name for text in np.unique(column.codes[rows]).tolist()
                  for name in regulations_named(column.names[text])}
        runs += [NettingRun(portfolio, side, regulation, rows[_listing(
            column.names, regulation)[column.codes[rows]]], dropped)
            for regulation in sorted(listed)]
    return tuple(runs)


def _listing(names: tuple[str, ...], regulation: str) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    return np.array([regulation in regulations_named(name) for name in names], dtype=np.bool_)
