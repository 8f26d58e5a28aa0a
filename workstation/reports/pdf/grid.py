"""A table that breaks over pages with its header; texts are cut, numbers never.

Cells are drawn straight on the canvas: a paragraph object a cell would make a book of two
thousand positions take most of a minute.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from reportlab.platypus import Flowable  # noqa: TID253 - read only when a page is made

from workstation.reports import ink
from workstation.reports.dossier.blocks import Cell, Field, Grid
from workstation.reports.pdf.drawing import draw_text
from workstation.reports.pdf.fonts import printable, width_of, wrapped

SIZE, SMALLEST = 7.5, 5.0
STEP = 0.25
LEADING = 1.28
PADDING = 4.0
ABOVE, BELOW = 1.8, 2.4
SWATCH = 5.0
HEADER_LINES = 4
LEAST_TEXT, ROOMY_TEXT = 44.0, 80.0
LEAST_ROWS = 2
ROOM_FOR_ONE = 400.0
"""With this much room on a page, a single tall row may stand there."""
TITLE_HEIGHT = 13.0


class GridFlow(Flowable):  # type: ignore[misc]
    """One table, or the part of it that is on one page."""

    def __init__(self, grid: Grid, layout: _Layout | None = None) -> None:
        super().__init__()
        self.grid, self._layout = grid, layout
        self.spaceBefore, self.spaceAfter = 4.0, 6.0

    def wrap(self, width: float, _: float) -> tuple[float, float]:
        """Lay the columns out for the width."""
        if self._layout is None or self._layout.width != width:
            self._layout = _Layout(self.grid, width)
        self.width = width
        self.height = self._layout.top + sum(self._layout.heights) + self._layout.foot
        return self.width, self.height

    def least(self, width: float) -> float:
        """Return the height in which its header and first rows stand."""
        self.wrap(width, 0.0)
        layout = self._layout
        assert layout is not None
        return self.spaceBefore + layout.top + sum(layout.heights[:LEAST_ROWS + 1])

    def split(self, width: float, height: float) -> list[Flowable]:
        """Break between rows; a total stays with the row before it."""
        self.wrap(width, height)
        layout = self._layout
        assert layout is not None
        used, count = layout.top, 0
        for row in layout.heights:
            used += row
            if used > height:
                break
            count += 1
        if count >= len(layout.heights):
            count = len(layout.heights) - 1
        while count and count in self.grid.totals:
            count -= 1
        if count < LEAST_ROWS and (not count or height < ROOM_FOR_ONE):
            return []
        return [GridFlow(_cut(self.grid, 0, count, note=""), layout.rows(0, count)),
                GridFlow(_cut(self.grid, count, len(self.grid.rows), note=self.grid.note),
                         layout.rows(count, len(self.grid.rows)))]

    def draw(self) -> None:
        """Draw title, header, rows and note."""
        layout = self._layout
        assert layout is not None
        y = self.height
        if self.grid.title:
            draw_text(self.canv, 0, y - 9, layout.title, layout.size + 0.5, bold=True)
            y -= TITLE_HEIGHT
        y = self._row(layout.header, y, layout.header_height, header=True)
        self._line(y, "muted", 0.7)
        for number, (lines, height) in enumerate(zip(layout.cells, layout.heights, strict=True)):
            if number in self.grid.chosen:
                self.canv.setFillColor(_colour("header"))
                self.canv.rect(0, y - height, self.width, height, stroke=0, fill=1)
            if number in self.grid.totals:
                self._line(y, "muted", 0.7)
            y = self._row(lines, y, height, cells=self.grid.rows[number])
            self._line(y, "line", 0.4)
        for line in layout.note:
            y -= layout.size * LEADING
            draw_text(self.canv, 0, y, line, layout.size, "muted")

    def _row(self, lines: list[list[str]], top: float, height: float, *,
             cells: tuple[Cell, ...] = (), header: bool = False) -> float:
        layout = self._layout
        assert layout is not None
        for place, (texts, column) in enumerate(zip(lines, self.grid.fields, strict=True)):
            cell = cells[place] if cells else Cell("", "muted", True)
            x = layout.right[place] if column.number else layout.left[place]
            y = top - ABOVE - layout.size
            if header:  # headings stand on the line, however many lines they take
                y = top - height + BELOW + (len(texts) - 1) * layout.size * LEADING + 0.5
            if cell.swatch:
                self.canv.setFillColor(_colour(cell.swatch))
                self.canv.rect(x, y, SWATCH, SWATCH, stroke=0, fill=1)
                x += SWATCH + 3
            for text in texts:
                draw_text(self.canv, x, y, text, layout.size, cell.colour, bold=cell.bold,
                          anchor="end" if column.number else "start")
                y -= layout.size * LEADING
        return top - height

    def _line(self, y: float, colour: str, width: float) -> None:
        self.canv.setStrokeColor(_colour(colour))
        self.canv.setLineWidth(width)
        self.canv.line(0, y, self.width, y)


class _Layout:
    """Column edges and wrapped cells of a table for one width."""

    def __init__(self, grid: Grid, width: float) -> None:
        self.width = width
        self.size = _size(grid, width)
        widths = _widths(grid, width, self.size)
        self.left, self.right = _edges(widths, grid.fields)
        rooms = [right - left for left, right in zip(self.left, self.right, strict=True)]
        self.header = [wrapped(f.heading, room, self.size, HEADER_LINES, bold=True)
                       for f, room in zip(grid.fields, rooms, strict=True)]
        self.cells = [[_lines(cell, f, room, self.size)
                       for cell, f, room in zip(row, grid.fields, rooms, strict=True)]
                      for row in grid.rows]
        self.heights = [self._height(lines) for lines in self.cells]
        self.header_height = self._height(self.header)
        self.title = printable(grid.title)
        self.note = wrapped(grid.note, width, self.size, 3) if grid.note else []
        self.top = self.header_height + (TITLE_HEIGHT if grid.title else 0.0)

    @property
    def foot(self) -> float:
        """Return the height of the note."""
        return len(self.note) * self.size * LEADING + (2 if self.note else 0)

    def _height(self, lines: list[list[str]]) -> float:
        return max(1, *(len(texts) for texts in lines)) * self.size * LEADING + ABOVE + BELOW

    def rows(self, start: int, stop: int) -> _Layout:
        """Return the layout of some of the rows; the note stays with the last."""
        part = object.__new__(_Layout)
        part.__dict__.update(self.__dict__)
        part.cells, part.heights = self.cells[start:stop], self.heights[start:stop]
        if stop < len(self.heights):
            part.note = []
        return part


def _colour(token: str) -> Any:
    from reportlab.lib.colors import HexColor

    return HexColor(ink.token(token))


def _cut(grid: Grid, start: int, stop: int, note: str) -> Grid:
    within = range(start, stop)
    title = grid.title if not start or not grid.title or grid.title.endswith(", continued") else (
        f"{grid.title}, continued")
    return replace(
        grid, rows=grid.rows[start:stop], note=note, title=title,
        totals=frozenset(n - start for n in grid.totals if n in within),
        chosen=frozenset(n - start for n in grid.chosen if n in within))


def _size(grid: Grid, width: float) -> float:
    """Return the size at which all numbers stand beside each other with some room for texts."""
    size = SIZE
    texts = sum(not field.number for field in grid.fields)
    while size > SMALLEST:
        needed = sum(_number_width(grid, n, size) for n, f in enumerate(grid.fields) if f.number)
        if needed + texts * LEAST_TEXT <= width:
            break
        size -= STEP
    return size


def _number_width(grid: Grid, place: int, size: float) -> float:
    """Return the room a column of numbers needs: its widest number, its longest heading word."""
    words = max((width_of(printable(word), size, bold=True)
                 for word in grid.fields[place].heading.split()), default=0.0)
    numbers = max((width_of(printable(row[place].text), size, bold=row[place].bold)
                   for row in grid.rows), default=0.0)
    return max(words, numbers) + 2 * PADDING


def _widths(grid: Grid, width: float, size: float) -> list[float]:
    numbers = {n: _number_width(grid, n, size) for n, f in enumerate(grid.fields) if f.number}
    texts = len(grid.fields) - len(numbers)
    airy = {n: max(room, _two_lines(grid.fields[n].heading, size)) for n, room in numbers.items()}
    if sum(airy.values()) + texts * ROOMY_TEXT <= width:
        numbers = airy
    rest = width - sum(numbers.values())
    shares = sum(f.share for f in grid.fields if not f.number)
    if not shares:
        stretch = width / sum(numbers.values())
        return [numbers[n] * stretch for n in range(len(grid.fields))]
    given = {n: rest * f.share / shares for n, f in enumerate(grid.fields) if not f.number}
    others = _with_whole_words(grid, given, size)
    return [numbers[n] if f.number else others[n] for n, f in enumerate(grid.fields)]


def _two_lines(heading: str, size: float) -> float:
    """Return the room in which a heading takes two lines."""
    words = printable(heading).split()
    splits = ((" ".join(words[:n]), " ".join(words[n:])) for n in range(1, len(words) + 1))
    return min((max(width_of(line, size, bold=True) for line in lines) for lines in splits),
               default=0.0) + 2 * PADDING


def _with_whole_words(grid: Grid, given: dict[int, float], size: float) -> dict[int, float]:
    """Give columns of text at least their longest heading word, taken from those with room."""
    least = {n: max((width_of(printable(word), size, bold=True)
                     for word in grid.fields[n].heading.split()), default=0.0) + 2 * PADDING
             for n in given}
    short = sum(max(0.0, least[n] - room) for n, room in given.items())
    spare = sum(max(0.0, room - least[n]) for n, room in given.items())
    if not short or not spare:
        return given
    taken = min(1.0, short / spare)
    return {n: max(room, least[n]) if room <= least[n] else room - taken * (room - least[n])
            for n, room in given.items()}


def _edges(widths: list[float], fields: tuple[Field, ...]) -> tuple[list[float], list[float]]:
    left, right, x = [], [], 0.0
    for place, width in enumerate(widths):
        after_number = place and fields[place - 1].number and not fields[place].number
        left.append(x + (PADDING if after_number else 0))
        x += width
        right.append(x - (PADDING if place + 1 < len(widths) else 0))
    return left, right


def _lines(cell: Cell, field: Field, room: float, size: float) -> list[str]:
    if field.number:
        return [printable(cell.text)]
    room -= SWATCH + 3 if cell.swatch else 0
    return wrapped(cell.text, room, size, field.lines, bold=cell.bold)
