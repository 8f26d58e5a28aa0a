"""Find position tables in a sheet: title rows above, header, body, and further tables below."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from workstation.importers.figures import Fault, figure
from workstation.importers.labels import label
from workstation.importers.sheets import Cell, Sheet, is_blank, text_of
from workstation.importers.vocabulary import header_words, spellings

SEARCH_ROWS = 60
ENOUGH_HITS = 3
JOIN_GAIN = 2
PAIR = 2
_TITLE = re.compile(r"(?:account|acct|portfolio|fund|client|as of|as at)\b", re.IGNORECASE)
CLEAR_SHARE = 0.6
IDENTIFIES = frozenset({"symbol", "isin", "cusip", "sedol", "figi", "conid", "underlying",
                        "description"})
COUNTS = frozenset({"quantity", "qty_long", "qty_short", "notional"})


@dataclass(frozen=True, slots=True)
class Table:
    """A table of a sheet: its headers, the rows of its body, and the lines above it."""

    sheet: Sheet
    header_row: int
    headers: tuple[str, ...]
    body: tuple[int, ...]
    titles: tuple[int, ...] = ()
    below: tuple[int, ...] = ()
    """Rows under the body that belong to something else: another table, remarks by name."""

    def column(self, number: int) -> list[Cell]:
        """Return one column of the body; rows that end early give empty cells."""
        rows = self.sheet.rows
        return [row[number] if number < len(row := rows[i]) else "" for i in self.body]

    def columns(self) -> list[list[Cell]]:
        """Return every column of the body."""
        width = len(self.headers)
        rows = [self.sheet.rows[i] for i in self.body]
        padded = [row if len(row) >= width else [*row, *[""] * (width - len(row))] for row in rows]
        return [list(column) for column in zip(*padded, strict=False)][:width] or [
            [] for _ in range(width)]


@dataclass(frozen=True, slots=True)
class _Header:
    first: int
    last: int
    texts: tuple[str, ...]
    hits: int


def position_tables(sheet: Sheet) -> tuple[Table, ...]:
    """Return the position tables of a sheet, top to bottom; empty when it has none."""
    found = _first_header(sheet.rows)
    tables: list[Table] = []
    above = 0
    while found is not None:
        following = _next_header(sheet.rows, found)
        end = _end_of_body(sheet.rows, found, following)
        stop = _end_of_table(sheet.rows, found, end)
        body = tuple(i for i in range(found.last + 1, stop) if not _blank(sheet.rows[i]))
        below = tuple(i for i in range(stop, end) if not _blank(sheet.rows[i]))
        titles = tuple(i for i in range(above, found.first) if not _blank(sheet.rows[i]))
        tables.append(Table(sheet, found.last, found.texts, body, titles, below))
        above, found = end, following
    return tuple(tables)


def _end_of_body(rows: Sequence[Sequence[Cell]], header: _Header,
                 following: _Header | None) -> int:
    """Return where a body ends: at the end of the sheet, or above the next table's title."""
    if following is None:
        return len(rows)
    end = following.first
    while end > header.last + 1 and _is_title(rows[end - 1]):
        end -= 1
    return end


def _end_of_table(rows: Sequence[Sequence[Cell]], header: _Header, end: int) -> int:
    """Return where a table ends within its rows: above another table, or above named remarks."""
    for i in range(header.last + 2, end):
        if not _blank(rows[i - 1]) or _blank(rows[i]):
            continue
        below = rows[i + 1] if i + 1 < end else []
        if _is_alone(rows[i]) and _is_heading(below):
            return i
        if sum(map(bool, header.texts)) > PAIR + 1 and _is_metadata(rows[i:end]):
            return i
    return end


def _is_alone(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) == 1 and isinstance(filled[0], str)


def _is_heading(row: Sequence[Cell]) -> bool:
    """Say whether a row holds nothing but words, as the heading of a table does."""
    filled = [cell for cell in row if not is_blank(cell)]
    return len(filled) > PAIR and all(
        isinstance(cell, str) and isinstance(figure(cell), Fault) and not cell[:1].isdigit()
        for cell in filled)


def _is_metadata(rows: Sequence[Sequence[Cell]]) -> bool:
    """Say whether all rows are a name and what it is, such as PeriodEndDate and a date."""
    pairs = [row for row in rows if not _blank(row)]
    return all(
        sum(not is_blank(cell) for cell in row) == PAIR and not is_blank(row[0])
        and not is_blank(row[1]) and not label(text_of(row[0]))
        and isinstance(figure(row[1]), Fault) for row in pairs)


