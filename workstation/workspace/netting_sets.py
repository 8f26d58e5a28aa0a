"""Swaps accounts as netting sets: their rows as a CRIF, their margin, two calibrations apart."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.base.progress import Progress, silent
from workstation.base.vocabulary import AccountType
from workstation.book.book import Book, Exclusion
from workstation.book.crif import Crif, CrifRow
from workstation.book.resolve import ResolvedBook, resolve
from workstation.pricing.sensitivities import own_sensitivities
from workstation.rulebooks.simm.account import SCHEDULE_MODEL
from workstation.rulebooks.simm.calibration import Calibration
from workstation.rulebooks.simm.editions import FOLDER, of_edition, shipped
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import SimmMargins, margin_crif
from workstation.rulebooks.simm.whatif import CalibrationBridge, calibration_bridge
from workstation.workspace.session import Session

SWAPS = (AccountType.UNCLEARED_SWAPS, AccountType.CLEARED_SWAPS, AccountType.SBS)


def crif_of_book(book: Book, accounts: Sequence[AccountType] = SWAPS
                 ) -> tuple[Crif, tuple[Exclusion, ...]]:
    """Return the sensitivities of a book's swaps accounts, and the positions that have none.

    An account with CRIF rows gives those, any other what its positions' own sensitivities are.
    """
    holdings = resolve(book)
    rows: list[CrifRow] = []
    excluded: list[Exclusion] = []
    for account in book.accounts:
        if account.account_type in accounts:
            found, lost = _rows_of(account.account_id, holdings)
            rows += found
            excluded += lost
    return Crif.of_rows(rows), tuple(excluded)


def _rows_of(account_id: str, holdings: ResolvedBook
             ) -> tuple[Sequence[CrifRow], Sequence[Exclusion]]:
    mine = holdings.of_account(account_id)
    if mine.crif:
        return mine.crif, ()
    own = own_sensitivities(mine, account_id)
    return own.rows, own.excluded


def netting_sets(session: Session, progress: Progress = silent) -> SimmMargins | None:
    """Return what each uncleared swaps account posts, by regulation; None without rows."""
    progress(0.0, "Margining every netting set")
    crif, _ = crif_of_book(session.book, (AccountType.UNCLEARED_SWAPS,))
    crif = crif.take(~crif.model.is_any(SCHEDULE_MODEL))
    if not len(crif):
        return None
    return margin_crif(crif, Setup(_in_use(session)), "post")


def calibration_steps(session: Session, progress: Progress = silent
                      ) -> tuple[tuple[str, CalibrationBridge], ...]:
    """Return for each netting set the way from the calibration before to the one in use."""
    margins = netting_sets(session, progress)
    before = _before(margins.setup.calibration) if margins is not None else None
    if margins is None or before is None:
        return ()
    old = margin_crif(margins.portfolios[0].crif, Setup(before), "post")
    return tuple((item.portfolio, calibration_bridge(item, margins.setup.calibration))
                 for item in old.portfolios)


def _in_use(session: Session) -> Calibration:
    rules = session.rule_set()
    return of_edition(rules.edition(FOLDER), built_in=True)


def _before(calibration: Calibration) -> Calibration | None:
    """Return the shipped calibration that the one in use replaced."""
    known = list(shipped())
    names = [item.version for item in known]
    place = names.index(calibration.version) if calibration.version in names else len(known)
    return known[place - 1] if place else None
