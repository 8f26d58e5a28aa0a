"""Review books on a Dask cluster: each file travels to a worker, and its pack comes back.

The cluster's library is an optional extra and is loaded only when a scheduler is named. Workers
need this product installed, not this machine's disk.
"""

from __future__ import annotations

import importlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from workstation.base.files import write_all
from workstation.base.problem import Problem, UnusableInputError
from workstation.results.league import BookOutcome
from workstation.workspace.batch import Done, Order, failed, internal, review_book

SECONDS_TO_CONNECT = 10
Parcel = tuple[BookOutcome, dict[str, bytes]]


def run_on_cluster(wanted: Sequence[Order], scheduler: str, done: Done) -> list[BookOutcome]:
    """Review books on the cluster of a scheduler; `done` hears of each as it ends.

    Raises UnusableInputError when the library is missing or nobody answers at the address.
    """
    distributed = _library()
    client = _client(distributed, scheduler)
    try:
        futures = {client.submit(review_parcel, order, _content(order), pure=False): order
                   for order in wanted}
        outcomes = []
        for future in distributed.as_completed(list(futures), loop=client.loop):
            outcome = _brought(futures[future], future)
            done(outcome)
            outcomes.append(outcome)
        return outcomes
    finally:
        client.close()


def review_parcel(order: Order, content: bytes) -> Parcel:
    """Review one book from its bytes, on a worker; return its figures and its pack's files."""
    with TemporaryDirectory(prefix="crossmargin-") as name:
        here = Path(name)
        copy = here / order.path.name
        copy.write_bytes(content)
        outcome = review_book(replace(order, path=copy, folder=here / "pack"))
        return replace(outcome, written=()), {
            path.name: path.read_bytes() for path in map(Path, outcome.written)}


def _content(order: Order) -> bytes:
    try:
        return order.path.read_bytes()
    except OSError:
        return b""  # the review on the worker says that the file is empty or unreadable


def _brought(order: Order, future: Any) -> BookOutcome:
    """Write the pack that came back where it belongs."""
    error = future.exception()
    if error is not None:
        return failed(order, internal(order.path.name, error))
    parcel: Parcel = future.result()
    outcome, files = parcel
    try:
        written = write_all(order.folder, files) if files else ()
    except OSError as problem:
        return failed(order, f"{order.folder}: the pack cannot be written there "
                      f"({problem.strerror}); choose another folder.")
    return replace(outcome, written=tuple(map(str, written)))


def _library() -> Any:
    try:
        return importlib.import_module("distributed")
    except ImportError as error:
        raise UnusableInputError(Problem(
            "Scheduler", "the library for clusters is not installed",
            'install it with pip install "crossmargin[cluster]", or leave --scheduler out')
        ) from error


def _client(distributed: Any, scheduler: str) -> Any:
    try:
        return distributed.Client(scheduler, timeout=SECONDS_TO_CONNECT, set_as_default=False)
    except (OSError, ValueError, TimeoutError) as error:
        raise UnusableInputError(Problem(
            f"Scheduler {scheduler}", "nobody answers there",
            "start a scheduler, or give its address such as tcp://host:8786")) from error