def _is_title(row: Sequence[Cell]) -> bool:
    filled = [cell for cell in row if not is_blank(cell)]
    if not filled:
        return True
    first = text_of(filled[0])
    return isinstance(filled[0], str) and (
        len(filled) == 1 or (len(filled) <= PAIR and _TITLE.match(first) is not None))


def header_text(cell: Cell) -> str:
    """Return a header cell on one line."""
    return " ".join(text_of(cell).split())


def _first_header(rows: Sequence[Sequence[Cell]]) -> _Header | None:
    """Return the first row that looks like a header; two rows joined only if clearly better."""
    searched = range(min(len(rows), SEARCH_ROWS))
    singles = [header for i in searched if (header := _single(rows, i))]
    pairs = [header for i in searched if (header := _pair(rows, i))]
    most = max((header.hits for header in singles), default=0)
    if pairs and max(header.hits for header in pairs) >= most + JOIN_GAIN:
        return max(pairs, key=lambda header: header.hits)
    chosen = next((header for header in singles if header.hits >= CLEAR_SHARE * most), None)
    return None if chosen is None else _with_second_row(rows, chosen)


def _with_second_row(rows: Sequence[Sequence[Cell]], header: _Header) -> _Header:
    """Join the row below where it is a header too, as under Long | Short."""
    if header.first + 1 >= len(rows) or not _all_text(rows[header.first + 1]):
        return header
    if _single(rows, header.first + 1) is None and not _splits(rows, header):
        return header
    return _pair(rows, header.first) or header


def _splits(rows: Sequence[Sequence[Cell]], header: _Header) -> bool:
    """Say whether the row below splits merged headers only, as Long | Short under Position."""
    above, below = rows[header.first], rows[header.first + 1]
    filled = [i for i, cell in enumerate(below) if not is_blank(cell)]
    known = [i for i in filled if _is_known(header_text(below[i]))]
    parents = [i for i in filled if i < len(above) and not is_blank(above[i])]
    return len(filled) > len(parents) and len(known) >= PAIR and 0 not in filled


def _single(rows: Sequence[Sequence[Cell]], i: int) -> _Header | None:
    return _judged(tuple(header_text(cell) for cell in rows[i]), i, i)


def _pair(rows: Sequence[Sequence[Cell]], i: int) -> _Header | None:
    if i + 1 >= len(rows) or _blank(rows[i]) or not _all_text(rows[i + 1]):
        return None
    return _judged(_joined(rows[i], rows[i + 1]), i, i + 1)


def _joined(parents: Sequence[Cell], children: Sequence[Cell]) -> tuple[str, ...]:
    """Join a two-row header, filling merged parents forward."""
    texts, parent = [], ""
    for i in range(max(len(parents), len(children))):
        above = header_text(parents[i]) if i < len(parents) else ""
        child = header_text(children[i]) if i < len(children) else ""
        parent = above or (parent if child else "")
        both = f"{parent} {child}".strip()
        options = (child, both, above) if not above else (both, child, above)
        texts.append(next((text for text in options if _is_known(text)), both))
    return tuple(texts)


def _is_known(text: str) -> bool:
    return bool(text) and any(word in header_words() for word in spellings(text))


def _judged(texts: tuple[str, ...], first: int, last: int) -> _Header | None:
    """Return a row as a header if it names a thing and how much of it; None otherwise."""
    fields: set[str] = set()
    hits = 0
    for text in texts:
        meanings = [field for word in spellings(text) if text
                    for field in header_words().get(word, ())]
        hits += bool(meanings)
        fields.update(meanings)
    if hits < ENOUGH_HITS and not (hits and hits == sum(map(bool, texts))):
        return None
    if not (fields & IDENTIFIES and fields & COUNTS):
        return None
    return _Header(first, last, texts, hits)


def names_positions(texts: Sequence[str]) -> bool:
    """Say whether headers name a thing and how much of it, as those of positions do."""
    return _judged(tuple(texts), 0, 0) is not None


def _next_header(rows: Sequence[Sequence[Cell]], header: _Header) -> _Header | None:
    for i in range(header.last + 1, len(rows)):
        row = rows[i]
        if not row or not isinstance(row[0], str) or not _all_text(row):
            continue
        found = _judged(tuple(header_text(cell) for cell in row), i, i)
        if found and found.hits >= max(ENOUGH_HITS, header.hits // 2):
            return found
    return None


def _all_text(row: Sequence[Cell]) -> bool:
    return all(isinstance(cell, str) and not cell[:1].isdigit() for cell in row)


def _blank(row: Sequence[Cell]) -> bool:
    if row and row[0] != "" and not is_blank(row[0]):
        return False
    return all(is_blank(cell) for cell in row)
