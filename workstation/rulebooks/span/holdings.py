"""Positions matched with the contracts of the files: arrays and deltas in commodity currency."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from functools import lru_cache

from workstation.base.money import money
from workstation.book.book import Exclusion
from workstation.rulebooks.span.commodity import Commodity
from workstation.rulebooks.span.contracts import NO_RIGHT, RIGHTS, Family, Series, strike_key
from workstation.rulebooks.span.parameters import Directory, Organisation, conversion
from workstation.rulebooks.span.portfolio import Portfolio, SpanPosition

ZERO, TEN = Decimal(0), Decimal(10)
LOAD_RIGHT_FILE = "load the risk-parameter file of its exchange and date"


@dataclass(frozen=True, slots=True)
class Held:
    """One position with its contract: 16 losses of one long contract, delta, option value."""

    position: SpanPosition
    commodity: Commodity
    family: Family
    series: Series
    quantity: Decimal
    losses: tuple[Decimal, ...]
    delta: Decimal
    price: Decimal | None
    to_commodity: Decimal

    @property
    def month(self) -> str:
        """Return the month its delta counts in."""
        return self.series.delta_month

    @property
    def is_option(self) -> bool:
        """Say whether it is an option."""
        return bool(self.position.right)

    @property
    def net_delta(self) -> Decimal:
        """Return contracts x composite delta x delta scaling factor."""
        return self.quantity * self.delta * self.series.scaling

    @property
    def option_value(self) -> Decimal:
        """Return contracts x premium x value factor for premium-style options, else nothing."""
        if not (self.is_option and self.family.premium_style) or self.price is None:
            return ZERO
        factor = self.series.value_factor or self.family.value_factor
        return self.quantity * self.price * factor * self.to_commodity


@dataclass(slots=True)
class Located:
    """What a portfolio holds that the files know, and what was left out."""

    held: list[Held] = field(default_factory=list)
    excluded: list[Exclusion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Refusal:
    what: str
    remedy: str = LOAD_RIGHT_FILE


class Locator:
    """Finds the contracts of positions in the loaded files."""

    def __init__(self, organisations: Iterable[Organisation]) -> None:
        self._directories = [Directory(item) for item in organisations]
        self._known: dict[tuple[object, ...], Held | _Refusal] = {}
        """Answers by contract: many accounts hold the same ones, review after review."""

    def locate(self, portfolio: Portfolio) -> Located:
        """Match every position; what cannot be matched is excluded with its reason."""
        located = Located()
        for position in _netted(portfolio):
            answer = self._held(position)
            if isinstance(answer, Held):
                located.held.append(answer)
                if answer.price is None and answer.is_option and answer.family.premium_style:
                    located.excluded.append(_exclusion(portfolio, position, _Refusal(
                        "the file has no settlement price for this option, so its option value "
                        "is left out (its risk is counted)", "price the option by hand")))
            else:
                located.excluded.append(_exclusion(portfolio, position, answer))
        return located

    def held(self, position: SpanPosition) -> Held | None:
        """Return a position with its contract, None where no file has it."""
        answer = self._held(position)
        return answer if isinstance(answer, Held) else None

    def _held(self, position: SpanPosition) -> Held | _Refusal:
        key = position.contract
        if key not in self._known:
            self._known[key] = self._found(position)
        known = self._known[key]
        return replace(known, position=position, quantity=position.quantity) if isinstance(
            known, Held) else known

    def _found(self, position: SpanPosition) -> Held | _Refusal:
        directories = [d for d in self._directories
                       if position.organisation in ("", d.organisation.code)]
        if not directories:
            return _Refusal(f"no file of the clearing organisation {position.organisation} is "
                            "loaded")
        refusal = _Refusal(f"the file has no product {position.family} {position.kind}".rstrip())
        for directory in directories:
            answers = [_in_family(directory, family, position)
                       for family in directory.families(
                           position.exchange, position.family, position.kind)
                       if not position.right or position.kind or directory.is_option(family)]
            found = [answer for answer in answers if isinstance(answer, Held)]
            if len(found) == 1:
                return found[0]
            if found:
                kinds = " and ".join(sorted(answer.family.label for answer in found))
                return _Refusal(f"the file has it as {kinds}",
                                "state exchange and product type (exch, pfType)")
            refusals = [answer for answer in answers if isinstance(answer, _Refusal)]
            refusal = refusals[-1] if refusals else refusal
        return refusal


@lru_cache(maxsize=4)
def locator_of(organisations: tuple[Organisation, ...]) -> Locator:
    """Return the locator of some loaded files, made once for all accounts of a book."""
    return Locator(organisations)


def _in_family(directory: Directory, family: int, position: SpanPosition) -> Held | _Refusal:
    commodity = directory.commodity_of(family)
    if commodity is None:
        return _Refusal(f"the file gives product {position.family} no combined commodity",
                        "load a complete file")
    found = _row(directory, family, position)
    if isinstance(found, _Refusal):
        return found
    series_index, row = found
    organisation = directory.organisation
    product = organisation.families[family]
    rate = conversion(organisation, product.currency, commodity.currency)
    if rate is None:
        return _Refusal(
            f"the file has no exchange rate from {product.currency} to {commodity.currency}",
            "load a file with the currency's conversion record")
    contracts = organisation.contracts
    scale = rate * TEN ** commodity.exponent
    price = float(contracts.price[row])
    return Held(
        position, commodity, product, organisation.series[series_index], position.quantity,
        tuple(money(value) * scale for value in contracts.arrays[row].tolist()),
        money(float(contracts.delta[row])), None if math.isnan(price) else money(price), rate)


def _row(directory: Directory, family: int, position: SpanPosition
         ) -> tuple[int, int] | _Refusal:
    """Return series and row of a contract, or why there is not exactly one."""
    matching = directory.series(family, position.month, position.underlying_month)
    if not matching:
        return _Refusal(f"the file has no {position.family} of {position.month}")
    right, strike = RIGHTS.get(position.right, NO_RIGHT), strike_key(position.strike)
    rows = [(series, int(row)) for series in matching
            for row in directory.organisation.contracts.find(series, right, strike)]
    if not rows:
        return _Refusal(f"the file has no contract {position.label}")
    if len(rows) > 1:
        return _Refusal(f"the file holds {len(rows)} contracts {position.label} under one key",
                        "ask the exchange for a corrected file; none of them was used")
    return rows[0]


def _netted(portfolio: Portfolio) -> Sequence[SpanPosition]:
    """Add up lines of the same contract; an omnibus account keeps long and short apart."""
    together: dict[tuple[object, ...], SpanPosition] = {}
    for position in portfolio.positions:
        side = position.quantity > 0 if portfolio.omnibus else None
        key = (*position.contract, side)
        known = together.get(key)
        together[key] = position if known is None else replace(
            known, quantity=known.quantity + position.quantity)
    return [p for _, p in sorted(together.items(), key=lambda item: str(item[0])) if p.quantity]


def _exclusion(portfolio: Portfolio, position: SpanPosition, refusal: _Refusal) -> Exclusion:
    return Exclusion(position.where, f"{position.label}: {refusal.what}", refusal.remedy,
                     portfolio.account_id)
