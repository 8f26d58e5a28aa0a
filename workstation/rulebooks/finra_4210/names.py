"""What the desk calls a set of options."""

from __future__ import annotations

from collections.abc import Sequence

from workstation.rulebooks.finra_4210.charges import plain
from workstation.rulebooks.finra_4210.securities import Option

_TWO_LEGS, _FOUR_LEGS, _MOST_NAMED = 2, 4, 6
# Sides by rising strike (L long, S short) of the spreads of one right that have a name.
_BY_SIDES = {"LSL": "butterfly", "SLS": "butterfly", "LSSL": "condor", "SLLS": "condor"}


def spread_name(options: Sequence[Option]) -> str:
    """Name a spread by kind, right and strikes."""
    rights = {option.terms.right for option in options}
    side = {"C": "call ", "P": "put "}[rights.pop()] if len(rights) == 1 else ""
    return f"{_kind(options).capitalize()}, {side}{_strikes(options)}"


def straddle_name(call: Option, put: Option) -> str:
    """Name a straddle or strangle by its strikes."""
    kind = "straddle" if call.strike == put.strike else "strangle"
    return f"{kind} {_strikes([call, put])}"


def _strikes(options: Sequence[Option]) -> str:
    strikes = sorted({option.terms.strike for option in options})
    shown = " / ".join(plain(strike) for strike in strikes[:_MOST_NAMED])
    left = len(strikes) - _MOST_NAMED
    return f"{shown} and {left} more" if left > 0 else shown


def _kind(options: Sequence[Option]) -> str:
    one_expiry = len({option.terms.expiry for option in options}) == 1
    if len(options) == _TWO_LEGS:
        if one_expiry:
            return "vertical spread"
        one_strike = len({option.terms.strike for option in options}) == 1
        return "calendar spread" if one_strike else "diagonal spread"
    name = _many(options)
    return name if one_expiry else f"{name} over several expiries"


def _many(options: Sequence[Option]) -> str:
    other = f"spread of {len(options)} legs"
    if len({option.terms.right for option in options}) == 1:
        ordered = sorted(options, key=lambda option: option.terms.strike)
        return _BY_SIDES.get("".join("S" if option.short else "L" for option in ordered), other)
    strikes = len({option.terms.strike for option in options})
    puts = [option.terms.strike for option in options if not option.is_call]
    calls = [option.terms.strike for option in options if option.is_call]
    if len(options) != _FOUR_LEGS or len(puts) != len(calls):
        return other
    if strikes == _TWO_LEGS:
        return "box spread"
    if max(puts) > min(calls):
        return other
    return "iron butterfly" if strikes < _FOUR_LEGS else "iron condor"
