"""What each price scenario would earn or lose, part by part, with the one that binds."""

from __future__ import annotations

from functools import partial

from PySide6.QtWidgets import QWidget

from workstation.base.money import accounting
from workstation.results.run import Run
from workstation.results.scan_tables import largest_parts, scan_table, shared_moves
from workstation.results.scans import ScanProfile
from workstation.ui.docks.choice import combo, refill
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import ChartAndTable, TablePane, labelled
from workstation.ui.plots import scan_lines
from workstation.ui.plots.canvas import Canvas
from workstation.ui.table_model import TableModel

EMPTY = ("Profit and loss scenario by scenario appears here, for portfolio-margin accounts and "
         "for futures\nmargined from a risk-parameter file. Open a client file that has one "
         "(Ctrl+O).")


class ScanDock(Dock):
    """Account and portfolio chosen above, the scan as a chart, and its table beneath."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Scan", EMPTY, parent)
        self.account, self.portfolio = combo("Account scanned"), combo("Portfolio scanned")
        self.canvas = Canvas("Scan")
        self.points = TablePane("Scan by point")
        self.panes = ChartAndTable(self.canvas, self.points)
        self.header.addWidget(labelled("Account", self.account))
        self.header.addWidget(self.account, 8)
        self.header.addWidget(labelled("Portfolio", self.portfolio))
        self.header.addWidget(self.portfolio, 12)
        self.header.addStretch(1)
        self.header.addWidget(self.panes.toggle)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.panes)
        self.account.activated.connect(lambda _: self._choose_account())
        self.portfolio.activated.connect(lambda _: self._show())

    # Filling ------------------------------------------------------------------------------

    def has_content(self, run: Run) -> bool:
        """Say whether any account is margined by price scenarios."""
        return bool(run.scans)

    def fill(self, run: Run) -> None:
        """Offer the accounts that are scanned, keeping the one looked at."""
        accounts = dict.fromkeys(profile.account_id for profile in run.scans)
        refill(self.account, [(account_id, account_id) for account_id in accounts])
        self._offer_portfolios()

    def _offered(self) -> tuple[ScanProfile, ...]:
        account = self.account.currentData()
        scans = () if self.run is None else self.run.scans
        return tuple(profile for profile in scans if profile.account_id == account)

    def _offer_portfolios(self) -> None:
        refill(self.portfolio, [
            (f"{item.portfolio}    {accounting(item.requirement)}", item.portfolio)
            for item in self._offered()])
        self._show()

    def _choose_account(self) -> None:
        self._offer_portfolios()
        self.account_chosen.emit(str(self.account.currentData()))

    def show_account(self, account_id: str) -> None:
        """Show the scan of one account, where it has any."""
        number = self.account.findData(account_id)
        if number >= 0:
            self.account.setCurrentIndex(number)
            self._offer_portfolios()

    @property
    def profile(self) -> ScanProfile | None:
        """Return what is shown."""
        offered, number = self._offered(), self.portfolio.currentIndex()
        return offered[number] if 0 <= number < len(offered) else None

    def _show(self) -> None:
        profile = self.profile
        if profile is None:
            return
        self.points.show_table(scan_table(profile), refit=True)
        parts, others = largest_parts(profile, scan_lines.MOST_LINES)
        chart = scan_lines.Scan(
            profile.points, shared_moves(profile),
            tuple(scan_lines.Line(p.name, p.profits, p.moves) for p in parts),
            profile.total, profile.binding, profile.currency, others, _verdict(profile),
            is_ordered=profile.is_ordered)
        self.canvas.show_drawing(partial(scan_lines.draw, scan=chart), scan_lines.summary(chart))
        self.say(f"{profile.note[:1].upper()}{profile.note[1:]}." if profile.note else "")

    # Exports ------------------------------------------------------------------------------

    def shown_table(self) -> TableModel:
        """Return the points as a table."""
        return self.points.model

    def chart(self) -> Canvas:
        """Return the chart."""
        return self.canvas


def _verdict(profile: ScanProfile) -> str:
    """Return what fixes the requirement, in one sentence."""
    loss, least = (f"{accounting(v)} {profile.currency}"
                   for v in (profile.loss, profile.minimum))
    if profile.minimum_binds:
        return f"The minimum binds: {least}; the scan loses {loss} at most."
    if profile.binding is None:
        return scan_lines.NOTHING_LOST
    moves, point = shared_moves(profile), profile.points[profile.binding]
    named = f"{point} ({moves[profile.binding]})" if moves else point
    return f"Point {named} of {len(profile.points)} binds: {loss}."
