"""Published outright and spread rates of one product."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workstation.base.explain import Citation, Explained, leaf
from workstation.base.money import accounting
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.span.months import ContractMonth

CENTS = 2


@dataclass(frozen=True, slots=True)
class SpreadRate:
    """The rate of one calendar spread between two contract months, counted from the front."""

    near: int
    far: int
    rate: Decimal
    cite: Citation


@dataclass(frozen=True, slots=True)
class ProductRates:
    """The rates of one product in one edition."""

    outright: Parameter
    spreads: tuple[SpreadRate, ...]

    @classmethod
    def of(cls, edition: Edition, product: str) -> ProductRates | None:
        """Find a product's rates, or None where the edition has none."""
        if product not in edition:
            return None
        return cls(edition[product], _spreads(edition, f"{product}_spreads"))

    @property
    def on_notional(self) -> bool:
        """Say whether the product is charged in percent of notional, so that price matters."""
        return any(row.get("basis") == "notional" for row in self.outright.rows)

    def _row(self, rank: int) -> Mapping[str, Any]:
        rows = self.outright.rows
        near = [row for row in rows if int(row.get("month", 1)) <= rank]
        return near[-1] if near else rows[0]

    def outright_charge(self, month: ContractMonth) -> Explained:
        """Charge one net contract month.

        maintenance = |contracts| x rate of its side, or |notional| x rate of its side
        """
        row = self._row(month.rank)
        rate = Decimal(row[month.side])
        if row.get("basis") == "notional":
            notional = abs(month.notional or Decimal(0))
            return leaf(month.label, notional * rate, self.outright.cite,
                        notional=accounting(notional, CENTS), rate=f"{rate:.2%} of notional")
        return leaf(month.label, abs(month.contracts) * rate * month.fx, self.outright.cite,
                    contracts=f"{abs(month.contracts):,f} {month.side}",
                    rate=f"{accounting(rate, CENTS)} {self.outright.unit}")


def _spreads(edition: Edition, name: str) -> tuple[SpreadRate, ...]:
    if name not in edition:
        return ()
    table = edition[name]
    return tuple(
        SpreadRate(int(row["near"]), int(row["far"]), Decimal(row["rate"]), table.cite)
        for row in table.rows)
