"""What a harmonised design asks for, and why."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.base.explain import Explained
from workstation.book.book import Exclusion
from workstation.measures.requirement import Offset


@dataclass(frozen=True, slots=True)
class DesignMargin:
    """The requirement of one design for the whole book, in the reporting currency.

    `status` is one of `current law`, `programme`, `proposal`, `experiment`. `offsets` holds one
    entry per offset the design considered across silos, granted, partial or denied.
    """

    name: str
    title: str
    version: str
    status: str
    citation: str
    currency: str
    requirement: Explained
    offsets: tuple[Offset, ...] = ()
    excluded: tuple[Exclusion, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether every position of the book was margined."""
        return not self.excluded
