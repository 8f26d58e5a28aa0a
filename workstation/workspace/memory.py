"""What a session remembers between reviews, so that an edit computes only what it moved."""

from __future__ import annotations

from workstation.book.book import Book
from workstation.harmonised.scan import Scan
from workstation.parameters.ruleset import RuleSet
from workstation.workspace.stand_alone import StandAloneCache
from workstation.workspace.standing import DistanceCache


class Memory:
    """Stand-alone requirements, distances and priced scans, each kept while its inputs stand."""

    def __init__(self) -> None:
        self.alone = StandAloneCache()
        self.distances = DistanceCache()
        self._scanned: tuple[Book, tuple[object, ...]] | None = None
        self._scans: dict[object, Scan] = {}

    def scans(self, book: Book, rules: RuleSet) -> dict[object, Scan]:
        """Return the scans priced for this very book, by what they depend on in a design.

        A review that still runs for an earlier book keeps the dictionary it was given.
        """
        known = self._scanned
        if known is None or known[0] is not book or known[1] != rules.key:
            self._scanned, self._scans = (book, rules.key), {}
        return self._scans
