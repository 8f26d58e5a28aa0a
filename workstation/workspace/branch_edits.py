"""Undoable changes of what-if branches; each refuses what the base would not bear."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from workstation.base.vocabulary import BASE
from workstation.book.what_if import Branch, BranchStatus, Operation
from workstation.workspace.branch_book import branch_named
from workstation.workspace.branches import (
    counting,
    dropping,
    new_branch,
    step,
    swapped,
    with_status,
    without,
)

if TYPE_CHECKING:
    from workstation.workspace.session import Session


class BranchEdit:
    """Swaps the branches of a session, and which of them is shown, for others and back.

    Raises UnusableInputError where the branch shown would no longer follow from the base.
    """

    def __init__(self, session: Session, label: str, branches: Sequence[Branch], active: str
                 ) -> None:
        self.label = label
        self._session = session
        self._old = session.branches, session.active
        self._new = tuple(branches), active
        for branch in branches:
            if branch not in session.branches or branch.name == active:
                session.book_of(branch.name, branches)
                session.terms(branch.name, branches)

    def apply(self) -> None:
        """Use the changed branches."""
        self._session.branches, self._session.active = self._new

    def revert(self) -> None:
        """Use the earlier branches."""
        self._session.branches, self._session.active = self._old


def start_branch(session: Session, name: str) -> BranchEdit:
    """Start a branch from the book shown and work on it."""
    made = new_branch(session.branches, name, session.active)
    return BranchEdit(session, f"Start what-if {made.name}", (*session.branches, made), made.name)


def show_branch(session: Session, name: str) -> BranchEdit:
    """Show another branch, or the base."""
    if name != BASE:
        branch_named(session.branches, name)
    return BranchEdit(session, f"Show {name}", session.branches, name)


def remove_branch(session: Session, name: str) -> BranchEdit:
    """Remove a branch; the one it started from is shown where it was shown."""
    branch = branch_named(session.branches, name)
    shown = branch.parent if session.active == name else session.active
    return BranchEdit(session, f"Remove what-if {name}", without(session.branches, name), shown)


def make_change(session: Session, operation: Operation) -> BranchEdit:
    """Make a change on the branch shown; raises UnusableInputError on the base."""
    branch = session.branch.with_step(step(operation))
    return _swap(session, f"What-if: {operation}", branch)


def switch_change(session: Session, number: int, *, counts: bool) -> BranchEdit:
    """Let one change of the branch shown count, or not."""
    branch = session.branch
    word = "Count" if counts else "Leave out"
    return _swap(session, f"{word} {branch.steps[number].operation}",
                 counting(branch, number, counts=counts))


def drop_change(session: Session, number: int) -> BranchEdit:
    """Remove one change of the branch shown."""
    branch = session.branch
    return _swap(session, f"Remove {branch.steps[number].operation}", dropping(branch, number))


def set_status(session: Session, status: BranchStatus) -> BranchEdit:
    """Put the branch shown under another status."""
    return _swap(session, f"Mark what-if {session.active} {status}",
                 with_status(session.branch, status))


def _swap(session: Session, label: str, branch: Branch) -> BranchEdit:
    return BranchEdit(session, label, swapped(session.branches, branch), session.active)
