"""What both parameter layouts fill in, line by line, before it is made into domain objects."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workstation.rulebooks.span.commodity import (
    Commodity,
    InterSpread,
    IntraSpread,
    SpotRate,
    Tier,
)
from workstation.rulebooks.span.contracts import Contracts, Family, Series, in_series_order
from workstation.rulebooks.span.parameters import Organisation

FamilyKey = tuple[str, str, str]
NONE_MONTHS = frozenset({"", "0", "000000", "00000000"})


@dataclass(slots=True)
class FamilyDraft:
    """A product family with how its file writes prices, strikes and arrays."""

    exchange: str
    code: str
    kind: str
    currency: str = ""
    value_factor: Decimal | None = None
    premium_style: bool | None = None
    name: str = ""
    settlement: str = ""
    price_decimals: int = 0
    strike_decimals: int = 0
    price_alignment: str = ""
    strike_alignment: str = ""
    array_scale: float = 1.0


@dataclass(slots=True)
class CommodityDraft:
    """A combined commodity as its records arrive."""

    code: str
    currency: str = ""
    exponent: int = 0
    premium_style: bool = True
    caps: bool = False
    families: list[FamilyKey] = field(default_factory=list)
    price_risk_method: int = 1
    short_option_rate: Decimal = Decimal(0)
    short_option_maximum: bool = False
    scan_by_month: bool = False
    scan_tiers: list[Tier] = field(default_factory=list)
    intra_tiers: list[Tier] = field(default_factory=list)
    inter_tiers: list[Tier] = field(default_factory=list)
    short_option_tiers: list[Tier] = field(default_factory=list)
    intra_method: str = "10"
    intra_spreads: list[IntraSpread] = field(default_factory=list)
    spot_rates: list[SpotRate] = field(default_factory=list)
    initial: dict[str, Decimal] = field(default_factory=dict)
    adjustment: dict[str, Decimal] = field(default_factory=dict)


@dataclass(slots=True)
class OrganisationDraft:
    """Everything of one clearing organisation while its file is read."""

    code: str
    business_date: date | None = None
    cycle: str = ""
    time: str = ""
    caps_option_value: bool = False
    approximation: bool = False
    exchanges: set[str] = field(default_factory=set)
    families: dict[FamilyKey, FamilyDraft] = field(default_factory=dict)
    commodities: dict[str, CommodityDraft] = field(default_factory=dict)
    conversions: dict[tuple[str, str], Decimal] = field(default_factory=dict)
    inter_spreads: list[InterSpread] = field(default_factory=list)
    series: list[Series] = field(default_factory=list)
    _series: dict[tuple[FamilyKey, str, str], int] = field(default_factory=dict)
    _numbers: dict[FamilyKey, int] = field(default_factory=dict)

    def commodity(self, code: str) -> CommodityDraft:
        """Return a commodity's draft, begun if need be."""
        return self.commodities.setdefault(code, CommodityDraft(code))

    def family(self, key: FamilyKey) -> FamilyDraft:
        """Return a family's draft, begun if need be."""
        if key not in self.families:
            self.families[key] = FamilyDraft(*key)
        self._numbers.setdefault(key, len(self._numbers))
        return self.families[key]

    def family_number(self, key: FamilyKey) -> int:
        """Return the number a family will have."""
        self.family(key)
        return self._numbers[key]

    def series_number(self, key: FamilyKey, month: str, underlying: str) -> int:
        """Return the number of a series, begun if need be."""
        found = self._series.get((key, month, underlying))
        if found is None:
            found = self._series[key, month, underlying] = len(self.series)
            self.series.append(Series(self.family_number(key), month, underlying))
        return found

    def finished(self, contracts: Contracts) -> Organisation:
        """Return the organisation, frozen."""
        ordered = sorted(self._numbers, key=lambda key: self._numbers[key])
        styles = {key: draft.premium_style for draft in self.commodities.values()
                  for key in draft.families}
        currencies = {key: draft.currency for draft in self.commodities.values()
                      for key in draft.families}
        families = tuple(
            _family(self.families[key], styles.get(key, True), currencies.get(key, ""))
            for key in ordered)
        numbers = {key: index for index, key in enumerate(ordered)}
        months = self._delta_months()
        return Organisation(
            self.code, self.business_date, self.cycle, self.time, families, tuple(self.series),
            in_series_order(contracts),
            {code: _commodity(draft, self.code, numbers, months)
             for code, draft in self.commodities.items()},
            tuple(self.inter_spreads), dict(self.conversions), frozenset(self.exchanges),
            self.caps_option_value, self.approximation)

    def _delta_months(self) -> dict[int, list[str]]:
        months: dict[int, set[str]] = {}
        for series in self.series:
            months.setdefault(series.family, set()).add(series.delta_month)
        return {family: sorted(found) for family, found in months.items()}


def _family(draft: FamilyDraft, commodity_style: bool, commodity_currency: str) -> Family:
    style = commodity_style if draft.premium_style is None else draft.premium_style
    return Family(draft.exchange, draft.code, draft.kind, draft.currency or commodity_currency,
                  draft.value_factor or Decimal(1), style, draft.name, draft.settlement,
                  draft.value_factor is not None)


def _commodity(draft: CommodityDraft, organisation: str, numbers: Mapping[FamilyKey, int],
               months: Mapping[int, Sequence[str]]) -> Commodity:
    families = tuple(dict.fromkeys(
        number for key in draft.families if (number := _number(key, numbers)) is not None))
    scan_tiers = tuple(draft.scan_tiers)
    if draft.scan_by_month:
        held = sorted({month for family in families for month in months.get(family, ())})
        scan_tiers = tuple(Tier(i, month, month) for i, month in enumerate(held, start=1))
    table_driven = draft.intra_method == "10"
    return Commodity(
        draft.code, draft.currency, families, organisation, draft.exponent,
        draft.price_risk_method, draft.short_option_rate, draft.short_option_maximum, draft.caps,
        scan_tiers, tuple(draft.intra_tiers), tuple(draft.inter_tiers),
        tuple(draft.short_option_tiers),
        tuple(draft.intra_spreads) if table_driven else (), tuple(draft.spot_rates),
        dict(draft.initial), dict(draft.adjustment))


def _number(key: FamilyKey, numbers: Mapping[FamilyKey, int]) -> int | None:
    """Find a family; a commodity may name one of another exchange by code and type alone."""
    if key in numbers:
        return numbers[key]
    others = [number for other, number in numbers.items() if other[1:] == key[1:]]
    return others[0] if len(others) == 1 else None
