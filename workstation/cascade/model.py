"""What a dynamic cascade is played with and what comes out: the scene, the mechanics, the steps."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from workstation.cascade.auto_deleveraging import Deleveraging, FundPayment, Venues
from workstation.cascade.halts import Breaker, Halt
from workstation.cascade.margin_path import next_volatility
from workstation.cascade.obligations import Obligations
from workstation.cascade.relief import Met, Relief
from workstation.cascade.selection import Selection

Floats = NDArray[np.float64]
SLICES_A_DAY = 10.0
"""Steps into which a day's volume is divided when sales are limited to a share of it."""
Correction = Callable[[Floats, Floats, Floats], Floats]
"""From positions (n, k), prices (k,) and the model's margin (n,) to the margin that is owed."""


@dataclass(frozen=True, slots=True, eq=False)
class Scene:
    """Positions (n, k) signed, cash (n,), and per asset price, daily volatility, daily volume.

    `obligations` scale the model margin to each row's own; `relief` is what meets calls before
    anything is sold; `venues` say where a deficit is paid by a fund and then by winners; `frozen`
    (n,) is how many steps a row can neither trade nor lend, because its firm has failed;
    `settlement` (n,) how many steps pass before a row's trades settle, None where none waits;
    `marks` (n, k) is a row's price over the index from the shock on, None where all stand at it.
    """

    positions: Floats
    cash: Floats
    prices: Floats
    daily_volatility: Floats
    correlation: Floats
    adv: Floats
    obligations: Obligations | None = None
    relief: Relief | None = None
    venues: Venues | None = None
    frozen: NDArray[np.int64] | None = None
    settlement: NDArray[np.int64] | None = None
    marks: Floats | None = None

    @property
    def marked(self) -> Floats:
        """Return positions (n, k) as units of the index that are worth what their marks say."""
        return self.positions if self.marks is None else self.positions * self.marks

    def quantity(self, units: Floats) -> Floats:
        """Return quantities (n, k) of units of the index."""
        return units if self.marks is None else units / self.marks


@dataclass(frozen=True, slots=True, eq=False)
class Mechanics:
    """How margin is set and met, and how prices give way.

    `offset` is the share margined net where a scene has no obligations of its own, `drawdowns`
    the falls at which correlations start and finish converging, `floor` the share of its price an
    asset keeps at least, `adverse` correlations that end up hurting every book. With `intraday`,
    steps after the shock update volatility as parts of a day, else each as a day. The shock
    arrives in `ramp` equal parts, one a step, or along `path`: log returns (m, k) of m steps.
    """

    impact: float
    multiple: float
    horizon_days: float
    decay: float
    participation: float
    maintenance: float
    buffer: float
    offset: float
    drawdowns: tuple[float, float]
    floor: float
    procyclical: bool = True
    law: Literal["sqrt", "kyle"] = "sqrt"
    depth: Floats | None = None
    stressed: Floats | None = None
    halt_level: float | None = None
    halt_steps: int = 0
    most_steps: int = 2000
    breakers: tuple[Breaker, ...] = ()
    adverse: bool = False
    steps_a_day: float = SLICES_A_DAY
    intraday: bool = False
    ramp: int = 1
    path: Floats | None = None
    correction: Correction | None = None
    selection: Selection = "pro rata"

    def filtered(self, volatility: Floats, returns: Floats, number: int) -> Floats:
        """Let daily volatility follow a return: the shock is a day's, later steps part of one."""
        if not self.procyclical:
            return volatility
        if not self.intraday or (number == 0 and self.path is None):
            return next_volatility(volatility, returns, self.decay)
        return next_volatility(volatility, returns * np.sqrt(self.steps_a_day),
                               self.decay ** (1.0 / self.steps_a_day))

    def parts(self, shock: Floats) -> Floats:
        """Return the log returns (m, k) by which a shock arrives."""
        if self.path is not None:
            return self.path
        return np.repeat(np.log(1.0 + shock)[None] / self.ramp, self.ramp, axis=0)


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One step as margined, before its trades; `next_prices` is None in the last.

    `equity` is before and `sale_fraction` after calls were met from elsewhere; `orphaned` is the
    size of what each row holds in halted factors while others trade; `traded` is net and `flows`
    (n, k) by row in units of the index. `unsettled` (n,) is what earlier sales brought and no
    other row can have yet.
    """

    prices: Floats
    volatility: Floats
    convergence: float
    equity: Floats
    margin: Floats
    calls: Floats
    sale_fraction: Floats
    traded: Floats
    next_prices: Floats | None
    met: Met
    halted: NDArray[np.bool_]
    orphaned: Floats
    flows: Floats
    unsettled: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """A finished cascade; losses are positive, `first_liquidated` are participant numbers.

    `positions` are in units of the index; `equity` is after repaying what was `drawn` on credit
    lines; `proceeds` (n, k) is cash from trading each asset; `funds_paid` is what insurance funds
    paid in; `broken` says that numbers overflowed in the last step, which is kept as it stood.
    """

    steps: tuple[Step, ...]
    prices: Floats
    direct_loss: Floats
    total_loss: Floats
    equity: Floats
    positions: Floats
    cash: Floats
    provider_positions: Floats
    provider_cash: float
    first_liquidated: tuple[int, ...]
    proceeds: Floats
    drawn: Floats
    halts: tuple[Halt, ...] = ()
    broken: bool = False
    deleveraged: tuple[Deleveraging, ...] = ()
    funds_paid: float = 0.0
    payments: tuple[FundPayment, ...] = ()

    @property
    def settled(self) -> bool:
        """Say whether the cascade came to an end by itself."""
        return not self.broken and self.steps[-1].next_prices is None

    @property
    def everyone_lost(self) -> float:
        """What all rows lose together, and the insurance funds with them."""
        return float(np.sum(self.total_loss)) + self.funds_paid

    @property
    def amplification(self) -> float | None:
        """Total over direct loss of all together; None without a direct loss."""
        direct = float(np.sum(self.direct_loss))
        return self.everyone_lost / direct if direct != 0.0 else None
