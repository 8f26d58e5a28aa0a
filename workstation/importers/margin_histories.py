"""Read a file of published margin changes: symbol, date (yyyymmdd), initial, maintenance."""

from __future__ import annotations

from pathlib import Path

from workstation.base.problem import Problem, UnusableInputError
from workstation.rulebooks.span.margin_history import (
    MarginHistories,
    read_margin_history,
    without_suspects,
)

NEEDED = frozenset({"symbol", "date", "initial", "maintenance"})
REMEDY = "give a CSV file with the columns symbol, date (yyyymmdd), initial and maintenance"


def read_margin_histories(path: Path) -> MarginHistories:
    """Return the changes of every contract, doubtful rows left out and named.

    Raises UnusableInputError where the file cannot be read or holds no change.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise _unreadable(path.name, error) from error
    return margin_histories_of(path.name, content)


def margin_histories_of(name: str, content: bytes) -> MarginHistories:
    """Return the changes a file's bytes hold; raises UnusableInputError like the file's reading."""
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise _unreadable(name, error) from error
    header = {name.strip() for name in lines[0].split(",")} if lines else set()
    if not header >= NEEDED:
        missing = ", ".join(sorted(NEEDED - header))
        raise UnusableInputError(Problem(f"{name} line 1", f"has no column {missing}", REMEDY))
    found, problems = read_margin_history(lines)
    kept = []
    for symbol in sorted(found):
        changes, doubtful = without_suspects(found[symbol])
        kept.append(changes)
        problems.extend(doubtful)
    if not kept:
        raise UnusableInputError(Problem(name, "holds no margin change", REMEDY))
    return MarginHistories(name, tuple(kept), tuple(problems))


def _unreadable(name: str, error: Exception) -> UnusableInputError:
    return UnusableInputError(Problem(
        name, f"cannot be read as a margin history ({error})", REMEDY))
