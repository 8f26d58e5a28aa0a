"""Rule coverage: every paragraph a rulebook computes or excuses, read from the rulebooks."""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from workstation.results.formats import words
from workstation.results.table import Table

RULEBOOKS = "workstation.rulebooks"
DECLARED = "PARAGRAPHS"
TITLES = {"finra_4210": "FINRA Rule 4210", "reg_t": "Regulation T, 12 CFR 220",
          "rbh_15c3_1a": "Rule 15c3-1a, 17 CFR 240",
          "sbs": "Rule 18a-3, 17 CFR 240"}
COMPUTED, EXCUSED, NOT_YET = "computed", "excused", "not yet"
_LATER = re.compile(r"\bnot \w+ yet\b")


@dataclass(frozen=True, slots=True)
class CoverageRow:
    """One paragraph: computed by a function, or why none does."""

    rule: str
    paragraph: str
    standing: str
    answer: str
    source: str


def coverage_table() -> Table:
    """Return every paragraph of every rulebook that declares them, in the order of the rules."""
    rows = tuple(
        _row(title, paragraph, answer)
        for title, paragraphs in declared() for paragraph, answer in paragraphs.items())
    columns = (
        words("Rule", "rule"), words("Paragraph", "paragraph"),
        words("Standing", "standing", "computed, excused with the reason, or not computed yet"),
        words("How, or why not", "answer"), words("In the code", "source"),
    )
    return Table("Rule coverage", columns, rows,
                 "Every paragraph of the rules: computed by which function, or why by none.")


def declared() -> Iterator[tuple[str, Mapping[str, Callable[..., Any] | str]]]:
    """Yield each rulebook that declares its paragraphs, by title."""
    package = import_module(RULEBOOKS)
    for found in pkgutil.walk_packages(package.__path__, f"{RULEBOOKS}."):
        module = import_module(found.name)
        paragraphs = getattr(module, DECLARED, None)
        if isinstance(paragraphs, Mapping):
            folder = found.name.removeprefix(f"{RULEBOOKS}.").partition(".")[0]
            yield TITLES.get(folder, folder), paragraphs


def _row(rule: str, paragraph: str, answer: Callable[..., Any] | str) -> CoverageRow:
    if isinstance(answer, str):
        standing = NOT_YET if _LATER.search(answer) else EXCUSED
        return CoverageRow(rule, paragraph, standing, answer, "")
    purpose = (answer.__doc__ or "").strip().partition("\n")[0]
    module = answer.__module__.removeprefix(f"{RULEBOOKS}.")
    return CoverageRow(rule, paragraph, COMPUTED, purpose, f"{module}.{answer.__name__}")
