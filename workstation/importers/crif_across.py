"""Checks that need several rows of a CRIF: one bucket a qualifier, pairs, duplicate parameters."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from workstation.book.crif import Crif, Ints, Labels
from workstation.book.crif_findings import Remark
from workstation.importers.crif_words import SCHEDULE_MODEL
from workstation.rulebooks.simm.netting import grouped
from workstation.rulebooks.simm.vocabulary import (
    BUCKETS,
    FIXED_ADD_ON,
    MULTIPLIER,
    NOTIONAL_FACTOR,
    RISK_TYPES,
)

Flags = NDArray[np.bool_]
Found = dict[int, list[Remark]]
_BUCKETED = tuple(item.name for item in RISK_TYPES
                  if item.risk_class in BUCKETS and item.name != "Risk_BaseCorr")
_CLASS = {item.name: item.risk_class for item in RISK_TYPES}
_NAMED_ROWS = 4


def across_rows(crif: Crif, written: Labels, sound: Flags,
                currency: str) -> tuple[Mapping[int, Sequence[Remark]], Flags]:
    """Return remarks by row, and the rows to leave out of the calculation without refusing them.

    `written` is the qualifier as the file has it.
    """
    found: Found = defaultdict(list)
    refused = _several_buckets(crif, sound, found)
    _unlike_volatility(crif, sound & ~refused, found)
    _pairs(crif, written, sound, found)
    own = sound & crif.risk_type.is_any("Risk_FX") & crif.qualifier.is_any(currency)
    for row in np.flatnonzero(own).tolist():
        found[row].append(Remark("W03", "Qualifier", currency,
                                 "FX delta of the calculation currency: left out"))
    nameless = sound & crif.model.is_any(SCHEDULE_MODEL) & crif.trade.is_any("")
    for row in np.flatnonzero(nameless).tolist():
        found[row].append(Remark("E17", "TradeID", "", "a schedule row needs its trade, so that "
                                 "its value and notional belong together"))
    return found, _duplicates(crif, sound, found)


def _several_buckets(crif: Crif, sound: Flags, found: Found) -> Flags:
    """Refuse a qualifier that is not in one bucket throughout a risk type (E01)."""
    refused = np.zeros(len(crif), dtype=np.bool_)
    rows = np.flatnonzero(sound & crif.risk_type.is_any(*_BUCKETED))
    for together in _disagreeing(crif, rows, crif.risk_type.codes):
        held = sorted({crif.bucket[row] for row in together}, key=lambda b: (len(b), b))
        names = ", ".join(f"{crif.bucket[row]} ({_named(crif, row)})"
                          for row in together[:_NAMED_ROWS])
        more = f" and {len(together) - _NAMED_ROWS} more" if len(together) > _NAMED_ROWS else ""
        for row in together:
            refused[row] = True
            found[row].append(Remark(
                "E01", "Bucket", crif.bucket[row],
                f"{crif.qualifier[row]} is in buckets {' and '.join(held)}: {names}{more}"))
    return refused


def _unlike_volatility(crif: Crif, sound: Flags, found: Found) -> None:
    """Delta and vega of a qualifier should be in one bucket (W09)."""
    rows = np.flatnonzero(sound & crif.risk_type.is_any(*_BUCKETED))
    classes = np.array([_CLASS.get(name, -1) for name in crif.risk_type.names], dtype=np.int64)
    by_class = classes[crif.risk_type.codes] if len(classes) else crif.risk_type.codes
    for together in _disagreeing(crif, rows, by_class):
        for row in together:
            found[row].append(Remark("W09", "Bucket", crif.bucket[row],
                                     "delta and vega of the qualifier are in different buckets"))


def _disagreeing(crif: Crif, rows: Ints, kind: Ints) -> list[list[int]]:
    """Return the rows of each portfolio, kind and qualifier that has several buckets."""
    keys = [crif.portfolio.codes[rows], kind[rows], crif.qualifier.codes[rows]]
    first, group = grouped(keys)
    if not len(first):
        return []
    bucket = crif.bucket.codes[rows]
    differs = np.bincount(group, bucket != bucket[first][group], len(first)) > 0
    chosen = np.flatnonzero(differs[group])
    sets: dict[int, list[int]] = defaultdict(list)
    for place in chosen.tolist():
        sets[int(group[place])].append(int(rows[place]))
    return list(sets.values())


def _pairs(crif: Crif, written: Labels, sound: Flags, found: Found) -> None:
    """Note pairs written both ways: one factor (W05 on rows unlike the first)."""
    rows = np.flatnonzero(sound & crif.risk_type.is_any("Risk_FXVol"))
    first_way: dict[tuple[int, str], str] = {}
    for row in rows.tolist():
        way = written[row].upper().replace("/", "").replace("CNH", "CNY")
        key = int(crif.portfolio.codes[row]), crif.qualifier[row]
        if first_way.setdefault(key, way) != way:
            found[row].append(Remark("W05", "Qualifier", written[row],
                                     f"nets with {first_way[key]}"))


def _duplicates(crif: Crif, sound: Flags, found: Found) -> Flags:
    """Keep one multiplier or factor a product (W08); the first by TradeID, whatever the order."""
    ignored = np.zeros(len(crif), dtype=np.bool_)
    _multipliers_below_one(crif, sound, found)
    rows = np.flatnonzero(sound & crif.risk_type.is_any(MULTIPLIER, NOTIONAL_FACTOR))
    rows = np.array([row for row in rows.tolist() if row not in found or all(
        remark.code != "E13" for remark in found[row])], dtype=np.int64)
    kept: dict[tuple[str, ...], int] = {}
    for row in sorted(rows.tolist(), key=lambda r: (crif.trade[r], crif.usd[r], r)):
        key = (crif.portfolio[row], crif.risk_type[row], crif.qualifier[row],
               crif.collect[row], crif.post[row])
        first = kept.setdefault(key, row)
        if first != row:
            ignored[row] = True
            found[row].append(Remark(
                "W08", "Amount", f"{crif.usd[row]:g}",
                f"duplicate for {crif.qualifier[row]}: {crif.usd[first]:g} "
                f"({_named(crif, first)}) is kept"))
    return ignored


def _multipliers_below_one(crif: Crif, sound: Flags, found: Found) -> None:
    for row in np.flatnonzero(sound & crif.risk_type.is_any(MULTIPLIER)).tolist():
        if crif.usd[row] < 1:
            found[row].append(Remark("E13", "Amount", f"{crif.usd[row]:g}",
                                     "a multiplier below 1"))
    negative = sound & crif.risk_type.is_any(NOTIONAL_FACTOR, FIXED_ADD_ON) & (crif.usd < 0)
    for row in np.flatnonzero(negative).tolist():
        found[row].append(Remark("E13", "Amount", f"{crif.usd[row]:g}", "a negative add-on"))


def _named(crif: Crif, row: int) -> str:
    return f"line {int(crif.line[row])}" + (f", {crif.trade[row]}" if crif.trade[row] else "")
