"""The words a what-if change is written in: names in quotes, marks with their word, numbers."""

from __future__ import annotations

import shlex
from collections.abc import Sequence
from decimal import Decimal

from workstation.book.what_if import Selection

HUNDRED = Decimal(100)


class NotSaidError(Exception):
    """What is missing or not understood in a change."""


def split_words(text: str) -> list[str]:
    """Split at spaces outside double quotes; a backslash is one, as in Windows paths."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters, lexer.quotes = True, "", "", '"'
    return list(lexer)


def named_and_said(words: Sequence[str], *marks: str) -> tuple[list[str], dict[str, str]]:
    """Return the words before the first mark, and the word after each mark; raises NotSaidError."""
    lower = [word.casefold() for word in words]
    first = min((lower.index(mark) for mark in marks if mark in lower), default=len(words))
    said: dict[str, str] = {}
    rest = list(words[first:])
    while rest:
        if len(rest) < 2 or rest[0].casefold() not in marks:  # noqa: PLR2004 - mark and its word
            raise NotSaidError(f"{' '.join(rest)!r} is not understood")
        said[rest[0].casefold()] = rest[1]
        rest = rest[2:]
    return list(words[:first]), said


def selection(words: Sequence[str], account: str = "") -> Selection:
    """Read which positions are meant; raises NotSaidError."""
    if not words:
        raise NotSaidError("no position is named")
    if words[0].casefold() == "on" and len(words) == 2:  # noqa: PLR2004 - on UNDERLYING
        return Selection("underlying", words[1], account)
    if len(words) != 1:
        raise NotSaidError(f"{' '.join(words)!r} is several words; put a name in quotes")
    name = words[0]
    if name.casefold() == "all":
        return Selection("all", "", account)
    if name.casefold().startswith("cell:"):
        return Selection("cell", name[len("cell:"):], account)
    return Selection("symbol", name, account)


def number(text: str) -> Decimal:
    """Read a number, thousands parted or not; raises NotSaidError and InvalidOperation."""
    value = Decimal(text.replace(",", "").replace("_", ""))
    if not value.is_finite():
        raise NotSaidError(f"{text!r} is not a number")
    return value


def percentage(text: str) -> Decimal:
    """Read 50% or 0.5, the percentage sign deciding."""
    return number(text[:-1]) / HUNDRED if text.endswith("%") else number(text)


def needed(said: dict[str, str], mark: str) -> str:
    """Return the word after a mark; raises NotSaidError where it is missing."""
    if mark not in said:
        raise NotSaidError(f"{mark!r} is missing")
    return said[mark]
