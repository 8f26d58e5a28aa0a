"""What every layout gives: a name, a test, and a reader."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from workstation.importers.draft import Draft
from workstation.importers.sheets import Source


@dataclass(frozen=True, slots=True)
class Layout:
    """A family of files; `read` fills a draft or raises UnusableInputError with the remedy."""

    name: str
    matches: Callable[[Source], bool]
    read: Callable[[Source, Draft], None]
