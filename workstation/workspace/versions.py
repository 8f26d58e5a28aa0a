"""Swaps accounts under every calibration of the sensitivity-based method that is shipped."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.base.progress import Progress, silent
from workstation.base.vocabulary import AccountType
from workstation.book.crif import Crif, CrifRow
from workstation.book.resolve import resolve
from workstation.pricing.sensitivities import own_sensitivities
from workstation.results.versions_table import VersionRow
from workstation.rulebooks.simm.account import SCHEDULE_MODEL
from workstation.rulebooks.simm.calibration import Calibration
from workstation.rulebooks.simm.editions import FOLDER, shipped
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import PortfolioMargin, margin_crif
from workstation.workspace.session import Session


def simm_versions(session: Session, progress: Progress = silent) -> tuple[VersionRow, ...]:
    """Return what each uncleared-swaps account must post under each calibration."""
    book = session.book
    rules = session.rule_set()
    in_use = rules.edition(FOLDER).edition if rules.has(FOLDER) else ""
    holdings, known = resolve(book), shipped()
    accounts = [a.account_id for a in book.accounts
                if a.account_type is AccountType.UNCLEARED_SWAPS]
    found: list[VersionRow] = []
    for number, account_id in enumerate(accounts):
        progress(number / len(accounts), f"Margining {account_id} under {len(known)} calibrations")
        mine = holdings.of_account(account_id)
        stated = tuple(row for row in mine.crif if row.model != SCHEDULE_MODEL)
        rows = stated or own_sensitivities(mine, account_id).rows
        if rows:
            found += _rows(account_id, rows, known, in_use)
    return tuple(found)


def _rows(account_id: str, rows: Sequence[CrifRow], known: Sequence[Calibration], in_use: str
          ) -> list[VersionRow]:
    crif = Crif.of_rows(rows)
    answers = [(calibration, margin_crif(crif, Setup(calibration), "post").portfolios)
               for calibration in known]
    base = next((sum(p.total for p in portfolios) for calibration, portfolios in answers
                 if calibration.version == in_use), 0.0)
    return [_row(account_id, calibration, portfolios, in_use, base)
            for calibration, portfolios in answers]


def _row(account_id: str, calibration: Calibration, portfolios: Sequence[PortfolioMargin],
         in_use: str, base: float) -> VersionRow:
    return VersionRow(
        account_id, calibration.version, calibration.effective, calibration.version == in_use,
        margin=sum(p.total for p in portfolios), delta=sum(p.delta for p in portfolios),
        vega=sum(p.vega for p in portfolios), curvature=sum(p.curvature for p in portfolios),
        base_corr=sum(p.base_corr for p in portfolios),
        add_ons=sum(p.add_on for p in portfolios), base=base)
