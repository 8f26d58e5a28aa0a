"""Accounts margined from CRIF rows: no scan can revalue them, so they keep today's requirement."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Explained
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import Margin

Bools = NDArray[np.bool_]


def kept_accounts(holdings: ResolvedBook, included: Bools, silos: Margin) -> tuple[Explained, ...]:
    """Return today's requirement of each account that has sensitivities and nothing scanned."""
    kept = _with_rows(holdings) - _scanned(holdings, included)
    return tuple(account.maintenance for account in silos.accounts if account.account_id in kept)


def counted_twice(holdings: ResolvedBook, included: Bools) -> Iterator[Exclusion]:
    """Say which accounts have both: their positions are scanned, their sensitivities left out."""
    both = _with_rows(holdings) & _scanned(holdings, included)
    for account_id in sorted(both):
        yield Exclusion(
            f"{account_id}, CRIF rows", f"the sensitivities of {account_id} are left out, since "
            "its positions are scanned", "keep positions and sensitivities in accounts of their "
            "own", account_id)


def _with_rows(holdings: ResolvedBook) -> set[str]:
    return {row.portfolio for row in holdings.crif}


def _scanned(holdings: ResolvedBook, included: Bools) -> set[str]:
    return {p.account_id for p, counts in zip(holdings.positions, included, strict=True) if counts}
