"""Which estate each part of each lot falls into if the firm that holds it fails."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.graph import by_lot, partition
from workstation.collateral.pool import set_aside
from workstation.collateral.report import CollateralReport, Estate, LotReport
from workstation.collateral.supply import covered_by
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Parameter

FOLDER, LOCATIONS = "insolvency", "account_locations"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class _Law:
    """The editions, by account type."""

    locations: Mapping[str, str]
    claims: Mapping[str, tuple[str, Decimal]]
    stated: Parameter
    reused: Parameter
    pledgee: Parameter
    custodian: Parameter


def estates(book: Book, report: CollateralReport, rules: RuleSet) -> tuple[Estate, ...]:
    """Return every lot in parts: what is pledged by claim, what is re-used, and the rest.

    Parts of a lot add up to its market value.
    """
    if not book.lots or not rules.has(FOLDER) or not rules.has(LOCATIONS):
        return ()
    law = _law(rules)
    lots = {lot.lot: lot for lot in reversed(book.lots)}
    claims = by_lot(book.liens)
    return tuple(found for item in report.lots if item.quantity
                 for found in _of_lot(item, lots[item.lot], claims.get(item.lot, []), book, law))


def _law(rules: RuleSet) -> _Law:
    edition = rules.edition(FOLDER)
    locations = rules.edition(LOCATIONS)["locations"].rows
    return _Law(
        {str(row["account_type"]): str(row["location"]) for row in locations},
        {str(row["account_type"]): (str(row["claim"]), Decimal(row["recovery"]))
         for row in edition["claims"].rows},
        edition["claims"], edition["reused_recovery"], edition["pledgee_recovery"],
        edition["custodian_recovery"])


def _of_lot(item: LotReport, lot: CollateralLot, liens: Sequence[Lien], book: Book, law: _Law
            ) -> Iterator[Estate]:
    unit = item.market_value / item.quantity
    accepted = partition(lot, liens, set_aside(lot, liens)).accepted
    left = lot.quantity
    for lien in accepted:
        if not lien.parent:
            left -= lien.quantity
            yield from _pledged(item, lot, lien, _reused(lien, accepted), unit, book, law)
    if left:
        yield _unpledged(item, lot, left * unit, book, law)


def _reused(lien: Lien, accepted: tuple[Lien, ...]) -> Decimal:
    """Return what a claim's holder passed on; all of it where title went over."""
    if lien.type == "title_transfer":
        return lien.quantity
    below = sum((c.quantity for c in accepted if c.parent == lien.secured_party), ZERO)
    return min(below, lien.quantity)


def _pledged(item: LotReport, lot: CollateralLot, lien: Lien, gone: Decimal, unit: Decimal,
             book: Book, law: _Law) -> Iterator[Estate]:
    party = lien.secured_party
    account = _account(book, covered_by(lien, lot, book.accounts))
    if gone:
        how = "title transferred" if lien.type == "title_transfer" else "re-used"
        yield Estate(item.lot, item.symbol, party, how, f"general estate of {party}",
                     "claim for return of equivalent collateral", gone * unit, law.reused.value,
                     law.reused.cite)
    kept = (lien.quantity - gone) * unit
    if not kept:
        return
    if account is not None:
        yield _in_class(item, party, f"pledged for {account.account_id}", account, kept, law)
    else:
        yield Estate(item.lot, item.symbol, party, f"pledged to {party}", f"held by {party}",
                     "owner, subject to the pledge", kept, law.pledgee.value, law.pledgee.cite)


def _unpledged(item: LotReport, lot: CollateralLot, value: Decimal, book: Book, law: _Law
               ) -> Estate:
    """Place what nobody claims: with its account where the carrying firm holds it."""
    account = _account(book, lot.account_id)
    holder = lot.custodian or (account.firm or account.venue if account else "")
    if account is not None and holder.lower() in (account.firm.lower(), account.venue.lower()):
        return _in_class(item, holder, "not pledged", account, value, law)
    return Estate(item.lot, item.symbol, holder or "not said where", "not pledged",
                  "in custody, outside the custodian's estate", "owner", value,
                  law.custodian.value, law.custodian.cite)


def _in_class(item: LotReport, holder: str, part: str, account: Account, value: Decimal, law: _Law
              ) -> Estate:
    kind = account.account_type.value
    claim, recovery = law.claims[kind]
    return Estate(item.lot, item.symbol, holder, part, law.locations[kind], claim, value, recovery,
                  law.stated.cite)


def _account(book: Book, account_id: str) -> Account | None:
    return next((a for a in book.accounts if a.account_id == account_id), None)
