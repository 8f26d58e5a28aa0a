"""What one or more risk-parameter files hold, ready to be calculated from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.rulebooks.span.commodity import Commodity, InterSpread
from workstation.rulebooks.span.contracts import Contracts, Family, Series

ONE = Decimal(1)


@dataclass(frozen=True, slots=True, eq=False)
class Organisation:
    """One clearing organisation's parameters at one point in time."""

    code: str
    business_date: date | None
    cycle: str
    time: str
    families: tuple[Family, ...]
    series: tuple[Series, ...]
    contracts: Contracts
    commodities: Mapping[str, Commodity]
    inter_spreads: tuple[InterSpread, ...] = ()
    conversions: Mapping[tuple[str, str], Decimal] = field(default_factory=dict)
    exchanges: frozenset[str] = frozenset()
    caps_option_value: bool = False
    approximation: bool = False

    @property
    def snapshot(self) -> str:
        """Name the point in time: date, cycle, time."""
        return " ".join(part for part in (
            self.code, str(self.business_date or "date not stated"), self.cycle, self.time) if part)


@dataclass(frozen=True, slots=True, eq=False)
class RiskParameters:
    """One file read: its organisations, what was skipped, and what went wrong."""

    name: str
    sha256: str
    layout: str
    organisations: tuple[Organisation, ...]
    records: int
    skipped: Mapping[str, int] = field(default_factory=dict)
    problems: tuple[Problem, ...] = ()

    @property
    def complete(self) -> bool:
        """Say whether the whole file could be read."""
        return not any(problem.severity == "error" for problem in self.problems)

    def as_approximation(self) -> RiskParameters:
        """Return the same file marked as an approximation of a value-at-risk model."""
        return replace(self, organisations=tuple(
            replace(item, approximation=True) for item in self.organisations))


class Directory:
    """Finds families, series and commodities by the names positions use."""

    def __init__(self, organisation: Organisation) -> None:
        self.organisation = organisation
        self._families: dict[str, list[int]] = {}
        for index, family in enumerate(organisation.families):
            self._families.setdefault(family.code, []).append(index)
        self._series: dict[tuple[int, str], list[int]] = {}
        for index, series in enumerate(organisation.series):
            self._series.setdefault((series.family, series.month), []).append(index)
        self._commodity = {
            family: commodity
            for commodity in organisation.commodities.values() for family in commodity.families}

    def families(self, exchange: str, code: str, kind: str) -> list[int]:
        """Return families of that code; an empty exchange or kind matches any."""
        found = self._families.get(code, ())
        return [index for index in found if self._is(index, exchange, kind)]

    def is_option(self, family: int) -> bool:
        """Say whether a family is of options (OOF, OOP, OOC, OOE)."""
        return self.organisation.families[family].kind.startswith("OO")

    def _is(self, index: int, exchange: str, kind: str) -> bool:
        family = self.organisation.families[index]
        return exchange in ("", family.exchange) and kind in ("", family.kind)

    def series(self, family: int, month: str, underlying_month: str) -> list[int]:
        """Return series of a month; an empty underlying month matches any."""
        found = self._series.get((family, month), ())
        return [index for index in found
                if underlying_month in ("", self.organisation.series[index].underlying_month)
                or not self.organisation.series[index].underlying_month]

    def commodity_of(self, family: int) -> Commodity | None:
        """Return the combined commodity a family belongs to."""
        return self._commodity.get(family)


def conversion(organisation: Organisation, source: str, target: str) -> Decimal | None:
    """Return the exchange rate from one currency to another, its inverse if only that is known."""
    if source == target:
        return ONE
    if (source, target) in organisation.conversions:
        return organisation.conversions[source, target]
    inverse = organisation.conversions.get((target, source))
    return ONE / inverse if inverse else None


def any_conversion(organisations: Iterable[Organisation], source: str, target: str
                   ) -> Decimal | None:
    """Return the first rate any loaded file knows, or one across a currency two rates share."""
    known = tuple(organisations)
    direct = (conversion(item, source, target) for item in known)
    rate = next((rate for rate in direct if rate is not None), ONE if source == target else None)
    return rate if rate is not None else next(_across(known, source, target), None)


def _across(organisations: Sequence[Organisation], source: str, target: str) -> Iterator[Decimal]:
    """Yield the rates by way of another currency, in alphabetical order of that currency."""
    between = sorted({currency for item in organisations for pair in item.conversions
                      for currency in pair} - {source, target})
    for currency in between:
        legs = [next((rate for item in organisations
                      if (rate := conversion(item, *pair)) is not None), None)
                for pair in ((source, currency), (currency, target))]
        if legs[0] is not None and legs[1] is not None:
            yield legs[0] * legs[1]
