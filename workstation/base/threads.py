"""Work spread over threads, its answers in the order asked for."""

from __future__ import annotations

import os
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TypeVar

T = TypeVar("T")
U = TypeVar("U")


def in_order(work: Callable[[T], U], pieces: Sequence[T]) -> list[U]:
    """Return what `work` makes of every piece, in their order, on as many threads as processors.

    Worth it for work that leaves the interpreter: kernels and solvers do. Answers must not depend
    on each other, so that they are the same on any number of threads. The error of the first piece
    that failed is raised.
    """
    threads = min(os.cpu_count() or 1, len(pieces))
    if threads <= 1:
        return [work(piece) for piece in pieces]
    with ThreadPoolExecutor(threads) as pool:
        return list(pool.map(work, pieces))
