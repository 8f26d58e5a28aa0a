"""Net positions by product and contract month, the unit published rates are charged on."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal

from workstation.book.positions import Position
from workstation.instruments.terms import FutureTerms

MONTHS_A_YEAR = 12


@dataclass(frozen=True, slots=True)
class ContractMonth:
    """One contract month of one product after same-month netting; contracts are signed.

    `notional` is signed, in the reporting currency, None when a price is missing; `rank` counts
    contract months from the front (1).
    """

    product: str
    month: str
    rank: int
    contracts: Decimal
    notional: Decimal | None
    fx: Decimal

    @property
    def side(self) -> str:
        """Return long or short."""
        return "long" if self.contracts > 0 else "short"

    @property
    def label(self) -> str:
        """Name the month, its size and its side."""
        if not self.contracts:
            return f"{self.product} {self.month}, flat"
        return f"{self.product} {self.month}, {abs(self.contracts):,f} {self.side}"

    def reduced(self, spreads: Decimal) -> ContractMonth:
        """Return what is left outright after `spreads` contracts went into spreads."""
        left = self.contracts - spreads if self.contracts > 0 else self.contracts + spreads
        kept = None if self.notional is None else self.notional * left / self.contracts
        return replace(self, contracts=left, notional=kept)


def contract_months(product: str, positions: Iterable[tuple[Position, Decimal]], as_of: date,
                    roll_day: int) -> tuple[ContractMonth, ...]:
    """Net positions of one product (each with its exchange rate) within each contract month."""
    months: dict[str, ContractMonth] = {}
    for position, fx in positions:
        terms = position.instrument.terms
        expiry = terms.expiry if isinstance(terms, FutureTerms) else None
        name = f"{expiry:%Y-%m}" if expiry else position.instrument.symbol
        held = months.get(name) or ContractMonth(
            product, name, month_rank(expiry, as_of, roll_day), Decimal(0), Decimal(0), fx)
        value = None if position.price is None else position.value * fx
        notional = None if value is None or held.notional is None else held.notional + value
        months[name] = replace(
            held, contracts=held.contracts + position.quantity, notional=notional)
    return tuple(months[name] for name in sorted(months))


def month_rank(expiry: date | None, as_of: date, roll_day: int) -> int:
    """Count contract months from the front; doubt (no expiry, roll days) makes a month nearer."""
    if expiry is None:
        return 1
    ahead = (expiry.year - as_of.year) * MONTHS_A_YEAR + expiry.month - as_of.month
    return max(1, ahead + (1 if as_of.day < roll_day else 0))
