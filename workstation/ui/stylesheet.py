"""The one style sheet, made from tokens: hairlines, 4 px grid, no gradients, no shadows."""

from __future__ import annotations

from string import Template

from workstation.base.resources import resource_root
from workstation.ui.tokens import Tokens

LABEL_SIZE = 11
BODY_SIZE = 13
FIGURE_SIZE = 20

_SHEET = Template("""
QMainWindow, QDialog { background: $surface; }
QMainWindow[branch="what-if"] { border: 3px solid $what_if; }
QMainWindow[branch="what-if"] QLabel[role="client"] { color: $what_if; }
QMainWindow::separator { background: $line; width: 1px; height: 1px; }
QMainWindow::separator:hover { background: $accent; }

QMenuBar { background: $surface; border-bottom: 1px solid $line; padding: 2px 4px; }
QMenuBar::item { padding: 4px 8px; background: transparent; }
QMenuBar::item:selected { background: $hover; }
QMenu { background: $raised; border: 1px solid $line; padding: 4px 0; }
QMenu::item { padding: 4px 24px 4px 24px; }
QMenu::item:selected { background: $selection; color: $text; }
QMenu::item:disabled { color: $muted; }
QMenu::separator { height: 1px; background: $line; margin: 4px 8px; }

QToolBar { background: $surface; border: 0; border-bottom: 1px solid $line; spacing: 4px;
           padding: 2px 8px; }
QToolBar QToolButton { padding: 3px 8px; }
QToolBar[role="strip"] { padding: 0; spacing: 0; }
QToolBar::separator { background: $line; width: 1px; margin: 4px; }
QToolButton { background: transparent; border: 1px solid transparent; padding: 4px 8px; }
QToolButton:hover { background: $hover; }
QToolButton:checked { background: $selection; border-bottom: 2px solid $accent; }
QToolButton:focus { border: 1px solid $accent; }
QToolButton:disabled { color: $muted; }
QToolButton::menu-indicator { image: none; }
QToolButton[role="offer"] { color: $accent; text-align: left; border-bottom: 1px solid $line; }
QToolButton[role="chooser"] { padding: 0; border: 1px solid transparent; color: $accent; }

QPushButton { background: $raised; border: 1px solid $line; padding: 4px 12px; }
QPushButton:hover { background: $hover; }
QPushButton:focus { border: 1px solid $accent; }
QPushButton:disabled { color: $muted; }
QPushButton[role="figure"] { background: $surface; border: 1px solid transparent;
                             border-right: 1px solid $line; padding: 0; text-align: left; }
QPushButton[role="figure"]:hover { background: $hover; }
QPushButton[role="figure"]:focus { border: 1px solid $accent; }
QPushButton[role="search"] { text-align: left; color: $muted; padding: 3px 8px; }
QPushButton[role="search"]:hover { color: $text; border: 1px solid $muted; }
QPushButton[role="link"] { background: transparent; border: 1px solid transparent;
                           color: $accent; padding: 0 4px; }
QPushButton[role="link"]:focus { border: 1px solid $accent; }

QLabel { background: transparent; }
QLabel[role="label"] { color: $muted; font-size: ${label_size}px; }
QLabel[role="figure"] { font-size: ${figure_size}px; font-weight: 600; }
QLabel[role="note"] { color: $muted; font-size: ${label_size}px; }
QLabel[role="note"][tone="warning"] { color: $excluded; font-weight: 600; }
QLabel[role="note"][tone="good"] { color: $granted; }
QLabel[role="note"][tone="bad"] { color: $denied; }
QLabel[role="note"][tone="what-if"] { color: $what_if; font-weight: 600; }
QLabel[role="heading"] { font-weight: 600; }
QLabel[role="client"] { font-weight: 600; padding: 0 16px 0 4px; }
QLabel[role="muted"] { color: $muted; }
QLabel[role="empty"] { color: $muted; padding: 16px; }
QFrame#tour { background: $raised; border: 1px solid $accent; }
QFrame#banner { background: $raised; border: 0; border-left: 4px solid $denied;
                border-bottom: 1px solid $line; }
QFrame#banner[tone="notice"] { border-left: 4px solid $accent; }

QDockWidget { titlebar-close-icon: url("$icons/dock_close.svg");
              titlebar-normal-icon: url("$icons/dock_float.svg"); }
QDockWidget::title { background: $surface; border-bottom: 1px solid $line; padding: 4px 8px;
                     text-align: left; }
QTabBar { background: $surface; }
QTabBar::tab { background: $surface; color: $muted; padding: 4px 12px; border: 0;
               border-bottom: 2px solid transparent; }
QTabBar::tab:selected { color: $text; border-bottom: 2px solid $accent; }
QTabBar::tab:hover { color: $text; background: $hover; }
QTabBar::tab:focus { color: $accent; }
QTabWidget QTabBar::tab { padding: 4px 8px; }
QTabWidget::pane { border: 0; border-top: 1px solid $line; }

QAbstractItemView { background: $raised; border: 1px solid transparent; outline: 0;
                    gridline-color: $grid; selection-background-color: $selection;
                    selection-color: $text; }
QAbstractItemView:focus { border: 1px solid $accent; }
QListView::item { padding: 4px 8px; }
QTreeView::item { padding: 2px 4px; }
QTreeView::item:selected, QListView::item:selected { background: $selection; color: $text; }
QHeaderView { background: $surface; border: 0; }
QHeaderView::section { background: $surface; color: $muted; padding: 2px 8px; border: 0;
                       border-bottom: 1px solid $line; border-right: 1px solid $grid; }
QHeaderView::section:hover { color: $text; background: $hover; }
QTableCornerButton::section { background: $surface; border: 0; }

QLineEdit, QComboBox, QAbstractSpinBox, QPlainTextEdit, QTextEdit, QTextBrowser {
    background: $raised; border: 1px solid $line; padding: 2px 4px;
    selection-background-color: $selection; selection-color: $text; }
QLineEdit:focus, QComboBox:focus, QAbstractSpinBox:focus, QPlainTextEdit:focus,
QTextEdit:focus, QTextBrowser:focus { border: 1px solid $accent; }
QLineEdit[invalid="true"] { border: 1px solid $denied; color: $denied; }
QLineEdit[role="filter"] { border: 0; border-right: 1px solid $grid; padding: 0 8px;
                           font-size: ${label_size}px; background: $surface; }
QLineEdit[role="filter"]:focus { border: 1px solid $accent; }
QComboBox { padding-right: 20px; min-height: 18px; }
QComboBox::drop-down { border: 0; width: 18px; }
QComboBox::down-arrow { image: url("$icons/chevron.svg"); width: 12px; height: 12px; }
QAbstractSpinBox::up-button, QAbstractSpinBox::down-button { border: 0; width: 16px; }
QAbstractSpinBox::up-arrow { image: url("$icons/chevron_up.svg"); width: 10px; height: 10px; }
QAbstractSpinBox::down-arrow { image: url("$icons/chevron.svg"); width: 10px; height: 10px; }
QTreeView::branch { background: transparent; }
QTreeView::branch:selected { background: $selection; }
QTreeView::branch:has-children:closed { image: url("$icons/chevron_right.svg"); }
QTreeView::branch:has-children:open { image: url("$icons/chevron.svg"); }
QComboBox QAbstractItemView { border: 1px solid $line; }
QCheckBox::indicator, QMenu::indicator { width: 12px; height: 12px; }
QCheckBox::indicator { border: 1px solid $muted; background: $raised; }
QCheckBox::indicator:checked { background: $accent; border: 1px solid $accent;
                               image: url("$icons/check_$name.svg"); }
QCheckBox::indicator:checked:disabled { background: $muted; border: 1px solid $muted; }
QMenu::indicator:checked { image: url("$icons/check.svg"); }
QMenu::indicator { left: 6px; }
QCheckBox:focus, QRadioButton:focus { color: $accent; }
QCheckBox::indicator:focus { border: 1px solid $accent; }

QAbstractScrollArea::corner { background: $surface; border: 0; }
QScrollBar { background: $surface; border: 0; margin: 0; }
QScrollBar:vertical { width: 10px; }
QScrollBar:horizontal { height: 10px; }
QScrollBar::handle { background: $line; border: 2px solid $surface; }
QScrollBar::handle:vertical { min-height: 24px; }
QScrollBar::handle:horizontal { min-width: 24px; }
QScrollBar::handle:hover { background: $muted; }
QScrollBar::add-line, QScrollBar::sub-line { width: 0; height: 0; border: 0; }
QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
QSplitter::handle { background: $line; }
QSplitter::handle:horizontal { width: 1px; }
QSplitter::handle:vertical { height: 1px; }

QStatusBar { background: $surface; border-top: 1px solid $line; }
QStatusBar::item { border: 0; }
QStatusBar QPushButton { font-size: ${label_size}px; }
QProgressBar { background: $line; border: 0; max-height: 8px; }
QProgressBar::chunk { background: $accent; }
QToolTip { background: $raised; color: $text; border: 1px solid $line; padding: 4px; }
""")


def stylesheet(tokens: Tokens, percent: int = 100) -> str:
    """Return the style sheet of one palette, text at so many percent of its size."""
    return _SHEET.substitute(
        name=tokens.name, surface=tokens.surface, raised=tokens.raised, line=tokens.line,
        text=tokens.text, muted=tokens.muted, accent=tokens.accent, granted=tokens.granted,
        denied=tokens.denied, excluded=tokens.excluded, selection=tokens.selection,
        hover=tokens.hover,
        grid=tokens.grid, what_if=tokens.what_if, icons=(resource_root() / "icons").as_posix(),
        label_size=round(LABEL_SIZE * percent / 100),
        figure_size=round(FIGURE_SIZE * percent / 100),
    )
