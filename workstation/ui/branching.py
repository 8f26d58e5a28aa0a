"""What the What-if dock asks for, done as undoable edits of the review on the desk."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject

from workstation.base.problem import UnusableInputError
from workstation.ui.desk import Desk

if TYPE_CHECKING:
    from workstation.workspace.edits import Edit
    from workstation.workspace.session import Session

FILES = "Position files (*.xlsx *.xls *.xlsb *.xlsm *.ods *.csv *.tsv *.txt);;All files (*)"
FIRST_NAME = "What-if"


class Branching(QObject):
    """Serves one dock; what cannot be done is said at its foot, and nothing changes."""

    def __init__(self, desk: Desk) -> None:
        super().__init__(desk)
        self._desk = desk
        self._dock: Any = None
        self.files_to_load: Callable[[str, str], list[Any]] | None = None

    def serve(self, dock: Any) -> None:
        """Answer a What-if dock."""
        self._dock = dock
        dock.branch_wanted.connect(self.show)
        dock.branch_started.connect(self.start)
        dock.branch_removed.connect(self.remove)
        dock.change_wanted.connect(self.change)
        dock.change_switched.connect(self.switch)
        dock.change_dropped.connect(self.drop)
        dock.status_wanted.connect(self.mark)
        dock.file_wanted.connect(self.combine)

    def _do(self, make: Callable[[Session], Edit]) -> bool:
        session = self._desk.session
        if session is None:
            return False
        try:
            edit = make(session)
        except UnusableInputError as refused:
            if self._dock is not None:
                self._dock.show_session(session)
                self._dock.say(str(refused), "bad")
            return False
        self._desk.push(edit)
        return True

    def start(self) -> None:
        """Start a branch from the book shown, under the first free name."""
        from workstation.workspace.branch_edits import start_branch

        def make(session: Session) -> Edit:
            taken = {branch.name.casefold() for branch in session.branches}
            numbers = range(1, len(taken) + 2)
            return start_branch(session, next(
                f"{FIRST_NAME} {n}" for n in numbers
                if f"{FIRST_NAME} {n}".casefold() not in taken))

        self._do(make)

    def show(self, name: str) -> None:
        """Show a branch, or the base."""
        from workstation.workspace.branch_edits import show_branch

        self._do(lambda session: show_branch(session, name))

    def remove(self, name: str) -> None:
        """Remove a branch."""
        from workstation.workspace.branch_edits import remove_branch

        self._do(lambda session: remove_branch(session, name))

    def mark(self, status: Any) -> None:
        """Put the branch shown under another status."""
        from workstation.workspace.branch_edits import set_status

        self._do(lambda session: set_status(session, status))

    def change(self, text: str) -> None:
        """Make a typed change on the branch shown."""
        from workstation.workspace.branch_edits import make_change
        from workstation.workspace.what_if_text import read_operation

        if self._do(lambda s: make_change(s, read_operation(text, s.book))) and self._dock:
            self._dock.accepted()

    def switch(self, number: int, counts: bool) -> None:
        """Let a change count, or not."""
        from workstation.workspace.branch_edits import switch_change

        self._do(lambda session: switch_change(session, number, counts=counts))

    def drop(self, number: int) -> None:
        """Remove a change."""
        from workstation.workspace.branch_edits import drop_change

        self._do(lambda session: drop_change(session, number))

    def combine(self, sign: int) -> None:
        """Add another file, or take it away."""
        if self.files_to_load is None:
            return
        title = "Add the positions of a file" if sign > 0 else "Subtract the positions of a file"
        for path in self.files_to_load(title, FILES):
            self.change(f'{"add-from" if sign > 0 else "subtract"} "{path}"')
