"""What somebody else states of a requirement, brought into one currency and one line a figure."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from workstation.base.problem import Problem
from workstation.results.run import Run

Basis = Literal["initial", "maintenance"]
ZERO = Decimal(0)
FILE = "the stated file"


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One requirement somebody else states; `symbol` is empty for the account's own total."""

    account_id: str
    amount: Decimal
    basis: Basis = "maintenance"
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    currency: str = ""
    where: str = ""
    column: str = ""


def bare(account_id: str) -> str:
    """Return an account's name as brokers may write it: no dashes, no leading zeros."""
    return "".join(c for c in account_id.casefold() if c.isalnum()).lstrip("0")


def in_currency(figures: Iterable[StatedFigure], run: Run
                ) -> tuple[tuple[StatedFigure, ...], tuple[StatedFigure, ...]]:
    """Return figures in the run's currency, and those without an exchange rate as they stand."""
    known, unknown = [], []
    for figure in figures:
        rate = run.book.market.fx_rate(figure.currency or run.currency)
        if rate is None:
            unknown.append(figure)
        else:
            known.append(replace(figure, amount=figure.amount * rate, currency=run.currency))
    return tuple(known), tuple(unknown)


def account_lines(figures: Iterable[StatedFigure], told: list[Problem]) -> Iterator[StatedFigure]:
    """Yield one figure an account and basis: the same line twice counts once, others add up."""
    for group in _grouped(figures):
        amounts = [figure.amount for figure in group]
        first = group[0]
        if len(set(amounts)) == 1:
            if len(group) > 1:
                told.append(_twice(first, group))
            yield first
            continue
        told.append(Problem(first.where or FILE, f"{first.account_id}: {len(group)} different "
                            f"{first.basis} requirements are stated and were added up",
                            "check that they are parts of one requirement", "warning"))
        yield replace(first, amount=sum(amounts, ZERO))


def position_line(group: list[StatedFigure], ours: Decimal | None, held: Decimal,
                  told: list[Problem]) -> StatedFigure:
    """Return one figure of a position that stands on several lines: its lots, or a repeated line.

    Repeated lines count once where one of them alone has our quantity, or our figure.
    """
    first = group[0]
    if len(group) == 1:
        return first
    quantities = [figure.quantity for figure in group if figure.quantity is not None]
    amounts = [figure.amount for figure in group]
    same = len(set(amounts)) == 1 and len(set(quantities)) <= 1
    alone = abs(quantities[0]) == abs(held) if quantities else first.amount == ours
    if same and alone:
        told.append(_twice(first, group))
        return first
    whole = sum(quantities, ZERO) if len(quantities) == len(group) else None
    return replace(first, amount=sum(amounts, ZERO), quantity=whole)


def _twice(first: StatedFigure, group: list[StatedFigure]) -> Problem:
    name = f"{first.account_id} {first.symbol}".strip()
    return Problem(first.where or FILE, f"{name} stands there {len(group)} times with the same "
                   "requirement and was counted once", "remove the repeated lines", "warning")


def _grouped(figures: Iterable[StatedFigure]) -> Iterator[list[StatedFigure]]:
    groups: dict[tuple[str, str], list[StatedFigure]] = {}
    for figure in figures:
        groups.setdefault((bare(figure.account_id), figure.basis), []).append(figure)
    yield from groups.values()
