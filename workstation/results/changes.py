"""What changed between two reviews: requirements as exact bridges, and what moved beneath them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal
from types import SimpleNamespace

from workstation.results.formats import money, percent, price, quantity, words
from workstation.results.table import Table

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class ChangeStep:
    """What one cause did to one requirement."""

    cause: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class ChangeLine:
    """One requirement from the earlier review to the later; the steps add up exactly.

    `name` is the measure, `account` empty for the book.
    """

    name: str
    before: Decimal
    steps: tuple[ChangeStep, ...]
    after: Decimal
    account: str = ""

    @property
    def change(self) -> Decimal:
        """Return the whole change."""
        return self.after - self.before

    @property
    def residual(self) -> Decimal:
        """Return what no cause explains: zero."""
        return self.change - sum((step.amount for step in self.steps), ZERO)


@dataclass(frozen=True, slots=True)
class PositionChange:
    """One instrument in one account whose quantity changed; None where it was not held."""

    account: str
    symbol: str
    what: str
    before: Decimal | None
    after: Decimal | None


@dataclass(frozen=True, slots=True)
class MarketChange:
    """One price, volatility or exchange rate that moved; `move` is relative."""

    what: str
    symbol: str
    before: Decimal | None
    after: Decimal | None
    move: Decimal | None


@dataclass(frozen=True, slots=True)
class RuleChange:
    """One rule edition, overlay, design or risk-parameter file that changed."""

    kind: str
    name: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Changes:
    """The later review against the earlier one.

    `causes` are the steps in the order taken: each is measured with those before it already at
    their later state. `since` says from which review on an exception has stood, by its key.
    """

    client: str
    before_as_of: date
    after_as_of: date
    before_sha256: str
    currency: str
    causes: tuple[str, ...]
    lines: tuple[ChangeLine, ...]
    positions: tuple[PositionChange, ...] = ()
    market: tuple[MarketChange, ...] = ()
    rules: tuple[RuleChange, ...] = ()
    since: Mapping[str, date] = field(default_factory=dict)
    notes: tuple[str, ...] = ()

    @property
    def of_book(self) -> tuple[ChangeLine, ...]:
        """Return the requirements of the whole book."""
        return tuple(line for line in self.lines if not line.account)


def change_tables(changes: Changes) -> tuple[Table, ...]:
    """Return every table of a comparison, in the order a reader wants them."""
    return (changes_table(changes), position_changes_table(changes),
            market_changes_table(changes), rule_changes_table(changes))


def changes_table(changes: Changes) -> Table:
    """Return the bridges: one row a requirement, one column a cause, the residual last."""
    unit = f"({changes.currency})"
    rows = tuple(SimpleNamespace(
        name=line.name, account=line.account or "whole book", before=line.before,
        after=line.after, change=line.change, residual=line.residual,
        **{f"cause_{n}": step.amount for n, step in enumerate(line.steps)})
        for line in changes.lines)
    columns = (
        words("Requirement", "name"), words("Account", "account"),
        money(f"Before {unit}", "before"),
        *(money(f"{cause} {unit}", f"cause_{n}") for n, cause in enumerate(changes.causes)),
        money(f"After {unit}", "after"), money(f"Change {unit}", "change"),
        money(f"Residual {unit}", "residual", "what no cause explains: zero"))
    return Table("Change", columns, rows,
                 f"From {changes.before_as_of} to {changes.after_as_of}, cause by cause in the "
                 "order of the columns.")


def position_changes_table(changes: Changes) -> Table:
    """Return the positions opened, closed and changed."""
    columns = (words("Account", "account"), words("Symbol", "symbol"), words("What", "what"),
               quantity("Before", "before"), quantity("After", "after"))
    return Table("Changed positions", columns, changes.positions,
                 "Positions and cash opened, closed or changed since the earlier review.")


def market_changes_table(changes: Changes) -> Table:
    """Return the prices, volatilities and exchange rates that moved, largest moves first."""
    columns = (words("What", "what"), words("Symbol", "symbol"), price("Before", "before"),
               price("After", "after"), percent("Move (%)", "move"))
    return Table("Changed market", columns, changes.market,
                 "Prices, volatilities and exchange rates that moved since the earlier review.")


def rule_changes_table(changes: Changes) -> Table:
    """Return the rule editions, overlays, designs and risk-parameter files that changed."""
    columns = (words("Kind", "kind"), words("Name", "name"), words("Before", "before"),
               words("After", "after"))
    return Table("Changed rules", columns, changes.rules,
                 "Rule editions, overlays, designs and risk-parameter files that changed.")
