"""The price scans of a book's portfolio-margin accounts, kept as plain values for every view."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import Margin
from workstation.parameters.ruleset import RuleSet
from workstation.results.scans import ScanLine, ScanProfile, span_scans
from workstation.rulebooks.finra_4210.g_requirement import Aggregate, aggregated
from workstation.rulebooks.finra_4210.g_scan import Scan
from workstation.rulebooks.finra_4210.portfolio import FOLDER, REGIME, scan_of
from workstation.rulebooks.span.from_files import margined_from_files
from workstation.rulebooks.span.outcome import PortfolioRisk
from workstation.rulebooks.span.published import REGIME as FUTURES

MOVE_DIGITS = 10


def risks_from_files(book: Book, holdings: ResolvedBook, silos: Margin, rules: RuleSet
                     ) -> dict[str, PortfolioRisk]:
    """Return what risk-parameter files ask of each futures account they margin."""
    found: dict[str, PortfolioRisk] = {}
    for account in silos.accounts if rules.risk_files else ():
        if account.regime == FUTURES:
            answer = margined_from_files(book.account(account.account_id),
                                         holdings.of_account(account.account_id), rules)
            if answer is not None:
                found[account.account_id] = answer.risk
    return found


def price_scans(book: Book, holdings: ResolvedBook, silos: Margin, rules: RuleSet,
                futures: Mapping[str, PortfolioRisk]) -> tuple[ScanProfile, ...]:
    """Return the scans of every account margined by one, the largest requirement first.

    Portfolio margin by portfolio group at ten points; futures from risk-parameter files by
    combined commodity in sixteen scenarios. Accounts in file order.
    """
    found: list[ScanProfile] = []
    for account in silos.accounts:
        if account.account_id in futures:
            found += sorted(span_scans(futures[account.account_id]), key=_largest_first)
        elif account.regime == REGIME:
            scan, _ = scan_of(holdings.of_account(account.account_id), rules)
            levels = aggregated(scan, rules.edition(FOLDER))
            profiles = [_profile(scan, levels, place, account.account_id, book.market.currency)
                        for place in range(len(levels.portfolios))]
            found += sorted(profiles, key=_largest_first)
    return tuple(found)


def _largest_first(profile: ScanProfile) -> tuple[float, str]:
    return -profile.requirement, profile.portfolio


def _profile(scan: Scan, levels: Aggregate, place: int, account_id: str, currency: str
             ) -> ScanProfile:
    """Return one portfolio group: its class groups, what is counted, and its binding point."""
    products = {g for g, of in enumerate(levels.portfolio_of) if of == place}
    classes = [c for c, g in enumerate(levels.product_of) if g in products]
    total = levels.portfolio_profits[place]
    profits = levels.classes[classes]
    within = np.flatnonzero(np.isin(scan.class_of, classes))
    least = sum(float(scan.minimum[row]) for row in within)
    counted_in_part = not np.allclose(profits.sum(axis=0), total)
    return ScanProfile(
        account_id, REGIME, levels.portfolios[place], currency,
        tuple(str(point + 1) for point in range(len(total))),
        tuple(ScanLine(scan.classes[c].class_group, _floats(row), _moves(scan, c))
              for c, row in zip(classes, profits, strict=True)),
        _floats(total), levels.binding(place) if total.min() < 0 else None, least,
        "gains count in part against other groups" if counted_in_part else "")


def _floats(row: np.ndarray[tuple[int, ...], np.dtype[np.float64]]) -> tuple[float, ...]:
    return tuple(float(value) for value in row)


def _moves(scan: Scan, place: int) -> tuple[str, ...]:
    """Return the moves of a class group at each point, several where its members differ."""
    rows = np.flatnonzero(scan.class_of == place)
    texts = []
    for point in range(scan.moves.shape[1]):
        apart = np.unique(scan.moves[rows, point]).tolist()
        moves = sorted({round(move, MOVE_DIGITS) for move in apart})
        texts.append(", ".join(f"{move * 100:+.4g} %" for move in moves))
    return tuple(texts)
