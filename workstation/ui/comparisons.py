"""Comparisons asked for, computed in the background, each in a window of its own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from PySide6.QtWidgets import QWidget

from workstation.base.progress import Progress
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.ui.banner import Banner
from workstation.ui.opening import Opening

if TYPE_CHECKING:
    from workstation.results.table import Table
    from workstation.workspace.session import Session

REGIMES = ("The same positions under each rulebook, as if the account stood under it. A blank "
           "says that a rulebook leaves positions out, so that its total would not be comparable.")
NO_SECURITIES = "This client has no securities account to compare."
VERSIONS = ("What each account of uncleared swaps must post under every calibration shipped; the "
            "measures are square roots of their own and do not add up. " + LICENCE_NOTICE)
NETTING_SETS = ("What each account of uncleared swaps must post, under the regulation that asks "
                "most; measure lines are square roots of their own and do not add up. "
                + LICENCE_NOTICE)
STEPS = ("From the calibration before to the one in use, one kind of table at a time; the order is "
         "fixed, the sum does not depend on it. " + LICENCE_NOTICE)
PROGRAMMES = ("What each cross-margin programme admits of this client and would save by this "
              "product's own estimates of the houses' models, in the shape of what they publish; "
              "no house's figure. The more conservative of two reductions applies to both houses.")
NO_PROGRAMMES = "No edition of the programmes is in force on the review date."
NO_STEPS = "This client has no sensitivities, or its calibration replaced none that is shipped."
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

    def netting_sets(self, session: Session) -> None:
        """List the netting sets with what each posts and under which regulation."""

        def work(progress: Progress) -> Sequence[Any]:
            from workstation.workspace.netting_sets import netting_sets

            margins = netting_sets(session, progress)
            return [] if margins is None else [margins]

        def table(found: Sequence[Any]) -> Table:
            from workstation.results.simm_tables import netting_sets_table

            return netting_sets_table(found[0])

        self._compare(work, table, NETTING_SETS, NO_SWAPS)

    def calibration_steps(self, session: Session) -> None:
        """Show what changed from the calibration before to the one in use, step by step."""

        def work(progress: Progress) -> Sequence[Any]:
            from workstation.workspace.netting_sets import calibration_steps

            return calibration_steps(session, progress)

        def table(found: Sequence[Any]) -> Table:
            from workstation.results.simm_tables import comparison_table

            return comparison_table(found)

        self._compare(work, table, STEPS, NO_STEPS)

    def programmes(self, session: Session) -> None:
        """Show the cross-margin programmes beside each other."""
        currency = session.book.market.currency

        def work(progress: Progress) -> Sequence[Any]:
            from workstation.workspace.programmes import programmes

            return programmes(session, progress)

        def table(rows: Sequence[Any]) -> Table:
            from workstation.results.programmes_table import programmes_table

            return programmes_table(rows, currency)

        self._compare(work, table, PROGRAMMES, NO_PROGRAMMES)

    def _compare(self, work: Callable[[Progress], Sequence[Any]],
                 table: Callable[[Sequence[Any]], Table], words: str, nothing: str) -> None:
        def show(rows: Sequence[Any]) -> None:
            from workstation.ui.table_dialog import TableDialog

            if rows:
                TableDialog(table(rows), words, self._window).open()
            else:
                self._banner.notice(nothing)

        self._opening.work(work, show)
