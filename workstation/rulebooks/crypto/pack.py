"""The constants of one scenario-grid pack, read from an edition for one underlying."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.shocks import SkewShock, VolatilityShock


class VolatilityMove(StrEnum):
    """What a scenario does to volatility."""

    UP = "volatility up"
    SAME = "volatility unchanged"
    DOWN = "volatility down"
    LINEAR = "skew tilted"
    ABSOLUTE = "smile lifted"

    @property
    def is_skew(self) -> bool:
        """Say whether the scenario tilts the smile at unchanged spot."""
        return self in (VolatilityMove.LINEAR, VolatilityMove.ABSOLUTE)


@dataclass(frozen=True, slots=True)
class Scenario:
    """Spot times `spot_factor`, a volatility move, and the share of the result that counts."""

    spot_factor: float
    volatility: VolatilityMove
    damping: float = 1.0

    @property
    def name(self) -> str:
        """Return the scenario as the desk says it: spot -18 %, volatility up."""
        damped = "" if self.damping == 1.0 else f", counted at {self.damping:g}"
        return f"spot {(self.spot_factor - 1) * 100:+.4g} %, {self.volatility}{damped}"


@dataclass(frozen=True, slots=True)
class Discounts:
    """Static discount of an expiry's value: positive values shrink, negative ones grow."""

    positive: float
    negative: float
    rate_add_positive: float
    rate_add_negative: float
    rate_multiplier_positive: float
    rate_multiplier_negative: float


@dataclass(frozen=True, slots=True)
class Charges:
    """Factors on the worst loss and the additive contingencies, as shares."""

    initial_factor: float
    maintenance_factor: float
    basis_moves: tuple[float, float]
    basis_add: float
    basis_multiplier: float
    peg_threshold: float
    peg_factor: float
    confidence_threshold: float
    confidence_scale: float
    perpetual_maintenance: float
    perpetual_initial_extra: float
    option_maintenance: float
    option_initial_extra: float


@dataclass(frozen=True, slots=True)
class Pack:
    """Everything the scenario grid needs for one underlying; scenario order is its index."""

    scenarios: tuple[Scenario, ...]
    volatility: VolatilityShock
    skew: SkewShock
    discounts: Discounts
    charges: Charges
    settlement_seconds: float


def pack_names(edition: Edition) -> dict[str, str]:
    """Return the pack each underlying is margined with."""
    return {str(row["underlying"]): str(row["pack"]) for row in edition["packs"].rows}


def pack_number(edition: Edition, parameter: str, name: str) -> float:
    """Return one constant: the pack's row of a table, or the number all packs share."""
    found = edition[parameter]
    if isinstance(found.raw, list):
        return next(float(row["value"]) for row in found.rows if row["pack"] == name)
    return float(found.value)


def read_pack(edition: Edition, name: str) -> Pack:
    """Return the constants of one pack of an edition."""

    def number(parameter: str) -> float:
        return pack_number(edition, parameter, name)

    basis = number("basis_move")
    return Pack(
        scenarios=_scenarios(edition, name, number("spot_range")),
        volatility=VolatilityShock(
            number("volatility_up"), number("volatility_down"),
            number("least_shocked_volatility"), number("short_power"), number("long_power"),
            number("days_floor"), number("pivot_days")),
        skew=SkewShock(
            number("skew_linear_cap"), number("skew_linear_slope"),
            number("skew_absolute_cap"), number("skew_absolute_slope"),
            number("skew_least_width"), number("skew_width_scale"), number("skew_volatility"),
            number("skew_volatility_slope")),
        discounts=Discounts(
            number("discount_positive"), number("discount_negative"),
            number("rate_add_positive"), number("rate_add_negative"),
            number("rate_multiplier_positive"), number("rate_multiplier_negative")),
        charges=Charges(
            number("initial_factor"), number("maintenance_factor"), (basis, -basis),
            number("basis_add"), number("basis_multiplier"), number("peg_threshold"),
            number("peg_factor"), number("confidence_threshold"), number("confidence_scale"),
            number("perpetual_maintenance"), number("perpetual_initial_extra"),
            number("option_maintenance"), number("option_initial_extra")),
        settlement_seconds=number("settlement_seconds"))


def _scenarios(edition: Edition, name: str, spot_range: float) -> tuple[Scenario, ...]:
    """Return regular moves from the highest down, damped tails, then the two skews."""
    steps = int(edition["steps_each_side"].value)
    inner = (VolatilityMove.UP, VolatilityMove.SAME, VolatilityMove.DOWN)
    regular = [
        Scenario(1.0 + spot_range * step / steps, move)
        for step in range(steps, -steps - 1, -1)
        for move in (inner if abs(step) < steps else inner[:1])
    ]
    tails = [
        Scenario(1.0 + float(row["move"]), VolatilityMove.UP, float(row["damping"]))
        for row in edition["tails"].rows if row["pack"] == name
    ]
    skews = [Scenario(1.0, VolatilityMove.LINEAR), Scenario(1.0, VolatilityMove.ABSOLUTE)]
    return (*regular, *tails, *skews)
