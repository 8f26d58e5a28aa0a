"""What happens on the desk, brought to every view that shows it; views answer with ids."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from workstation.base.vocabulary import BASE
from workstation.ui.background import Background
from workstation.ui.banner import Banner
from workstation.ui.branching import Branching
from workstation.ui.designing import Designing
from workstation.ui.desk import Desk
from workstation.ui.dock_host import DockHost
from workstation.ui.experiments import Experiments
from workstation.ui.headline import Headline
from workstation.ui.opening import Opening, internal_error
from workstation.ui.positions import PositionsPanel
from workstation.ui.side_runner import (
    SideRunner,
    answer_attribution,
    answer_curves,
    answer_stresses,
)
from workstation.ui.status_strip import StatusStrip
from workstation.ui.warming import warm

if TYPE_CHECKING:
    from workstation.workspace.session import Session

NO_ROW = "no row of the positions table was read from there"


class Feed(QObject):
    """Connects the desk with the table, the headline, the status strip and the docks."""

    cell_wanted = Signal(str)

    def __init__(self, desk: Desk, positions: PositionsPanel, headline: Headline,
                 status: StatusStrip, docks: DockHost, banner: Banner) -> None:
        super().__init__(desk)
        self._desk, self._positions, self._headline = desk, positions, headline
        self._status, self._docks, self._banner = status, docks, banner
        self.experiments = Experiments(desk)
        self.branching = Branching(desk)
        self.designing = Designing(desk, banner)
        self.curves = SideRunner(desk, "Curves", answer_curves)
        self.stresses = SideRunner(desk, "Stresses", answer_stresses)
        self.attribution = SideRunner(desk, "Attribution", answer_attribution)
        desk.session_changed.connect(self.show_session)
        desk.book_changed.connect(self.show_changes)
        desk.run_changed.connect(self.show_run)
        desk.run_changed.connect(warm)
        desk.design_changed.connect(self.show_design)
        desk.stale.connect(self.dim)
        desk.failed.connect(self.say_failed)
        desk.stopped.connect(self.say_stopped)
        desk.progressed.connect(self._progress)
        headline.design_chosen.connect(desk.choose_design)
        positions.edited.connect(desk.edit_position)
        positions.abandoned.connect(desk.abandon_typing)
        positions.pasted.connect(desk.paste)
        positions.said.connect(banner.notice)
        docks.built.connect(self.connect_dock)

    @property
    def beside(self) -> tuple[Background, ...]:
        """Return whatever works beside the review."""
        return self.experiments, self.curves, self.stresses, self.attribution

    def follow(self, opening: Opening) -> None:
        """Show the progress of files being read and written, and report imports."""
        opening.progressed.connect(self._status.show_progress)
        opening.rested.connect(self._rest)
        opening.opened.connect(self.report_import)
        self.designing.asking = lambda: opening.asking
        self.branching.files_to_load = lambda title, kinds: opening.asking.files_to_load(
            title, kinds)

    def connect_dock(self, id_: str, widget: Any) -> None:
        """Connect what a dock announces; every dock has only some of these signals."""
        for signal, slot in (("position_chosen", self.choose_position),
                             ("where_chosen", self.choose_position),
                             ("design_chosen", self._desk.choose_design),
                             ("underlying_wanted", self.give_price),
                             ("underlying_edited", self._desk.edit_underlying),
                             ("underlyings_pasted", self._desk.paste_market),
                             ("abandoned", self._desk.abandon_typing),
                             ("knob_wanted", self._desk.edit_knob),
                             ("version_kept", self._desk.keep_version),
                             ("version_restored", self._desk.restore_version),
                             ("described", self._desk.describe_design),
                             ("cascade_requested", self._desk.stress),
                             ("margin_history_loaded", self._desk.keep_margin_history),
                             ("counted", self._count_findings),
                             ("cell_wanted", self.cell_wanted)):
            if hasattr(widget, signal):
                getattr(widget, signal).connect(slot)
        if id_ == "accounts":
            widget.account_chosen.connect(self.explain_account)
        for method, source in (("follow_stack", self._desk.stack),
                               ("follow_base", lambda: self._desk.base_run)):
            if hasattr(widget, method):
                getattr(widget, method)(source)
        servers: dict[str, Any] = {
            "lab": self.experiments, "curves": self.curves, "stresses": self.stresses,
            "attribution": self.attribution, "what_if": self.branching, "design": self.designing}
        if id_ in servers:
            servers[id_].serve(widget)
        if hasattr(widget, "show_session"):
            widget.show_session(self._desk.session)
        self._show_design_in(widget)

    # From the desk ------------------------------------------------------------------------

    def show_session(self) -> None:
        """Show another review."""
        session = self._desk.session
        self._show_branch()
        self._banner.hide()
        self._positions.show_book(self._desk.book, self._desk.run)
        self._headline.show_run(None, None, self._desk.design_name)
        self._offer_designs()
        self._status.show_run(None, "", None)
        self._docks.show_run(self._desk.run)
        self._tell_docks("show_session", session)
        self._docks.widget("problems").show_session(session)

    def _offer_designs(self) -> None:
        session = self._desk.session
        designs = () if session is None else tuple((d.name, d.title) for d in session.designs)
        self._headline.offer_designs(designs, self._desk.design_name)

    def show_changes(self) -> None:
        """Show edits at once, before their figures are known."""
        desk = self._desk
        if desk.run is not None and desk.book is not None:
            self._positions.model.show_changes(desk.run, desk.book)
        self._tell_docks("show_session", desk.session)
        self._show_branch()
        self._offer_designs()

    def _show_branch(self) -> None:
        session = self._desk.session
        self._status.show_branch(BASE if session is None else session.active)

    def show_run(self) -> None:
        """Show a run that has just been computed or read."""
        desk = self._desk
        self._positions.show_book(desk.book, desk.run, desk.positions)
        self._headline.show_run(desk.run, desk.outcome, desk.design_name, desk.base_run)
        self._status.show_run(desk.run, desk.design_name, desk.seconds)
        self._docks.show_run(desk.run)
        self._docks.widget("problems").show_run(desk.run)
        self._rest()

    def write_again(self) -> None:
        """Write every figure once more, in another style."""
        if self._desk.run is not None:
            self.show_run()

    def show_design(self, name: str) -> None:
        """Compare with another design everywhere."""
        desk = self._desk
        self._headline.show_run(desk.run, desk.outcome, name, desk.base_run)
        self._offer_designs()
        self._status.show_run(desk.run, name, desk.seconds)
        for widget in self._docks.existing().values():
            self._show_design_in(widget)

    def _show_design_in(self, widget: Any) -> None:
        if hasattr(widget, "show_design") and self._desk.design_name:
            widget.show_design(self._desk.design_name)

    def _tell_docks(self, method: str, *arguments: object) -> None:
        for widget in self._docks.existing().values():
            if hasattr(widget, method):
                getattr(widget, method)(*arguments)

    def dim(self, is_stale: bool) -> None:
        """Dim every figure that does not follow from the book."""
        self._headline.dim(is_stale)
        self._docks.dim(is_stale)
        if is_stale:
            self._status.show_stale("computing…")

    def _progress(self, done: float, doing: str) -> None:
        if not self._desk.is_quick:
            self._status.show_progress(done, doing)

    def _rest(self) -> None:
        self._status.rest()

    def say_failed(self, error: Exception) -> None:
        """Say that the review could not be computed."""
        self._rest()
        self._status.show_stale("not computed")
        from workstation.base.problem import UnusableInputError

        self._banner.error(str(error) if isinstance(error, UnusableInputError)
                           else internal_error("Review", error))

    def say_stopped(self) -> None:
        """Say that the figures shown are of an earlier state, and how to compute them."""
        self._rest()
        self._status.show_stale("stopped: figures are of an earlier state")
        self._banner.notice("Stopped. The dimmed figures are of an earlier state of the book.",
                            "Recompute (F5)", self._desk.recompute, stays=True)

    # From the views -----------------------------------------------------------------------

    def choose_position(self, where: str) -> None:
        """Select the row a dock points to."""
        if where and not self._positions.select(where):
            self._banner.notice(f"{where}: {NO_ROW}.")

    def give_price(self, symbol: str) -> None:
        """Open the price of an underlying for typing."""
        if not self._docks.bring("market").give_price(symbol):
            self._banner.notice(f"The market has no row for {symbol}.")

    def explain_account(self, account_id: str) -> None:
        """Let the margin dock explain an account, without pushing itself to the front."""
        margin = self._docks.existing().get("margin")
        if margin is not None:
            margin.explain_account(account_id)

    def _count_findings(self, count: int) -> None:
        self._docks.title("problems", f"Problems ({count})" if count else "Problems")

    def report_import(self, session: Session) -> None:
        """Say what was read; what was not is in Problems."""
        book = session.book
        found = len({(p.where, p.what) for p in session.problems}
                    | {(e.where, e.what) for e in book.excluded})
        held = _count(len(book.positions), "position")
        if book.crif:
            rows = _count(len(book.crif), "sensitivity row")
            held = f"{held} and {rows}" if book.positions else rows
        words = (f"Opened {book.name}: {held} in {_count(len(book.accounts), 'account')}, "
                 f"as of {book.as_of:%Y-%m-%d}.")
        if found:
            self._banner.notice(f"{words} {_count(found, 'remark')} on the file.", "See Problems",
                                lambda: self._docks.bring("problems"))


def _count(number: int, noun: str) -> str:
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"
