"""What somebody who typed a wrong name may have meant."""

from __future__ import annotations

from collections.abc import Iterable
from difflib import get_close_matches

MOST = 2
LEAST_LIKENESS = 0.6


def meant(wanted: str, names: Iterable[str]) -> str:
    """Return "perhaps ONE or OTHER; " for the names nearest to a wrong one; empty if none is."""
    known = {name.casefold(): name for name in names}
    near = get_close_matches(wanted.strip().casefold(), known, MOST, LEAST_LIKENESS)
    return f"perhaps {' or '.join(known[name] for name in near)}; " if near else ""
