"""The book of a what-if branch: the base with every change of the branch applied in turn.

Trades are done at the marks, without costs: what is bought is paid from the account's cash, what
is sold is paid into it, so that a trade alone leaves the client's worth where it was. Futures,
perpetuals and swaps settle their gains daily and cost nothing to enter. A move of price or
volatility revalues everything on the risk root, and pays settled gains into cash.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from decimal import Decimal
from functools import singledispatch

from workstation.base.money import money
from workstation.base.problem import Problem, UnusableInputError
from workstation.base.vocabulary import BASE
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if import (
    TYPED,
    AddPosition,
    Branch,
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
    TypedPosition,
    TypedUnderlying,
    branch_title,
)
from workstation.book.what_if_terms import TERMS
from workstation.lab.scenarios import Shock
from workstation.lab.stress import root_volatility, stressed
from workstation.market.market import with_underlying
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.sizing import sized
from workstation.workspace.branch_cash import rounded, settled_at_marks
from workstation.workspace.branch_files import combined
from workstation.workspace.branch_lots import with_lots
from workstation.workspace.branch_roll import repriced, rolled

WHERE = "What-if"


def branch_book(base: Book, branches: Sequence[Branch], name: str, rules: RuleSet) -> Book:
    """Return the book of a branch; the base itself where `name` is the base.

    Raises UnusableInputError where a change cannot be made to the book it meets, with its number.
    """
    if name == BASE:
        return base
    branch = branch_named(branches, name)
    book = branch_book(base, branches, branch.parent, rules)
    for number, step in enumerate(branch.steps, start=1):
        if step.counts:
            book = _applied(book, step.operation, rules, f"What-if {name}, change {number}")
    return replace(book, name=branch_title(base.name, name))


def branch_named(branches: Sequence[Branch], name: str) -> Branch:
    """Return a branch by name; raises UnusableInputError where there is none."""
    for branch in branches:
        if branch.name == name:
            return branch
    known = ", ".join(b.name for b in branches) or "none yet"
    raise UnusableInputError(Problem("What-if", f"there is no branch {name!r}",
                                     f"name one of: {known}"))


def _applied(book: Book, operation: Operation, rules: RuleSet, where: str) -> Book:
    if isinstance(operation, TERMS):
        return book  # `branch_terms` lays them over rules and designs
    try:
        after = _changed(operation, book, rules)
        return after if isinstance(operation, TYPED) else with_lots(
            book, after, operation.account_id if isinstance(operation, MoveTo) else "")
    except ValueError as refused:
        raise UnusableInputError(Problem(
            f"{where} ({operation})", str(refused), "mend or switch off the change")) from refused


@singledispatch
def _changed(operation: object, book: Book, rules: RuleSet) -> Book:
    """Return the book after one change; raises ValueError with the reason it cannot be made."""
    raise TypeError(f"{operation!r} is not a change of a branch")


@_changed.register
def _(operation: AddPosition, book: Book, rules: RuleSet) -> Book:
    _ = rules
    _known_account(book, operation.position.account_id)
    added = replace(operation.position, where=_free_place(book))
    rows = {**{row.symbol: row for row in operation.rows}, **book.market.underlyings}
    wider = replace(book, positions=(*book.positions, added),
                    market=replace(book.market, underlyings=rows))
    return settled_at_marks(book, wider)


@_changed.register
def _(operation: ScaleBy, book: Book, rules: RuleSet) -> Book:
    _ = rules
    return settled_at_marks(book, _each(
        book, operation.what, lambda p: p.resized(p.quantity * operation.factor)))


@_changed.register
def _(operation: ClosePositions, book: Book, rules: RuleSet) -> Book:
    _ = rules
    gone = {p.where for p in _chosen(book, operation.what)}
    return settled_at_marks(book, replace(
        book, positions=tuple(p for p in book.positions if p.where not in gone)))


@_changed.register
def _(operation: MoveTo, book: Book, rules: RuleSet) -> Book:
    _ = rules
    _known_account(book, operation.account_id)
    return _each(book, operation.what, lambda p: replace(p, account_id=operation.account_id))


@_changed.register
def _(operation: RollTo, book: Book, rules: RuleSet) -> Book:
    _ = rules
    if operation.expiry <= book.as_of:
        raise ValueError(f"{operation.expiry} is not after the review date {book.as_of}")

    after = _each(book, operation.what, lambda p: rolled(p, operation))
    return settled_at_marks(book, repriced(book, after, operation))


@_changed.register
def _(operation: MarkAt, book: Book, rules: RuleSet) -> Book:
    _ = rules
    if operation.price <= 0:
        raise ValueError(f"the price {operation.price} must be above zero")
    return _each(book, operation.what, lambda p: replace(p, price=operation.price))


@_changed.register
def _(operation: MovePrice, book: Book, rules: RuleSet) -> Book:
    return _marked(book, stressed(book, Shock(
        str(operation), {operation.symbol: _share(operation, book)}, {}, {}), rules))


@_changed.register
def _(operation: MoveVolatility, book: Book, rules: RuleSet) -> Book:
    change = operation.by
    if change is None:
        now = root_volatility(book, operation.symbol, rules)
        change = (operation.to or Decimal(0)) - money(now)
    return _marked(book, stressed(book, Shock(
        str(operation), {}, {}, {}, flat={operation.symbol: float(change)}), rules))


@_changed.register
def _(operation: CombineWith, book: Book, rules: RuleSet) -> Book:
    _ = rules
    return combined(book, sized(operation.other, rules.risk_files), operation.sign)


@_changed.register
def _(operation: TypedPosition, book: Book, rules: RuleSet) -> Book:
    _ = rules
    if all(p.where != operation.position.where for p in book.positions):
        raise ValueError(f"there is no position at {operation.position.where} any more")
    return with_positions(book, [operation.position])


@_changed.register
def _(operation: TypedUnderlying, book: Book, rules: RuleSet) -> Book:
    _ = rules
    return replace(book, market=with_underlying(
        book.market, operation.symbol, price=operation.price, iv=operation.iv))


def with_positions(book: Book, positions: Sequence[Position]) -> Book:
    """Return the book with positions typed over; market rows taken from them follow."""
    changed = {p.where: p for p in positions}
    rows = dict(book.market.underlyings)
    for position in positions:
        row = rows.get(position.instrument.symbol)
        if row is not None and row.where == position.where and position.price is not None:
            rows[row.symbol] = replace(row, price=position.price)
    market = book.market if rows == book.market.underlyings else replace(
        book.market, underlyings=rows)
    return replace(book, market=market, positions=tuple(
        changed.get(p.where, p) for p in book.positions))


def _marked(before: Book, after: Book) -> Book:
    """Round the marks a move computed, as an analyst would write them."""
    return replace(after, positions=tuple(
        new if new.price is None or new.price == old.price else replace(
            new, price=rounded(new.price))
        for old, new in zip(before.positions, after.positions, strict=True)))


# Choosing ---------------------------------------------------------------------------------


def _chosen(book: Book, what: Selection) -> tuple[Position, ...]:
    found = tuple(p for p in book.positions if what.holds(p))
    if not found:
        raise ValueError(f"no position of the book is {what}")
    return found


def _each(book: Book, what: Selection, change: Callable[[Position], Position]) -> Book:
    meant = {p.where for p in _chosen(book, what)}
    return replace(book, positions=tuple(
        change(p) if p.where in meant else p for p in book.positions))


def _known_account(book: Book, account_id: str) -> None:
    known = [a.account_id for a in book.accounts]
    if account_id not in known:
        raise ValueError(f"the book has no account {account_id!r}; it has {', '.join(known)}")


def _free_place(book: Book) -> str:
    """Return a place for a position no file holds."""
    taken = {p.where for p in book.positions}
    number = 1
    while f"{WHERE}!A{number}" in taken:
        number += 1
    return f"{WHERE}!A{number}"


def _share(operation: MovePrice, book: Book) -> float:
    if operation.by is not None:
        share = float(operation.by)
    else:
        row = book.market.underlying(operation.symbol)
        if row is None:
            raise ValueError(f"the market has no row for {operation.symbol} to move to a level; "
                             "give the move by a percentage")
        share = float((operation.to or Decimal(0)) / row.price) - 1.0
    if share <= -1:
        raise ValueError(f"a move of {share:.0%} leaves no price")
    return share
