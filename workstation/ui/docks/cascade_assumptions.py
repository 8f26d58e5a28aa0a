"""What a cascade is run with beside its scenario: always told in a line, changed in a form."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from PySide6.QtCore import QDate, QObject, QSignalBlocker, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDateEdit,
    QDoubleSpinBox,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QSizePolicy,
    QSpinBox,
    QToolButton,
    QWidget,
    QWidgetAction,
)

from workstation.base.money import accounting
from workstation.base.problem import UnusableInputError
from workstation.book.book import Book
from workstation.cascade.dynamic_client import MODE as DYNAMIC
from workstation.cascade.ground import FIRMS
from workstation.cascade.selection import SELECTIONS
from workstation.ui.docks.choice import combo, refill
from workstation.ui.restyle import restyle
from workstation.ui.typed_number import typed_number
from workstation.workspace.stress import Stress
from workstation.workspace.stress_words import read_shocks, told

MOST_PATHS, PATHS_STEP, MOST_SEED = 100_000, 1_000, 2**31 - 1
MOST_MINUTES, MINUTES_STEP = 10_000.0, 30.0
AMISS = "Enter an amount of 0 or more, such as 25m, or leave it empty for the edition's."
FIELD = 220


class CascadeAssumptions(QObject):
    """The line and the form; holds the stress in full and changes only what was edited.

    Edits are announced together, once the form is closed.
    """

    changed = Signal()
    refused = Signal(str)
    """Why what was typed is not taken; empty once it is."""

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.stress = self._shown = Stress()
        self.own: tuple[tuple[str, float], ...] = ()
        self.currency, self._can_replay = "", False
        self.line = QLabel()
        self.line.setProperty("role", "label")
        self.line.setAccessibleName("Assumptions of the cascade")
        self.line.setWordWrap(True)
        self.line.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.shocks, self.credit = _text("Own shocks"), _text("Credit line")
        self.shocks.setPlaceholderText("SPX=-10%; BTC=-30%")
        self.credit.setPlaceholderText("the edition's")
        self.firm = combo("Failed firm")
        self.replay = QCheckBox("instead of the scenario")
        self.replay.setAccessibleName("Replay the book's history")
        self.first, self.last = _day("First day replayed"), _day("Last day replayed")
        self.minutes = _minutes()
        self.sells = combo("What called accounts sell")
        refill(self.sells, SELECTIONS)
        self.paths = _count("Drawn paths", MOST_PATHS, PATHS_STEP, "none")
        self.seed = _count("Seed", MOST_SEED, 1)
        self.button = _menu_button(self._form())
        self.row = self._row()
        self._connect()
        self._write()

    def _connect(self) -> None:
        self.shocks.editingFinished.connect(self._take_shocks)
        self.credit.editingFinished.connect(self._take_credit)
        self.firm.activated.connect(
            lambda _: self._take(failed_firm=str(self.firm.currentData() or "")))
        self.replay.toggled.connect(lambda _: self._take_replay())
        self.first.dateChanged.connect(lambda _: self._take_replay())
        self.last.dateChanged.connect(lambda _: self._take_replay())
        self.sells.activated.connect(
            lambda _: self._take(selection=self.sells.currentData()))
        self.minutes.valueChanged.connect(lambda minutes: self._take(minutes=minutes))
        self.paths.valueChanged.connect(lambda count: self._take(paths=count))
        self.seed.valueChanged.connect(lambda seed: self._take(seed=seed))
        self.button.menu().aboutToHide.connect(self.settle)

    def _form(self) -> QWidget:
        content = QWidget()
        form = QFormLayout(content)
        form.setContentsMargins(12, 12, 12, 12)
        for label, field in (("Own shocks", self.shocks), ("Credit line", self.credit),
                             ("Failed firm", self.firm), ("Replay history", self.replay),
                             ("from", self.first), ("to", self.last),
                             ("Shock arrives over", self.minutes),
                             ("Sells", self.sells), ("Drawn paths", self.paths),
                             ("Seed", self.seed)):
            form.addRow(label, field)
        return content

    def _row(self) -> QWidget:
        row = QWidget()
        across = QHBoxLayout(row)
        across.setContentsMargins(8, 0, 8, 4)
        across.addWidget(self.button)
        across.addWidget(self.line, 1)
        return row

    # What is shown ------------------------------------------------------------------------

    def show_stress(self, stress: Stress, book: Book, currency: str) -> None:
        """Show the stress of a review, with the firms and the days of its book to choose from.

        What is being edited stays until another stress is run.
        """
        self.currency = currency
        if stress == self._shown != self.stress:
            return
        self.stress = self._shown = stress
        self.own = stress.shocks or self.own
        firms = sorted({a.firm or a.account_id for a in book.accounts})
        several = [stress.failed_firm] if FIRMS in stress.failed_firm else []
        refill(self.firm, [("none", ""), *((firm, firm) for firm in (*firms, *several))])
        self._offer_days(book.market.history.dates)
        self._write()

    def _offer_days(self, dates: Sequence[date]) -> None:
        self._can_replay = can = len(dates) > 1
        self.replay.setToolTip("" if can else "The book has no History sheet to replay")
        for field, start in ((self.first, 1), (self.last, -1)):
            with QSignalBlocker(field):
                if can:
                    field.setDateRange(_qdate(dates[1]), _qdate(dates[-1]))
                    field.setDate(_qdate(dates[start]))

    def _write(self) -> None:
        """Write the stress into the fields without announcing any of it."""
        kept = self.stress
        silenced = [QSignalBlocker(field) for field in (
            self.shocks, self.credit, self.firm, self.replay, self.first, self.last, self.minutes,
            self.paths, self.seed)]
        self.shocks.setText(replace(kept, shocks=self.own).shocks_text)
        self.credit.setText("" if kept.credit_line is None else accounting(kept.credit_line))
        self.firm.setCurrentIndex(max(0, self.firm.findText(kept.failed_firm)
                                      if kept.failed_firm else 0))
        self.replay.setChecked(kept.replay is not None)
        if kept.replay is not None:
            self.first.setDate(_qdate(date.fromisoformat(kept.replay[0])))
            self.last.setDate(_qdate(date.fromisoformat(kept.replay[1])))
        self.minutes.setValue(kept.minutes)
        self.sells.setCurrentIndex(max(0, self.sells.findData(kept.selection)))
        self.paths.setValue(min(kept.paths, MOST_PATHS))
        self.seed.setValue(min(kept.seed, MOST_SEED))
        del silenced
        self._tell()

    def show_mode(self, mode: str) -> None:
        """Let the fields that are read step by step only be edited in that mode."""
        self.stress = replace(self.stress, mode=mode)
        self._tell()

    def forget(self) -> None:
        """Begin anew for another review."""
        self.stress = self._shown = Stress()
        self.own = ()
        self._write()

    def _tell(self) -> None:
        is_dynamic, is_replayed = self.stress.mode == DYNAMIC, self.stress.replay is not None
        for field in (self.credit, self.firm, self.minutes, self.sells, self.paths, self.seed):
            field.setEnabled(is_dynamic)
        self.replay.setEnabled(is_dynamic and (is_replayed or self._can_replay))
        self.first.setEnabled(is_dynamic and is_replayed)
        self.last.setEnabled(is_dynamic and is_replayed)
        waits = "" if replace(self.stress, mode=self._shown.mode) == self._shown else (
            " (not run yet)")
        said = "; ".join(told(self.stress, self.currency))
        self.line.setText(said[:1].upper() + said[1:] + waits)
        self.line.setToolTip(self.line.text())

    # What is edited -----------------------------------------------------------------------

    def settle(self) -> None:
        """Take what was typed last, and announce the edits where there are any."""
        self._take_shocks()
        self._take_credit()
        if self.stress != self._shown:
            self.changed.emit()

    def _take(self, **edited: Any) -> None:
        self.stress = replace(self.stress, **edited)
        self._tell()

    def _take_replay(self) -> None:
        days = tuple(field.date().toString("yyyy-MM-dd") for field in (self.first, self.last))
        self._take(replay=(days[0], days[1]) if self.replay.isChecked() else None)

    def _take_credit(self) -> None:
        if not self.credit.isModified():
            return
        text = self.credit.text().strip()
        amount = typed_number(text) if text else None
        if amount is not None and (isinstance(amount, str) or amount < 0):
            self._refuse(self.credit, AMISS)
            return
        self._refuse(self.credit, "")
        self._take(credit_line=None if amount is None else float(amount))

    def _take_shocks(self) -> None:
        if not self.shocks.isModified():
            return
        try:
            shocks = read_shocks(self.shocks.text())
        except UnusableInputError as refusal:
            self._refuse(self.shocks, str(refusal))
            return
        self._refuse(self.shocks, "")
        self.own = shocks
        self._take(shocks=shocks)

    def _refuse(self, field: QWidget, sentence: str) -> None:
        restyle(field, "invalid", bool(sentence))
        self.refused.emit(sentence)


def _qdate(day: date) -> QDate:
    return QDate(day.year, day.month, day.day)


def _text(name: str) -> QLineEdit:
    field = QLineEdit()
    field.setAccessibleName(name)
    field.setMinimumWidth(FIELD)
    return field


def _day(name: str) -> QDateEdit:
    field = QDateEdit()
    field.setAccessibleName(name)
    field.setDisplayFormat("yyyy-MM-dd")
    field.setButtonSymbols(QDateEdit.ButtonSymbols.NoButtons)
    field.setKeyboardTracking(False)
    return field


def _count(name: str, most: int, step: int, zero: str = "") -> QSpinBox:
    box = QSpinBox()
    box.setAccessibleName(name)
    box.setRange(0, most)
    box.setSingleStep(step)
    box.setSpecialValueText(zero)
    box.setGroupSeparatorShown(bool(zero))
    box.setKeyboardTracking(False)
    return box


def _minutes() -> QDoubleSpinBox:
    box = QDoubleSpinBox()
    box.setAccessibleName("Minutes over which the shock arrives")
    box.setRange(0.0, MOST_MINUTES)
    box.setDecimals(0)
    box.setSingleStep(MINUTES_STEP)
    box.setSpecialValueText("at once")
    box.setSuffix(" trading minutes")
    box.setKeyboardTracking(False)
    return box


def _menu_button(form: QWidget) -> QToolButton:
    button = QToolButton()
    button.setText("Assumptions…")
    button.setAccessibleName("Change the assumptions of the cascade")
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    menu = QMenu(button)
    holder = QWidgetAction(menu)
    holder.setDefaultWidget(form)
    menu.addAction(holder)
    button.setMenu(menu)
    return button
