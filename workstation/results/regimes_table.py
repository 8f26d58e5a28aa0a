"""The securities accounts under each securities rulebook, side by side."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.results.formats import money, regime, words
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class RegimeRow:
    """One account under four rulebooks; an amount is None where a position is left out of it.

    `saving` is what portfolio margin frees against the strategy-based maintenance.
    """

    account: str
    today: str
    reg_t_initial: Decimal | None
    strategy: Decimal | None
    portfolio: Decimal | None
    haircuts: Decimal | None
    left_out: str

    @property
    def saving(self) -> Decimal | None:
        """Return strategy-based less portfolio margin, None where one of them is incomplete."""
        if self.strategy is None or self.portfolio is None:
            return None
        return self.strategy - self.portfolio


def regimes_table(rows: Sequence[RegimeRow], currency: str) -> Table:
    """Return the comparison, accounts in file order."""
    columns = (
        words("Account", "account"), regime("Today", "today", "the rulebook it stands under"),
        _comparable(f"Regulation T initial ({currency})", "reg_t_initial",
                    "12 CFR 220.12, as if opened today"),
        _comparable(f"Strategy-based maintenance ({currency})", "strategy",
                    "FINRA 4210(c), (e), (f)"),
        _comparable(f"Portfolio margin ({currency})", "portfolio", "FINRA 4210(g)"),
        _comparable(f"Saving of portfolio margin ({currency})", "saving",
                    "strategy-based less portfolio margin; negative where it asks for more"),
        _comparable(f"Risk-based haircuts ({currency})", "haircuts",
                    "Rule 15c3-1a, if the positions were the firm's own"),
        words("Left out", "left_out", "positions that one of the rulebooks does not margin"),
    )
    return Table("Rulebooks compared", columns, tuple(rows),
                 "The same securities under Regulation T, strategy-based and portfolio margin.")


def _comparable(heading: str, field: str, hint: str) -> Column:
    """Return a column whose sum is only given where no account is missing from it."""
    return money(heading, field, hint, total=True, every=True)
