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
    correlation ONE OTHER to RHO             two risk roots, in simulated draws and in the tests
    parameter RULE NAME [ROW] [COLUMN] to NUMBER    another number in a rule edition
    edition RULE to NAME_OR_DATE             another edition of a rule; `edition all to DATE`
    knob KNOB to VALUE [in DESIGN]           of every design unless one is named

WHAT is a symbol, `on UNDERLYING`, `cell:PLACE` or `all`, then `in ACCOUNT` where only one account
is meant. Names that hold spaces stand in double quotes.
"""

from __future__ import annotations

import csv
import hashlib
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
    plain,
)
from workstation.book.what_if_terms import SetCorrelation, SetKnob, SetParameter, UseEdition
from workstation.cascade.factors import FactorMap
from workstation.harmonised.underlyings import RiskMap
from workstation.importers import import_file
from workstation.parameters.ruleset import RuleSet
from workstation.workspace.what_if_words import (
    NotSaidError,
    named_and_said,
    needed,
    number,
    percentage,
    selection,
    split_words,
)

SHOWN = 12
GRAMMAR = (__doc__ or "").partition("\n\n")[2]
SAID = {
    "add": "add QTY SYMBOL in ACCOUNT [at PRICE]", "scale": "scale WHAT by PERCENT",
    "close": "close WHAT", "move": "move WHAT to ACCOUNT",
    "roll": "roll WHAT to YYYY-MM-DD [at PRICE]", "mark": "mark WHAT at PRICE",
    "price": "price SYMBOL to LEVEL, or by PERCENT", "vol": "vol SYMBOL to PERCENT, or by POINTS",
    "add-from": "add-from FILE", "subtract": "subtract FILE",
    "correlation": "correlation SPX BTC to 0.5",
    "parameter": "parameter RULE NAME [ROW] [COLUMN] to NUMBER, such as parameter futures_rates "
                 "ES long to 25000",
    "edition": "edition RULE to NAME_OR_DATE, or edition all to DATE",
    "knob": "knob KNOB to VALUE [in DESIGN], such as knob tests.rho_min to 0.3",
}


def read_operation(text: str, book: Book) -> Operation:
    """Read one change; `book` says what its symbols and accounts are.

    Raises UnusableInputError with what was meant to stand there.
    """
    try:
        words = split_words(text)
    except ValueError as error:
        raise _refused(text, f"the quotes do not match ({error})", "close every quote") from error
    if not words or words[0].casefold() not in READERS:
        raise _refused(text, f"{words[0]!r} is not a change" if words else "nothing is said",
                       f"begin with one of: {', '.join(READERS)}")
    verb = words[0].casefold()
    try:
        return READERS[verb](words[1:], book)
    except (NotSaidError, InvalidOperation) as error:
        what = str(error) if isinstance(error, NotSaidError) else "a number was expected"
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


def _refused(text: str, what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem(f"What-if {text.strip()!r}", what, remedy))


# Verbs ------------------------------------------------------------------------------------


def _price(said: dict[str, str]) -> Decimal | None:
    return number(said["at"]) if "at" in said else None


def _add(words: Sequence[str], book: Book) -> Operation:
    named, said = named_and_said(words, "in", "at")
    if len(named) != 2:  # noqa: PLR2004 - quantity and symbol
        raise NotSaidError("a quantity and one symbol are needed")
    quantity, price = number(named[0]), _price(said)
    return added(book, named[1], quantity, needed(said, "in"), price)


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
        raise NotSaidError(f"{symbol!r} is not understood" + (f": {why[0]}" if why else ""))
    rows = read.book.market.underlyings if price is not None else {}
    return AddPosition(replace(found[0], account_id=account_id, where=""), tuple(rows.values()))


def _scale(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "in", "by")
    return ScaleBy(selection(named, said.get("in", "")), percentage(needed(said, "by")))


def _close(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "in")
    return ClosePositions(selection(named, said.get("in", "")))


def _move(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "in", "to")
    return MoveTo(selection(named, said.get("in", "")), needed(said, "to"))


def _roll(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "in", "to", "at")
    try:
        expiry = date.fromisoformat(needed(said, "to"))
    except ValueError:
        raise NotSaidError(f"{said['to']!r} is not a date") from None
    return RollTo(selection(named, said.get("in", "")), expiry, _price(said))


def _mark(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "in", "at")
    return MarkAt(selection(named, said.get("in", "")), number(needed(said, "at")))


def _to_or_by(words: Sequence[str], level: Callable[[str], Decimal]
              ) -> tuple[str, Decimal | None, Decimal | None]:
    named, said = named_and_said(words, "to", "by")
    if len(named) != 1 or len(said) != 1:
        raise NotSaidError("one symbol, then to or by, are needed")
    return (named[0], level(said["to"]) if "to" in said else None,
            percentage(said["by"]) if "by" in said else None)


def _move_price(words: Sequence[str], book: Book) -> Operation:
    symbol, to, by = _to_or_by(words, number)
    _known_root(symbol, book)
    return MovePrice(symbol, to, by)


def _move_volatility(words: Sequence[str], book: Book) -> Operation:
    symbol, to, by = _to_or_by(words, percentage)
    _known_root(symbol, book)
    return MoveVolatility(symbol, to, by)


def _known_root(symbol: str, book: Book) -> None:
    """Refuse a symbol that neither the market nor a position of the book knows."""
    known = {*map(plain, book.market.underlyings),
             *(plain(p.instrument.underlying) for p in book.positions),
             *(plain(p.instrument.symbol) for p in book.positions)}
    if plain(symbol) not in known:
        raise NotSaidError(f"the book has nothing on {symbol}")


def _file(sign: int) -> Callable[[Sequence[str], Book], Operation]:
    def read(words: Sequence[str], book: Book) -> Operation:
        if len(words) != 1:
            raise NotSaidError("one file is needed, in quotes where its name holds a space")
        path = Path(words[0])
        other = import_file(path, as_of=book.as_of).book
        if other is None:
            raise NotSaidError(f"{path.name} holds no positions")
        digest = hashlib.sha256(path.read_bytes()).hexdigest()
        return CombineWith(path.name, digest, sign, replace(other, name=path.name))

    return read


def _correlation(words: Sequence[str], book: Book) -> Operation:
    named, said = named_and_said(words, "to")
    if len(named) != 2:  # noqa: PLR2004 - two risk roots
        raise NotSaidError("two risk roots are needed")
    rho = percentage(needed(said, "to"))
    if not -1 <= rho <= 1:
        raise NotSaidError(f"a correlation of {rho} does not lie from -1 to 1")
    for name in named:
        _known_risk(name, book)
    return SetCorrelation(named[0], named[1], rho)


def _known_risk(symbol: str, book: Book) -> None:
    """Refuse a symbol whose risk root no position of the book has."""
    rules = RuleSet(book.as_of)
    risk = RiskMap.of_rules(rules)
    roots = {risk.of(p, book.market).name for p in book.positions}
    if FactorMap(rules).of(plain(symbol)) not in roots:
        raise NotSaidError(f"no position of the book has the risk of {symbol}; it has "
                           f"{', '.join(sorted(roots)[:SHOWN])}")


def _parameter(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "to")
    if not 2 <= len(named) <= 4:  # noqa: PLR2004 - rule, name, row, column
        raise NotSaidError("a rule and the name of its parameter are needed")
    return SetParameter(named[0], named[1], tuple(named[2:]), percentage(needed(said, "to")))


def _edition(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "to")
    if len(named) != 1:
        raise NotSaidError("one rule is needed")
    return UseEdition(named[0].casefold(), needed(said, "to"))


def _knob(words: Sequence[str], book: Book) -> Operation:
    _ = book
    named, said = named_and_said(words, "to", "in")
    if len(named) != 1:
        raise NotSaidError("one knob is needed")
    return SetKnob(named[0], needed(said, "to"), said.get("in", ""))


READERS: dict[str, Callable[[Sequence[str], Book], Operation]] = {
    "add": _add, "scale": _scale, "close": _close, "move": _move, "roll": _roll, "mark": _mark,
    "price": _move_price, "vol": _move_volatility, "add-from": _file(1), "subtract": _file(-1),
    "correlation": _correlation, "parameter": _parameter, "edition": _edition, "knob": _knob,
}
