"""End dates of schedule rows: ISO, or with slashes where the order of day and month is known."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import date

import numpy as np

from workstation.base.problem import Problem
from workstation.book.crif import Crif
from workstation.book.crif_findings import Remark
from workstation.importers.crif_columns import Columns, renamed
from workstation.importers.crif_words import SCHEDULE_MODEL

_SLASHED = re.compile(r"(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_MONTHS = 12
_ORDERS = {"dmy": (1, 0), "mdy": (0, 1)}


def dated(crif: Crif, order: str) -> tuple[Crif, Mapping[int, tuple[Remark, ...]]]:
    """Return the rows with ISO end dates, and remarks on schedule rows without one.

    Without a chosen order, slashes are read only where the column itself proves the order: some
    date has a part above 12 in one place and none in the other.
    """
    scheduled = crif.model.is_any(SCHEDULE_MODEL)
    if not scheduled.any():
        return crif, {}
    held = [crif.end_date.names[code] for code in np.unique(crif.end_date.codes[scheduled])]
    chosen = order or proven_order(held)
    meaning = {text: _iso(text, chosen) for text in crif.end_date.names}
    remarks: dict[int, tuple[Remark, ...]] = {}
    for row in np.flatnonzero(scheduled).tolist():
        text = crif.end_date[row]
        if not meaning[text]:
            reason = ("a schedule row needs an end date" if not text else
                      "day and month cannot be told apart; choose --dates dmy or mdy"
                      if not chosen and _is_a_date_somehow(text) else "not a date")
            remarks[row] = (Remark("E15", "end_date", text, reason),)
    return replace(crif, end_date=renamed(crif.end_date, lambda t: meaning[t] or t)), remarks


def proven_order(texts: Iterable[str]) -> str:
    """Return `dmy` or `mdy` where the dates themselves prove it, else an empty text."""
    parts = [tuple(map(int, found.groups()[:2])) for text in texts
             if (found := _SLASHED.fullmatch(text))]
    first, second = (any(part[i] > _MONTHS for part in parts) for i in (0, 1))
    if first == second:
        return ""
    return "dmy" if first else "mdy"


def no_date_order(name: str, crif: Crif,
                  remarks: Mapping[int, tuple[Remark, ...]]) -> tuple[Problem, ...]:
    """Say so where the file itself proved how its dates are to be read."""
    texts = [t for t in crif.end_date.names if _SLASHED.fullmatch(t)]
    if not texts or not remarks:
        return ()
    return (Problem(name, "some end dates are written with slashes",
                    "write end_date as YYYY-MM-DD", "info"),)


def valuation_date(columns: Columns) -> str:
    """Return the one valuation date of the file, or an empty text."""
    stated = {_iso(name, "") for name in columns["valuation_date"].names}
    return stated.pop() if len(stated) == 1 else ""


def _iso(text: str, order: str) -> str:
    try:
        return date.fromisoformat(text).isoformat()
    except ValueError:
        pass
    found = _SLASHED.fullmatch(text)
    if not found or order not in _ORDERS:
        return ""
    month, day = (int(found[place + 1]) for place in _ORDERS[order])
    try:
        return date(int(found[3]), month, day).isoformat()
    except ValueError:
        return ""


def _is_a_date_somehow(text: str) -> bool:
    return bool(_iso(text, "dmy") or _iso(text, "mdy"))
