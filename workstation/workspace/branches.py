"""What-if branches of an open review: making them, changing them, and what is typed into one."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime

from workstation.base.problem import Problem, UnusableInputError
from workstation.base.vocabulary import BASE
from workstation.book.book import Book
from workstation.book.what_if import (
    STATUSES,
    TYPED,
    Branch,
    BranchStatus,
    BranchStep,
    Operation,
    TypedPosition,
    TypedUnderlying,
)
from workstation.workspace.people import author


def new_branch(branches: Sequence[Branch], name: str, parent: str = BASE) -> Branch:
    """Return a new branch; raises UnusableInputError for a name that is taken or empty."""
    wanted = " ".join(name.split())
    if not wanted:
        raise UnusableInputError(Problem("What-if", "a branch needs a name", "give one"))
    if wanted.casefold() in {BASE, *(b.name.casefold() for b in branches)}:
        raise UnusableInputError(Problem("What-if", f"the name {wanted!r} is taken",
                                         "give the branch another name"))
    return Branch(wanted, author(), datetime.now(UTC), parent)


def step(operation: Operation) -> BranchStep:
    """Return a change made now by the present user."""
    return BranchStep(operation, author(), datetime.now(UTC))


def without(branches: Sequence[Branch], name: str) -> tuple[Branch, ...]:
    """Return the branches without one; raises UnusableInputError where others start from it."""
    children = [b.name for b in branches if b.parent == name]
    if children:
        raise UnusableInputError(Problem(
            f"What-if {name}", f"{', '.join(children)} starts from it", "remove that one first"))
    return tuple(b for b in branches if b.name != name)


def swapped(branches: Sequence[Branch], branch: Branch) -> tuple[Branch, ...]:
    """Return the branches with one put in the place of the one of its name."""
    return tuple(branch if b.name == branch.name else b for b in branches)


def with_status(branch: Branch, status: BranchStatus) -> Branch:
    """Return the branch under another status; raises ValueError for an unknown one."""
    if status not in STATUSES:
        raise ValueError(f"{status!r} is none of {', '.join(STATUSES)}")
    return replace(branch, status=status)


def counting(branch: Branch, number: int, *, counts: bool) -> Branch:
    """Return the branch with one change (from 0) switched on or off."""
    steps = tuple(replace(s, counts=counts) if i == number else s
                  for i, s in enumerate(branch.steps))
    return replace(branch, steps=steps)


def dropping(branch: Branch, number: int) -> Branch:
    """Return the branch without one change (from 0)."""
    return replace(branch, steps=(*branch.steps[:number], *branch.steps[number + 1:]))


def typing_starts(branch: Branch) -> int:
    """Return the number of the first of the changes typed last, one after another."""
    first = len(branch.steps)
    while first and isinstance(branch.steps[first - 1].operation, TYPED):
        first -= 1
    return first


def typed_over(branch: Branch, before: Book, cells: Sequence[TypedPosition | TypedUnderlying],
               gone: Sequence[str] = ()) -> Branch:
    """Return the branch with cells typed over; a second keystroke takes the first one's place.

    `before` is the book before the changes typed last: a cell that holds again what it held there
    is no change. `gone` are market rows that were typed in and taken back.
    """
    held = {p.where: p for p in before.positions}
    for symbol in gone:
        branch = _typed(branch, (symbol,), None)
    for cell in cells:
        if isinstance(cell, TypedPosition):
            is_same = held.get(cell.position.where) == cell.position
        else:
            row = before.market.underlying(cell.symbol)
            is_same = row is not None and (row.price, row.iv) == (cell.price, cell.iv)
        branch = _typed(branch, _place(cell), None if is_same else cell)
    return branch


def _typed(branch: Branch, place: object, operation: Operation | None) -> Branch:
    first = typing_starts(branch)
    kept = [s for s in branch.steps[first:] if _place(s.operation) != place]
    added = [] if operation is None else [step(operation)]
    return replace(branch, steps=(*branch.steps[:first], *kept, *added))


def _place(operation: Operation) -> object:
    """Return the cell a typed change is about."""
    if isinstance(operation, TypedPosition):
        return operation.position.where
    return (operation.symbol,) if isinstance(operation, TypedUnderlying) else None
