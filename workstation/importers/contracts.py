"""What the contract table says of a futures product or an option root."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from workstation.base.vocabulary import UnderlyingClass
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import NoParametersInForceError

_CLASSES = {
    "equity index": UnderlyingClass.BROAD_INDEX,
    "volatility": UnderlyingClass.VOLATILITY_INDEX,
    "rates": UnderlyingClass.INTEREST_RATE,
    "currencies": UnderlyingClass.CURRENCY,
    "crypto": UnderlyingClass.CRYPTO,
}


@dataclass(frozen=True, slots=True)
class Contract:
    """One product: money per point, what prices it, where and in what it trades."""

    product: str
    kind: str
    multiplier: Decimal
    underlying: str
    currency: str
    group: str
    future: str = ""

    @property
    def underlying_class(self) -> UnderlyingClass:
        """Return the class its group implies; metals, energy and crops are commodities."""
        return _CLASSES.get(self.group, UnderlyingClass.COMMODITY)


@dataclass(frozen=True, slots=True)
class Contracts:
    """Products by code, kept apart as futures, index option roots and future option roots."""

    rows: Mapping[tuple[str, str], Contract]
    rule: str = ""
    edition: str = ""

    def future(self, product: str) -> Contract | None:
        """Return a futures product."""
        return self.rows.get(("future", product))

    def future_option(self, root: str) -> Contract | None:
        """Return an option root on a future; options often share the future's code."""
        return self.rows.get(("future option root", root)) or self.future(root)

    def index_option(self, root: str) -> Contract | None:
        """Return a listed index option root, such as SPXW."""
        return self.rows.get(("index option root", root))


@lru_cache(maxsize=16)
def contracts_on(as_of: date, root: Path | None = None) -> Contracts:
    """Return the contract table in force; empty when there is none."""
    try:
        edition = RuleSet(as_of, root=root).edition("contracts")
    except NoParametersInForceError:
        return Contracts({})
    rows = {}
    for row in edition["contracts"].rows:
        kind = str(row.get("kind", "future"))
        rows[kind, str(row["product"])] = Contract(
            str(row["product"]), kind, Decimal(row["multiplier"]), str(row["underlying"]),
            str(row.get("currency", "USD")), str(row.get("group", "")), str(row.get("future", "")))
    return Contracts(rows, edition.rule, edition.edition)
