"""A factor moved with another of its class that is not held, by a stated beta."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.cascade.factors import Factor
from workstation.cascade.ground import Ground

NO_MOVE = 1e-12


@dataclass(frozen=True, slots=True)
class Proxy:
    """One held factor's move, and where it comes from in words."""

    held: str
    move: float
    sentence: str


def beta_proxy(leader: str, move: float, factor: Factor, ground: Ground) -> Proxy | None:
    """Return the move of a held factor with one that is not held; None across asset classes.

    beta = assumed correlation of the class x volatility of the held / volatility of the other,
    the ratio of volatilities left at 1 where the market names none for the other
    """
    kind = ground.known.class_of(leader)
    if not kind or kind != ground.client.asset_classes.get(factor.name) or abs(move) < NO_MOVE:
        return None
    correlation = ground.value("correlation_same_class")
    other = ground.around.get(leader, 0.0)
    ratio = factor.daily_volatility / other if other > 0 and factor.daily_volatility > 0 else 1.0
    beta = correlation * ratio
    why = (f"{correlation:g} x ratio of volatilities {ratio:.2f}" if ratio != 1.0
           else f"the correlation assumed within {kind}")
    return Proxy(factor.name, beta * move, (
        f"{leader} is not held: its {move:+.1%} reaches {factor.name} with a beta of {beta:.2f} "
        f"({why}), {beta * move:+.1%}."))
