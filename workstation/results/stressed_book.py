"""A book after moves, margined again: a grid, the joint moves of the past, and its own history."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from workstation.results.formats import money, percent, ratio, whole, words
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class GridCell:
    """Every price moved alike and volatility with it: profit and today's requirement after it.

    `move` is relative; `volatility` is the change of 30-day volatility, 0.10 for ten points;
    `profit` is the client's.
    """

    move: float
    volatility: float
    profit: float
    silos: float


@dataclass(frozen=True, slots=True)
class PastMove:
    """One joint move of the past on today's book, margined again afterwards.

    `profit` is the client's, negative for a loss; `equity` is None where cash is not stated;
    `rise` is today's requirement after the move less before it; `called` adds up the calls that
    hold after it, `accounts` names their accounts; `design` is what the design asks then, None
    without one.
    """

    scenario: str
    profit: Decimal
    equity: Decimal | None
    silos: Decimal
    rise: Decimal
    called: Decimal
    accounts: tuple[str, ...]
    design: Decimal | None


@dataclass(frozen=True, slots=True)
class Replayed:
    """How one requirement would have done over the book's own history.

    `likelihood` is the p-value of Kupiec's test; `peak_to_trough` is of the requirement over the
    window, `rise` its largest rise over five dates as a multiple; None where it has none.
    """

    title: str
    window: str
    days: int
    exceedances: int
    likelihood: float
    zone: str
    worst_loss: float
    worst_day: date
    uncovered: float
    peak_to_trough: float | None
    rise: float | None


@dataclass(frozen=True, slots=True)
class StressedBook:
    """The grid by rising volatility and move, past moves in the order of their dates, replays.

    `moving` says what the grid moves; `still` are the past moves that touch no risk of the book;
    `design` is the title of the design asked beside today's law; `notes` say what is left out.
    """

    grid: tuple[GridCell, ...] = ()
    moving: str = ""
    moves: tuple[PastMove, ...] = ()
    replays: tuple[Replayed, ...] = ()
    still: tuple[str, ...] = ()
    design: str = ""
    notes: tuple[str, ...] = ()


def moves_grid_table(found: StressedBook, currency: str) -> Table:
    """Return every price and volatility moved together, one line a pair."""
    columns = (
        percent("Prices (%)", "move"), percent("Volatility (points)", "volatility",
                                               "change of 30-day volatility"),
        money(f"Profit ({currency})", "profit", "of the client; losses in parentheses"),
        money(f"Today's rules after ({currency})", "silos", "maintenance, margined again"),
    )
    return Table("Price and volatility", columns, found.grid,
                 f"Today's book after every price moved alike: {found.moving}".rstrip(": ."
                                                                                     ) + ".")


def past_moves_table(found: StressedBook, currency: str) -> Table:
    """Return the book after every joint move of the past."""
    own: tuple[Column, ...] = () if not found.design else (
        money(f"Design after ({currency})", "design", f"requirement of {found.design}"),)
    columns = (
        words("Joint move of one day", "scenario"),
        money(f"Profit ({currency})", "profit", "of the client; losses in parentheses"),
        money(f"Equity after ({currency})", "equity"),
        money(f"Today's rules after ({currency})", "silos",
              "maintenance of all accounts, margined again at the moved prices"),
        money(f"Rise ({currency})", "rise", "of that requirement against before the move"),
        money(f"Called ({currency})", "called", "largest call of each account that fails a test"),
        Column("Accounts called", "accounts", ", ".join), *own,
    )
    about = ("Today's book after joint moves of the past, closing prices of one day, margined "
             "again. Options are revalued in full; a cascade counts them at their delta, so its "
             "direct loss can differ.")
    if found.design:
        about += f" The design is {found.design}."
    if found.still:
        about += f" Not listed, as they move no risk of the book: {', '.join(found.still)}."
    return Table("Past moves", columns, found.moves, about)


def replays_table(found: StressedBook, currency: str) -> Table:
    """Return coverage and procyclicality over the book's own history."""
    columns = (
        words("Requirement", "title"), words("Window", "window"),
        whole("Tested days", "days", "that do not overlap"),
        whole("Exceeded", "exceedances", "days whose loss was above the requirement of that day"),
        percent("Kupiec p (%)", "likelihood", "of as many exceedances if the requirement is right"),
        words("Zone", "zone"), money(f"Worst loss ({currency})", "worst_loss"),
        Column("On", "worst_day", str, excel="yyyy-mm-dd"),
        money(f"Not covered ({currency})", "uncovered", "largest loss beyond the requirement"),
        ratio("Peak to trough", "peak_to_trough", "of the requirement over the window"),
        ratio("Rise in 5 days", "rise", "largest, as a multiple"),
    )
    return Table("Replay of margin", columns, found.replays,
                 "The book's own history: positions held, marks rolled, was the margin enough?")
