"""Decide which column of a table is which field, all columns at once, with reasons."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from rapidfuzz import fuzz

from workstation.base.identifiers import (
    cusip_is_valid,
    figi_is_valid,
    isin_is_valid,
    sedol_is_valid,
)
from workstation.importers import words
from workstation.importers.assignment import best_assignment
from workstation.importers.dates import day
from workstation.importers.figures import Fault, figure, thirty_seconds
from workstation.importers.imported import ColumnChoice
from workstation.importers.sheets import Cell, is_blank, text_of
from workstation.importers.vocabulary import field_words, header_words, spellings

SURE = 0.75
EXACT, SYNONYM, PART = 1.0, 0.95, 0.94
PER_RANK = 0.002
FUZZY_FLOOR, FUZZY_BASE, FUZZY_SPAN = 88.0, 0.6, 0.15
SHORTEST_FUZZY = 5
PROFILE, SIDE_PROFILE, PROFILE_SHARE = 0.8, 0.7, 0.8
HELD_FOR = re.compile(r"term|holding|period|tax|gain|lot", re.IGNORECASE)
"""Headers of columns that say for how long a lot was held."""
SAMPLE = 40
FEW, UNFIT, EMPTY = 0.34, 0.3, 0.8
NUMBERS = frozenset({
    "quantity", "qty_long", "qty_short", "price", "market_value", "cost", "unrealized",
    "fx_rate", "multiplier", "strike", "underlying_price", "iv", "delta", "haircut",
    "notional", "fixed_rate", "spread_bp",
})
DATES = frozenset({"as_of", "expiry", "maturity", "effective"})


@dataclass(frozen=True, slots=True)
class ColumnMap:
    """Columns by field, columns without a field, and the choice made for each."""

    fields: Mapping[str, int]
    unknown: tuple[int, ...]
    choices: tuple[ColumnChoice, ...]


def choose_columns(headers: Sequence[str], columns: Sequence[Sequence[Cell]],
                   where: Callable[[int], str],
                   given: Mapping[int, str] | None = None, extras: frozenset[int] = frozenset(),
                   decided: frozenset[int] = frozenset()) -> ColumnMap:
    """Assign fields to columns; `given` fixes some columns (by number), `extras` have none.

    Columns are fixed because a layout knows them, or because they were `decided`.
    """
    fixed = dict(given or {})
    open_columns = [i for i, text in enumerate(headers)
                    if text and i not in fixed and i not in extras]
    fields = [entry.field for entry in field_words() if entry.field not in fixed.values()]
    scored = [[_score(headers[i], field, columns[i]) for field in fields] for i in open_columns]
    taken = best_assignment([[score for score, _ in row] for row in scored])
    chosen: dict[int, tuple[str, float, str]] = {
        i: (field, EXACT, "decided" if i in decided else "known layout")
        for i, field in fixed.items()}
    for i, row, field_number in zip(open_columns, scored, taken, strict=True):
        if field_number is not None:
            chosen[i] = (fields[field_number], *row[field_number])
    return _mapping(headers, chosen, where)


def _mapping(headers: Sequence[str], chosen: Mapping[int, tuple[str, float, str]],
             where: Callable[[int], str]) -> ColumnMap:
    choices = []
    for i, header in enumerate(headers):
        field, confidence, reason = chosen.get(i, ("", 0.0, "no such field; kept as an extra"))
        if header:
            choices.append(ColumnChoice(where(i), header, field, round(confidence, 3), reason))
    return ColumnMap(
        {field: i for i, (field, _, _) in chosen.items()},
        tuple(i for i, header in enumerate(headers) if header and i not in chosen),
        tuple(choices),
    )


def _score(header: str, field: str, cells: Sequence[Cell]) -> tuple[float, str]:
    base, reason = _by_name(header, field)
    if base == 0:
        return _by_profile(header, field, cells)
    fit, doubt = _by_values(field, cells)
    return base * fit, reason + doubt


def _by_name(header: str, field: str) -> tuple[float, str]:
    entry = next(item for item in field_words() if item.field == field)
    written = spellings(header)
    for order, spelling in enumerate(written):
        if spelling in entry.words:
            rank = entry.words.index(spelling)
            base = SYNONYM if rank else EXACT
            return base - PER_RANK * rank - (EXACT - PART if order else 0), (
                "header is the field's name" if not rank else "header is a known synonym")
    if any(spelling in header_words() for spelling in written):
        return 0.0, ""  # It has a meaning of its own: SD Quantity is no misspelt Sold Quantity.
    return _nearly(written, entry.words, header)


def _by_profile(header: str, field: str, cells: Sequence[Cell]) -> tuple[float, str]:
    """Tell identifiers by their check digits, and sides by their words, under any header.

    Long and short may also be how long a lot was held, so a side is never told for sure.
    """
    test = _CHECKED.get(field)
    if test is None and (field != "side" or HELD_FOR.search(header)):
        return 0.0, ""
    filled = [text_of(cell).upper() for cell in cells[:SAMPLE] if not is_blank(cell)]
    hits = [text for text in filled if (test or words.is_clear_side)(text)]
    if not filled or len(hits) < PROFILE_SHARE * len(filled):
        return 0.0, ""
    if field == "side":
        return SIDE_PROFILE, "its values are words for long and short"
    return PROFILE, "its values have the check digits of one"


def _nearly(written: Sequence[str], known: Sequence[str], header: str) -> tuple[float, str]:
    spelling = written[0] if written else ""
    if len(spelling) >= SHORTEST_FUZZY:
        best = max((fuzz.ratio(spelling, word) for word in known), default=0.0)
        if best >= FUZZY_FLOOR:
            share = (best - FUZZY_FLOOR) / (100 - FUZZY_FLOOR)
            return FUZZY_BASE + FUZZY_SPAN * share, "header resembles a known name"
    return 0.0, ""


def _by_values(field: str, cells: Sequence[Cell]) -> tuple[float, str]:
    """Return how well the values fit a field: 1 fits, less for values of another kind."""
    filled = [cell for cell in cells[:SAMPLE] if not is_blank(cell)]
    if not filled:
        return EMPTY, ", column empty"
    test = _TESTS.get(field) or (_number if field in NUMBERS else _date if field in DATES else None)
    if test is None:
        return 1.0, ""
    share = sum(map(test, filled)) / len(filled)
    return (1.0, ", values fit") if share >= FEW else (UNFIT, ", values do not fit")


def _number(cell: Cell) -> bool:
    if not isinstance(figure(cell), Fault) or thirty_seconds(cell) is not None:
        return True
    return isinstance(cell, str) and not isinstance(figure(cell, comma=True), Fault)


def _date(cell: Cell) -> bool:
    return not isinstance(day(cell), Fault) or not isinstance(day(cell, "dmy"), Fault)


def _currency(cell: Cell) -> bool:
    text = text_of(cell)
    return text.upper() in words.CURRENCIES or text.upper() in ("BTC", "ETH", "USDT", "USDC")


def _account_type(cell: Cell) -> bool:
    return words.account_type(text_of(cell)) is not None


def _asset_class(cell: Cell) -> bool:
    return words.asset_class(text_of(cell)) is not None


def _pays(cell: Cell) -> bool:
    return text_of(cell).casefold() in ("pay", "receive", "payer", "receiver", "p", "r", "rec")


_CHECKED: Mapping[str, Callable[[str], bool]] = {
    "isin": isin_is_valid, "cusip": cusip_is_valid, "sedol": sedol_is_valid, "figi": figi_is_valid}
_TESTS: Mapping[str, Callable[[Cell], bool]] = {
    "currency": _currency,
    "account_type": _account_type,
    "asset_class": _asset_class,
    "side": lambda cell: words.side(text_of(cell)) is not None,
    "put_call": lambda cell: words.right(text_of(cell)) is not None,
    "pay_receive": _pays,
}
