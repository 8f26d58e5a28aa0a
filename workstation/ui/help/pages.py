"""The pages of the guide: Markdown files, their headings, and what the window fills in."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from workstation.base.resources import resource_root

_HEADING = re.compile(r"^(#{1,3}) +(.+?)\s*$", re.MULTILINE)
_NOT_IN_ANCHOR = re.compile(r"[^a-z0-9]+")
FILLED = re.compile(r"<!-- (\w+) -->")
ORDER = ("start", "import", "positions", "review", "offsets", "what_if", "collateral",
         "futures", "swaps", "stress", "cascade", "lab", "rules", "numbers", "files", "keys",
         "glossary")


@dataclass(frozen=True, slots=True)
class Page:
    """One page of the guide."""

    name: str
    title: str
    text: str


def folder() -> Path:
    """Return where the pages and their pictures lie."""
    return resource_root() / "help"


@cache
def pages() -> tuple[Page, ...]:
    """Return every page in reading order; pages the order does not name come last."""
    found = {path.stem: path for path in sorted(folder().glob("*.md"))}
    names = [name for name in ORDER if name in found] + sorted(set(found) - set(ORDER))
    return tuple(_page(found[name]) for name in names)


def _page(path: Path) -> Page:
    text = path.read_text("utf-8")
    text = FILLED.sub(lambda place: TABLES[place[1]](), text)
    first = _HEADING.search(text)
    return Page(path.stem, first[2] if first else path.stem.capitalize(), text)


def shortcut_table() -> str:
    """Return the keys of every command as a Markdown table, by menu."""
    from workstation.workspace.actions import ACTIONS

    lines = ["| command | keys | what it does |", "|---|---|---|"]
    lines += [f"| {a.menu}: {a.title} | {a.shortcut} | {a.hint} |" for a in ACTIONS if a.shortcut]
    return "\n".join(lines)


def glossary_table() -> str:
    """Return the words of the field with the rules that define them."""
    from workstation.reports.dossier.record import glossary_terms

    lines = ["| term | meaning | rule |", "|---|---|---|"]
    lines += [f"| {t.name} | {t.meaning} | {t.source} |" for t in glossary_terms()]
    return "\n".join(lines)


def coverage_counts() -> str:
    """Return how many paragraphs of each rulebook are computed, excused, or neither yet."""
    from workstation.results.coverage import COMPUTED, EXCUSED, NOT_YET, coverage_table

    counts: dict[str, Counter[str]] = {}
    for row in coverage_table().rows:
        counts.setdefault(row.rule, Counter())[row.standing] += 1
    lines = ["| rule | computed | excused with the reason | not yet |", "|---|---:|---:|---:|"]
    lines += [f"| {rule} | {found[COMPUTED]} | {found[EXCUSED]} | {found[NOT_YET]} |"
              for rule, found in counts.items()]
    return "\n".join(lines)


TABLES: Mapping[str, Callable[[], str]] = {
    "shortcuts": shortcut_table, "glossary": glossary_table, "coverage": coverage_counts,
}
"""What stands for a comment of that name in a page."""


@cache
def headings() -> tuple[tuple[str, str, str], ...]:
    """Return page, anchor and title of every heading of the guide."""
    return tuple(_headings())


def _headings() -> Iterator[tuple[str, str, str]]:
    for page in pages():
        for found in _HEADING.finditer(page.text):
            yield page.name, anchor(found[2]), found[2]


def anchor(title: str) -> str:
    """Return the name a heading is linked by."""
    return _NOT_IN_ANCHOR.sub("-", title.casefold()).strip("-")
