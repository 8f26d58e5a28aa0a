"""The guide in a window of its own: pages at the left, text at the right, links and a way back."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, cast

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import (
    QColor,
    QFont,
    QTextBlockFormat,
    QTextCharFormat,
    QTextCursor,
    QTextDocument,
    QTextTable,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QSplitter,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from workstation.ui.help.pages import Page, anchor, folder, pages
from workstation.ui.theme import THEME, body_font, scaled, tokens

SIZE = (1000, 720)
LIST_WIDE = 200
NAME = int(Qt.ItemDataRole.UserRole)
MARGIN = 16
HEADING_SIZES = {1: 20, 2: 15, 3: 13}
SPACE_ABOVE = {1: 0, 2: 16, 3: 12}
OUTSIDE = ("http:", "https:")


class HelpBrowser(QDialog):
    """Shows the guide; links to commands (`command:id`) leave as `command_wanted`."""

    command_wanted = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setWindowTitle("Crossmargin guide")
        self.resize(*SIZE)
        self._pages = {page.name: page for page in pages()}
        self._shown = ""
        self._before: list[str] = []
        self.list = QListWidget()
        self.list.setAccessibleName("Pages of the guide")
        self.text = QTextBrowser()
        self.text.setAccessibleName("Text of the page")
        self.text.setOpenLinks(False)
        self.text.anchorClicked.connect(self._follow)
        self.field = QLineEdit()
        self.field.setPlaceholderText("Find in the guide")
        self.field.setAccessibleName("Find in the guide")
        self.field.textChanged.connect(self.search)
        self.field.returnPressed.connect(self._find_next)
        self.back = QPushButton("Back")
        self.back.clicked.connect(self.go_back)
        self._lay_out()
        self.list.currentItemChanged.connect(self._show_item)
        THEME.changed.connect(self._restyle)
        self.search("")
        self._before.clear()

    def _lay_out(self) -> None:
        bar = QHBoxLayout()
        bar.addWidget(self.back)
        bar.addStretch(1)
        bar.addWidget(self.field)
        self.field.setFixedWidth(scaled(280))
        splitter = QSplitter()
        splitter.setHandleWidth(1)
        splitter.addWidget(self.list)
        splitter.addWidget(self.text)
        splitter.setSizes([scaled(LIST_WIDE), SIZE[0] - scaled(LIST_WIDE)])
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 8, 8, 8)
        column.addLayout(bar)
        column.addWidget(splitter, 1)

    def search(self, typed: str) -> None:
        """List the pages that hold the words typed; all of them for nothing."""
        wanted = typed.casefold()
        self.list.blockSignals(True)
        self.list.clear()
        for page in self._pages.values():
            if wanted in page.text.casefold():
                item = QListWidgetItem(page.title)
                item.setData(NAME, page.name)
                self.list.addItem(item)
        self.list.blockSignals(False)
        names = [self.list.item(row).data(NAME) for row in range(self.list.count())]
        if self._shown in names:
            self.list.setCurrentRow(names.index(self._shown))
        elif names:
            self.list.setCurrentRow(0)
        if typed:
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(typed)

    def _find_next(self) -> None:
        """Go to the next place that holds the words typed, from the end to the start."""
        typed = self.field.text()
        if typed and not self.text.find(typed):
            self.text.moveCursor(QTextCursor.MoveOperation.Start)
            self.text.find(typed)

    def _show_item(self, item: QListWidgetItem | None) -> None:
        if item is not None:
            self.show_page(str(item.data(NAME)))

    def show_page(self, name: str, at: str = "") -> None:
        """Show a page, from one of its headings on."""
        page = self._pages.get(name)
        if page is None:
            return
        if name != self._shown:
            if self._shown:
                self._before.append(self._shown)
            self._shown = name
            self._write(page)
            self._choose(name)
        if at:
            self._go_to(at)
        self.back.setEnabled(bool(self._before))

    def _write(self, page: Page) -> None:
        document = self.text.document()
        document.setBaseUrl(QUrl.fromLocalFile(f"{folder()}/"))
        document.setDefaultStyleSheet(f"a {{ color: {tokens().accent}; }}")
        document.setMarkdown(page.text, QTextDocument.MarkdownFeature.MarkdownDialectGitHub)
        document.setDocumentMargin(MARGIN)
        self._space(document)

    def _space(self, document: QTextDocument) -> None:
        """Set headings in our sizes and give paragraphs room; Markdown brings Qt's own."""
        block = document.begin()
        while block.isValid():
            level = block.blockFormat().headingLevel()
            room = QTextBlockFormat()
            room.setTopMargin(scaled(SPACE_ABOVE.get(level, 2)))
            room.setBottomMargin(scaled(4))
            cursor = QTextCursor(block)
            cursor.mergeBlockFormat(room)
            if level:
                font = body_font()
                font.setPixelSize(scaled(HEADING_SIZES.get(level, 13)))
                font.setWeight(QFont.Weight.DemiBold)
                letters = QTextCharFormat()
                letters.setFont(font)
                cursor.movePosition(QTextCursor.MoveOperation.EndOfBlock,
                                    QTextCursor.MoveMode.KeepAnchor)
                cursor.setCharFormat(letters)
            block = block.next()
        self._fit_pictures(document)
        for frame in document.rootFrame().childFrames():
            if isinstance(frame, QTextTable):
                self._rule(frame)

    def _fit_pictures(self, document: QTextDocument) -> None:
        """Make pictures as wide as the page at most."""
        wide = max(240, self.text.viewport().width() - 2 * MARGIN - 8)
        block = document.begin()
        while block.isValid():
            for step in cast("Iterable[Any]", block.begin()):  # Qt's stubs name no iterator
                fragment = step.fragment()
                picture = fragment.charFormat().toImageFormat()
                if picture.isValid():
                    picture.setWidth(wide)
                    cursor = QTextCursor(block)
                    cursor.setPosition(fragment.position())
                    cursor.setPosition(fragment.position() + fragment.length(),
                                       QTextCursor.MoveMode.KeepAnchor)
                    cursor.setCharFormat(picture)
            block = block.next()

    @staticmethod
    def _rule(table: QTextTable) -> None:
        """Draw a table with hairlines."""
        form = table.format()
        form.setBorderBrush(QColor(tokens().line))
        form.setBorderCollapse(True)
        form.setCellPadding(4)
        table.setFormat(form)

    def _go_to(self, wanted: str) -> None:
        """Scroll to a heading: the document knows them as blocks, not by name."""
        block = self.text.document().begin()
        while block.isValid():
            if block.blockFormat().headingLevel() and anchor(block.text()) == wanted:
                cursor = QTextCursor(block)
                self.text.setTextCursor(cursor)
                top = self.text.document().documentLayout().blockBoundingRect(block).top()
                self.text.verticalScrollBar().setValue(round(top))
                return
            block = block.next()

    def _choose(self, name: str) -> None:
        for row in range(self.list.count()):
            if self.list.item(row).data(NAME) == name:
                self.list.setCurrentRow(row)

    def go_back(self) -> None:
        """Show the page before."""
        if self._before:
            name = self._before.pop()
            self._shown = ""
            self.show_page(name)

    def _follow(self, link: QUrl) -> None:
        text = link.toString()
        if text.startswith("command:"):
            self.command_wanted.emit(text.removeprefix("command:"))
        elif not text.startswith(OUTSIDE):  # nothing is fetched: addresses are to be read
            name, _, at = text.rpartition("/")[2].partition("#")
            self.show_page(name.removesuffix(".md") or self._shown, at)

    def _restyle(self) -> None:
        if self._shown:
            self._write(self._pages[self._shown])
