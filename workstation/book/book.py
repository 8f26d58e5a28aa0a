"""A client's whole book: what the files said, before anything is priced."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import date

from workstation.base.problem import Problem
from workstation.book.accounts import Account
from workstation.book.collateral import Agent, CollateralLot, Lien
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.book.remarks import Remark
from workstation.market.market import Market


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A position (or row) left out of a total: where it is, why, and what would bring it in."""

    where: str
    what: str
    remedy: str
    account_id: str = ""


@dataclass(frozen=True, slots=True)
class Unsized:
    """A future, or an option on one, whose contract size no table has: as read, and why left out.

    `place` is how many positions of known size stand before it. Once a risk-parameter file sizes
    it, the book's positions hold it under the same `where`, and `excluded` no longer does.
    """

    position: Position
    why: Exclusion
    place: int


@dataclass(frozen=True, slots=True)
class Book:
    """Accounts, positions, market, collateral and other participants on one review date.

    `excluded` lists rows of the file that could be read but not turned into positions; they make
    every total incomplete.
    """

    name: str
    as_of: date
    accounts: tuple[Account, ...] = ()
    positions: tuple[Position, ...] = ()
    market: Market = field(default_factory=Market)
    lots: tuple[CollateralLot, ...] = ()
    liens: tuple[Lien, ...] = ()
    agents: tuple[Agent, ...] = ()
    excluded: tuple[Exclusion, ...] = ()
    problems: tuple[Problem, ...] = ()
    crif: tuple[CrifRow, ...] = ()
    """Sensitivities by account (`portfolio` names the account), for swaps margin."""
    remarks: tuple[Remark, ...] = ()
    """Flags and comments of the reviewer; no figure depends on them."""
    unsized: tuple[Unsized, ...] = ()

    def account(self, account_id: str) -> Account:
        """Return an account by its id; raises KeyError when the book has none such."""
        for account in self.accounts:
            if account.account_id == account_id:
                return account
        raise KeyError(account_id)

    def of_account(self, account_id: str) -> tuple[Position, ...]:
        """Return the positions of one account, in file order."""
        return tuple(p for p in self.positions if p.account_id == account_id)

    def with_position(self, position: Position) -> Book:
        """Return the book with one position replaced by another at the same place (`where`)."""
        changed = tuple(position if p.where == position.where else p for p in self.positions)
        return replace(self, positions=changed)
