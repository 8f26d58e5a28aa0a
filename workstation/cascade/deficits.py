"""Who bears what a liquidation leaves below zero: the layers behind each kind of account."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from workstation.base.money import money
from workstation.cascade.played import NOTHING, Played
from workstation.cascade.result import Borne, Deleveraged

UNPAID = "gains of winners, cut (nothing else is left)"
CARRYING = "the firm that carries the account"
VENUE = "other users of the venue, socialised"
AGENT = "its lenders"


def borne(played: Played) -> tuple[Borne, ...]:
    """Return the deficits left in the end, each through the layers of its kind of account."""
    found = []
    for row, equity in zip(played.rows, played.outcome.equity, strict=True):
        deficit = -float(equity)
        if deficit <= NOTHING or row.exempt:
            continue
        layers = _layers(played, row.cleared, in_market=row.owner != played.owners[0],
                         venue=bool(row.venue))
        found += [Borne(row.owner, row.name, layer, money(amount))
                  for layer, amount in waterfall(deficit, layers)]
    return tuple(found)


def waterfall(deficit: float, layers: Sequence[tuple[str, float]]) -> tuple[tuple[str, float], ...]:
    """Lay a deficit on layers in order; what none covers falls on the gains of winners.

    The amounts add up to the deficit.
    """
    left, found = deficit, []
    for name, size in layers:
        taken = min(left, max(size, 0.0))
        if taken > 0:
            found.append((name, taken))
            left -= taken
    if left > 0:
        found.append((UNPAID, left))
    return tuple(found)


def _layers(played: Played, cleared: bool, *, in_market: bool, venue: bool,
            ) -> tuple[tuple[str, float], ...]:
    if in_market:
        return ((AGENT, float("inf")),)
    if venue:
        return ((VENUE, float("inf")),)
    if not cleared:
        return ((CARRYING, float("inf")),)
    rows: Sequence[Mapping[str, str]] = played.ground.edition["clearing_layers"].rows
    return tuple((str(row["layer"]), float(row["amount"])) for row in rows)


def deleveraged(played: Played) -> tuple[Deleveraged, ...]:
    """Return every position a venue closed against a winner."""
    names = [row.owner if row.owner == row.name else f"{row.owner} {row.name}"
             for row in played.rows]
    marks = played.scene.marks

    def mark(row: int, k: int) -> float:
        return 1.0 if marks is None else float(marks[row, k])

    return tuple(
        Deleveraged(done.step + 1, played.ground.names[done.asset], names[done.loser],
                    names[done.winner], done.quantity / mark(done.loser, done.asset),
                    done.price * mark(done.loser, done.asset), money(done.haircut))
        for done in played.outcome.deleveraged)
