"""Rounding rules and other choices a clearing organisation leaves open, from a dated edition.

Every figure is rounded half away from zero, at the places named here and nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import Any

from workstation.base.explain import Citation
from workstation.parameters.store import Edition
from workstation.rulebooks.span.spread_evidence import Thresholds

FOLDER = "span_rules"
_WIDE = Context(prec=60)


@dataclass(frozen=True, slots=True)
class Conventions:
    """Decimals of money, deltas, price risk and option value, and the open choices."""

    money_unit: Decimal
    delta_unit: Decimal
    price_risk_unit: Decimal
    option_value_unit: Decimal
    spot_counts_inter: bool
    omnibus_credits: bool
    not_for_customers: tuple[str, ...]
    left_scanning: tuple[Mapping[str, Any], ...]
    evidence: Thresholds
    cite: Citation

    @classmethod
    def of(cls, edition: Edition) -> Conventions:
        """Read the conventions of one edition."""
        return cls(
            _unit(edition, "money_decimals"), _unit(edition, "delta_decimals"),
            _unit(edition, "wfpr_decimals"), _unit(edition, "option_value_decimals"),
            bool(edition["spot_counts_inter_commodity"].value),
            bool(edition["omnibus_inter_commodity_credits"].value),
            tuple(edition["not_for_customers"].raw),
            edition["value_at_risk_products"].rows, Thresholds.of(edition),
            edition["money_decimals"].cite)

    def money(self, amount: Decimal) -> Decimal:
        """Round a charge, a credit or a requirement."""
        return _to(amount, self.money_unit)

    def delta(self, amount: Decimal) -> Decimal:
        """Round a delta or a number of spreads."""
        return _to(amount, self.delta_unit)

    def price_risk(self, amount: Decimal) -> Decimal:
        """Round a weighted futures price risk."""
        return _to(amount, self.price_risk_unit)

    def option_value(self, amount: Decimal) -> Decimal:
        """Round a net option value."""
        return _to(amount, self.option_value_unit)

    def moved_on(self, organisation: str, family: str, on: date | None) -> date | None:
        """Return when a product left scan arrays, if it had by the file's date."""
        for row in self.left_scanning:
            if row["organisation"] == organisation and family in row["families"]:
                since: date = row["since"]
                return since if on is None or on >= since else None
        return None


def _unit(edition: Edition, name: str) -> Decimal:
    return Decimal(1).scaleb(-int(edition[name].value))


def _to(amount: Decimal, unit: Decimal) -> Decimal:
    rounded = amount.quantize(unit, ROUND_HALF_UP, _WIDE)
    return rounded if rounded else abs(rounded)
