"""How the window looks and how it writes: palette, size of text, height of rows, numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QLocale, QObject
from PySide6.QtWidgets import QAbstractItemView, QApplication

from workstation.base import numerals
from workstation.base.money import accounting
from workstation.ui import theme
from workstation.ui.amount_style import AMOUNTS
from workstation.workspace.settings import SETTINGS

if TYPE_CHECKING:
    from workstation.ui.main_window import MainWindow


class Appearance(QObject):
    """Applies the settings of the view, and takes the next choice of each when told."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window, self._settings = window, window.settings

    # As set -------------------------------------------------------------------------------

    def dress(self) -> None:
        """Use the palette and the size of text."""
        app = QApplication.instance()
        if isinstance(app, QApplication):
            theme.apply(app, str(self._settings["view.palette"]), int(self._settings["view.text"]))

    def space_rows(self) -> None:
        """Give the rows of every table their height."""
        density = str(self._settings["view.density"])
        for view in self._window.findChildren(QAbstractItemView):
            if hasattr(view, "set_density"):
                view.set_density(density)

    def choose_numerals(self) -> None:
        """Use the signs between thousands and before decimals."""
        numerals.use(numerals.chosen(str(self._settings["view.numbers"]),
                                     QLocale.system().decimalPoint()))

    def write_amounts(self) -> None:
        """Use the scale and the decimals of money."""
        AMOUNTS.use(str(self._settings["view.scale"]), int(self._settings["view.decimals"]))

    # Another choice -----------------------------------------------------------------------

    def switch_palette(self) -> None:
        """Change between light and dark."""
        self._turn("view.palette")
        self.dress()
        self._window.commands.repaint_icons()

    def switch_density(self) -> None:
        """Change between compact and comfortable rows."""
        self._turn("view.density")
        self.space_rows()

    def next_text_size(self) -> None:
        """Write everything in the next size."""
        self._turn("view.text")
        self.dress()
        self.space_rows()

    def next_amounts(self, key: str) -> None:
        """Write money in the next scale, or with the next number of decimals."""
        self._turn(key)
        self.write_amounts()

    def next_numerals(self) -> None:
        """Write and read numbers in the next style."""
        self._turn("view.numbers")
        self.choose_numerals()
        AMOUNTS.changed.emit()
        self._window.feed.write_again()
        self._window.banner.notice(f"Numbers are written as {accounting(1234.5, 1)}.")

    def _turn(self, key: str) -> None:
        """Take the next choice of a setting, after the last one the first."""
        choices = SETTINGS[key].choices
        after = (choices.index(self._settings[key]) + 1) % len(choices)
        self._settings[key] = choices[after]
