"""What a report is made of: sections of blocks that know nothing of paper or screen."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from workstation.base.money import accounting
from workstation.reports.charts.shapes import Picture
from workstation.results.table import Table

Tone = Literal["body", "note", "warning", "missing", "lead"]
PAGE_WIDTH = 500.0
"""Width charts are drawn for, in points; paper and screen scale them to theirs."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, a token of colour, and whether it stands out."""

    text: str
    colour: str = "text"
    bold: bool = False
    swatch: str = ""


@dataclass(frozen=True, slots=True)
class Field:
    """One column: its heading, its share of the room text columns divide, and its side.

    Columns of numbers take the room they need and are never cut; texts take up to `lines` lines.
    """

    heading: str
    share: float = 1.0
    number: bool = False
    lines: int = 2


@dataclass(frozen=True, slots=True)
class Grid:
    """A table; the header is repeated on every page. `note` says what is left out and where."""

    fields: tuple[Field, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: str = ""
    note: str = ""
    totals: frozenset[int] = frozenset()
    chosen: frozenset[int] = frozenset()
    whole: bool = False
    """Whether the table may not be split over pages where it fits on one."""


@dataclass(frozen=True, slots=True)
class Prose:
    """A paragraph."""

    text: str
    tone: Tone = "body"


@dataclass(frozen=True, slots=True)
class Bullets:
    """Short statements under one another, marked or numbered."""

    items: tuple[str, ...]
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Facts:
    """Names with what they say, in pairs."""

    pairs: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Figure:
    """One headline figure: its label, its text, and a line below it."""

    label: str
    value: str
    below: str = ""
    colour: str = "text"


@dataclass(frozen=True, slots=True)
class Figures:
    """The headline figures side by side."""

    items: tuple[Figure, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """A chart with its title; the table beside or below it holds the same figures."""

    title: str
    picture: Picture


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines to sign on: one a role, with what is known of it."""

    roles: tuple[tuple[str, str, str], ...]


Block = Grid | Prose | Bullets | Facts | Figures | Chart | Lines


@dataclass(frozen=True, slots=True)
class Section:
    """One numbered section; never empty: what is not there is said."""

    title: str
    blocks: tuple[Block, ...]
    new_page: bool = False


@dataclass(frozen=True, slots=True)
class Report:
    """A whole report: what its first page says on top, its sections, and its footer."""

    title: str
    subject: str
    author: str
    status: str
    sections: tuple[Section, ...]
    footer: tuple[str, ...]
    firm: str = ""
    logo: bytes = b""
    kind: str = "Margin review"
    disclaimer: str = ""
    currency: str = "USD"
    numbered: bool = True
    what_if: str = ""
    """The what-if branch the figures belong to; empty for the client's book as it is."""

    @property
    def banner(self) -> str:
        """Return what stands above every page of a what-if branch."""
        return (f"WHAT-IF {self.what_if}: not the client's book as it is" if self.what_if else "")

    @property
    def is_draft(self) -> bool:
        """Say whether the pages carry the watermark."""
        return self.status.lower() != "approved"


def texts_of(report: Report) -> Iterator[str]:
    """Yield every text of a report, charts' labels apart."""
    yield from (report.title, report.subject, report.firm, report.disclaimer, *report.footer)
    for section in report.sections:
        yield section.title
        for block in section.blocks:
            yield from _texts(block)


def _texts(block: Block) -> Iterator[str]:
    match block:
        case Prose():
            yield block.text
        case Bullets():
            yield from block.items
        case Facts():
            yield from (said for pair in block.pairs for said in pair)
        case Figures():
            yield from (said for item in block.items
                        for said in (item.label, item.value, item.below))
        case Chart():
            yield block.title
        case Lines():
            yield from (said for role in block.roles for said in role)
        case Grid():
            yield from (block.title, block.note, *(field.heading for field in block.fields),
                        *(cell.text for row in block.rows for cell in row))


def text_cell(text: str, colour: str = "text", *, bold: bool = False, swatch: str = "") -> Cell:
    """Return a cell of text."""
    return Cell(text, colour, bold, swatch)


def amount_cell(value: Decimal | float | None, *, bold: bool = False, colour: str = "text") -> Cell:
    """Return a cell of money, blank where there is none."""
    return Cell("" if value is None else accounting(value), colour, bold)


def missing(text: str) -> Prose:
    """Return the sentence that stands for data that is not there."""
    return Prose(text, "missing")


def grid_of(table: Table, wanted: Sequence[str | tuple[str, float]], most: int | None = None, *,
            title: str = "", where: str = "", rows: Iterable[int] | None = None,
            lines: int = 2) -> Grid:
    """Return some columns of a result table as a grid.

    Parameters
    ----------
    wanted
        Fields of the table in the order shown, those of text with their share of the room. Where
        all are numbers, the first names the rows and stands on the left.
    most
        How many rows are shown; the note says how many more there are and that the workbook's
        sheet `where` (the table's own unless given) holds them.
    rows
        Which rows, in which order; all of them unless given.
    """
    chosen = [(name, 1.0) if isinstance(name, str) else name for name in wanted]
    known = {column.field: place for place, column in enumerate(table.columns)}
    places = [known[name] for name, _ in chosen]
    order = list(range(len(table.rows)) if rows is None else rows)
    shown = order if most is None else order[:most]
    names_rows = any(not table.columns[p].numeric for p in places)
    fields = tuple(Field(table.columns[p].heading, share,
                         table.columns[p].numeric and (names_rows or p != places[0]), lines)
                   for p, (_, share) in zip(places, chosen, strict=True))
    cells = tuple(tuple(_cell(table, row, place) for place in places) for row in shown)
    left = len(order) - len(shown)
    note = f"{left:,} more are in the workbook, sheet {where or table.name}." if left else ""
    return Grid(fields, cells, title, note)


_STATES = {"granted": "granted", "partial": "partial", "denied": "denied", "excluded": "excluded",
           "incomplete": "excluded", "price missing": "excluded", "not margined": "excluded",
           "error": "denied", "warning": "partial"}


def state_colour(status: str) -> str:
    """Return the token of a status by its first words."""
    return next((token for word, token in _STATES.items() if status.startswith(word)), "text")


def _cell(table: Table, row: int, place: int) -> Cell:
    text = table.text(row, place)
    field = table.columns[place].field
    coloured = field in ("status", "severity")
    return Cell(text, state_colour(text) if coloured else "text")
