"""Tables of accounts' standing: equity, excess, calls, and the prices that would bring one."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained
from workstation.measures.account_status import CASH_NOT_STATED, AccountStatus, Distance
from workstation.results.formats import money, percent, price, regime, words, yes_no
from workstation.results.run import Run
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class StatusRow:
    """One account: its equity, what it must keep, what is left, and what is called."""

    account: str
    regime: str
    equity: Decimal
    required: Decimal | None
    excess: Decimal | None
    call: Decimal | None
    call_by: str
    sma: Decimal | None
    buying_power: Decimal | None
    down: Decimal | None
    up: Decimal | None
    notes: str
    regulatory: Decimal | None = None
    house: Decimal | None = None


@dataclass(frozen=True, slots=True)
class EquityTestRow:
    """One test of one account; a condition says when it would apply."""

    account: str
    test: str
    required: Decimal
    equity: Decimal
    excess: Decimal
    call: Decimal
    met: bool
    condition: str
    citation: str


@dataclass(frozen=True, slots=True)
class TriggerRow:
    """The price at which one position alone brings the account's maintenance call."""

    account: str
    symbol: str
    price: Decimal | None
    move: Decimal | None
    least_equity_price: Decimal | None
    concentration_price: Decimal | None
    reason: str
    where: str


@dataclass(frozen=True, slots=True)
class TierRow:
    """How far the market is from taking an account's equity down to a tier."""

    account: str
    tier: str
    least: Decimal
    equity: Decimal
    down: Decimal | None
    up: Decimal | None


def accounts_status_table(run: Run) -> Table:
    """Return where every account stands: equity, excess, call."""
    columns = (
        words("Account", "account"), regime("Regime", "regime"),
        money(f"Equity ({run.currency})", "equity", "net liquidating value", total=True),
        money(f"Required of equity ({run.currency})", "required",
              "maintenance less premium and proceeds already off equity", total=True),
        money(f"Excess ({run.currency})", "excess", "equity above it; a deficit in parentheses"),
        money(f"Call ({run.currency})", "call", "largest call that holds now", total=True),
        words("Called by", "call_by"),
        money(f"SMA, least ({run.currency})", "sma", "special memorandum account of 12 CFR 220.5"),
        money(f"Buying power ({run.currency})", "buying_power"),
        percent("Fall to a call (%)", "down", "all underlyings together"),
        percent("Rise to a call (%)", "up", "all underlyings together"),
        *_house_columns(run), words("Notes", "notes"),
    )
    return Table("Account status", columns, tuple(_status_row(s) for s in run.statuses),
                 "Equity, excess and call of every account.")


def _house_columns(run: Run) -> tuple[Column, ...]:
    """Return the columns of a review with the firm's own editions laid over the rule."""
    if all(status.regulatory is None for status in run.statuses):
        return ()
    return (money(f"Regulatory minimum ({run.currency})", "regulatory", "maintenance without the "
                  "firm's editions", total=True),
            money(f"House adds ({run.currency})", "house", total=True))


def _status_row(status: AccountStatus) -> StatusRow:
    first, distance = status.first_call, status.distance or Distance(None, None)
    called_by = first.name if first else "" if status.cash_stated else CASH_NOT_STATED
    required = status.tests[0].required.amount if status.tests else None
    notes = (*status.notes, distance.note) if distance.note else status.notes
    return StatusRow(
        status.account_id, status.regime, status.equity.amount, required, status.excess,
        status.call if status.cash_stated else None, called_by, _amount(status.sma),
        _amount(status.buying_power), distance.down, distance.up, "; ".join(notes),
        status.regulatory, status.house)


def _amount(node: Explained | None) -> Decimal | None:
    return None if node is None else node.amount


def account_tests_table(run: Run) -> Table:
    """Return every test of every account, met or not."""
    rows = tuple(
        EquityTestRow(status.account_id, test.name, test.required.amount, status.equity.amount,
                test.excess, test.call.amount, test.met, test.condition,
                "" if test.call.cite is None else str(test.call.cite))
        for status in run.statuses for test in status.tests)
    columns = (
        words("Account", "account"), words("Test", "test"),
        money(f"Required ({run.currency})", "required"),
        money(f"Equity ({run.currency})", "equity"), money(f"Excess ({run.currency})", "excess"),
        money(f"Call ({run.currency})", "call"), Column("Met", "met", yes_no),
        words("Applies", "condition", "empty: now"), words("Citation", "citation"),
    )
    return Table("Account tests", columns, rows, "Every test of every account's equity.")


def triggers_table(run: Run) -> Table:
    """Return the price of each stock that alone would bring its account's maintenance call."""
    rows = tuple(
        TriggerRow(status.account_id, item.symbol, item.price, item.move, item.least_equity_price,
                   item.concentration_price, item.reason, item.where)
        for status in run.statuses for item in status.triggers)
    columns = (
        words("Account", "account"), words("Symbol", "symbol"),
        price(f"Trigger price ({run.currency})", "price"), percent("Move (%)", "move"),
        price(f"At minimum equity ({run.currency})", "least_equity_price"),
        price(f"At the concentration tier ({run.currency})", "concentration_price"),
        words("Why none", "reason"), words("Cell", "where"),
    )
    return Table("Trigger prices", columns, rows,
                 "Price of each position at which its account meets a maintenance call.")


def tiers_table(run: Run) -> Table:
    """Return how far every account is from each tier of equity it still meets."""
    rows = tuple(
        TierRow(status.account_id, tier.name, tier.least, status.equity.amount, tier.down, tier.up)
        for status in run.statuses if status.distance is not None
        for tier in status.distance.tiers)
    columns = (
        words("Account", "account"), words("Tier", "tier"),
        money(f"Least equity ({run.currency})", "least"),
        money(f"Equity ({run.currency})", "equity"),
        percent("Fall to it (%)", "down", "all underlyings together"),
        percent("Rise to it (%)", "up", "all underlyings together"),
    )
    return Table("Equity tiers", columns, rows, "Distance to every tier of equity still met.")
