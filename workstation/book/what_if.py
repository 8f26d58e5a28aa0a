"""What-if branches: named lists of changes to a book, which itself is never changed.

A branch starts from the book as imported and edited, or from another branch, and holds its
changes one by one, each with who made it and when. `workspace.branch_book` makes the book.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal
from typing import Literal, get_args

from workstation.base.vocabulary import BASE
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.what_if_terms import Term, quoted
from workstation.market.market import Underlying

BranchStatus = Literal["draft", "proposed", "agreed", "dropped"]
STATUSES = get_args(BranchStatus)
Chosen = Literal["all", "symbol", "underlying", "cell"]
_MARK = " [what-if: "


@dataclass(frozen=True, slots=True)
class Selection:
    """Which positions a change is about, in one account only where one is named."""

    by: Chosen
    name: str = ""
    account_id: str = ""

    def __str__(self) -> str:
        named = {"all": "all", "symbol": quoted(self.name), "cell": quoted(f"cell:{self.name}"),
                 "underlying": f"on {quoted(self.name)}"}[self.by]
        return f"{named} in {quoted(self.account_id)}" if self.account_id else named

    def holds(self, position: Position) -> bool:
        """Say whether a position is meant."""
        if self.account_id and position.account_id != self.account_id:
            return False
        match self.by:
            case "cell":
                return position.where == self.name
            case "symbol":
                return plain(position.instrument.symbol) == plain(self.name)
            case "underlying":
                return plain(position.instrument.underlying) == plain(self.name)
            case _:
                return True


@dataclass(frozen=True, slots=True)
class AddPosition:
    """Buy (or sell short, where negative) something at its mark.

    `rows` are market rows the book needs where it has none of that symbol.
    """

    position: Position
    rows: tuple[Underlying, ...] = ()

    def __str__(self) -> str:
        p = self.position
        at = "" if p.price is None else f" at {p.price}"
        return f"add {p.quantity} {quoted(p.instrument.symbol)} in {quoted(p.account_id)}{at}"


@dataclass(frozen=True, slots=True)
class ScaleBy:
    """Hold a share of what is held; 0.5 is half, -1 the opposite."""

    what: Selection
    factor: Decimal

    def __str__(self) -> str:
        return f"scale {self.what} by {percent(self.factor)}"


@dataclass(frozen=True, slots=True)
class ClosePositions:
    """Close positions at their marks."""

    what: Selection

    def __str__(self) -> str:
        return f"close {self.what}"


@dataclass(frozen=True, slots=True)
class MoveTo:
    """Carry positions over to another account of the book."""

    what: Selection
    account_id: str

    def __str__(self) -> str:
        return f"move {self.what} to {quoted(self.account_id)}"


@dataclass(frozen=True, slots=True)
class RollTo:
    """Close futures or options and open the same with another expiry, at `price` where given."""

    what: Selection
    expiry: date
    price: Decimal | None = None

    def __str__(self) -> str:
        at = "" if self.price is None else f" at {self.price}"
        return f"roll {self.what} to {self.expiry.isoformat()}{at}"


@dataclass(frozen=True, slots=True)
class MarkAt:
    """Mark positions at another price of their own; nothing else moves."""

    what: Selection
    price: Decimal

    def __str__(self) -> str:
        return f"mark {self.what} at {self.price}"


@dataclass(frozen=True, slots=True)
class MovePrice:
    """Move an underlying and everything on the same risk root; `to` is a level, `by` a share."""

    symbol: str
    to: Decimal | None = None
    by: Decimal | None = None

    def __str__(self) -> str:
        how = f"to {self.to}" if self.by is None else f"by {percent(self.by)}"
        return f"price {quoted(self.symbol)} {how}"


@dataclass(frozen=True, slots=True)
class MoveVolatility:
    """Move the volatility of an underlying's options alike; `to` is a level, `by` is points."""

    symbol: str
    to: Decimal | None = None
    by: Decimal | None = None

    def __str__(self) -> str:
        how = f"to {percent(self.to or 0)}" if self.by is None else f"by {percent(self.by)}"
        return f"vol {quoted(self.symbol)} {how}"


@dataclass(frozen=True, slots=True)
class CombineWith:
    """Add the positions of another file, or take them away (`sign` -1)."""

    file: str
    sha256: str
    sign: int
    other: Book

    def __str__(self) -> str:
        return f"{'add-from' if self.sign > 0 else 'subtract'} {quoted(self.file)}"


@dataclass(frozen=True, slots=True)
class TypedPosition:
    """A position as typed over in the table: quantity, price or account."""

    position: Position

    def __str__(self) -> str:
        p = self.position
        at = "" if p.price is None else f" at {p.price}"
        return f"set {p.where}: {p.quantity} {p.instrument.symbol} in {p.account_id}{at}"


@dataclass(frozen=True, slots=True)
class TypedUnderlying:
    """An underlying's market row as typed over: price and volatility."""

    symbol: str
    price: Decimal
    iv: Decimal | None = None

    def __str__(self) -> str:
        volatility = "" if self.iv is None else f", volatility {percent(self.iv)}"
        return f"set market {self.symbol}: {self.price}{volatility}"


Operation = (AddPosition | ScaleBy | ClosePositions | MoveTo | RollTo | MarkAt | MovePrice
             | MoveVolatility | CombineWith | TypedPosition | TypedUnderlying | Term)
TYPED = (TypedPosition, TypedUnderlying)


@dataclass(frozen=True, slots=True)
class BranchStep:
    """One change of a branch: what, who, when, and whether it counts."""

    operation: Operation
    author: str
    at: datetime
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Branch:
    """A named what-if; `parent` is the base or another branch."""

    name: str
    author: str
    at: datetime
    parent: str = BASE
    status: BranchStatus = "draft"
    steps: tuple[BranchStep, ...] = ()

    def with_step(self, step: BranchStep) -> Branch:
        """Return the branch with one more change."""
        return replace(self, steps=(*self.steps, step))


def plain(symbol: str) -> str:
    """Return a symbol as it is compared: upper case, runs of spaces as one."""
    return " ".join(symbol.upper().split())


def percent(value: Decimal | int) -> str:
    """Write a share as a percentage with the digits it has."""
    return f"{(Decimal(value) * 100).normalize():f}%"


def branch_title(client: str, branch: str) -> str:
    """Return the name of a client's book on a what-if branch."""
    return f"{client}{_MARK}{branch}]"


def branch_of(title: str) -> str:
    """Return the what-if branch a book's name tells of, empty for a book as it is."""
    _, mark, rest = title.rpartition(_MARK)
    return rest.removesuffix("]") if mark and rest.endswith("]") else ""
