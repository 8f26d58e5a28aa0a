"""Bridge between workspace edits and Qt's undo stack."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QUndoCommand

if TYPE_CHECKING:
    from workstation.workspace.edits import Edit

TYPING = 1
ALONE = -1


class EditCommand(QUndoCommand):
    """Runs edits through the undo stack; what is typed into one cell undoes as one step.

    Commands with the same non-empty `typing` key merge, in the order they were made.
    """

    def __init__(self, edit: Edit, typing: str = "") -> None:
        super().__init__(edit.label)
        self._edits = [edit]
        self._typing = typing

    def id(self) -> int:
        """Tell the stack whether this command may merge with the one before."""
        return TYPING if self._typing else ALONE

    def mergeWith(self, other: QUndoCommand) -> bool:
        """Take in the next keystroke of the same cell."""
        if not isinstance(other, EditCommand) or other._typing != self._typing:
            return False
        self._edits += other._edits
        self.setText(other.text())
        return True

    def redo(self) -> None:
        """Apply the edits, oldest first."""
        for edit in self._edits:
            edit.apply()

    def undo(self) -> None:
        """Revert the edits, newest first."""
        for edit in reversed(self._edits):
            edit.revert()
