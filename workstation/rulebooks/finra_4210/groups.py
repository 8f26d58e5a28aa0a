"""Class, product and portfolio groups of paragraph (g): which underlyings offset each other."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from workstation.base.explain import Citation
from workstation.base.vocabulary import UnderlyingClass
from workstation.parameters.store import Edition, Parameter

_TABLES = ("class_groups_computed", "class_groups")
_SCANS = {
    UnderlyingClass.BROAD_INDEX_HIGH_CAP: "scan_high_cap_broad",
    UnderlyingClass.BROAD_INDEX: "scan_broad",
    UnderlyingClass.NARROW_INDEX: "scan_narrow",
    UnderlyingClass.SECTOR_ETF: "scan_narrow",
    UnderlyingClass.CRYPTO: "scan_crypto_etp",
}


@dataclass(frozen=True, slots=True)
class Groups:
    """Where an underlying stands: its class group, product group and portfolio group."""

    class_group: str
    product_group: str
    portfolio_group: str
    cite: Citation | None = None
    product_offset: Parameter | None = None
    portfolio_offset: Parameter | None = None
    """What share of a gain counts in the group, where its table says so."""


def group_table(rule: Edition) -> Mapping[str, Groups]:
    """Read the group tables of an edition, by underlying."""
    return {
        str(row["underlying"]): Groups(
            str(row["class_group"]), str(row["product_group"]), str(row["portfolio_group"]),
            rule[name].cite, _own(rule[name], row, "product_offset"),
            _own(rule[name], row, "portfolio_offset"))
        for name in _TABLES if name in rule for row in rule[name].rows
    }


def _own(table: Parameter, row: Mapping[str, Any], name: str) -> Parameter | None:
    if name not in row:
        return None
    return Parameter(name, row[name], "of gains", table.cite, table.note)


def groups_of(underlying: str, table: Mapping[str, Groups]) -> Groups:
    """Return the groups of an underlying; one that no table lists stands alone."""
    return table.get(underlying) or Groups(underlying, underlying, underlying)


def scan_range(kind: UnderlyingClass, rule: Edition, symbol: str = "") -> Parameter:
    """Return the scan range of a class of underlying: (low, high) relative moves.

    Currencies have ranges of their own where the edition names them, by `symbol`.
    """
    if kind is UnderlyingClass.CURRENCY and "scan_major_fx" in rule:
        major = any(code in symbol.upper() for code in rule["major_currencies"].raw)
        return rule["scan_major_fx" if major else "scan_other_fx"]
    return rule[_SCANS.get(kind, "scan_equity")]
