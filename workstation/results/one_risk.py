"""One risk on one page: every form it is held in, by account, margin and legal location."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.book.accounts import Account
from workstation.offsets.exposure import Exposure
from workstation.results.formats import money, regime, whole, words
from workstation.results.run import Run
from workstation.results.silos import silo_of
from workstation.results.table import Table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class HoldingRow:
    """One risk in one wrapper in one account."""

    wrapper: str
    account: str
    account_name: str
    silo: str
    regime: str
    positions: int
    delta: Decimal
    stand_alone: Decimal | None
    location: str
    legal: str
    trades: str
    settles: str
    weekend: Decimal | None


@dataclass(frozen=True, slots=True)
class RiskSummary:
    """One risk over all accounts: long and short exposure, margin by itself, and how spread out.

    `stand_alone` leaves out `unmargined` holdings that no rulebook margins by themselves.
    """

    root: str
    long: Decimal
    short: Decimal
    stand_alone: Decimal
    unmargined: int
    accounts: int
    silos: int
    legal_locations: int
    weekend: Decimal | None = None
    """Sum of the holdings' weekend moves, None where none trades while its account is shut."""

    @property
    def net(self) -> Decimal:
        """Return long less short: what is left if everything offset."""
        return self.long + self.short

    @property
    def gross(self) -> Decimal:
        """Return long and short added up."""
        return self.long - self.short


def risks(run: Run) -> tuple[RiskSummary, ...]:
    """Return every risk held, the largest gross exposure first."""
    by_root: dict[str, list[Exposure]] = {}
    for item in run.exposures:
        by_root.setdefault(item.root, []).append(item)
    found = [_summary(root, items) for root, items in by_root.items()]
    return tuple(sorted(found, key=lambda risk: (-risk.gross, risk.root)))


def _summary(root: str, items: Sequence[Exposure]) -> RiskSummary:
    gaps = [item.weekend for item in items if item.weekend is not None]
    known = [item.stand_alone for item in items if item.stand_alone is not None]
    return RiskSummary(
        root, sum((i.delta for i in items if i.delta > 0), ZERO),
        sum((i.delta for i in items if i.delta < 0), ZERO), sum(known, ZERO),
        len(items) - len(known), len({i.account_id for i in items}),
        len({silo_of(i.account_type) for i in items}), len({_legal(i) for i in items}),
        sum(gaps, ZERO) if gaps else None)


def _legal(item: Exposure) -> tuple[str, str]:
    """Return where margin stands: it crosses neither firms nor accounts of different law."""
    return item.legal or item.account_id, item.location


def one_risk_table(run: Run, root: str) -> Table:
    """Return everything held of one risk, the largest exposure first."""
    accounts = {account.account_id: account for account in run.book.accounts}
    regimes = {margin.account_id: margin.regime for margin in run.silos.accounts}
    held = sorted((item for item in run.exposures if item.root == root),
                  key=lambda item: (-abs(item.delta), item.wrapper, item.account_id))
    rows = tuple(_row(item, accounts.get(item.account_id), regimes.get(item.account_id, ""))
                 for item in held)
    columns = (
        words("Wrapper", "wrapper", "the legal form it is held in"), words("Account", "account"),
        money(f"Exposure ({run.currency})", "delta",
              "profit per unit relative move: the outright holding it equals", total=True),
        money(f"Stand-alone requirement ({run.currency})", "stand_alone",
              "its positions' requirements, each by itself", total=True),
        words("Trades", "trades", "of a coin: around the clock, or in an exchange's hours"),
        words("Settles", "settles", "when margin moves in and out of its account"),
        money(f"Weekend move ({run.currency})", "weekend",
              "one standard deviation over a weekend, where it trades then and its account does "
              "not settle"),
        words("Silo", "silo"), words("Legal location", "legal", "the account of the law"),
        words("Held at", "location"), regime("Regime", "regime"), whole("Positions", "positions"),
        words("Account name", "account_name"),
    )
    return Table(f"Risk {root}", columns, rows,
                 f"Everything held of {root}, by wrapper, account, margin and legal location.")


def _row(item: Exposure, account: Account | None, regime: str) -> HoldingRow:
    return HoldingRow(
        item.wrapper, item.account_id, account.name if account else "",
        str(silo_of(item.account_type)), regime, item.positions, item.delta, item.stand_alone,
        item.location, item.legal, item.trades, item.settles, item.weekend)
