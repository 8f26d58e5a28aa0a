"""A HiGHS solver that keeps quiet about itself too: its greeting would spoil documents."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

STANDARD_OUTPUT = 1
_ONE_AT_A_TIME = threading.Lock()  # two at once would take each other's nowhere for the output


def quiet_solver() -> Any:
    """Return a solver of one thread without a presolve, which would lose the warm start."""
    solver = silent_solver()
    solver.setOptionValue("threads", 1)
    solver.setOptionValue("presolve", "off")
    return solver


def silent_solver() -> Any:
    """Return a solver with its own settings that prints nothing, its greeting included."""
    import highspy

    made: Any = highspy
    with _ONE_AT_A_TIME, _silence():
        solver = made.Highs()
    solver.setOptionValue("output_flag", False)
    return solver


@contextmanager
def _silence() -> Iterator[None]:
    """Send standard output nowhere: from 1.16 on the first solver made prints a banner there."""
    try:
        kept = os.dup(STANDARD_OUTPUT)
    except OSError:  # a windowed program has none
        yield
        return
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, STANDARD_OUTPUT)
        yield
    finally:
        os.dup2(kept, STANDARD_OUTPUT)
        os.close(nowhere)
        os.close(kept)
