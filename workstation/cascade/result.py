"""What a liquidation cascade did, step by step."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.problem import Problem


@dataclass(frozen=True, slots=True)
class CascadeStep:
    """One round: prices of every factor, and per participant equity, call and sale fraction."""

    step: int
    prices: tuple[float, ...]
    equity: tuple[float, ...]
    calls: tuple[float, ...]
    sale_fractions: tuple[float, ...]
    sold: tuple[float, ...]
    """Quantity of each factor sold so far by all participants together."""
    margins: tuple[float, ...] = ()
    """Requirement of each participant; empty where the mode does not follow it."""
    halted: tuple[bool, ...] = ()
    """Which factors could not be traded in this step."""
    unsettled: tuple[float, ...] = ()
    """Proceeds of sales each participant has not been paid yet; empty where the mode has none."""


@dataclass(frozen=True, slots=True)
class CallSource:
    """What one source contributed to a call."""

    source: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class CascadeCall:
    """One participant's call and how it was met or not."""

    step: int
    participant: str
    equity: Decimal
    requirement: Decimal
    call: Decimal
    sale_fraction: Decimal
    met_by: str
    account: str = ""
    sources: tuple[CallSource, ...] = ()


@dataclass(frozen=True, slots=True)
class HaltSpan:
    """Trading in some factors stopped from one step on, for so many steps."""

    market: str
    factors: tuple[str, ...]
    step: int
    steps: int


@dataclass(frozen=True, slots=True)
class FactorOutcome:
    """What one factor did to the client, and how deep its market was for all that was sold.

    `exposure` is the client's gain per relative move before the shock. `days_of_volume` and
    `critical_leverage` (at which the client's own exit leaves no equity) are None without depth.
    """

    factor: str
    exposure: Decimal
    direct_loss: Decimal
    total_loss: Decimal
    sold: float
    days_of_volume: float | None
    critical_leverage: float | None
    halted_steps: int


@dataclass(frozen=True, slots=True)
class AccountOutcome:
    """What one account lost to the shock and through sales, and what other accounts gave it.

    `where` is its venue or the firm that carries it; `received` is net of what it gave;
    `unsettled` is the most that it waited for at one time after its sales.
    """

    participant: str
    account: str
    where: str
    direct_loss: Decimal
    through_sales: Decimal
    received: Decimal
    equity_left: Decimal
    unsettled: Decimal = Decimal(0)


@dataclass(frozen=True, slots=True)
class Cause:
    """One row's first call in the causal chain.

    `parent` is the place of what called it among the causes, -1 for the shock; `move` is the move
    of the `factor` through which it came: the shock's, or what sales did beyond it. `sold` is what
    the row itself then had to trade, at the prices of its steps.
    """

    step: int
    participant: str
    account: str
    parent: int
    factor: str
    move: float
    call: Decimal
    sold: Decimal


@dataclass(frozen=True, slots=True)
class Liquidation:
    """How long one row's forced sales take: first and last sale after the shock, in minutes.

    `share` is of its holdings at today's prices; `days_of_volume` of its slowest factor.
    """

    participant: str
    account: str
    first_minutes: float
    last_minutes: float
    share: float
    days_of_volume: float


@dataclass(frozen=True, slots=True)
class Deleveraged:
    """One position closed against a winner; `haircut` is what the winner lost against the mark."""

    step: int
    factor: str
    loser: str
    winner: str
    quantity: float
    price: float
    haircut: Decimal


@dataclass(frozen=True, slots=True)
class Borne:
    """Who bears a deficit that is left in the end, layer by layer."""

    participant: str
    account: str
    layer: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class NetworkNode:
    """One participant of the network of unpaid calls, once payments have cleared.

    It owes `due` and pays `paid`; it is owed `claims` and gets `received`; `means` is what it can
    pay from besides, 0 where none is `stated`. `distress` is DebtRank's (single hit), 0 to 1.
    """

    participant: str
    due: Decimal
    paid: Decimal
    claims: Decimal
    received: Decimal
    means: Decimal
    stated: bool
    defaulted: bool
    distress: float


@dataclass(frozen=True, slots=True)
class Tipping:
    """From which multiple of the shock on an event happens; None where it does not in the search.

    `searched` is the largest multiple looked at.
    """

    event: str
    multiple: float | None
    searched: float


@dataclass(frozen=True, slots=True)
class Trigger:
    """The smallest move of one factor alone at which an event happens to one account.

    `move` is relative and `level` the price of `priced` there, the factor itself or what stands
    for it; `volatilities` is the distance in daily volatilities, None where the factor has none.
    """

    factor: str
    event: str
    account: str
    move: float
    level: float
    volatilities: float | None
    priced: str


@dataclass(frozen=True, slots=True)
class RegimeOutcome:
    """The same shock under one regime: what it asks for, and how the book comes undone.

    `saving` is against today's silos. `from_elsewhere` is what met calls without a sale; `sold`
    the client's forced sales at their prices; `withdrawn` equity taken out beforehand.
    """

    regime: str
    title: str
    requirement: Decimal
    saving: Decimal
    withdrawn: Decimal
    offset_share: Decimal
    called: Decimal
    from_elsewhere: Decimal
    sold: Decimal
    direct_loss: Decimal
    total_loss: Decimal
    amplification: Decimal | None
    market_fall: Decimal
    steps: int
    defaulted: bool
    first_sale: float | None
    """Multiple of the shock from which the client has to sell; None where it never does."""
    model_after: Decimal | None = None
    """What the cascade's margin model asks for right after the shock."""
    rulebooks_after: Decimal | None = None
    """What the rulebooks or the design ask for on the book repriced after the shock."""


