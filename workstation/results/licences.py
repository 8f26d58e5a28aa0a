"""Licence notices that must stand wherever a review shows a figure of a licensed method."""

from __future__ import annotations

from workstation.results.run import Run
from workstation.rulebooks.simm.account import REGIME
from workstation.rulebooks.simm.notice import LICENCE_NOTICE


def licence_notices(run: Run) -> tuple[str, ...]:
    """Return the notices of the methods whose figures the review holds."""
    used = any(account.regime == REGIME for account in run.silos.accounts)
    return (LICENCE_NOTICE,) if used else ()
