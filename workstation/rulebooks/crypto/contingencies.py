"""Additive contingencies of the scenario grid: perpetuals, naked shorts, oracles, collateral."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from workstation.rulebooks.crypto.holdings import SECONDS_A_DAY, GridOption, Holdings
from workstation.rulebooks.crypto.pack import Charges

Kind = Literal["perpetual", "option", "oracle", "collateral"]


@dataclass(frozen=True, slots=True)
class Contingency:
    """One charge: what maintenance asks, what initial margin adds, and on what."""

    kind: Kind
    name: str
    maintenance: float
    initial_extra: float
    on: float
    unit: str


def contingencies(holdings: Holdings, charges: Charges) -> tuple[Contingency, ...]:
    """Return every contingency that is not zero by its nature, in a fixed order."""
    return (*_perpetuals(holdings, charges), *_options(holdings, charges),
            *_oracles(holdings, charges), *_collateral(holdings))


def naked_shorts(calls: float, puts: float) -> float:
    """Return unhedged shorts at one strike: opposite legs net, two shorts add."""
    if calls * puts < 0:
        return max(0.0, -min(calls, puts) - max(calls, puts))
    return max(0.0, -calls) + max(0.0, -puts)


def _perpetuals(holdings: Holdings, charges: Charges) -> Iterator[Contingency]:
    notional = abs(holdings.perpetuals) * holdings.spot
    if notional:
        yield Contingency("perpetual", "Perpetuals", charges.perpetual_maintenance * notional,
                          charges.perpetual_initial_extra * notional, notional, "spot notional")


def _options(holdings: Holdings, charges: Charges) -> Iterator[Contingency]:
    for seconds in holdings.expiries:
        net: dict[float, list[float]] = defaultdict(lambda: [0.0, 0.0])
        for option in _expiring(holdings, seconds):
            net[option.strike][not option.is_call] += option.quantity
        naked = sum(naked_shorts(*net[strike]) for strike in sorted(net))
        if naked:
            yield Contingency(
                "option", f"Naked short options, {seconds / SECONDS_A_DAY:g} days",
                naked * holdings.spot * charges.option_maintenance,
                naked * holdings.spot * charges.option_initial_extra, naked, "contracts")


def _oracles(holdings: Holdings, charges: Charges) -> Iterator[Contingency]:
    """Ask (1 - confidence) x notional, of initial margin alone, where an oracle is unsure."""
    spot = holdings.spot_confidence
    exposures = [("perpetuals", min(spot, holdings.perpetual_confidence),
                  abs(holdings.perpetuals) * holdings.spot)]
    exposures += [
        (f"options, {seconds / SECONDS_A_DAY:g} days",
         min(spot, holdings.feed(seconds).confidence),
         sum(abs(o.quantity) for o in _expiring(holdings, seconds)) * holdings.spot)
        for seconds in holdings.expiries
    ]
    exposures += [(held.name, held.confidence, holdings.value_of(held))
                  for held in holdings.collateral]
    for name, confidence, notional in exposures:
        if confidence < charges.confidence_threshold and notional:
            extra = (1.0 - confidence) * charges.confidence_scale * notional
            yield Contingency("oracle", f"Oracle confidence {confidence:g}, {name}", 0.0, extra,
                              notional, "notional")


def _collateral(holdings: Holdings) -> Iterator[Contingency]:
    for held in holdings.collateral:
        value = holdings.value_of(held)
        yield Contingency("collateral", f"Haircut of {held.name}",
                          held.maintenance_haircut * value, held.initial_haircut * value, value,
                          "collateral value")


def _expiring(holdings: Holdings, seconds: float) -> Iterator[GridOption]:
    return (option for option in holdings.options if option.seconds == seconds)
