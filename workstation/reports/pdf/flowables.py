"""Blocks as things that flow over pages: text, facts, figures, charts, lines to sign on."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from reportlab.platypus import Flowable  # noqa: TID253 - read only when a page is made

from workstation.reports import ink
from workstation.reports.charts.shapes import Picture
from workstation.reports.dossier.blocks import Figure, Tone
from workstation.reports.pdf.drawing import draw_picture, draw_text
from workstation.reports.pdf.fonts import fitted, width_of, wrapped

BODY, SMALL, HEADING, TITLE, LEAD = 9.5, 8.0, 12.5, 20.0, 13.0
LEADING = 1.34
HEADING_SPACE = (12.0, 5.0)
HEADING_HEIGHT = HEADING * LEADING + 4
MOST_LINES = 60
BULLET_INDENT = 11.0
NAME_SHARE = 0.24
FIGURE_HEIGHT = 47.0
SIGN_ROW = 26.0
LEAST_ZOOM = 0.8  # of a chart that would otherwise leave the rest of its page empty
COLOURS: dict[Tone, str] = {"body": "text", "note": "muted", "warning": "denied",
                            "missing": "excluded", "lead": "text"}


def _colour(token: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(ink.token(token))


class Text(Flowable):  # type: ignore[misc]
    """A paragraph; `mark` stands before its first line."""

    def __init__(self, text: str, size: float = BODY, colour: str = "text", *, bold: bool = False,
                 mark: str = "", before: float = 0.0, after: float = 3.0,
                 most: int = MOST_LINES) -> None:
        super().__init__()
        self.text, self.size, self.colour, self.bold = text, size, colour, bold
        self.mark, self.most = mark, most
        self.spaceBefore, self.spaceAfter = before, after
        self._lines: list[str] = []

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Break the text into lines of the width."""
        self.width = width
        indent = BULLET_INDENT if self.mark else 0.0
        self._lines = wrapped(self.text, width - indent, self.size, self.most, bold=self.bold)
        self.height = len(self._lines) * self.size * LEADING
        return width, self.height

    def split(self, width: float, height: float) -> list[Flowable]:
        """Put the lines that fit on this page and the others on the next, two at least on each."""
        self.wrap(width, height)
        room = int(height / (self.size * LEADING))
        room = min(room, len(self._lines) - 2)
        if room < 2:  # noqa: PLR2004 - no line alone on a page
            return []
        return [self._part(self._lines[:room], self.mark), self._part(self._lines[room:], "")]

    def _part(self, lines: list[str], mark: str) -> Text:
        return Text(" ".join(lines), self.size, self.colour, bold=self.bold, mark=mark,
                    after=self.spaceAfter)

    def draw(self) -> None:
        """Write the lines."""
        indent = BULLET_INDENT if self.mark else 0.0
        y = self.height - self.size
        if self.mark:
            draw_text(self.canv, 1, y, self.mark, self.size, "muted")
        for line in self._lines:
            draw_text(self.canv, indent, y, line, self.size, self.colour, bold=self.bold)
            y -= self.size * LEADING


class Heading(Flowable):  # type: ignore[misc]
    """The heading of a section over a hairline, known to the outline of the file."""

    def __init__(self, text: str, key: str, *, keep: bool = True) -> None:
        super().__init__()
        self.text, self.key = text, key
        self.spaceBefore, self.spaceAfter = HEADING_SPACE
        self.keepWithNext = int(keep)

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Take one line."""
        self.width, self.height = width, HEADING_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Write the heading and note it in the outline."""
        self.canv.bookmarkPage(self.key)
        self.canv.addOutlineEntry(self.text, self.key, 0, 0)
        draw_text(self.canv, 0, 7, fitted(self.text, self.width, HEADING, bold=True), HEADING,
                  bold=True)
        self.canv.setStrokeColor(_colour("muted"))
        self.canv.setLineWidth(0.6)
        self.canv.line(0, 1.5, self.width, 1.5)


