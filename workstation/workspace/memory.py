"""What a session remembers between reviews, so that an edit computes only what it moved."""

from __future__ import annotations

from typing import Any

from workstation.base.recent import Recent
from workstation.book.book import Book
from workstation.harmonised.scan import Scan
from workstation.parameters.ruleset import RuleSet
from workstation.workspace.stand_alone import StandAloneCache
from workstation.workspace.standing import DistanceCache


class Memory:
    """Stand-alone requirements, distances, scans and pairings, each kept while its inputs stand."""

    def __init__(self) -> None:
        self.alone = StandAloneCache()
        self.distances = DistanceCache()
        self._scanned: tuple[Book, tuple[object, ...]] | None = None
        self._scans: dict[object, Scan] = {}
        self._ruled: tuple[object, ...] = ()
        self._recent: Recent[Any] = Recent()

    def recent(self, rules: RuleSet) -> Recent[Any]:
        """Return the answers kept under these very rules, at the beginning of another review."""
        if self._ruled != rules.key:
            self._ruled, self._recent = rules.key, Recent()
        self._recent.turn()
        return self._recent

    def scans(self, book: Book, rules: RuleSet) -> dict[object, Scan]:
        """Return the scans priced for this very book, by what they depend on in a design.

        A review that still runs for an earlier book keeps the dictionary it was given.
        """
        known = self._scanned
        if known is None or known[0] is not book or known[1] != rules.key:
            self._scanned, self._scans = (book, rules.key), {}
        return self._scans
