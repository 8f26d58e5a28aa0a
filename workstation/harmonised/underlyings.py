"""Which risk root, product group and asset class every position belongs to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.harmonised.knobs import KNOBS
from workstation.instruments.terms import FutureTerms
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, ParameterFileError

DAYS_A_YEAR = 365.25


@dataclass(frozen=True, slots=True)
class RiskRoot:
    """What a position's profit hangs on: the root, where it stands in the tree, how it is scanned.

    `sign` is -1 where the root rises as its group falls; `leverage` multiplies the root's move.
    """

    name: str
    group: str
    asset_class: str
    scan: str
    sign: int = 1
    leverage: float = 1.0
    why: str = ""


class RiskMap:
    """Finds risk roots from the edition of the underlyings map in force."""

    def __init__(self, edition: Edition, as_of: date) -> None:
        rows = edition["underlyings"].rows
        _check(edition)
        self._as_of, self._edition = as_of, edition
        self._roots = {row["root"]: _root(row) for row in rows}
        self._rows = {row["root"]: row for row in rows}
        self._by_symbol = {s: self._roots[row["root"]] for row in rows for s in row["symbols"]}
        self._by_symbol |= self._roots
        products = {p: self._roots[row["root"]] for row in rows for p in row.get("products", ())}
        for fund in edition["leveraged_funds"].rows:
            self._by_symbol[fund["symbol"]] = replace(
                self._roots[fund["root"]], leverage=float(fund["leverage"]))
        self._with_products = {**self._by_symbol, **products}
        self._buckets = [(float(r["up_to"]), r["root"]) for r in edition["treasury_buckets"].rows]
        self._by_asset_class = {
            r["asset_class"]: r for r in edition["asset_class_defaults"].rows}
        self._by_class = {
            r["underlying_class"]: r for r in edition["underlying_class_defaults"].rows}

    @classmethod
    def of_rules(cls, rules: RuleSet) -> RiskMap:
        """Return the map in force on the review date."""
        return cls(rules.edition("underlyings"), rules.as_of)

    def of(self, position: Position, market: Market) -> RiskRoot:
        """Return a position's root: by its underlying, product, symbol, or by its class."""
        instrument = position.instrument
        row = market.underlying(instrument.underlying)
        found = self._named(position)
        if found is None and instrument.asset_class is AssetClass.TREASURY:
            found = self._treasury(position)
        if found is None:
            found = self._own_root(position, market)
        if row is not None and row.leverage != 1:
            return replace(found, leverage=float(row.leverage))
        return found

    def of_all(self, holdings: ResolvedBook) -> tuple[RiskRoot, ...]:
        """Return the root of every position of a book, found once under one edition."""
        def answer(book: ResolvedBook) -> tuple[RiskMap, tuple[RiskRoot, ...]]:
            return self, tuple([self.of(p, book.market) for p in book.positions])

        # The answer holds the map, and with it the edition: its identity cannot pass to another.
        return holdings.kept(("risk roots", id(self._edition), self._as_of), answer)[1]

    def columns(self, root: str, market: Market) -> tuple[tuple[str, bool], ...]:
        """Return the history columns that may carry a root, and whether each is a yield.

        A product code counts only where the market does not price a share of the same name.
        """
        row = self._rows.get(root)
        if row is None:
            return ((root, False),)
        products = [p for p in row.get("products", ()) if p not in market.underlyings]
        levels = [(name, False) for name in (root, *row["symbols"], *products)]
        return (*levels, *((symbol, True) for symbol in row.get("yields", ())))

    def _named(self, position: Position) -> RiskRoot | None:
        instrument = position.instrument
        product = instrument.terms.product if isinstance(instrument.terms, FutureTerms) else ""
        is_future = instrument.asset_class in (AssetClass.FUTURE, AssetClass.FUTURE_OPTION)
        known = self._with_products if is_future else self._by_symbol
        for name in (instrument.underlying, product, instrument.symbol):
            if name.upper() in known:
                return known[name.upper()]
        return None

    def _treasury(self, position: Position) -> RiskRoot:
        maturity = position.instrument.expiry
        if maturity is None:
            root = self._roots[self._buckets[-1][1]]
            return replace(root, why="no maturity given: taken as the longest bucket")
        years = (maturity - self._as_of).days / DAYS_A_YEAR
        name = next((root for up_to, root in self._buckets if years <= up_to),
                    self._buckets[-1][1])
        return replace(self._roots[name], why=f"{years:.1f} years to maturity")

    def _own_root(self, position: Position, market: Market) -> RiskRoot:
        instrument = position.instrument
        row = market.underlying(instrument.underlying)
        default = self._by_asset_class.get(instrument.asset_class.value)
        if default is None:
            known = row.underlying_class if row else UnderlyingClass.EQUITY
            default = self._by_class[known.value]
        group = default["group"]
        if default.get("by_sector") and row is not None and row.sector:
            group = f"{row.sector.strip().capitalize()} equities"
        return RiskRoot(instrument.underlying or instrument.symbol, group, default["class"],
                        default["scan"], why="not in the map: a root of its own")


def _check(edition: Edition) -> None:
    """Refuse a scan class or an asset class that designs have no knob for."""
    for table in ("underlyings", "asset_class_defaults", "underlying_class_defaults"):
        for row in edition[table].rows:
            for knob in (f"scan.{row['scan']}.down", f"basis.{row['class']}"):
                if knob not in KNOBS:
                    raise ParameterFileError(
                        f"{edition.path.name}: {table} names a class without the knob {knob}.")


def _root(row: Mapping[str, Any]) -> RiskRoot:
    return RiskRoot(row["root"], row["group"], row["class"], row["scan"], int(row.get("sign", 1)))
