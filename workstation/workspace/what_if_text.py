"""What-if changes as text, one a line, as the command line, files and the window write them.

    add QTY SYMBOL in ACCOUNT [at PRICE]     buy (sell short where negative) at the mark
    scale WHAT by PERCENT                    50% is half, -100% the opposite
    close WHAT
    move WHAT to ACCOUNT
    roll WHAT to YYYY-MM-DD [at PRICE]       futures and options
    mark WHAT at PRICE                       the positions' own price; nothing else moves
    price SYMBOL to LEVEL | by PERCENT       everything on the same risk root moves
    vol SYMBOL to PERCENT | by POINTS        the options on the same risk root
    add-from FILE | subtract FILE            the positions of another file

WHAT is a symbol, `on UNDERLYING`, `cell:PLACE` or `all`, then `in ACCOUNT` where only one account
is meant. Names that hold spaces stand in double quotes.
"""

from __future__ import annotations

import csv
import hashlib
import shlex
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError, reason_of
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if import (
    AddPosition,
    ClosePositions,
    CombineWith,
    MarkAt,
    MovePrice,
    MoveTo,
    MoveVolatility,
    Operation,
    RollTo,
    ScaleBy,
    Selection,
    plain,
)
from workstation.importers import import_file

GRAMMAR = (__doc__ or "").partition("\n\n")[2]
HUNDRED = Decimal(100)
SAID = {
    "add": "add QTY SYMBOL in ACCOUNT [at PRICE]", "scale": "scale WHAT by PERCENT",
    "close": "close WHAT", "move": "move WHAT to ACCOUNT",
    "roll": "roll WHAT to YYYY-MM-DD [at PRICE]", "mark": "mark WHAT at PRICE",
    "price": "price SYMBOL to LEVEL, or by PERCENT", "vol": "vol SYMBOL to PERCENT, or by POINTS",
    "add-from": "add-from FILE", "subtract": "subtract FILE",
}


def read_operation(text: str, book: Book) -> Operation:
    """Read one change; `book` says what its symbols and accounts are.

    Raises UnusableInputError with what was meant to stand there.
    """
    try:
        words = _words(text)
    except ValueError as error:
        raise _refused(text, f"the quotes do not match ({error})", "close every quote") from error
    if not words or words[0].casefold() not in READERS:
        raise _refused(text, f"{words[0]!r} is not a change" if words else "nothing is said",
                       f"begin with one of: {', '.join(READERS)}")
    verb = words[0].casefold()
    try:
        return READERS[verb](words[1:], book)
    except (_NotSaidError, InvalidOperation) as error:
        what = str(error) if isinstance(error, _NotSaidError) else "a number was expected"
        raise _refused(text, what, f"write: {SAID[verb]}") from error


def read_operations(path: Path) -> tuple[str, ...]:
    """Return the changes in a file, one a line; blank lines and lines after # are left."""
    try:
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(Problem(str(path), f"cannot be read ({reason_of(error)})",
                                         "give a text file of one change a line")) from error
    said = (line.strip() for line in lines)
    return tuple(line for line in said if line and not line.startswith("#"))


class _NotSaidError(Exception):
    """What is missing or not understood in a change."""


def _refused(text: str, what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem(f"What-if {text.strip()!r}", what, remedy))


# Words ------------------------------------------------------------------------------------


def _words(text: str) -> list[str]:
    """Split at spaces outside double quotes; a backslash is one, as in Windows paths."""
    lexer = shlex.shlex(text, posix=True)
    lexer.whitespace_split, lexer.escape, lexer.commenters, lexer.quotes = True, "", "", '"'
    return list(lexer)


def _split(words: Sequence[str], *marks: str) -> tuple[list[str], dict[str, str]]:
    """Return the words before the first mark, and the word after each mark."""
    lower = [word.casefold() for word in words]
    first = min((lower.index(mark) for mark in marks if mark in lower), default=len(words))
    said: dict[str, str] = {}
    rest = list(words[first:])
    while rest:
        if len(rest) < 2 or rest[0].casefold() not in marks:  # noqa: PLR2004 - mark and its word
            raise _NotSaidError(f"{' '.join(rest)!r} is not understood")
        said[rest[0].casefold()] = rest[1]
        rest = rest[2:]
    return list(words[:first]), said


def _what(words: Sequence[str], account: str = "") -> Selection:
    if not words:
        raise _NotSaidError("no position is named")
    if words[0].casefold() == "on" and len(words) == 2:  # noqa: PLR2004 - on UNDERLYING
        return Selection("underlying", words[1], account)
    if len(words) != 1:
        raise _NotSaidError(f"{' '.join(words)!r} is several words; put a name in quotes")
    name = words[0]
    if name.casefold() == "all":
        return Selection("all", "", account)
    if name.casefold().startswith("cell:"):
        return Selection("cell", name[len("cell:"):], account)
    return Selection("symbol", name, account)


def _number(text: str) -> Decimal:
    value = Decimal(text.replace(",", "").replace("_", ""))
    if not value.is_finite():
        raise _NotSaidError(f"{text!r} is not a number")
    return value


