"""What one underlying's holdings at a scenario-grid venue consist of, in quote currency."""

from __future__ import annotations

from dataclasses import dataclass

SECONDS_A_DAY = 86_400.0
DAYS_A_YEAR = 365.0


@dataclass(frozen=True, slots=True)
class Feed:
    """What the venue's oracle says of one expiry; confidence is the least of its parts."""

    forward: float
    rate: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class GridOption:
    """A European option; `seconds` to expiry, `volatility` a decimal a year, signed quantity."""

    name: str
    seconds: float
    strike: float
    is_call: bool
    volatility: float
    quantity: float

    @property
    def years(self) -> float:
        """Return time to expiry in years of 365 days."""
        return self.seconds / SECONDS_A_DAY / DAYS_A_YEAR


@dataclass(frozen=True, slots=True)
class Collateral:
    """A coin held as collateral; `risk_cancelling` when it is the underlying itself."""

    name: str
    quantity: float
    price: float
    maintenance_haircut: float
    initial_haircut: float
    risk_cancelling: bool
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Holdings:
    """Perpetuals, options and collateral of one underlying, with cash in stablecoin.

    `feeds` has one entry for every number of seconds to expiry the options name.
    """

    spot: float
    perpetuals: float = 0.0
    perpetual_price: float = 0.0
    options: tuple[GridOption, ...] = ()
    feeds: tuple[tuple[float, Feed], ...] = ()
    collateral: tuple[Collateral, ...] = ()
    cash: float = 0.0
    unrealised: float = 0.0
    stable_price: float = 1.0
    spot_confidence: float = 1.0
    perpetual_confidence: float = 1.0

    def feed(self, seconds: float) -> Feed:
        """Return the oracle's figures of one expiry."""
        return dict(self.feeds)[seconds]

    @property
    def expiries(self) -> tuple[float, ...]:
        """Return the seconds to each expiry held, nearest first."""
        return tuple(sorted({option.seconds for option in self.options}))

    def value_of(self, collateral: Collateral) -> float:
        """Return quantity x price over the price of the stablecoin."""
        return collateral.quantity * collateral.price / self.stable_price
