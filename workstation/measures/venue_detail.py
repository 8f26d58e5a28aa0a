"""What stands behind a venue's margin: every scenario by leg, and where liquidation comes.

Plain values, so that a saved review keeps them.
"""

from __future__ import annotations

from dataclasses import dataclass

from workstation.measures.liquidation import Rung


@dataclass(frozen=True, slots=True)
class ScenarioCell:
    """One scenario: relative move of the price, state of volatility, and what is counted.

    `legs` holds each instrument's part of `profit`; `counted` says how much of the plain result
    that is, in words.
    """

    move: float
    state: str
    profit: float
    legs: tuple[tuple[str, float], ...]
    counted: str = ""


@dataclass(frozen=True, slots=True)
class ScenarioMatrix:
    """A portfolio's scenarios in the venue's order; `binding` is the place of the worst one.

    `binding` is None where something else than a scenario binds. Profits are in `currency`.
    """

    account_id: str
    regime: str
    portfolio: str
    currency: str
    cells: tuple[ScenarioCell, ...]
    binding: int | None

    @property
    def moves(self) -> tuple[float, ...]:
        """Return the price moves, lowest first: the columns of a heat map."""
        return tuple(sorted({cell.move for cell in self.cells}))

    @property
    def states(self) -> tuple[str, ...]:
        """Return the states of volatility in the venue's order: the rows of a heat map."""
        return tuple(dict.fromkeys(cell.state for cell in self.cells))

    def at(self, move: float, state: str) -> int | None:
        """Return the place of a cell, the worse of two alike, None where the venue has none."""
        places = [place for place, cell in enumerate(self.cells)
                  if (cell.move, cell.state) == (move, state)]
        return min(places, key=lambda place: self.cells[place].profit, default=None)


@dataclass(frozen=True, slots=True)
class LiquidationLadder:
    """Marks at which one contract is closed step by step.

    `equity` is the account's as its venue counts it; collateral in the coin and the coin's other
    contracts move with the mark, every other price stays.
    `liquidation`, `bankruptcy` and `takeover` (by a backstop, where the venue has one) are None
    where no mark brings them about.
    """

    account_id: str
    regime: str
    symbol: str
    mark: float
    equity: float
    liquidation: float | None
    bankruptcy: float | None
    rungs: tuple[Rung, ...]
    takeover: float | None = None


@dataclass(frozen=True, slots=True)
class VenueDetail:
    """Scenario matrices and liquidation ladders of all venue accounts of a book."""

    matrices: tuple[ScenarioMatrix, ...] = ()
    ladders: tuple[LiquidationLadder, ...] = ()


NO_VENUES = VenueDetail()
