"""How numbers are written and read: which signs separate thousands and decimals.

The style belongs to the thread that chose it: the window's. Reports and results are made on other
threads or by commands, and always written the same way, so that the same inputs give the same
bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextvars import ContextVar
from dataclasses import dataclass

THIN = "\N{NARROW NO-BREAK SPACE}"


@dataclass(frozen=True, slots=True)
class Numerals:
    """The signs between thousands and before decimals."""

    thousands: str
    decimal: str


PLAIN = Numerals(",", ".")
STYLES: Mapping[str, Numerals] = {
    "1,234.5": PLAIN, "1.234,5": Numerals(".", ","), "1 234,5": Numerals(THIN, ","),
    "1'234.5": Numerals("'", "."),
}
_IN_USE: ContextVar[Numerals] = ContextVar("numerals", default=PLAIN)


def use(style: Numerals) -> None:
    """Write numbers this way on this thread from now on."""
    _IN_USE.set(style)


def in_use() -> Numerals:
    """Return the style of this thread."""
    return _IN_USE.get()


def written(text: str) -> str:
    """Return a number written as `1,234.5` in the style in use."""
    style = _IN_USE.get()
    if style is PLAIN:
        return text
    return text.translate({ord(","): style.thousands, ord("."): style.decimal})


def plain(text: str) -> str:
    """Return text whose numbers follow the style in use with those numbers as `1234.5`."""
    style = _IN_USE.get()
    if style.decimal == ".":
        return text
    bare = text
    for sign in (style.thousands, THIN, "\N{NO-BREAK SPACE}"):
        bare = bare.replace(sign, "")
    return bare.replace(style.decimal, ".")


def chosen(name: str, system_decimal: str) -> Numerals:
    """Return a style by its name; `system` follows the decimal sign of the desktop."""
    by_system = STYLES["1.234,5"] if system_decimal == "," else PLAIN
    return STYLES.get(name, by_system)
