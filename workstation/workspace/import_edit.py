"""Take a client's new file into the open review, as one step that can be undone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.workspace.state import Input, State

if TYPE_CHECKING:
    from workstation.workspace.session import Session


@dataclass(frozen=True, slots=True)
class _Kept:
    """What an import replaces in a review."""

    book: Book
    inputs: tuple[Input, ...]
    problems: tuple[Problem, ...]
    mapping: str


class ImportBook:
    """Replace the book of a review by a newly imported one; the files before it are kept."""

    def __init__(self, session: Session, state: State) -> None:
        self.label = f"Import {state.inputs[-1].name}"
        self._session = session
        self._old = _Kept(session.book, session.inputs, session.input_problems, session.mapping)
        earlier = tuple(item for item in session.inputs if item not in state.inputs)
        self._new = _Kept(state.book, (*earlier, *state.inputs), state.input_problems,
                          state.mapping)

    def apply(self) -> None:
        """Use the new book."""
        self._use(self._new)
        self._session.note("imported", self.label)

    def revert(self) -> None:
        """Use the earlier book again."""
        self._use(self._old)

    def _use(self, kept: _Kept) -> None:
        session = self._session
        session.book, session.inputs = kept.book, kept.inputs
        session.input_problems, session.mapping = kept.problems, kept.mapping
        session.use_risk_files(session.risk_files)


def imported_before(session: Session | None, sha256: str) -> str:
    """Return the name under which a review already holds a file's bytes, or an empty text."""
    inputs = session.inputs if session is not None else ()
    return next((item.name for item in inputs
                 if hashlib.sha256(item.content).hexdigest() == sha256), "")
