"""Review every book of a folder, each in a process of its own; one failure harms no other.

A book whose process dies (out of memory, killed) is tried once more alone, so that only the book
that kills its process is reported as failed.
"""

from __future__ import annotations

import os
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, replace
from datetime import date
from multiprocessing import get_context
from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.parameters.store import (
    NoParametersInForceError,
    ParameterFileError,
    read_edition,
)
from workstation.results.league import BookOutcome, outcome_of
from workstation.workspace.designs import find_design
from workstation.workspace.opening import open_with_files
from workstation.workspace.pack import write_pack
from workstation.workspace.stressed_book import stressed_book

BOOKS = frozenset({".xlsx", ".xlsm", ".xlsb", ".xls", ".ods", ".csv", ".tsv", ".txt", ".json",
                   ".xml", ".pos", ".crossmargin"})
LOCK = "~$"
DIED = "its process ended before the review was done, perhaps for want of memory"
Done = Callable[[BookOutcome], None]


@dataclass(frozen=True, slots=True)
class Order:
    """One book to review: its file, the folder of its pack, and what it is reviewed under."""

    path: Path
    folder: Path
    as_of: date | None = None
    designs: tuple[str, ...] = ()
    overlays: tuple[Path, ...] = ()
    risk_files: tuple[Path, ...] = ()


def orders(folder: Path, out: Path, like: Order) -> tuple[tuple[Order, ...], tuple[str, ...]]:
    """Return an order for each book of a folder, and the names of files that are none.

    Raises UnusableInputError for a folder that cannot be read or holds no book.
    """
    try:
        files = sorted(path for path in folder.iterdir() if path.is_file())
    except OSError as error:
        raise UnusableInputError(Problem(
            str(folder), (error.strerror or "it cannot be read").lower(),
            "name a folder of client files")) from error
    books = [path for path in files if _is_book(path)]
    if not books:
        raise UnusableInputError(Problem(
            str(folder), "the folder holds no position file", "put the client files into it"))
    met: Counter[str] = Counter()
    wanted = []
    for path in books:
        met[path.stem] += 1
        name = path.stem if met[path.stem] == 1 else f"{path.stem}-{met[path.stem]}"
        wanted.append(replace(like, path=path, folder=out / name))
    skipped = tuple(path.name for path in files if not _is_book(path) and path.name[:1] != ".")
    return tuple(wanted), skipped


def _is_book(path: Path) -> bool:
    hidden = path.name.startswith((".", LOCK))
    return path.suffix.lower() in BOOKS and not hidden


def review_book(order: Order) -> BookOutcome:
    """Review one book and write its pack; a file that cannot be used is a failed outcome."""
    started = time.perf_counter()
    try:
        session = open_with_files(order.path, order.risk_files, order.as_of)
        session.overlays = (*session.overlays, *map(read_edition, order.overlays))
        if order.designs:
            session.designs = tuple(find_design(name) for name in order.designs)
        run = session.settled()
        written = write_pack(session.pack(stressed=stressed_book(session)), order.folder)
    except (UnusableInputError, ParameterFileError, NoParametersInForceError) as error:
        return failed(order, str(error))
    outcome = outcome_of(order.path.name, run, [str(path) for path in written])
    return replace(outcome, seconds=time.perf_counter() - started)


def failed(order: Order, why: str) -> BookOutcome:
    """Return the outcome of a book that could not be reviewed."""
    return BookOutcome(order.path.name, "failed", order.path.stem, error=why)


def run_locally(wanted: Sequence[Order], done: Done, workers: int = 0) -> list[BookOutcome]:
    """Review books on this machine's processors; `done` hears of each as it ends."""
    outcomes = []
    left: list[Order] = []
    for order, outcome in _pooled(wanted, workers or os.cpu_count() or 1):
        if outcome is None:
            left.append(order)
            continue
        done(outcome)
        outcomes.append(outcome)
    for order in left:
        outcome = next(iter(_pooled((order,), 1)))[1] or failed(order, f"{order.path.name}: {DIED}")
        done(outcome)
        outcomes.append(outcome)
    return outcomes


def _pooled(wanted: Sequence[Order], workers: int) -> Iterator[tuple[Order, BookOutcome | None]]:
    """Yield outcomes as they come; None for a book whose pool broke before it was done."""
    context = get_context("spawn")  # a forked process would inherit the threads of the kernels
    with ProcessPoolExecutor(min(workers, len(wanted)), context, _be_silent) as pool:
        pending = {_submitted(pool, order): order for order in wanted}
        for future in as_completed(pending):
            yield pending[future], settled(pending[future], future)


def _be_silent() -> None:
    """Keep what a solver prints in a worker out of the command's own output."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno() if sys.stdout else 1)


def _submitted(pool: ProcessPoolExecutor, order: Order) -> Future[BookOutcome]:
    try:
        return pool.submit(review_book, order)
    except BrokenProcessPool as error:
        broken: Future[BookOutcome] = Future()
        broken.set_exception(error)
        return broken


def settled(order: Order, future: Future[BookOutcome]) -> BookOutcome | None:
    """Return how one book ended; an error of ours is a failed book that says so."""
    error = future.exception()
    if error is None:
        return future.result()
    if isinstance(error, BrokenProcessPool):
        return None
    return failed(order, internal(order.path.name, error))


def internal(name: str, error: BaseException) -> str:
    """Return the sentence for a fault of ours in one book."""
    return (f"{name}: internal error ({type(error).__name__}: {error}); the other books are not "
            "affected; please report this.")


def inputs_of(outcomes: Iterable[BookOutcome]) -> dict[str, str]:
    """Return the digest of every file that was read."""
    return {each.file: each.sha256 for each in outcomes if each.sha256}
