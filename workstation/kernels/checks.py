"""What every kernel may be given, checked by name and shape before any loop runs.

A column reads "kind sizes": f numbers, b booleans, i places, w whole numbers, r rows of numbers
(which may be one and the same row in memory), p profits (checked for NaN by the kernel as it reads
them), o and u output.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any

import numpy as np

_TYPES = {"f": np.float64, "r": np.float64, "p": np.float64, "o": np.float64, "b": np.bool_,
          "i": np.intp, "w": np.int64, "u": np.int64}
_FINITE = frozenset("fr")
_WRITTEN = frozenset("ou")
_OPTION = {"spot": "f n", "strike": "f n", "years": "f n", "rate": "f n", "carry": "f n",
           "volatility": "f n", "is_call": "b n"}
_SCENARIOS = {"price_moves": "r n s", "volatility_factors": "r n s"}
_OUT = {"out": "o n s"}
COLUMNS: dict[str, Mapping[str, str]] = {
    "european_values": {**_OPTION, **_SCENARIOS, **_OUT},
    "european_pnl": {**_OPTION, "size": "f n", **_SCENARIOS, **_OUT},
    "inverse_values": {**_OPTION, **_SCENARIOS, **_OUT},
    "inverse_pnl": {**_OPTION, "size": "f n", **_SCENARIOS, **_OUT},
    "european_greeks": {**_OPTION, **_SCENARIOS, "out": "o 4 n s"},
    "bachelier_values": {"forward": "f n", "strike": "f n", "years": "f n", "rate": "f n",
                         "volatility": "f n", "is_call": "b n", "price_shifts": "r n s",
                         "volatility_factors": "r n s", **_OUT},
    "american_values": {**_OPTION, **_SCENARIOS, **_OUT},
    "tree_values": {**_OPTION, **_SCENARIOS, "first": "i n+1", "dividend_years": "f d",
                    "dividend_amounts": "f d", **_OUT},
    "aggregate": {"unit_pnl": "p n s", "quantity": "f n", "group": "i n", "out": "o g s"},
    "offset_gains": {"group_pnl": "p n s", "recognised": "f n", "group": "i n", "out": "o g s"},
    "worst_without_each": {"pnl": "p n s", "total": "f s", "out": "o n"},
    "shortfall_without_each": {"pnl": "p n s", "total": "f s", "out": "o n"},
    "pair_sums": {"value": "f n", "risk": "f n", "first": "i g+1", "others": "o n",
                  "slope": "o n"},
    "best_pairs": {"supply": "w a", "demand": "w b", "of_supply": "w p", "of_demand": "w p",
                   "saving": "w p", "units": "u p", "supply_price": "u a", "demand_price": "u b"},
    "cascade_paths": {"positions": "f n k", "rows": "f 9 n", "owner": "i n", "firm": "i n",
                      "market": "f 3 k", "correlation": "f k k", "root": "f k k",
                      "level": "f b", "watched": "i b", "lasting": "w b", "covers": "b b k",
                      "lent": "i r", "worth": "f r", "delay": "w r",
                      "rules": "f 17", "equity": "o p n", "first_call": "u p n",
                      "first_sale": "u p n", "price": "o p k", "steps": "u p"},
}
COIN_SETTLED = frozenset({"inverse_values", "inverse_pnl"})
# A kernel's argument whose entries are places among another's.
_PLACES = {"first": "n", "group": "g", "of_supply": "a", "of_demand": "b", "owner": "n",
           "firm": "n", "watched": "k", "lent": "n"}


def checked(kernel: Callable[..., None], columns: Mapping[str, str]) -> Callable[..., None]:
    """Return the kernel behind a check of its arguments."""
    names = tuple(columns)

    @wraps(kernel)
    def guarded(*given: Any, **named: Any) -> None:
        arrays = dict(zip(names, given, strict=False)) | named
        check(arrays, columns)
        if kernel.__name__ in COIN_SETTLED:
            check_coin(arrays)
        if "risk" in columns and (arrays["risk"] <= 0).any():
            raise ValueError(f"risk {arrays['risk'].shape} must be above zero: factors are "
                             "compared by ratio")
        kernel(*given, **named)
        _seen(arrays, columns)

    return guarded


def check(arrays: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Refuse arguments a kernel cannot read: a TypeError or ValueError naming the argument."""
    sizes: dict[str, int] = {}
    for name, column in columns.items():
        if name not in arrays:
            raise TypeError(f"{name} is missing")
        kind, *dimensions = column.split()
        _readable(name, arrays[name], kind, len(dimensions))
        _sized(name, arrays[name].shape, dimensions, sizes)
    sizes["n"] = sizes.get("d", sizes.get("n", 0))
    for name in _PLACES.keys() & columns.keys():
        _placed(name, arrays[name], sizes[_PLACES[name]])
    for name in ("supply", "demand"):
        if name in columns and (arrays[name] < 0).any():
            raise ValueError(f"{name} {arrays[name].shape} holds negative units")


