"""Who can be called on its own: each account of the client under silos, or the client as one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.vocabulary import AccountType
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import VARIATION_MARGINED
from workstation.cascade.participants import CLIENT, Line, Participant
from workstation.collateral.report import CollateralReport
from workstation.collateral.supply import lent
from workstation.measures.requirement import Margin

FULLY_PAID = frozenset({AccountType.CRYPTO_SPOT})
"""Accounts that borrow nothing: what they hold is theirs, and nobody calls them."""
CLEARED = frozenset({AccountType.FUTURES, AccountType.FOREIGN_FUTURES, AccountType.CLEARED_SWAPS,
                     AccountType.CROSS_MARGIN})
SECURITIES = frozenset({AccountType.REG_T, AccountType.PORTFOLIO_MARGIN})
"""Accounts whose sales are paid for after the settlement cycle; elsewhere cash moves at once."""


@dataclass(frozen=True, slots=True)
class Obligor:
    """One row of the dynamic cascade; `exposures` is gain per relative move by factor.

    `free` is collateral value after haircut held here that can meet a call elsewhere in time;
    `recalls` is (value after haircut, days) that comes back once asked for; `reaction` is the
    share of a rise in volatility that its margin follows; `venue` is where a deficit would be
    paid by an insurance fund and then by winners, empty for none.
    """

    name: str
    owner: str
    firm: str
    exposures: Mapping[str, float]
    equity: float
    requirement: float
    free: float = 0.0
    reaction: float = 0.0
    exempt: bool = False
    recalls: tuple[tuple[float, int], ...] = ()
    venue: str = ""
    cleared: bool = False
    """Whether a clearing house stands behind its positions."""
    securities: bool = False
    """Whether its sales settle as those of cash securities do."""

    @property
    def where(self) -> str:
        """Return the venue it stands at, else the firm that carries it."""
        return self.venue or self.firm

    @property
    def gross(self) -> float:
        """Return the size of all exposures together."""
        return sum(abs(value) for value in self.exposures.values())


def of_accounts(book: Book, holdings: ResolvedBook, lines: Sequence[Line], silos: Margin,
                collateral: CollateralReport, deadline: int, reactions: Mapping[str, float],
                ) -> tuple[Obligor, ...]:
    """Return one obligor an account: its own equity against its own requirement."""
    equity = equity_by_account(book, holdings)
    free = _free_by_account(collateral, deadline)
    back: dict[str, list[tuple[float, int]]] = {}
    for row in lent(book, collateral):
        back.setdefault(row.account_id, []).append((float(row.value), row.days))
    held: dict[str, list[Line]] = {}
    for line in lines:
        held.setdefault(line.account, []).append(line)
    found = []
    for account in book.accounts:
        name = account.account_id
        margin = silos.of_account(name)
        rate = None if margin is None else book.market.fx_rate(margin.currency)
        required = float(margin.maintenance.amount * rate) if margin and rate is not None else 0.0
        found.append(Obligor(
            name, CLIENT, account.firm or name, exposures(held.get(name, ())), float(equity[name]),
            required, free.get(name, 0.0), reactions.get(margin.regime, 0.0) if margin else 0.0,
            account.account_type in FULLY_PAID, tuple(back.get(name, ())),
            (account.venue or account.firm or name)
            if account.account_type is AccountType.CRYPTO_VENUE else "",
            account.account_type in CLEARED, account.account_type in SECURITIES))
    return tuple(found)


def as_one(accounts: Sequence[Obligor], lines: Sequence[Line], requirement: float,
           withdrawn: float = 0.0) -> Obligor:
    """Return the client as one obligor: gains and losses of all accounts meet in one account.

    Its margin follows volatility as today's do on average, weighted by requirement.
    """
    required = sum(row.requirement for row in accounts)
    weighed = sum(row.requirement * row.reaction for row in accounts)
    return Obligor(CLIENT, CLIENT, CLIENT, exposures(lines),
                   sum(row.equity for row in accounts) - withdrawn, requirement,
                   reaction=weighed / required if required > 0 else 0.0)


def of_agent(agent: Participant) -> Obligor:
    """Return another participant, whose requirement is gross holdings over its leverage limit."""
    row = Obligor(agent.name, agent.name, agent.name,
                  {e.factor: e.value for e in agent.exposures}, agent.equity, 0.0)
    return replace(row, requirement=row.gross / agent.leverage_limit)


def exposures(lines: Iterable[Line]) -> dict[str, float]:
    """Add up exposures by factor."""
    sums: dict[str, float] = {}
    for line in lines:
        sums[line.factor] = sums.get(line.factor, 0.0) + line.value
    return sums


def equity_by_account(book: Book, holdings: ResolvedBook) -> dict[str, Decimal]:
    """Return what each account is worth; together they are the net liquidating value."""
    worth = {account.account_id: Decimal(0) for account in book.accounts}
    for account in book.accounts:
        for currency, amount in ((account.currency, account.cash), *account.other_cash):
            worth[account.account_id] += amount * (book.market.fx_rate(currency) or 0)
    held = set()
    for position, value in zip(holdings.positions, holdings.value, strict=True):
        held.add((position.account_id, position.instrument.symbol))
        if position.instrument.wrapper not in VARIATION_MARGINED:
            _add(worth, position.account_id, Decimal(float(value)))
    for lot in book.lots:
        if (lot.account_id, lot.symbol) not in held:
            rate = book.market.fx_rate(lot.currency) or 0
            _add(worth, lot.account_id, lot.quantity * lot.price * rate)
    return worth


def _add(worth: dict[str, Decimal], account: str, amount: Decimal) -> None:
    worth[account] = worth.get(account, Decimal(0)) + amount


def _free_by_account(collateral: CollateralReport, deadline: int) -> dict[str, float]:
    free: dict[str, float] = {}
    for lot in collateral.lots:
        if lot.settlement_lag <= deadline:
            free[lot.account_id] = free.get(lot.account_id, 0.0) + float(lot.free_value)
    return free
