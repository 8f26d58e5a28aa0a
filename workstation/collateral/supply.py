"""What may be delivered: the free part of each lot, what is pledged where, and accounts' cash."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.customer_protection import COVERED
from workstation.collateral.graph import by_lot, partition
from workstation.collateral.pool import set_aside
from workstation.collateral.report import CollateralReport, LotReport, LotState

ZERO = Decimal(0)
LOCKED = frozenset({"seg_lock", "statutory"})


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a lot, or an account's cash, at market value in the reporting currency.

    `home` is the account it already covers (delivered there at once), empty where it is free.
    `lag` is the business days to bring it elsewhere, None where it cannot leave.
    """

    lot: str
    symbol: str
    asset_class: str
    value: Decimal
    haircut: Decimal
    lag: int | None
    home: str = ""
    issuer: str = ""
    where: str = ""


def parts(book: Book, report: CollateralReport, accounts: Sequence[Account]) -> tuple[Part, ...]:
    """Return what may be delivered, cash of the accounts last.

    What is pledged to a party that margins none of the accounts is not there.
    """
    lots = {lot.lot: lot for lot in reversed(book.lots)}
    claims = by_lot(book.liens)
    found = [part for item in report.lots if item.quantity
             for part in _of_lot(item, lots[item.lot], claims.get(item.lot, []), accounts)]
    found = [part for part in found if part.value > 0]
    return (*found, *(_cash(account, book) for account in accounts
                      if spare_cash(account, book) > 0))


def _of_lot(item: LotReport, lot: CollateralLot, liens: Sequence[Lien],
            accounts: Sequence[Account]) -> Iterator[Part]:
    unit = item.market_value / item.quantity

    def part(quantity: Decimal, lag: int | None, home: str = "") -> Part:
        return Part(item.lot, item.symbol, item.asset_class.lower(), quantity * unit, item.haircut,
                    lag, home, lot.issuer, item.where)

    free = item.quantity_in(LotState.FREE)
    if free > 0:
        yield part(free, item.settlement_lag)
    accepted = partition(lot, liens, set_aside(lot, liens)).accepted if liens else ()
    for lien in accepted:
        home = "" if lien.parent else covered_by(lien, lot, accounts)
        if home:
            lag = None if lien.type in LOCKED else item.settlement_lag + recall(lien, accepted)
            yield part(lien.quantity, lag, home)


@dataclass(frozen=True, slots=True)
class Lent:
    """Collateral with a party that margins none of the accounts: value after haircut, days back."""

    account_id: str
    value: Decimal
    days: int


def lent(book: Book, report: CollateralReport) -> tuple[Lent, ...]:
    """Return what can be recalled: lots given to parties that margin none of the accounts.

    What is locked by law or by its segregation stays where it is.
    """
    lots = {lot.lot: lot for lot in reversed(book.lots)}
    claims, found = by_lot(book.liens), []
    for item in report.lots:
        lot, liens = lots[item.lot], claims.get(item.lot, [])
        if not (liens and item.quantity):
            continue
        unit = item.market_value / item.quantity * (1 - item.haircut)
        accepted = partition(lot, liens, set_aside(lot, liens)).accepted
        found += [Lent(lot.account_id, lien.quantity * unit,
                       item.settlement_lag + recall(lien, accepted))
                  for lien in accepted if not lien.parent and lien.type not in LOCKED
                  and not covered_by(lien, lot, book.accounts)]
    return tuple(row for row in found if row.value > 0)


def recall(lien: Lien, accepted: Sequence[Lien], through: tuple[str, ...] = ()) -> int:
    """Return the days until a pledge is back: its own release after the longest chain below it.

    A lot re-used twice comes back after the sum of the lags.
    """
    seen = (*through, lien.secured_party)
    below = [recall(child, accepted, seen) for child in accepted
             if child.parent == lien.secured_party and child.secured_party not in seen]
    return lien.release_lag + max(below, default=0)


def covered_by(lien: Lien, lot: CollateralLot, accounts: Sequence[Account]) -> str:
    """Return the account a pledge covers: the one its obligation names, else its party's.

    Where a party carries several, the one whose kind the obligation names, else the lot's own;
    empty where that leaves a doubt.
    """
    named = [a for a in accounts if _names(lien.obligation, a.account_id)]
    if not named:
        party = lien.secured_party.strip().lower()
        named = [a for a in accounts if party in (a.firm.strip().lower(), a.venue.strip().lower())]
    if len(named) > 1:
        kinds = [a for a in named
                 if lien.obligation.lower().startswith(a.account_type.value.replace("_", " "))]
        named = kinds or [a for a in named if a.account_id == lot.account_id]
    return named[0].account_id if len(named) == 1 else ""


def _names(text: str, account_id: str) -> bool:
    return bool(account_id) and re.search(
        rf"(?<!\w){re.escape(account_id)}(?!\w)", text, re.IGNORECASE) is not None


def spare_cash(account: Account, book: Book) -> Decimal:
    """Return an account's cash; of a securities account, without the proceeds of short sales."""
    cash = sum((amount * (book.market.fx_rate(currency) or ZERO) for currency, amount in (
        (account.currency, account.cash), *account.other_cash)), ZERO)
    if account.account_type not in COVERED:
        return cash
    return cash + sum((p.value * (book.market.fx_rate(p.instrument.currency) or ZERO)
                       for p in book.of_account(account.account_id) if p.quantity < 0), ZERO)


def _cash(account: Account, book: Book) -> Part:
    return Part(f"cash of {account.account_id}", book.market.currency, AssetClass.CASH.value,
                spare_cash(account, book), ZERO, None, account.account_id, where=account.where)
