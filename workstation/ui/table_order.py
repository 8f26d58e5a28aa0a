"""Which rows of a table are shown, and in what order: permutations, never copies of rows."""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import TYPE_CHECKING, Any

from workstation.base.numerals import plain

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from workstation.results.table import Table

    Rows = NDArray[np.intp]

SortKey = tuple[int, bool]
"""Column and whether it runs from high to low."""

_DIGITS = re.compile(r"\d+")
LONGEST_NUMBER = 18
_CONDITION = re.compile(r"(>=|<=|<>|!=|>|<|=)\s*\(?(-?[\d,]*\.?\d+)\)?$")
_BETWEEN = re.compile(r"(-?[\d,]*\.?\d+)\s*\.\.\s*(-?[\d,]*\.?\d+)$")
_HOLDS: Mapping[str, Callable[[float, float], bool]] = {
    ">=": lambda value, limit: value >= limit, "<=": lambda value, limit: value <= limit,
    ">": lambda value, limit: value > limit, "<": lambda value, limit: value < limit,
    "=": lambda value, limit: value == limit, "<>": lambda value, limit: value != limit,
    "!=": lambda value, limit: value != limit,
}


def natural(text: str) -> str:
    """Return a key under which A10 comes after A9: digits padded to a common length."""
    return _DIGITS.sub(lambda found: found[0].zfill(LONGEST_NUMBER), text.casefold())


def column_key(table: Table, column: int) -> NDArray[np.float64]:
    """Return numbers that sort as the column reads, not-a-number for missing values."""
    import numpy as np

    values = list(map(attrgetter(table.columns[column].field), table.rows))
    if table.columns[column].numeric:
        return np.array(_floats(values), np.float64)
    texts = list(map(_text, values))
    rank = {v: i for i, v in enumerate(sorted(set(texts), key=natural))}
    return np.array([rank[text] for text in texts], np.float64)


def _floats(values: list[Any]) -> list[float]:
    try:
        return list(map(float, values))
    except TypeError:  # some are missing
        return [math.nan if value is None else float(value) for value in values]


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def sorted_rows(table: Table, rows: Rows, keys: Sequence[SortKey],
                known: dict[int, NDArray[np.float64]] | None = None) -> Rows:
    """Return the rows in the order of the keys, the first key first; ties keep file order.

    `known` keeps the columns' keys from one call to the next, as long as the table is the same.
    """
    import numpy as np

    if not keys or not len(rows):
        return rows
    found = {} if known is None else known
    for column, _ in keys:
        if column not in found:
            found[column] = column_key(table, column)
    if len(rows) < len(table.rows):
        found = {column: found[column][rows] for column, _ in keys}
    columns = [-found[c] if down else found[c] for c, down in reversed(keys)]
    place = np.lexsort(columns) if len(columns) > 1 else np.argsort(columns[0], kind="stable")
    order: Rows = rows[place]
    return order


def haystack(table: Table) -> list[str]:
    """Return the words of each row, in lower case, for searching anywhere."""
    fields = [c.field for c in table.columns if not c.numeric]
    return [" ".join(_text(getattr(row, f)) for f in fields).casefold() for row in table.rows]


def matching(table: Table, filters: Mapping[int, str], words: Sequence[str] = (),
             anywhere: str = "") -> Rows:
    """Return the rows, in file order, that pass every column filter and hold every word."""
    import numpy as np

    rows: Sequence[int] = range(len(table.rows))
    for word in anywhere.casefold().split():
        rows = [row for row in rows if word in words[row]]
    for column, text in filters.items():
        if text.strip():
            passes = _test(table, column, text.strip())
            rows = [row for row in rows if passes(row)]
    return np.array(rows, dtype=np.intp)


def _test(table: Table, column: int, text: str) -> Callable[[int], bool]:
    """Return the filter of one column: `>1000`, `-5..5`, `=0`, or text it must contain."""
    condition = _condition(plain(text)) if table.columns[column].numeric else None
    field = table.columns[column].field
    if condition is not None:
        passes = condition

        def by_number(row: int) -> bool:
            value = getattr(table.rows[row], field)
            return value is not None and passes(float(value))

        return by_number
    wanted = text.casefold()
    return lambda row: wanted in table.text(row, column).casefold()


def _condition(text: str) -> Callable[[float], bool] | None:
    between = _BETWEEN.match(text)
    if between:
        low, high = (_number(group) for group in between.groups())
        return lambda value: low <= value <= high
    compared = _CONDITION.match(text)
    if compared:
        holds, limit = _HOLDS[compared[1]], _number(compared[2])
        return lambda value: holds(value, limit)
    return None


def _number(text: str) -> float:
    return float(text.replace(",", ""))


def column_total(table: Table, column: int, rows: Sequence[int]) -> Decimal | None:
    """Return the sum of a column over some rows; None where it is not added up, or is empty."""
    if not table.columns[column].total:
        return None
    known = [v for v in _values(table, column, rows) if v is not None]
    if not known:
        return None
    if any(isinstance(v, float) for v in known):
        known = [Decimal(repr(v)) if isinstance(v, float) else v for v in known]
    return sum(known, Decimal(0))


def lacks_amounts(table: Table, column: int, rows: Sequence[int]) -> bool:
    """Say whether the sum of a column would pass for more than it is: a row has no amount."""
    declared = table.columns[column]
    return declared.total and declared.every and any(
        value is None for value in _values(table, column, rows))


def _values(table: Table, column: int, rows: Sequence[int]) -> list[Any]:
    get, all_rows = attrgetter(table.columns[column].field), table.rows
    if len(rows) == len(all_rows):
        return list(map(get, all_rows))
    return [get(all_rows[row]) for row in rows]