def check_coin(arrays: Mapping[str, Any]) -> None:
    """Refuse a worthless coin: a put settled in it would pay infinitely many."""
    spot, moves = arrays["spot"], arrays["price_moves"]
    if (spot <= 0).any():
        raise ValueError(f"spot {spot.shape} must be above zero: the contract is settled in it")
    if (_distinct(moves) <= -1).any():
        raise ValueError(f"price_moves {moves.shape} must lie above -1: the contract is settled "
                         "in the coin")


def _readable(name: str, array: Any, kind: str, dimensions: int) -> None:
    wanted = np.dtype(_TYPES[kind])
    if not isinstance(array, np.ndarray) or array.dtype != wanted:
        what = array.dtype if isinstance(array, np.ndarray) else type(array).__name__
        raise TypeError(f"{name} must be an array of {wanted}, not {what}")
    if array.ndim != dimensions:
        raise ValueError(f"{name} has shape {array.shape}: {dimensions} dimensions are needed")
    laid_out = array.flags.c_contiguous or (kind == "r" and _rows_in_order(array))
    if not laid_out:
        raise ValueError(f"{name} {array.shape} must be contiguous: the scenarios of one row must "
                         "lie next to each other in memory")
    if kind in _WRITTEN and not array.flags.writeable:
        raise ValueError(f"{name} {array.shape} cannot be written to")
    if kind in _FINITE and not np.isfinite(_distinct(array)).all():
        raise ValueError(f"{name} {array.shape} holds NaN or infinite numbers")


def _rows_in_order(rows: np.ndarray[Any, Any]) -> bool:
    return rows.shape[1] <= 1 or rows.strides[1] == rows.itemsize


def _distinct(array: np.ndarray[Any, Any]) -> np.ndarray[Any, Any]:
    return array[:1] if array.ndim > 1 and array.strides[0] == 0 else array


def _sized(name: str, shape: tuple[int, ...], dimensions: list[str],
           sizes: dict[str, int]) -> None:
    for length, dimension in zip(shape, dimensions, strict=True):
        symbol, _, more = dimension.partition("+")
        own = length - int(more or 0)
        expected = int(symbol) if symbol.isdigit() else sizes.setdefault(symbol, own)
        if own != expected:
            raise ValueError(f"{name} has shape {shape}; {expected + int(more or 0)} entries are "
                             f"expected where it has {length}")


def _placed(name: str, places: np.ndarray[Any, Any], count: int) -> None:
    last = count if name == "first" else count - 1
    if len(places) and (places.min() < 0 or places.max() > last):
        raise ValueError(f"{name} {places.shape} must lie in 0 to {last}")
    if name == "first" and (np.diff(places) < 0).any():
        raise ValueError(f"{name} {places.shape} must not fall")


def _seen(arrays: Mapping[str, Any], columns: Mapping[str, str]) -> None:
    """Profits are too many to read twice: what is wrong with them shows in the sums."""
    profits = [name for name, column in columns.items() if column.startswith("p")]
    if profits and not np.isfinite(arrays["out"]).all():
        for name in profits:
            if not np.isfinite(arrays[name]).all():
                raise ValueError(f"{name} {arrays[name].shape} holds NaN or infinite numbers")
