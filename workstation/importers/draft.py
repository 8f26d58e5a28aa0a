"""What has been read so far of one file, collected before the book is put together."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workstation.base.problem import Problem, Severity
from workstation.base.vocabulary import AccountType
from workstation.book.book import Exclusion
from workstation.book.collateral import Agent, CollateralLot, Lien
from workstation.book.crif import CrifRow
from workstation.book.positions import Position
from workstation.importers.described import Desk
from workstation.importers.imported import CashLine, ColumnChoice, ControlTotal
from workstation.importers.recipe import NO_DECISIONS, Recipe
from workstation.market.history import History
from workstation.market.market import Dividend, Underlying

TOLERANCE, ROUNDING = Decimal("0.005"), Decimal("0.00002")
"""A control total agrees within half a cent, or the roundings of its rows."""


@dataclass(slots=True)
class AccountDraft:
    """An account as far as the file describes it."""

    account_id: str
    account_type: AccountType | None = None
    name: str = ""
    firm: str = ""
    currency: str = ""
    cash: Decimal | None = None
    """None where the file states none."""
    risk_profile: str = ""
    venue: str = ""
    programme: str = ""
    as_of: date | None = None
    where: str = ""


@dataclass(slots=True)
class Draft:
    """Rows read, positions, accounts, cash, totals and problems of one file."""

    file_name: str
    desk: Desk
    recipe: Recipe = NO_DECISIONS
    kind: str = ""
    name: str = ""
    rows_read: int = 0
    accounts: dict[str, AccountDraft] = field(default_factory=dict)
    positions: list[Position] = field(default_factory=list)
    held_back: list[Position] = field(default_factory=list)
    held_places: list[int] = field(default_factory=list)
    """How many positions were loaded before each one held back."""
    cash: list[CashLine] = field(default_factory=list)
    control_totals: list[ControlTotal] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    mapping: list[ColumnChoice] = field(default_factory=list)
    underlyings: dict[str, Underlying] = field(default_factory=dict)
    implied_prices: dict[str, tuple[Decimal, str, str]] = field(default_factory=dict)
    """Underlying prices met in columns: price, currency, where."""
    fx: dict[str, Decimal] = field(default_factory=dict)
    base_rates: dict[str, Decimal] = field(default_factory=dict)
    """Rates to the file's own base currency, by currency."""
    dividends: list[Dividend] = field(default_factory=list)
    history: History = field(default_factory=History)
    lots: list[CollateralLot] = field(default_factory=list)
    liens: list[Lien] = field(default_factory=list)
    agents: list[Agent] = field(default_factory=list)
    crif: list[CrifRow] = field(default_factory=list)
    notes: dict[str, tuple[str, str, int]] = field(default_factory=dict)
    """Repeated remarks: text to (first place, remedy, how often)."""

    def say(self, where: str, what: str, remedy: str = "", severity: Severity = "info") -> None:
        """Add a problem to the list."""
        self.problems.append(Problem(where, what, remedy, severity))

    def note(self, where: str, what: str, remedy: str = "") -> None:
        """Count a remark that many rows share, to be said once."""
        first, kept, count = self.notes.get(what, (where, remedy, 0))
        self.notes[what] = (first, kept, count + 1)

    def exclude(self, where: str, what: str, remedy: str, account_id: str = "") -> None:
        """Leave a row out of the book, so that every total says it is incomplete."""
        self.excluded.append(Exclusion(where, what, remedy, account_id))
        self.problems.append(Problem(where, what, remedy, "error"))

    def hold_back(self, position: Position) -> None:
        """Keep an excluded position as far as it is understood."""
        self.held_back.append(position)
        self.held_places.append(len(self.positions))

    def account(self, account_id: str, where: str = "") -> AccountDraft:
        """Return the draft of an account, opening it if it is new."""
        if account_id not in self.accounts:
            self.accounts[account_id] = AccountDraft(account_id, where=where)
        return self.accounts[account_id]

    def control(self, where: str, stated: Decimal, computed: Decimal) -> None:
        """Compare a total the file states with the same total of what was loaded."""
        agrees = abs(stated - computed) <= max(TOLERANCE, abs(stated) * ROUNDING)
        self.control_totals.append(ControlTotal(where, stated, computed, agrees))
        if not agrees:
            self.say(where, f"the file states {stated:,f}, what was loaded comes to {computed:,f}",
                     "look for rows left out or prices in other units", "warning")
