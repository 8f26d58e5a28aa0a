"""What a cascade is run with, in words, and own shocks as they are typed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from workstation.base.money import accounting
from workstation.base.problem import Problem, UnusableInputError
from workstation.cascade.dynamic_client import MODE as DYNAMIC
from workstation.cascade.selection import SELECTIONS
from workstation.workspace.stress import Stress

Shocks = tuple[tuple[str, float], ...]
LEAST_MOVE = -1.0
WORDS = {value: text for text, value in SELECTIONS}
EXAMPLE = "type them as SPX=-10%; BTC=-30%"


def told(stress: Stress, currency: str) -> tuple[str, ...]:
    """Return every assumption beside scenario, multiplier and regime, with the value in force."""
    if stress.mode != DYNAMIC:
        return (*_own(stress), "credit line, failed firm, replay and drawn paths are read step by "
                "step only")
    drawn = f"{stress.paths:,} drawn paths, seed {stress.seed}"
    return (
        *_own(stress),
        "credit line of the edition" if stress.credit_line is None
        else f"credit line {accounting(stress.credit_line)} {currency}",
        f"{stress.failed_firm} has failed" if stress.failed_firm else "no firm fails",
        "replays {} to {}".format(*stress.replay) if stress.replay else "no replay",
        drawn if stress.paths else "no drawn paths",
        f"the shock arrives over {stress.minutes:g} minutes" if stress.minutes
        else "the shock arrives at once",
        f"sells {WORDS[stress.selection]}",
        *(f"{factor} at {where} {100 * move:+.12g}% from its index"
          for where, factor, move in stress.venue_moves),
    )


def _own(stress: Stress) -> tuple[str, ...]:
    return (f"own shocks {stress.shocks_text}",) if stress.shocks else ()


def read_shocks(text: str) -> Shocks:
    """Return typed shocks by factor; raises UnusableInputError naming the one that is amiss."""
    parts = [part.strip() for part in text.split(";") if part.strip()]
    found = tuple(_shock(part) for part in parts)
    _refuse_doubles([factor for factor, _ in found])
    return found


def _shock(part: str) -> tuple[str, float]:
    factor, _, move = (piece.strip() for piece in part.partition("="))
    in_percent = move.endswith("%")
    try:
        size = float(move.rstrip("%")) / (100 if in_percent else 1)
    except ValueError:
        size = math.nan
    if not factor or not math.isfinite(size):
        raise _refused(f"{part!r} is not a factor and its move", EXAMPLE)
    if size < LEAST_MOVE:
        raise _refused(f"{factor} cannot fall by more than all of its price", EXAMPLE)
    return factor, size


def _refuse_doubles(factors: Sequence[str]) -> None:
    twice = sorted({factor for factor in factors if factors.count(factor) > 1})
    if twice:
        raise _refused(f"{', '.join(twice)} is named twice", "leave one move for each factor")


def _refused(what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem("Own shocks", what, remedy))
