"""Trading halts: which fall stops trading in what, and for how long."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Breaker:
    """One level of one market: when the watched factor has lost `level`, the named ones halt.

    `steps` None halts to the end of the day. Factors are column numbers.
    """

    market: str
    level: float
    steps: int | None
    watched: int
    halted: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Halt:
    """A halt that happened: by which breaker, from which step, for how many."""

    breaker: Breaker
    step: int
    steps: int


def own_breakers(count: int, level: float | None, steps: int) -> tuple[Breaker, ...]:
    """Return one breaker a factor that watches and halts itself; none without a level."""
    if level is None:
        return ()
    return tuple(Breaker("", level, steps, k, (k,)) for k in range(count))


@dataclass(slots=True)
class HaltClock:
    """Steps each factor stays halted, and which breakers have gone off (each once)."""

    breakers: Sequence[Breaker]
    steps_a_day: float
    left: NDArray[np.int64]
    happened: list[Halt] = field(default_factory=list)

    def start(self, fall: Floats, step: int) -> None:
        """Halt what breakers say whose watched factor has now lost their level."""
        gone = {halt.breaker for halt in self.happened}
        for breaker in self.breakers:
            if breaker in gone or fall[breaker.watched] < breaker.level:
                continue
            steps = breaker.steps
            if steps is None:
                steps = int(self.steps_a_day - step % self.steps_a_day)
            for column in breaker.halted:
                self.left[column] = max(self.left[column], steps)
            self.happened.append(Halt(breaker, step, steps))

    @property
    def now(self) -> Mask:
        """Return which factors are halted in this step."""
        return np.asarray(self.left > 0)

    def pass_step(self) -> None:
        """Let one step pass."""
        self.left = np.maximum(self.left - 1, 0)
