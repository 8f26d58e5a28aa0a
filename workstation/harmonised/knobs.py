"""The knobs a design may set, declared once: meaning, unit, bounds and default.

The window builds its design editor from `KNOBS`; a design that sets anything else is refused.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from workstation.base.resources import resource_root
from workstation.measures.stability import StressWindow

KnobKind = Literal["number", "integer", "choice", "flag", "texts"]
DATES = "dates"
PAIRS = "pairs"
STEPS = "steps"
KnobValue = Decimal | int | bool | str | tuple[str, ...]


class KnobValueError(ValueError):
    """A value that a knob does not accept, said in one sentence."""


@dataclass(frozen=True, slots=True)
class Knob:
    """One contested choice: its name in design files, what it means, and what it accepts."""

    name: str
    title: str
    help: str
    kind: KnobKind
    unit: str
    default: KnobValue
    section: str
    low: Decimal | None = None
    high: Decimal | None = None
    choices: tuple[str, ...] = ()

    def checked(self, value: object) -> KnobValue:
        """Return the value in the knob's own type; raises KnobValueError out of bounds."""
        match self.kind:
            case "flag":
                return self._flag(value)
            case "choice":
                return self._choice(value)
            case "texts":
                return self._texts(value)
            case _:
                return self._number(value)

    def _flag(self, value: object) -> bool:
        if not isinstance(value, bool):
            raise KnobValueError(f"{self.name} is {value!r} but must be true or false")
        return value

    def _choice(self, value: object) -> str:
        if value not in self.choices:
            allowed = ", ".join(self.choices)
            raise KnobValueError(f"{self.name} is {value!r} but must be one of {allowed}")
        return str(value)

    def _texts(self, value: object) -> tuple[str, ...]:
        if not isinstance(value, list | tuple) or not all(isinstance(v, str) for v in value):
            raise KnobValueError(f"{self.name} is {value!r} but must be a list of texts")
        for text in value:
            self._check_text(text)
        return tuple(value)

    def _check_text(self, text: str) -> None:
        if self.choices and text not in self.choices:
            allowed = ", ".join(self.choices)
            raise KnobValueError(f"{self.name} has {text!r} but knows only {allowed}")
        if self.unit == DATES:
            try:
                StressWindow.read(text)
            except ValueError:
                raise KnobValueError(f"{self.name} has {text!r} but a window reads "
                                     "2020-02-20..2020-04-30") from None
        if self.unit == PAIRS:
            _check_pair(self.name, text)
        if self.unit == STEPS:
            _check_step(self.name, text)

    def _number(self, value: object) -> Decimal | int:
        if isinstance(value, bool) or not isinstance(value, Decimal | int | float | str):
            raise KnobValueError(f"{self.name} is {value!r} but must be a number")
        try:
            number = Decimal(str(value))
        except InvalidOperation:
            raise KnobValueError(f"{self.name} is {value!r} but must be a number") from None
        self._within_bounds(number)
        if self.kind == "number":
            return number
        if number != int(number):
            raise KnobValueError(f"{self.name} is {number} but must be a whole number")
        return int(number)

    def _within_bounds(self, number: Decimal) -> None:
        low, high = self.low, self.high
        if not number.is_finite() or (low is not None and number < low) or (
                high is not None and number > high):
            raise KnobValueError(f"{self.name} is {number} but must lie from {low} to {high}")


def read_pair(text: str) -> tuple[str, str, float]:
    """Read `SPX~BTC=0.9`; raises ValueError on anything else."""
    names, _, figure = text.partition("=")
    one, _, other = names.partition("~")
    value = float(figure)
    if not one.strip() or not other.strip() or not -1 <= value <= 1:
        raise ValueError(text)
    return one.strip(), other.strip(), value


def read_step(text: str) -> tuple[float, float]:
    """Read `0.7=0.5`, a correlation and the share it earns; raises ValueError on anything else."""
    least, _, share = text.partition("=")
    step = float(least), float(share)
    if not -1 <= step[0] <= 1 or not 0 <= step[1] <= 1:
        raise ValueError(text)
    return step


def _check_step(knob: str, text: str) -> None:
    try:
        read_step(text)
    except ValueError:
        raise KnobValueError(f"{knob} has {text!r} but a step reads 0.7=0.5, a correlation and "
                             "a share") from None


def _check_pair(knob: str, text: str) -> None:
    try:
        read_pair(text)
    except ValueError:
        raise KnobValueError(f"{knob} has {text!r} but a pair reads SPX~BTC=0.9, from -1 to 1"
                             ) from None


def declared(path: Path) -> dict[str, Knob]:
    """Read the declared knobs, in the order in which an editor shows them."""
    raw: dict[str, Any] = tomllib.loads(path.read_text("utf-8"), parse_float=Decimal)
    knobs = [_single(item) for item in raw["knob"]]
    knobs += _scan_ranges(raw["scan"])
    knobs += _basis_charges(raw["basis"])
    knobs += _closing_times(raw["mpor"])
    return {knob.name: knob for knob in knobs}


def _single(item: Mapping[str, Any]) -> Knob:
    default = item["default"]
    kind: KnobKind = item["kind"]
    if kind == "number":
        default = Decimal(default)
    elif kind == "texts":
        default = tuple(default)
    return Knob(item["name"], item["title"], item["help"], kind, item["unit"], default,
                item["section"], _bound(item.get("low")), _bound(item.get("high")),
                tuple(item.get("choices", ())))


def _bound(value: Decimal | int | None) -> Decimal | None:
    return None if value is None else Decimal(value)


def _scan_ranges(table: Mapping[str, Any]) -> Iterator[Knob]:
    for row in table["classes"]:
        for side, high in (("down", table["high"]), ("up", table["high_up"])):
            yield Knob(
                f"scan.{row['name']}.{side}", f"{row['title']}, {side}",
                f"Largest move {side} of the scan for {row['title'].lower()}.", "number",
                table["unit"], Decimal(row[side]), "Scan ranges", Decimal(table["low"]),
                Decimal(high))


def _basis_charges(table: Mapping[str, Any]) -> Iterator[Knob]:
    for row in table["classes"]:
        yield Knob(
            f"basis.{row['name']}", f"Basis charge, {row['title'].lower()}",
            "Charged on the amount one wrapper offsets of another, never more than it saves.",
            "number", table["unit"], Decimal(row["charge"]), "Basis charges",
            Decimal(table["low"]), Decimal(table["high"]))


def _closing_times(table: Mapping[str, Any]) -> Iterator[Knob]:
    for row in table["classes"]:
        yield Knob(
            f"mpor.{row['name']}", f"Closing time, {row['title'].lower()}",
            "Dates over which positions of this class are taken to be closed (margin period of "
            "risk).", "integer", table["unit"], int(row["days"]), "Closing times",
            Decimal(table["low"]), Decimal(table["high"]))


KNOBS: Mapping[str, Knob] = declared(resource_root() / "designs" / "declared" / "knobs.toml")
