"""What the contract table says of a futures product or an option root."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import lru_cache
from pathlib import Path

from workstation.base.vocabulary import UnderlyingClass
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import NoParametersInForceError

_SPLIT = re.compile(r"[^a-z0-9]+")
_EXCHANGES = frozenset({"cme", "cbt", "cbot", "nymex", "nym", "comex", "cmx", "imm", "ice", "ifus",
                        "ifeu", "eurex", "future", "futures", "fut"})
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
    name: str = ""

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

    def named(self, text: str) -> Contract | None:
        """Return the one futures product whose name has all the words of a text, or None.

        Of several the one named in the fewest words is meant, if there is only one such.
        """
        wanted = _words_of(text)
        if not wanted:
            return None
        found = sorted(((len(_words_of(row.name)), row) for row in self.rows.values()
                        if row.kind == "future" and wanted <= _words_of(row.name)),
                       key=lambda item: item[0])
        if not found or (len(found) > 1 and found[0][0] == found[1][0]):
            return None
        return found[0][1]

    def index_option(self, root: str) -> Contract | None:
        """Return a listed index option root, such as SPXW."""
        return self.rows.get(("index option root", root))


def _words_of(text: str) -> frozenset[str]:
    plain = text.casefold().replace("e-mini", "emini").replace("&", "")
    return frozenset(word for word in _SPLIT.split(plain) if word) - _EXCHANGES


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
            str(row.get("currency", "USD")), str(row.get("group", "")), str(row.get("future", "")),
            str(row.get("name", "")))
    return Contracts(rows, edition.rule, edition.edition)