@dataclass(frozen=True, slots=True)
class Amplifier:
    """The same shock with one amplifier switched off: losses, and the client's forced sales."""

    name: str
    client_loss: Decimal
    everyone_loss: Decimal
    sold: Decimal
    steps: int


@dataclass(frozen=True, slots=True)
class LiquidityCell:
    """The shock times a multiple, with a share of today's volume left in every market.

    `amplification` is everyone's.
    """

    multiple: float
    volume_left: float
    client_loss: Decimal
    amplification: Decimal | None
    defaulted: bool


@dataclass(frozen=True, slots=True)
class Contagion:
    """What the shock of one factor alone does to the price of another, beyond any shock of it."""

    shocked: str
    moved: str
    move: float
    shock: float


@dataclass(frozen=True, slots=True)
class MarginPart:
    """One cause of the client's margin changing at the shock, or the margin before and after."""

    name: str
    amount: Decimal


@dataclass(frozen=True, slots=True)
class Quantile:
    """The loss that a share of the paths does not exceed."""

    level: float
    loss: Decimal


@dataclass(frozen=True, slots=True)
class DefaultOdds:
    """In which share of the drawn paths one row has to sell, and ends without equity."""

    participant: str
    account: str
    sold: float
    defaulted: float


@dataclass(frozen=True, slots=True)
class MonteCarlo:
    """The client over drawn shocks and depths; reproduced from `seed` and the assumptions.

    `called`, `sold` and `defaulted` are shares of the paths. `first_sale_minutes` and
    `over_minutes` are medians over paths with a sale, None without one: until the client first
    sells, and until nobody has to sell any more.
    """

    seed: int
    paths: int
    losses: tuple[Quantile, ...]
    mean_loss: Decimal
    called: float
    sold: float
    defaulted: float
    first_sale_minutes: float | None
    over_minutes: float | None = None
    odds: tuple[DefaultOdds, ...] = ()


@dataclass(frozen=True, slots=True)
class Reference:
    """One participant under the classic models: one round of leverage targeting, and a limit.

    `systemicness` is its part of what second-round losses are of everyone's equity, `indirect` its
    own second-round loss over its equity (Greenwood, Landier and Thesmar). Above the leverage
    `limit` it sells for so many `rounds` (Cont and Schaanning), which leaves `equity_left`.
    """

    participant: str
    direct_loss: Decimal
    second_loss: Decimal
    systemicness: float
    indirect: float
    limit: float | None
    rounds: int
    sold: Decimal
    equity_left: Decimal


@dataclass(frozen=True, slots=True)
class Overflow:
    """The drawn path and step at which numbers overflowed, and how things stood one step before.

    `prices` by factor; `equity` by account of the client and other participant. Step 1 is the
    shock, so before it is the state before the shock.
    """

    path: int
    step: int
    prices: tuple[tuple[str, float], ...]
    equity: tuple[tuple[str, float], ...]


@dataclass(frozen=True, slots=True)
class CascadeResult:
    """A solved cascade; losses are positive. `participants[0]` is the client.

    `amplification` is total over direct loss, None without a direct loss. `invariants` are the
    residuals of the conservation laws (name, residual). `triggers` is the causal chain in words.
    """

    mode: str
    scenario: str
    factors: tuple[str, ...]
    participants: tuple[str, ...]
    steps: tuple[CascadeStep, ...]
    direct_loss: Decimal
    total_loss: Decimal
    amplification: Decimal | None
    defaults: tuple[str, ...]
    calls: tuple[CascadeCall, ...]
    triggers: tuple[str, ...]
    invariants: tuple[tuple[str, float], ...]
    assumptions: tuple[str, ...]
    problems: tuple[Problem, ...] = ()
    regime: str = "silos"
    factor_outcomes: tuple[FactorOutcome, ...] = ()
    account_outcomes: tuple[AccountOutcome, ...] = ()
    halts: tuple[HaltSpan, ...] = ()
    orphaned: Decimal | None = None
    """Largest size the client held in halted factors while others traded."""
    tipping: tuple[Tipping, ...] = ()
    comparison: tuple[RegimeOutcome, ...] = ()
    step_minutes: float | None = None
    amplifiers: tuple[Amplifier, ...] = ()
    liquidity: tuple[LiquidityCell, ...] = ()
    margin_rise: tuple[MarginPart, ...] = ()
    monte_carlo: MonteCarlo | None = None
    overflow: Overflow | None = None
    """Where drawing stopped; there is no `monte_carlo` then."""
    contagion: tuple[Contagion, ...] = ()
    causes: tuple[Cause, ...] = ()
    liquidations: tuple[Liquidation, ...] = ()
    deleveraged: tuple[Deleveraged, ...] = ()
    borne: tuple[Borne, ...] = ()
    references: tuple[Reference, ...] = ()
    network: tuple[NetworkNode, ...] = ()
    """Unpaid calls cleared between the client, its firms and those behind them."""
