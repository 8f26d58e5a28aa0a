"""Array records of expanded unpacked files, read in bulk: 81 and 82, or 83 and 84.

The second pair holds the same contract with eight digits an array value instead of five; all
columns after the values move with them. Columns named in comments are those of 81 and 82, one-based
and inclusive, as in the published layout.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from workstation.base.problem import Problem
from workstation.importers.span_prices import NO_PRICE
from workstation.rulebooks.span.contracts import CALL, PUT, SCENARIOS

WIDTH = 150
NEWLINE, RETURN, BLANK, ZERO, NINE, MINUS = 10, 13, 32, 48, 57, 45
EIGHT = 56
FIRST_VALUES, SECOND_VALUES, VALUES_FROM = 9, 7, 54
MOST_PROBLEMS = 20
KEY = slice(2, 54)
Bytes = NDArray[np.uint8]
SeriesOf = Callable[[str, str, str, str, str], int]


@dataclass(frozen=True, slots=True)
class Layout:
    """The digits that name a pair of records, and the width of an array value with its sign."""

    first: int
    second: int
    value_width: int

    @property
    def values_end(self) -> tuple[int, int]:
        """Return where the array values of the first and the second record end."""
        return (VALUES_FROM + FIRST_VALUES * self.value_width,
                VALUES_FROM + SECOND_VALUES * self.value_width)

    @property
    def needed(self) -> tuple[int, int]:
        """Return the columns a record must reach: its last value, its settlement sign."""
        first, second = self.values_end
        return first, second + 22


LAYOUTS = (Layout(ord("1"), ord("2"), 6), Layout(ord("3"), ord("4"), 9))


@dataclass(slots=True)
class RawContracts:
    """Columns as the file has them, block after block; prices and strikes not yet decoded."""

    series: list[NDArray[np.int32]] = field(default_factory=list)
    right: list[NDArray[np.uint8]] = field(default_factory=list)
    strike: list[NDArray[np.int64]] = field(default_factory=list)
    price: list[NDArray[np.int64]] = field(default_factory=list)
    priced: list[NDArray[np.bool_]] = field(default_factory=list)
    delta: list[NDArray[np.float64]] = field(default_factory=list)
    arrays: list[NDArray[np.float64]] = field(default_factory=list)


class ArrayReader:
    """Sorts blocks of lines into array records, read here, and others, handed back."""

    def __init__(self, name: str, series_of: SeriesOf) -> None:
        self.raw = RawContracts()
        self.problems: list[Problem] = []
        self.array_records = 0
        self.stop_line: int | None = None
        self._name = name
        self._series_of = series_of
        self._known: dict[bytes, int] = {}
        self._waiting: dict[bytes, tuple[Bytes, int]] = {}
        self._refused = 0

    def lines(self, block: bytes, first_line: int) -> Iterator[tuple[int, bytes]]:
        """Yield the other lines of a block with their numbers, then read its array records.

        Once `stop_line` is set nothing from there on is read.
        """
        data = np.frombuffer(block, np.uint8)
        ends = np.flatnonzero(data == NEWLINE)
        starts = np.concatenate(([0], ends[:-1] + 1))
        lengths = ends - starts
        lengths -= (lengths > 0) & (data[ends - 1] == RETURN)
        padded = np.concatenate((data, np.full(WIDTH, BLANK, np.uint8)))
        kinds = padded[starts + 1]
        is_array = ((padded[starts] == EIGHT) & (kinds >= LAYOUTS[0].first)
                    & (kinds <= LAYOUTS[-1].second) & (lengths > 1))
        for row in np.flatnonzero(~is_array).tolist():
            yield first_line + row, block[starts[row]:starts[row] + lengths[row]]
            if self.stop_line is not None:
                is_array[row:] = False
                break
        for layout in LAYOUTS:
            of_layout = (kinds >= layout.first) & (kinds <= layout.second)
            rows = np.flatnonzero(is_array & of_layout)
            if len(rows):
                self._read(layout, padded, starts[rows], lengths[rows], kinds[rows],
                           first_line + rows)

    def finish(self) -> None:
        """Name the records whose other half never came."""
        for _, line in self._waiting.values():
            self._refuse(line, "an array record without its other half (81 needs 82, 83 "
                         "needs 84)")
        if self._refused > MOST_PROBLEMS:
            self.problems.append(Problem(
                self._name, f"{self._refused - MOST_PROBLEMS} more array records could not be read",
                "download the file again; the contracts were left out"))

    def _read(self, layout: Layout, padded: Bytes, starts: NDArray[np.int64],
              lengths: NDArray[np.int64], kinds: Bytes, numbers: NDArray[np.int64]) -> None:
        self.array_records += len(starts)
        window = np.lib.stride_tricks.sliding_window_view(padded, WIDTH)
        text = window[starts]
        text[np.arange(WIDTH) >= lengths[:, None]] = BLANK
        needed = np.where(kinds == layout.first, *layout.needed)
        whole = lengths >= needed
        for line in numbers[~whole].tolist():
            self._refuse(line, "the array record is cut short")
        text, kinds, numbers = text[whole], kinds[whole], numbers[whole]
        paired = (kinds[:-1] == layout.first) & (kinds[1:] == layout.second)
        paired &= (text[:-1, KEY] == text[1:, KEY]).all(axis=1)
        first = np.flatnonzero(paired)
        self._pairs(layout, text[first], text[first + 1], numbers[first])
        alone = np.ones(len(text), np.bool_)
        alone[first] = alone[first + 1] = False
        for row in np.flatnonzero(alone).tolist():
            self._match(layout, text[row], int(kinds[row]), int(numbers[row]))

    def _match(self, layout: Layout, text: Bytes, kind: int, line: int) -> None:
        """Join the two halves of a contract that do not follow each other."""
        key = bytes((layout.first,)) + bytes(text[KEY])
        waiting = self._waiting.get(key)
        if waiting is None or waiting[0][1] == kind:
            if waiting is not None:
                self._refuse(line, f"a second record 8{chr(kind)} of the same contract")
            self._waiting[key] = (text.copy(), line)
            return
        del self._waiting[key]
        one, two = (text, waiting[0]) if kind == layout.first else (waiting[0], text)
        self._pairs(layout, one[None, :], two[None, :], np.array([line]))

    def _pairs(self, layout: Layout, one: Bytes, two: Bytes, numbers: NDArray[np.int64]) -> None:
        """Read whole contracts: `one` holds their first records, `two` their second ones."""
        if not len(one):
            return
        arrays, width = np.empty((len(one), SCENARIOS), np.float64), layout.value_width
        first_end, end = layout.values_end
        arrays[:, :FIRST_VALUES], bad = _values(one[:, VALUES_FROM:first_end], width)
        arrays[:, FIRST_VALUES:], bad_too = _values(two[:, VALUES_FROM:end], width)
        strike, bad_strike = digits(one[:, 47:54])  # 48-54
        delta, bad_delta = digits(two[:, end:end + 5])  # 97-101, four decimals
        price, bad_price = digits(two[:, end + 14:end + 21])  # 111-117
        long_price, bad_long = digits(one[:, first_end:first_end + 14])  # 109-122
        in_long_field = one[:, first_end + 14] == ord("Y")  # 123
        priced = np.where(in_long_field, ~bad_long, ~bad_price & (price != NO_PRICE))
        good = ~(bad | bad_too | bad_strike | bad_delta)
        for line in numbers[~good].tolist():
            self._refuse(line, "the array record holds something that is not a number")
        raw = self.raw
        raw.series.append(self._series(one[good]))
        raw.right.append(_right(one[good, 28]))
        raw.strike.append(_signed(strike, two[:, end + 22])[good])
        raw.price.append(_signed(np.where(in_long_field, long_price, price),
                                 two[:, end + 21])[good])
        raw.priced.append(priced[good])
        raw.delta.append(_signed(delta, two[:, end + 5])[good] / 10_000)
        raw.arrays.append(arrays[good])

    def _series(self, one: Bytes) -> NDArray[np.int32]:
        """Return the series of each contract; neighbours of one series are looked up once."""
        keys = np.concatenate((one[:, 2:15], one[:, 25:28], one[:, 29:46]), axis=1)
        numbers = np.empty(len(keys), np.int32)
        if not len(keys):
            return numbers
        changes = np.flatnonzero((keys[1:] != keys[:-1]).any(axis=1)) + 1
        bounds = [0, *changes.tolist(), len(keys)]
        for start, stop in zip(bounds[:-1], bounds[1:], strict=True):
            key = keys[start].tobytes()
            if key not in self._known:
                self._known[key] = self._look_up(key.decode("latin-1"))
            numbers[start:stop] = self._known[key]
        return numbers

    def _look_up(self, key: str) -> int:
        # exchange 3, family 10, type 3, future month 6 + day 2, blank, option month 6 + day 2
        return self._series_of(key[0:3].strip(), key[3:13].strip(), key[13:16].strip(),
                               key[16:24].strip(), key[25:33].strip())

    def _refuse(self, line: int, what: str) -> None:
        self._refused += 1
        if self._refused <= MOST_PROBLEMS:
            self.problems.append(Problem(
                f"{self._name} line {line}", what,
                "download the file again; the contract was left out"))


def digits(field_text: Bytes) -> tuple[NDArray[np.int64], NDArray[np.bool_]]:
    """Return fields of digits as whole numbers (blanks are noughts), and which are not digits."""
    blank = field_text == BLANK
    bad = (((field_text < ZERO) | (field_text > NINE)) & ~blank).any(axis=-1)
    values = np.where(blank, 0, field_text - ZERO).astype(np.int64)
    powers = 10 ** np.arange(field_text.shape[-1] - 1, -1, -1, dtype=np.int64)
    return values @ powers, bad


def _values(columns: Bytes, width: int) -> tuple[NDArray[np.float64], NDArray[np.bool_]]:
    """Read array values of digits and a trailing sign, `width` columns each."""
    cells = columns.reshape(len(columns), -1, width)
    value, bad = digits(cells[..., :-1])
    wrong: NDArray[np.bool_] = np.any(bad, axis=1)
    return _signed(value, cells[..., -1]).astype(np.float64), wrong


def _signed(value: NDArray[np.int64], sign: Bytes) -> NDArray[np.int64]:
    return np.where(sign == MINUS, -value, value)


def _right(letters: Bytes) -> NDArray[np.uint8]:
    right = np.zeros(len(letters), np.uint8)
    right[letters == ord("C")] = CALL
    right[letters == ord("P")] = PUT
    return right
