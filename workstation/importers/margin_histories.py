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
        lines = path.read_text("utf-8-sig").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnusableInputError(Problem(
            path.name, f"cannot be read as a margin history ({error})", REMEDY)) from error
    header = {name.strip() for name in lines[0].split(",")} if lines else set()
    if not header >= NEEDED:
        missing = ", ".join(sorted(NEEDED - header))
        raise UnusableInputError(Problem(f"{path.name} line 1", f"has no column {missing}", REMEDY))
    found, problems = read_margin_history(lines)
    kept = []
    for symbol in sorted(found):
        changes, doubtful = without_suspects(found[symbol])
        kept.append(changes)
        problems.extend(doubtful)
    if not kept:
        raise UnusableInputError(Problem(path.name, "holds no margin change", REMEDY))
    return MarginHistories(path.name, tuple(kept), tuple(problems))
