"""Marking a review as reviewed, approving it, and keeping an approved one as it is."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from workstation.base.problem import UnusableInputError
from workstation.ui.asking import Asking
from workstation.ui.banner import Banner
from workstation.ui.desk import Desk
from workstation.ui.opening import Opening


class Deciding(QObject):
    """Takes decisions on the open review and says where an approved one refuses a change."""

    def __init__(self, desk: Desk, opening: Opening, banner: Banner) -> None:
        super().__init__(desk)
        self._desk, self._opening, self._banner = desk, opening, banner
        desk.locked.connect(self._refuse)
        # After the words that say what was opened: this line stays.
        desk.session_changed.connect(lambda: QTimer.singleShot(0, self._say_standing))

    @property
    def _asking(self) -> Asking:
        return self._opening.asking

    def mark_reviewed(self) -> None:
        """Ask who reviewed it, and mark it so."""
        self._decide("reviewed", "Mark as reviewed")

    def approve(self) -> None:
        """Ask who approves it, on which conditions; refused to who prepared it."""
        self._decide("approved", "Approve the review")

    def _decide(self, state: str, title: str) -> None:
        from workstation.reports.standing import Status
        from workstation.workspace.approval import decide

        session = self._desk.session
        if session is None or not self._desk.is_current:
            self._banner.error("There is no finished review to decide on; wait for the figures, "
                               "or recompute with F5.")
            return
        given = self._asking.decision(title)
        if given is None:
            return
        try:
            standing = decide(session, Status(state.capitalize()), *given)
        except UnusableInputError as error:
            self._banner.error(str(error))
            return
        if not self._opening.save():
            return  # the banner says why, and the decision is saved with the next save
        self._desk.stack.clear()
        self._banner.notice(f"{standing.status} by {standing.decisions[-1].author}; it stands in "
                            "the review's audit trail.")

    def new_version(self) -> None:
        """Go on with a draft of the next version; the approved file stays as it is."""
        from workstation.workspace.approval import new_version

        session = self._desk.session
        if session is None:
            return
        new_version(session)
        self._desk.stack.resetClean()
        self._banner.notice("This is the draft of a new version; it is saved to a file of its "
                            "own.", "Save as…", self._opening.save_as)

    def _refuse(self, sentence: str) -> None:
        self._banner.error(sentence, "New version", self.new_version)

    def _say_standing(self) -> None:
        session = self._desk.session
        if session is not None and session.locked:
            self._banner.notice(session.locked, "New version", self.new_version, stays=True)
