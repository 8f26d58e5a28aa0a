"""Tables of a web page saved under a spreadsheet's name, as some systems export them."""

from __future__ import annotations

from html.parser import HTMLParser

from workstation.importers.sheets import Cell, Sheet

MOST_CELLS = 5_000_000


class _Tables(HTMLParser):
    """Collects the cells of every table; a cell over several columns fills the first of them."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tables: list[list[list[Cell]]] = []
        self._cell: list[str] | None = None
        self._span = 1
        self.cells = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag == "table":
            self.tables.append([])
        elif tag == "tr" and self.tables:
            self._close()
            self.tables[-1].append([])
        elif tag in ("td", "th") and self.tables and self.tables[-1]:
            self._close()
            self._cell = []
            span = dict(attrs).get("colspan") or "1"
            self._span = min(int(span), 100) if span.isdecimal() else 1
        elif tag == "br" and self._cell is not None:
            self._cell.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag in ("td", "th", "tr", "table"):
            self._close()

    def handle_data(self, data: str) -> None:
        if self._cell is not None:
            self._cell.append(data)

    def _close(self) -> None:
        if self._cell is None:
            return
        text = " ".join("".join(self._cell).split())
        self.tables[-1][-1] += [text, *[""] * (self._span - 1)]
        self.cells += self._span
        self._cell, self._span = None, 1


def web_tables(text: str) -> tuple[Sheet, ...]:
    """Return the filled tables of a page as sheets named Table 1, Table 2, and so on."""
    parser = _Tables()
    parser.feed(text)
    parser.close()
    if parser.cells > MOST_CELLS:
        return ()
    filled = [rows for rows in parser.tables if any(any(row) for row in rows)]
    return tuple(Sheet(f"Table {n}", rows) for n, rows in enumerate(filled, start=1))