def _percent(text: str) -> Decimal:
    """Read 50% or 0.5, the percentage sign deciding."""
    return _number(text[:-1]) / HUNDRED if text.endswith("%") else _number(text)


def _needed(said: dict[str, str], mark: str) -> str:
    if mark not in said:
        raise _NotSaidError(f"{mark!r} is missing")
    return said[mark]


def _price(said: dict[str, str]) -> Decimal | None:
    return _number(said["at"]) if "at" in said else None


# Verbs ------------------------------------------------------------------------------------


def _add(words: Sequence[str], book: Book) -> Operation:
    named, said = _split(words, "in", "at")
    if len(named) != 2:  # noqa: PLR2004 - quantity and symbol
        raise _NotSaidError("a quantity and one symbol are needed")
    quantity, price = _number(named[0]), _price(said)
    return added(book, named[1], quantity, _needed(said, "in"), price)


def added(book: Book, symbol: str, quantity: Decimal, account_id: str, price: Decimal | None
          ) -> AddPosition:
    """Return the addition of a symbol: as the book holds it, or else as the importer reads it."""
    held = next((p for p in book.positions if plain(p.instrument.symbol) == plain(symbol)), None)
    if held is not None:
        return AddPosition(Position(account_id, held.instrument, quantity,
                                    held.price if price is None else price, ""))
    return _imported(book, symbol, quantity, account_id, price)


def _imported(book: Book, symbol: str, quantity: Decimal, account_id: str,
              price: Decimal | None) -> AddPosition:
    """Let the importer say what a symbol is, from a table of one row."""
    with tempfile.TemporaryDirectory(prefix="crossmargin-") as folder:
        path = Path(folder) / "what-if.csv"
        with path.open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file)
            writer.writerow(["account_id", "symbol", "quantity", "price"])
            writer.writerow([account_id, symbol, quantity, "" if price is None else price])
        read = import_file(path, as_of=book.as_of)
    found = read.book.positions if read.book is not None else ()
    if read.book is None or not found:
        why = [e.what for e in read.book.excluded] if read.book is not None else []
        why += [p.what for p in read.problems if p.severity == "error"]
        raise _NotSaidError(f"{symbol!r} is not understood" + (f": {why[0]}" if why else ""))
    rows = read.book.market.underlyings if price is not None else {}
    return AddPosition(replace(found[0], account_id=account_id, where=""), tuple(rows.values()))


def _scale(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = _split(words, "in", "by")
    return ScaleBy(_what(named, said.get("in", "")), _percent(_needed(said, "by")))


def _close(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = _split(words, "in")
    return ClosePositions(_what(named, said.get("in", "")))


def _move(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = _split(words, "in", "to")
    return MoveTo(_what(named, said.get("in", "")), _needed(said, "to"))


def _roll(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = _split(words, "in", "to", "at")
    try:
        expiry = date.fromisoformat(_needed(said, "to"))
    except ValueError:
        raise _NotSaidError(f"{said['to']!r} is not a date") from None
    return RollTo(_what(named, said.get("in", "")), expiry, _price(said))


def _mark(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = _split(words, "in", "at")
    return MarkAt(_what(named, said.get("in", "")), _number(_needed(said, "at")))


def _to_or_by(words: Sequence[str], level: Callable[[str], Decimal]
              ) -> tuple[str, Decimal | None, Decimal | None]:
    named, said = _split(words, "to", "by")
    if len(named) != 1 or len(said) != 1:
        raise _NotSaidError("one symbol, then to or by, are needed")
    return (named[0], level(said["to"]) if "to" in said else None,
            _percent(said["by"]) if "by" in said else None)


def _move_price(words: Sequence[str], book: Book) -> Operation:
    symbol, to, by = _to_or_by(words, _number)
    _known_root(symbol, book)
    return MovePrice(symbol, to, by)


def _move_volatility(words: Sequence[str], book: Book) -> Operation:
    symbol, to, by = _to_or_by(words, _percent)
    _known_root(symbol, book)
    return MoveVolatility(symbol, to, by)


def _known_root(symbol: str, book: Book) -> None:
    """Refuse a symbol that neither the market nor a position of the book knows."""
    known = {*map(plain, book.market.underlyings),
             *(plain(p.instrument.underlying) for p in book.positions),
             *(plain(p.instrument.symbol) for p in book.positions)}
    if plain(symbol) not in known:
        raise _NotSaidError(f"the book has nothing on {symbol}")


def _file(sign: int) -> Callable[[Sequence[str], Book], Operation]:
    def read(words: Sequence[str], book: Book) -> Operation:
        if len(words) != 1:
            raise _NotSaidError("one file is needed, in quotes where its name holds a space")
        path = Path(words[0])
        other = import_file(path, as_of=book.as_of).book
        if other is None:
            raise _NotSaidError(f"{path.name} holds no positions")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return CombineWith(path.name, digest, sign, replace(other, name=path.name))

    return read


READERS: dict[str, Callable[[Sequence[str], Book], Operation]] = {
    "add": _add, "scale": _scale, "close": _close, "move": _move, "roll": _roll, "mark": _mark,
    "price": _move_price, "vol": _move_volatility, "add-from": _file(1), "subtract": _file(-1),
}
