"""Positions of a stated margin against what each requires alone by ours."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from decimal import Decimal

from workstation.base.identifiers import plain_symbol
from workstation.base.problem import Problem
from workstation.book.positions import Position
from workstation.results.break_list import ZERO, Break, Cause, agree, house_multiplier, ranked
from workstation.results.run import Run
from workstation.results.stated import StatedFigure, bare, position_line

COARSE_STEP, FINE_STEP, FINE_BELOW = Decimal("0.05"), Decimal("0.01"), Decimal("0.12")
RATE_NEAR = Decimal("0.0005")
PRICE_NEAR = Decimal("0.001")


def position_breaks(run: Run, figures: Iterable[StatedFigure], told: list[Problem]
                    ) -> tuple[list[Break], list[StatedFigure]]:
    """Return a break for every position stated, and the one figure each was taken to state."""
    held: dict[tuple[str, str], list[Position]] = {}
    for position in run.book.positions:
        for name in {plain_symbol(position.instrument.symbol), *_identifiers(position)}:
            held.setdefault((bare(position.account_id), name), []).append(position)
    alone = {row.where: row.amount for row in run.stand_alone}
    found, lines = [], []
    for key, group in _stated_positions(run, figures).items():
        positions = held.get(key, [])
        amounts = [alone.get(position.where) for position in positions]
        ours = None if not positions or None in amounts else sum(
            (amount for amount in amounts if amount is not None), ZERO)
        size = sum((position.quantity for position in positions), ZERO)
        figure = position_line(group, ours, size, told)
        lines.append(figure)
        found.append(_position_break(figure, positions, ours))
    return found, lines


def _stated_positions(run: Run, figures: Iterable[StatedFigure]
                      ) -> dict[tuple[str, str], list[StatedFigure]]:
    """Return the lines of each position by account and symbol, of maintenance where it is there."""
    only = bare(run.book.accounts[0].account_id) if len(run.book.accounts) == 1 else ""
    groups: dict[tuple[str, str], list[StatedFigure]] = {}
    for figure in figures:
        if figure.symbol:
            key = (bare(figure.account_id) or only, plain_symbol(figure.symbol))
            groups.setdefault(key, []).append(figure)
    return {key: [f for f in group if f.basis == "maintenance"] or group
            for key, group in groups.items()}


def _identifiers(position: Position) -> set[str]:
    return {plain_symbol(text) for name, text in position.extras
            if name.casefold() in ("cusip", "isin", "sedol", "figi")}


def _position_break(figure: StatedFigure, positions: list[Position], ours: Decimal | None
                    ) -> Break:
    if ours is None:
        why = (Cause("incomplete", "we could not margin it", ZERO) if positions
               else Cause("position", "the book does not hold it", figure.amount))
        account = positions[0].account_id if positions else figure.account_id
        return Break(account, figure.symbol, figure.basis, "only stated", None, figure.amount,
                     (why,), figure.where, positions[0].where if positions else "")
    account, where = positions[0].account_id, positions[0].where
    if agree(figure.amount, ours):
        return Break(account, figure.symbol, figure.basis, "agrees", ours, figure.amount,
                     where=figure.where, ours_where=where)
    causes = tuple(_position_causes(figure, positions, ours))
    return Break(account, figure.symbol, figure.basis, "differs", ours, figure.amount,
                 ranked(causes, figure.amount - ours), figure.where, where)


def _position_causes(figure: StatedFigure, positions: list[Position], ours: Decimal
                     ) -> Iterator[Cause]:
    held = sum((position.quantity for position in positions), ZERO)
    price = positions[0].price
    if figure.quantity is not None and held and (
            abs(figure.quantity) != abs(held) or figure.quantity < 0 < held):
        yield Cause("position", f"they hold {figure.quantity:,f}, the book {held:,f}",
                    ours * (abs(figure.quantity) / abs(held) - 1))
    if figure.price is not None and price and abs(figure.price - price) > PRICE_NEAR * abs(price):
        yield Cause("price", f"they price it at {figure.price:,f}, the book at {price:,f}",
                    ours * (figure.price / price - 1))
    yield from _other_rate(figure, positions, ours)
    if figure.amount < ours and not figure.amount:
        yield Cause("offset", "they ask nothing for it: it is carried inside an offset", -ours)
    yield from house_multiplier(figure.amount, ours)


def _other_rate(figure: StatedFigure, positions: list[Position], ours: Decimal) -> Iterator[Cause]:
    """Test whether theirs is a round share of the market value."""
    price = positions[0].price
    value = sum((abs(position.value) for position in positions if position.price), ZERO)
    if not value or not ours:
        return
    their_value = value * (abs(figure.price / price) if figure.price and price else 1)
    theirs, our_rate = figure.amount / their_value, ours / value
    if _is_round(theirs) and theirs <= 1:
        yield Cause("parameter", f"they ask {theirs:.1%} of market value, we {our_rate:.1%}",
                    figure.amount - ours)


def _is_round(share: Decimal) -> bool:
    """Say whether a share is one margin rates take: steps of 5 %, or whole percents below 12."""
    step = FINE_STEP if share < FINE_BELOW else COARSE_STEP
    steps = share / step
    return share > 0 and abs(steps - round(steps)) * step < RATE_NEAR
