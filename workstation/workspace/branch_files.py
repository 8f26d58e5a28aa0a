"""One book added to another, or taken from it, position by position."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workstation.base.wording import account_type_words
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if import plain

NOTHING = Decimal(0)


def combined(book: Book, other: Book, sign: int) -> Book:
    """Return a book with another's positions added (`sign` 1) or taken away (-1).

    Positions of the same account and contract meet in one; what is taken away and not held
    becomes the opposite position. Accounts only the other book has come along: with their cash
    when added, without it when taken away. Cash of accounts in both stays as it is, as do marks
    and market rows of the first book. Raises ValueError where accounts of one name differ in kind.
    """
    _same_kinds(book, other)
    own = {a.account_id for a in book.accounts}
    new = [a if sign > 0 else replace(a, cash=NOTHING, other_cash=())
           for a in other.accounts if a.account_id not in own]
    rows = {**other.market.underlyings, **book.market.underlyings}
    fx = {**other.market.fx, **book.market.fx} if (
        other.market.currency == book.market.currency) else book.market.fx
    return replace(
        book, accounts=(*book.accounts, *new), positions=_met(book, other, sign),
        market=replace(book.market, underlyings=rows, fx=fx),
        excluded=(*book.excluded, *(replace(e, where=f"{other.name}, {e.where}")
                                    for e in other.excluded)))


def _same_kinds(book: Book, other: Book) -> None:
    kinds: dict[str, Account] = {a.account_id: a for a in book.accounts}
    for account in other.accounts:
        known = kinds.get(account.account_id)
        if known is not None and known.account_type is not account.account_type and not (
                account.assumed_type):
            raise ValueError(f"account {account.account_id} is "
                             f"{account_type_words(known.account_type)} here and "
                             f"{account_type_words(account.account_type)} in {other.name}")


def _met(book: Book, other: Book, sign: int) -> tuple[Position, ...]:
    out = list(book.positions)
    place = {_contract(p): i for i, p in reversed(list(enumerate(out)))}
    for theirs in other.positions:
        change = sign * theirs.quantity
        at = place.get(_contract(theirs))
        if at is None:
            place[_contract(theirs)] = len(out)
            out.append(replace(theirs, quantity=change, where=f"{other.name}, {theirs.where}"))
        else:
            out[at] = out[at].resized(out[at].quantity + change)
    return tuple(p for p in out if p.quantity)


def _contract(position: Position) -> tuple[object, ...]:
    """Return what makes two positions the same holding."""
    i = position.instrument
    return (position.account_id, i.asset_class, plain(i.symbol), i.currency, i.multiplier, i.terms)
