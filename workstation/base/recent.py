"""Answers kept while they are asked for: what one turn did not ask for is gone after the next."""

from __future__ import annotations

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

T = TypeVar("T")
MOST = 4_000  # answers a turn keeps; later ones are given and forgotten


class Recent(Generic[T]):
    """Answers to questions that always have the same answer."""

    def __init__(self) -> None:
        self._now: dict[Hashable, T] = {}
        self._before: dict[Hashable, T] = {}

    def turn(self) -> None:
        """Begin a turn: keep what the last one asked for, forget the rest."""
        self._before, self._now = self._now, {}

    def of(self, question: Hashable, answer: Callable[[], T]) -> T:
        """Return the answer kept, or work it out."""
        if question in self._now:
            return self._now[question]
        found = self._before[question] if question in self._before else answer()
        if len(self._now) < MOST:
            self._now[question] = found
        return found
