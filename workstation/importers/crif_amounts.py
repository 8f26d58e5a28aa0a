"""The amount of each CRIF row in USD, and what is wrong with it."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from workstation.book.crif import Floats, Labels
from workstation.book.crif_findings import Remark
from workstation.importers import crif_words as words
from workstation.importers.crif_columns import Columns, without_null
from workstation.rulebooks.simm.vocabulary import MULTIPLIER, NOTIONAL_FACTOR

Flags = NDArray[np.bool_]
_CENT = 0.01
_RELATIVE = 1e-6
USD = "USD"


@dataclass(frozen=True, slots=True, eq=False)
class Amounts:
    """`amount` as stated and `usd`; NaN where a row has none. `remarks` by row."""

    amount: Floats
    usd: Floats
    remarks: Mapping[int, tuple[Remark, ...]]


def amounts_in_usd(columns: Columns, risk_type: Labels, rates: Mapping[str, float]) -> Amounts:
    """Return the amounts; `rates` are USD per unit of another currency.

    AmountUSD is used where both are stated.
    """
    amount, amount_bad = _numbers(columns.plain["amount"])
    stated, stated_bad = _numbers(columns.plain["amount_usd"])
    bare = risk_type.is_any(MULTIPLIER, NOTIONAL_FACTOR)
    rate = _of_currency(columns["currency"], {USD: 1.0, **rates})
    rate = np.where(bare, 1.0, rate)
    usd = np.where(np.isnan(stated), amount * rate, stated)
    odd = np.isnan(usd) | amount_bad | stated_bad | _contradicting(amount, stated, columns)
    unknown = ~_known_currency(columns["currency"])
    remarks = {int(row): tuple(_remarks(int(row), columns, (amount, stated), bool(bare[row])))
               for row in np.flatnonzero(odd | unknown)}
    return Amounts(np.where(np.isnan(amount), usd, amount), usd, remarks)


def _numbers(texts: Sequence[str]) -> tuple[Floats, Flags]:
    """Return the column as numbers (NaN where empty) and which cells are not plain numbers."""
    try:
        values = np.array(list(map(float, texts)), dtype=np.float64)
    except ValueError:
        pass
    else:
        if np.isfinite(values).all() and "_" not in "".join(texts):
            return values, np.zeros(len(values), dtype=np.bool_)
    stated = [without_null(text) for text in texts]
    read = [_number(text) for text in stated]
    bad = [text != "" and value is None for text, value in zip(stated, read, strict=True)]
    return (np.array([math.nan if value is None else value for value in read]),
            np.array(bad, dtype=np.bool_))


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) and "_" not in text else None


def _contradicting(amount: Floats, stated: Floats, columns: Columns) -> Flags:
    both = columns["currency"].is_any(USD)
    return np.asarray(both & (np.abs(amount - stated) > _CENT + _RELATIVE * np.abs(stated)))


def _known_currency(labels: Labels) -> Flags:
    known = [name == "" or name.upper() in words.CURRENCIES for name in labels.names]
    return np.array(known, dtype=np.bool_)[labels.codes]


def _of_currency(labels: Labels, rates: Mapping[str, float]) -> Floats:
    table = np.array([rates.get(name.upper(), math.nan) for name in labels.names])
    return np.asarray(table[labels.codes])


def _remarks(row: int, columns: Columns, numbers: tuple[Floats, Floats],
             bare: bool) -> Iterator[Remark]:
    amount, stated = (without_null(columns.plain[name][row]) for name in ("amount", "amount_usd"))
    currency = columns["currency"][row]
    if currency and currency.upper() not in words.CURRENCIES:
        yield Remark("E03", "AmountCurrency", currency, "not a currency code")
    elif not amount and not stated:
        yield Remark("E07", "AmountUSD", "", "neither AmountUSD nor Amount is stated")
    elif wrong := [(header, text) for header, text in (("AmountUSD", stated), ("Amount", amount))
                   if text and _number(text) is None]:
        yield Remark("E09", wrong[0][0], wrong[0][1], "not a finite plain number")
    elif not stated and not bare and np.isnan(numbers[0][row] * _usd(currency)):
        named = f"Amount is in {currency}" if currency else "Amount has no currency"
        yield Remark("E08", "AmountUSD", "", f"{named}, and no rate to USD is given")
    elif bool(_contradicts(numbers[0][row], numbers[1][row])) and currency.upper() == USD:
        yield Remark("E10", "AmountUSD", stated, f"contradicts Amount {amount}")


def _usd(currency: str) -> float:
    return 1.0 if currency.upper() == USD else math.nan


def _contradicts(amount: float, stated: float) -> bool:
    return abs(amount - stated) > _CENT + _RELATIVE * abs(stated)
