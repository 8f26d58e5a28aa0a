"""Regulation T against portfolio margin: the comparison asked for, in a window of its own."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtWidgets import QWidget

from workstation.base.progress import Progress
from workstation.ui.banner import Banner
from workstation.ui.opening import Opening

if TYPE_CHECKING:
    from workstation.results.regimes_table import RegimeRow
    from workstation.workspace.session import Session

WORDS = ("The same positions under each rulebook, as if the account stood under it. A blank says "
         "that a rulebook leaves positions out, so that its total would not be comparable.")
NO_ACCOUNT = "This client has no securities account to compare."


def compare(window: QWidget, session: Session, opening: Opening, banner: Banner) -> None:
    """Compute the comparison in the background and show it."""
    currency = session.book.market.currency

    def work(progress: Progress) -> tuple[RegimeRow, ...]:
        from workstation.workspace.compare import securities_regimes

        return securities_regimes(session, progress)

    def show(rows: tuple[RegimeRow, ...]) -> None:
        from workstation.results.regimes_table import regimes_table
        from workstation.ui.table_dialog import TableDialog

        if rows:
            TableDialog(regimes_table(rows, currency), WORDS, window).open()
        else:
            banner.notice(NO_ACCOUNT)

    opening.work(work, show)
