"""The dialogs that list or explain something; each is made when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

if TYPE_CHECKING:
    from workstation.ui.finding import Source
    from workstation.ui.main_window import MainWindow


class Dialogs(QObject):
    """Opens them over the window; none of them stops the work behind it."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window

    def commands(self) -> None:
        """Offer every command by name."""
        from workstation.ui.sources import commands

        self._find("Commands", [commands(self._window)])

    def search(self) -> None:
        """Offer everything that has a name."""
        from workstation.ui.sources import everything

        self._find("Search everywhere", everything(self._window))

    def go_to(self) -> None:
        """Offer the positions and accounts of the open review."""
        from workstation.ui.sources import positions_only

        self._find("Go to position", positions_only(self._window))

    def _find(self, title: str, sources: list[Source]) -> None:
        from workstation.ui.finder import Finder

        Finder(title, sources, self._window).open()

    def guide(self, page: str = "start", anchor: str = "") -> None:
        """Show a page of the guide."""
        from workstation.ui.help.browser import HelpBrowser

        browser = HelpBrowser(self._window)
        browser.command_wanted.connect(lambda id_: self._window.commands[id_].trigger())
        browser.show_page(page, anchor)
        browser.show()

    def tour(self) -> None:
        """Point out the parts of the window, on a sample client where nothing is open."""
        from workstation.ui.help.tour import Tour

        window = self._window
        for earlier in window.findChildren(Tour):
            earlier.end()
        if window.desk.session is None:
            window.opening.open_sample()
        Tour(window).go(0)

    def editions(self) -> None:
        """List the rule editions behind the figures."""
        from workstation.ui.editions import EditionsDialog

        if self._window.desk.run is not None:
            EditionsDialog(self._window.desk.run, self._window).open()

    def coverage(self, find: str = "") -> None:
        """List the paragraphs of the rules: computed, or why not."""
        from workstation.ui.coverage import CoverageDialog

        dialog = CoverageDialog(self._window)
        dialog.search.setText(find)
        dialog.open()

    def about(self) -> None:
        """Say what this is, which versions it runs on, and whose marks it names."""
        from workstation.ui.about import AboutDialog

        AboutDialog(self._window).open()
