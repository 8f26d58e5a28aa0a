"""The open review on the analyst's desk: edits, undo, and a result that follows every change."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QUndoStack

from workstation.base.progress import Progress
from workstation.ui.runner import Runner
from workstation.ui.tasks import Task
from workstation.ui.undo import EditCommand

if TYPE_CHECKING:
    from workstation.book.book import Book
    from workstation.results.run import DesignOutcome, Run
    from workstation.results.table import Table
    from workstation.workspace.edits import Edit
    from workstation.workspace.margin_sources import MarginSource
    from workstation.workspace.session import Session
    from workstation.workspace.stress import Stress

SETTLE_MS = 30
"""How long the book must be quiet before it is computed again."""
DIM_AFTER_MS = 100
TODAY = "today"


class Desk(QObject):
    """Holds one session, drives its edits through the undo stack, and keeps its run true.

    Only the newest computation counts: starting one cancels the one before.
    """

    session_changed = Signal()
    book_changed = Signal()
    run_changed = Signal()
    design_changed = Signal(str)
    stale = Signal(bool)
    progressed = Signal(float, str)
    failed = Signal(object)
    stopped = Signal()
    working = Signal(bool)
    locked = Signal(str)
    """Why an edit was refused: the review is approved."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.session: Session | None = None
        self.design_name = ""
        self.seconds: float | None = None
        self.positions: Table | None = None
        self.stack = QUndoStack(self)
        self._runner = Runner(self)
        self._runner.progressed.connect(self.progressed)
        self._runner.working.connect(self.working)
        self._runner.finished.connect(self._finished)
        self._runner.failed.connect(self._failed)
        self._runner.cancelled.connect(self._cancelled)
        self._opening = 0
        self._quiet = QTimer(self, singleShot=True, interval=SETTLE_MS)
        self._quiet.timeout.connect(self.recompute)
        self._dim = QTimer(self, singleShot=True, interval=DIM_AFTER_MS)
        self._dim.timeout.connect(self._grow_stale)
        self._is_slow = False
        self.stack.indexChanged.connect(self._book_changed)

    # What is open -------------------------------------------------------------------------

    @property
    def run(self) -> Run | None:
        """Return the last run, None before the first."""
        return None if self.session is None else self.session.run

    @property
    def base_run(self) -> Run | None:
        """Return the run of the base where a what-if is shown, else None."""
        return None if self.session is None else self.session.compared_with

    @property
    def book(self) -> Book | None:
        """Return the book as edited."""
        return None if self.session is None else self.session.book

    @property
    def outcome(self) -> DesignOutcome | None:
        """Return what the chosen design asks for, None before the first run."""
        return None if self.run is None else self.run.design(self.design_name)

    @property
    def is_working(self) -> bool:
        """Say whether a computation runs."""
        return self._runner.is_working

    @property
    def is_quick(self) -> bool:
        """Say whether the running computation is still too young to be shown as work."""
        return not self._is_slow

    @property
    def is_current(self) -> bool:
        """Say whether the run shown follows from the book as it stands."""
        is_settled = not self.is_working and not self._quiet.isActive() and not self._is_slow
        return is_settled and self.run is not None

    def adopt(self, session: Session) -> None:
        """Put another review on the desk; a stored run is shown as it was saved."""
        self.stop()
        self._is_slow = False
        self.stale.emit(False)
        self.session = None
        self.stack.clear()
        self.session = session
        self.seconds = None
        self.positions = None
        self._choose_default_design()
        self.session_changed.emit()
        if session.run is None:
            self.recompute()
        else:
            self.run_changed.emit()

    def _choose_default_design(self) -> None:
        names = [] if self.session is None else [d.name for d in self.session.designs]
        if self.design_name not in names:
            self.design_name = next((n for n in names if n != TODAY), "".join(names[:1]))

    def choose_design(self, name: str) -> None:
        """Compare today's silos with another design."""
        if name != self.design_name:
            self.design_name = name
            self.design_changed.emit(name)

    # Editing ------------------------------------------------------------------------------

    def edit_position(self, where: str, field: str, value: object, opening: int = 0) -> None:
        """Change quantity, price or account of a position; one opened editor undoes as one."""
        from workstation.workspace.edits import MoveAccount, SetPrice, SetQuantity

        if self.session is None:
            return
        edit: Edit
        if field in ("flag", "comment"):
            said = str(value)
            self.remark(where, said if field == "flag" else None,
                        said if field == "comment" else None, opening)
            return
        if field == "account":
            edit = MoveAccount(self.session, where, str(value))
        elif isinstance(value, Decimal):
            change = SetQuantity if field == "quantity" else SetPrice
            edit = change(self.session, where, value)
        else:
            raise TypeError(f"{field}: {value!r} is not a number")
        self._opening = opening
        self.push(edit, f"{where} {field} {opening}" if opening else "")

    def remark(self, where: str, flag: str | None = None, text: str | None = None,
               opening: int = 0) -> None:
        """Flag a position or comment on it; None leaves what is said now."""
        from workstation.book.remarks import FLAGS, Remark
        from workstation.workspace.edits import SetRemark

        if self.session is None:
            return
        now = next((r for r in self.session.book.remarks if r.where == where), Remark(where))
        chosen = next((f for f in FLAGS if f == flag), now.flag)
        wanted = Remark(where, chosen, now.text if text is None else text)
        if wanted != now:
            self._opening = opening
            self.push(SetRemark(self.session, wanted),
                      f"{where} remark {opening}" if opening else "")

    def paste(self, cells: Sequence[tuple[str, str, object]]) -> None:
        """Change many cells as one step."""
        from workstation.workspace.edits import SetCells

        if self.session is not None and cells:
            self.push(SetCells(self.session, cells))

    def paste_market(self, cells: Sequence[tuple[str, str, Decimal]]) -> None:
        """Change prices and volatilities of many underlyings as one step."""
        from workstation.workspace.edits import SetUnderlyings

        if self.session is not None and cells:
            self.push(SetUnderlyings(self.session, cells))

    def edit_underlying(self, symbol: str, field: str, value: object, opening: int = 0) -> None:
        """Change price or volatility of an underlying, or give one that has no market row."""
        from workstation.workspace.edits import SetUnderlying

        if self.session is None:
            return
        if not isinstance(value, Decimal):
            raise TypeError(f"{field}: {value!r} is not a number")
        price, iv = (value, None) if field == "price" else (None, value)
        self._opening = opening
        self.push(SetUnderlying(self.session, symbol, price=price, iv=iv),
                  f"market {symbol} {field} {opening}" if opening else "")

    def edit_knob(self, knob: str, value: object, opening: int = 0) -> None:
        """Change a knob of the chosen design; raises ValueError with the bounds it must keep."""
        from workstation.workspace.edits import SetKnob

        if self.session is not None:
            design = self.design_name
            self.push(SetKnob(self.session, design, knob, value),
                      f"{design} {knob} {opening}" if opening else "")

    def keep_version(self, note: str) -> None:
        """Keep the chosen design as it stands as a version of its own."""
        from workstation.workspace.design_versions import KeepVersion

        if self.session is not None:
            self.push(KeepVersion(self.session, self.design_name, note))

    def restore_version(self, version: str) -> None:
        """Put an earlier version in the place of the chosen design."""
        from workstation.workspace.design_versions import RestoreVersion

        if self.session is not None and version:
            self.push(RestoreVersion(self.session, self.design_name, version))

    def describe_design(self, notes: str, citation: str) -> None:
        """Write notes and citation of the chosen design."""
        from workstation.workspace.design_versions import DescribeDesign

        if self.session is not None:
            self.push(DescribeDesign(self.session, self.design_name, notes=notes,
                                     citation=citation))

    def keep_margin_history(self, source: MarginSource) -> None:
        """Keep a file of published margin changes with the review."""
        from workstation.workspace.edits import SetMarginHistory

        if self.session is not None:
            self.push(SetMarginHistory(self.session, source))

    def stress(self, stress: Stress) -> None:
        """Run another cascade."""
        from workstation.workspace.edits import SetStress

        if self.session is not None:
            self.push(SetStress(self.session, stress))

    def push(self, edit: Edit, typing: str = "") -> bool:
        """Make an edit, undoable; False where the review is approved and refuses it."""
        if self.session is not None and self.session.locked:
            self.locked.emit(self.session.locked)
            return False
        self.stack.push(EditCommand(edit, typing))
        return True

    def abandon_typing(self, opening: int) -> None:
        """Take back what one opened editor changed, when its user pressed Esc."""
        if opening == self._opening and opening and self.stack.canUndo():
            self._opening = 0
            self.stack.undo()

    def _book_changed(self) -> None:
        if self.session is not None:
            self._quiet.start()
            self._start_dimming()
            self._keep_to_designs(self.session)
            self.book_changed.emit()

    def _keep_to_designs(self, session: Session) -> None:
        """Choose another design where the chosen one was removed or its addition undone."""
        names = [design.name for design in session.designs]
        if names and self.design_name not in names:
            self.choose_design(names[0])

    # Computing ----------------------------------------------------------------------------

    def recompute(self) -> None:
        """Compute the review in the background; what ran before is cancelled."""
        session = self.session
        if session is None:
            return
        self._quiet.stop()
        self._start_dimming()

        def work(progress: Progress) -> tuple[Session, Run, Table]:
            from workstation.results.tables import positions_table

            run = session.review(progress)
            return session, run, positions_table(run, with_remarks=True)

        self._runner.start(work)

    def _start_dimming(self) -> None:
        if not self._dim.isActive() and not self._is_slow:
            self._dim.start()

    def _grow_stale(self) -> None:
        self._is_slow = True
        self.stale.emit(True)

    def cancel(self) -> None:
        """Stop the running computation; the figures stay dimmed, since they are not true."""
        self._runner.cancel()

    def stop(self) -> None:
        """Cancel and wait until no worker runs."""
        self._quiet.stop()
        self._dim.stop()
        self._runner.stop()

    def _finished(self, task: Task) -> None:
        self._settle()
        session, run, positions = task.result
        if self.session is not None and session is self.session:
            self.session.run = run
            self.positions = positions
            self.seconds = task.seconds
            self.run_changed.emit()

    def _failed(self, task: Task) -> None:
        self._stay_stale()
        self.failed.emit(task.error)

    def _cancelled(self) -> None:
        self._stay_stale()
        self.stopped.emit()

    def _settle(self) -> None:
        """Show figures at full strength again, unless the book was edited meanwhile."""
        self._dim.stop()
        if not self._quiet.isActive():
            self._is_slow = False
            self.stale.emit(False)

    def _stay_stale(self) -> None:
        self._dim.stop()
        self._grow_stale()