class FactList(Flowable):  # type: ignore[misc]
    """Names in one column, what they say in the other."""

    def __init__(self, pairs: Sequence[tuple[str, str]]) -> None:
        super().__init__()
        self.pairs = tuple(pairs)
        self.spaceBefore, self.spaceAfter = 2.0, 6.0
        self._rows: list[tuple[str, list[str]]] = []

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Break what is said into lines."""
        self.width = width
        room = width * (1 - NAME_SHARE)
        self._rows = [(fitted(name, width * NAME_SHARE - 8, SMALL), wrapped(text, room, SMALL, 6))
                      for name, text in self.pairs]
        self.height = sum(self._height(lines) for _, lines in self._rows)
        return width, self.height

    @staticmethod
    def _height(lines: list[str]) -> float:
        return len(lines) * SMALL * LEADING + 2.5

    def split(self, width: float, height: float) -> list[Flowable]:
        """Break between facts."""
        self.wrap(width, height)
        used, count = 0.0, 0
        for _, lines in self._rows:
            used += self._height(lines)
            if used > height:
                break
            count += 1
        if not count:
            return []
        return [FactList(self.pairs[:count]), FactList(self.pairs[count:])]

    def draw(self) -> None:
        """Write the pairs."""
        y = self.height
        for name, lines in self._rows:
            top = y
            draw_text(self.canv, 0, top - SMALL, name, SMALL, "muted")
            for line in lines:
                draw_text(self.canv, self.width * NAME_SHARE, y - SMALL, line, SMALL)
                y -= SMALL * LEADING
            y = top - self._height(lines)


class FigureRow(Flowable):  # type: ignore[misc]
    """Headline figures side by side; a long figure is set smaller, never cut."""

    def __init__(self, items: Sequence[Figure]) -> None:
        super().__init__()
        self.items = tuple(items)
        self.spaceBefore, self.spaceAfter = 4.0, 8.0

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Take the height of three lines."""
        self.width, self.height = width, FIGURE_HEIGHT
        return self.width, self.height

    def draw(self) -> None:
        """Write label, figure and the line below, over a hairline in the accent."""
        room = self.width / max(1, len(self.items))
        self.canv.setLineWidth(1.2)
        for place, item in enumerate(self.items):
            x = place * room
            self.canv.setStrokeColor(_colour("accent"))
            self.canv.line(x, self.height, x + room - 10, self.height)
            size = LEAD
            while width_of(item.value, size, bold=True) > room - 10 and size > SMALL:
                size -= 0.5
            draw_text(self.canv, x, self.height - 11, fitted(item.label, room - 10, SMALL), SMALL,
                      "muted")
            draw_text(self.canv, x, self.height - 27, item.value, size, item.colour, bold=True)
            for number, line in enumerate(wrapped(item.below, room - 10, SMALL - 1, 2)):
                draw_text(self.canv, x, self.height - 38 - number * 9, line, SMALL - 1, "muted")


class ChartFlow(Flowable):  # type: ignore[misc]
    """A chart with its title, as wide as the page."""

    def __init__(self, title: str, picture: Picture, most_height: float) -> None:
        super().__init__()
        self.title, self.picture, self.most = title, picture, most_height
        self.spaceBefore, self.spaceAfter = 5.0, 7.0

    def wrap(self, width: float, room: float) -> tuple[float, float]:
        """Scale to the width, to a page where it is taller, or a little to what is left of one."""
        head = SMALL * LEADING + 4
        self.zoom = min(width / self.picture.width, (self.most - head) / self.picture.height)
        if LEAST_ZOOM * self.zoom * self.picture.height + head <= room:
            self.zoom = min(self.zoom, (room - head) / self.picture.height)
        self.width, self.height = width, self.picture.height * self.zoom + head
        return self.width, self.height

    def draw(self) -> None:
        """Draw title and shapes."""
        draw_text(self.canv, 0, self.height - SMALL, fitted(self.title, self.width, SMALL,
                                                            bold=True), SMALL, bold=True)
        draw_picture(self.canv, self.picture, 0, 0, self.zoom)


class SignatureLines(Flowable):  # type: ignore[misc]
    """One line a role: who, what is recorded, and room for a signature."""

    def __init__(self, roles: Sequence[tuple[str, str, str]]) -> None:
        super().__init__()
        self.roles = tuple(roles)
        self.spaceBefore, self.spaceAfter = 8.0, 4.0

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Take a row each."""
        self.width, self.height = width, SIGN_ROW * len(self.roles)
        return self.width, self.height

    def draw(self) -> None:
        """Write the roles over lines."""
        self.canv.setStrokeColor(_colour("muted"))
        self.canv.setLineWidth(0.5)
        for place, (role, name, when) in enumerate(self.roles):
            y = self.height - (place + 1) * SIGN_ROW + 8
            draw_text(self.canv, 0, y, fitted(role, self.width * 0.2, SMALL), SMALL, "muted")
            left, middle = self.width * 0.22, self.width * 0.72
            draw_text(self.canv, left, y, fitted(name, self.width * 0.47, SMALL), SMALL, bold=True)
            draw_text(self.canv, middle, y, fitted(when, self.width * 0.28, SMALL), SMALL)
            self.canv.line(left, y - 3, self.width * 0.69, y - 3)
            self.canv.line(middle, y - 3, self.width, y - 3)
