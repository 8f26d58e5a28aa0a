"""Prices of a factor that leave its index at one venue, and who is called because of it alone."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from difflib import get_close_matches

import numpy as np

from workstation.base.problem import Problem, UnusableInputError
from workstation.cascade.dynamic import run
from workstation.cascade.ground import Ground, VenueMove
from workstation.cascade.played import NOTHING, Played

LIKENESS = 0.5


def checked(ground: Ground, moves: Sequence[VenueMove]) -> tuple[VenueMove, ...]:
    """Return moves in the book's own names; raises UnusableInputError for what nobody holds."""
    found: dict[tuple[str, str], float] = {}
    for venue, symbol, move in moves:
        where = _named("venue or firm", venue, {row.where for row in ground.accounts})
        held = {name for row in ground.accounts if row.where == where for name in row.exposures
                if name in ground.names}
        factor = _named(f"factor held at {where}", ground.known.of(symbol), held)
        if (where, factor) in found:
            raise UnusableInputError(Problem(
                "Venue move", f"{factor} at {where} is given twice", "give one move for each"))
        if move <= -1.0:
            raise UnusableInputError(Problem(
                "Venue move", f"{factor} at {where} would have no price", "stay above -100%"))
        found[where, factor] = move
    return tuple((where, factor, move) for (where, factor), move in found.items())


def _named(what: str, wanted: str, names: Iterable[str]) -> str:
    by_lower = {name.lower(): name for name in names}
    key = wanted.strip().lower()
    if key in by_lower:
        return by_lower[key]
    near = [by_lower[n] for n in get_close_matches(key, by_lower, 2, LIKENESS)]
    meant = f"perhaps {' or '.join(near)}; " if near else ""
    raise UnusableInputError(Problem(
        "Venue move", f"no {what} is called {wanted!r}",
        f"{meant}name one of: {', '.join(sorted(by_lower.values())) or 'none'}"))


def sentences(played: Played) -> list[str]:
    """Say which marks leave the index, what follows them, and who is called for nothing else."""
    moves = played.ground.venue_moves
    if not moves:
        return []
    told = ", ".join(f"{factor} at {where} {move:+.1%}" for where, factor, move in moves)
    if played.scene.marks is None:
        return [f"Prices away from the index ({told}) reach nobody here: held in one account, "
                "nothing stands at a venue."]
    alone = _called_for_it(played)
    return [
        f"Prices away from the index from the shock on, to the end: {told}. Holdings there are "
        "marked, margined and sold at them, as a holding smaller or larger by as much; a sale "
        "moves the index by its quantity. What buyers take counts at the index.",
        "Tipping points keep these marks; drawn paths, distances to the next call and the "
        "rulebooks' margin right after the shock leave them out.",
        f"Called only because of them: {', '.join(alone) or 'nobody'}."]


def _called_for_it(played: Played) -> list[str]:
    """Return the rows that are called with these marks and not without; both by the model."""
    with_them, without = (
        np.max([step.calls for step in run(
            replace(played.scene, marks=marks), played.shock, played.how).steps], axis=0)
        for marks in (played.scene.marks, None))
    return [row.name for row, now, else_ in zip(played.rows, with_them, without, strict=True)
            if now > NOTHING >= else_]
