"""Words of the command line as values; each refusal is a sentence."""

from __future__ import annotations

import argparse
import math
from datetime import date


def iso_date(text: str) -> date:
    """Return a date written YYYY-MM-DD."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None


def shock(text: str) -> tuple[str, float]:
    """Return a factor and its relative move."""
    factor, _, move = text.partition("=")
    try:
        percent = move.endswith("%")
        size = float(move.rstrip("%")) / (100 if percent else 1)
        if not factor or not math.isfinite(size):
            raise ValueError(text)
    except ValueError:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not FACTOR=MOVE, such as SPX=-10% or SPX=-0.10") from None
    if size <= -1:
        raise argparse.ArgumentTypeError(
            f"{text!r} leaves no price; a price falls by less than 100%")
    return factor, size


def venue_move(text: str) -> tuple[str, str, float]:
    """Return a venue, a factor and how far its price there stands from the index."""
    venue, _, rest = text.partition(":")
    if not venue.strip() or not rest:
        raise argparse.ArgumentTypeError(
            f"{text!r} is not VENUE:FACTOR=MOVE, such as Deribit:BTC=-5%")
    return (venue.strip(), *shock(rest))


def multiplier(text: str) -> float:
    """Return a number of times."""
    try:
        size = float(text)
    except ValueError:
        size = math.nan
    if not math.isfinite(size) or size < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of times, such as 1.5")
    return size


def amount(text: str) -> float:
    """Return an amount of 0 or more."""
    try:
        size = float(text.replace(",", ""))
    except ValueError:
        size = math.nan
    if not math.isfinite(size) or size < 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not an amount of 0 or more")
    return size


def count(text: str) -> int:
    """Return a whole number of 0 or more."""
    if not text.isascii() or not text.isdigit():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 0 or more")
    return int(text)


def seed(text: str) -> int:
    """Read a key of the generator, which has 64 bits."""
    if count(text) >= 1 << 64:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number below 2^64")
    return int(text)
