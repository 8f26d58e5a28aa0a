"""Comparisons asked for, computed in the background, each in a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from workstation.base.progress import Progress
from workstation.ui.banner import Banner
from workstation.ui.opening import Opening

if TYPE_CHECKING:
    from workstation.results.table import Table
    from workstation.workspace.session import Session

REGIMES = ("The same positions under each rulebook, as if the account stood under it. A blank "
           "says that a rulebook leaves positions out, so that its total would not be comparable.")
NO_SECURITIES = "This client has no securities account to compare."
VERSIONS = ("What each account of uncleared swaps must post under every calibration shipped; the "
            "measures are square roots of their own and do not add up. Commercial use of the "
            "method needs a licence from ISDA.")
NO_SWAPS = "This client has no account of uncleared swaps with sensitivities to compare."


class Comparisons:
    """Computes a comparison from the review as it stands and shows its table."""

    def __init__(self, window: QWidget, opening: Opening, banner: Banner) -> None:
        self._window, self._opening, self._banner = window, opening, banner

    def securities(self, session: Session) -> None:
        """Compare Regulation T, strategy-based and portfolio margin."""
        currency = session.book.market.currency

        def work(progress: Progress) -> Sequence[Any]:
            from workstation.workspace.compare import securities_regimes

            return securities_regimes(session, progress)

        def table(rows: Sequence[Any]) -> Table:
            from workstation.results.regimes_table import regimes_table

            return regimes_table(rows, currency)

        self._compare(work, table, REGIMES, NO_SECURITIES)

    def swaps(self, session: Session) -> None:
        """Compare the calibrations of the sensitivity-based method."""

        def work(progress: Progress) -> Sequence[Any]:
            from workstation.workspace.versions import simm_versions

            return simm_versions(session, progress)

        def table(rows: Sequence[Any]) -> Table:
            from workstation.results.versions_table import versions_table

            return versions_table(rows)

        self._compare(work, table, VERSIONS, NO_SWAPS)

    def _compare(self, work: Callable[[Progress], Sequence[Any]],
                 table: Callable[[Sequence[Any]], Table], words: str, nothing: str) -> None:
        def show(rows: Sequence[Any]) -> None:
            from workstation.ui.table_dialog import TableDialog

            if rows:
                TableDialog(table(rows), words, self._window).open()
            else:
                self._banner.notice(nothing)

        self._opening.work(work, show)
