"""How the parts of a review that are objects become blobs."""

from __future__ import annotations

from functools import cache

from workstation.base.problem import Problem
from workstation.book.book import Book
from workstation.book.what_if import Branch
from workstation.projects.codec import Codec
from workstation.results.run import Run


@cache
def book_codec() -> Codec[Book]:
    """Return the codec of books."""
    return Codec(Book)


@cache
def run_codec() -> Codec[Run]:
    """Return the codec of runs."""
    return Codec(Run)


@cache
def problems_codec() -> Codec[tuple[Problem, ...]]:
    """Return the codec of problem lists."""
    return Codec(tuple[Problem, ...])


@cache
def branch_codec() -> Codec[Branch]:
    """Return the codec of what-if branches."""
    return Codec(Branch)
