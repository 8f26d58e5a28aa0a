"""What changed between two imports, as JSON and as text."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from decimal import Decimal

from workstation.results.book_difference import Change

Body = dict[str, str | float | None]


def changes_body(changes: Sequence[Change]) -> list[Body]:
    """Return changes as JSON-able values; quantities and prices are numbers or None."""
    return [{
        "kind": change.kind, "account_id": change.account_id, "symbol": change.symbol,
        "old_quantity": _number(change.old_quantity), "new_quantity": _number(change.new_quantity),
        "old_price": _number(change.old_price), "new_price": _number(change.new_price),
        "where": change.where} for change in changes]


def changes_text(changes: Sequence[Change], since: str) -> str:
    """Return changes as lines: how many of each kind, then each holding."""
    if not changes:
        return f"No holding changed since {since}."
    counts = Counter(change.kind for change in changes)
    told = ", ".join(f"{count} {kind}" for kind, count in counts.items())
    lines = [f"CHANGED SINCE {since}: {told}"]
    lines += [f"  {change.kind:<18} {change.account_id:<12} {change.symbol:<24} "
              f"{_text(change.old_quantity):>14} -> {_text(change.new_quantity):>14}   "
              f"{_text(change.old_price):>12} -> {_text(change.new_price):>12}"
              for change in changes]
    return "\n".join(line.rstrip() for line in lines)


def _number(value: Decimal | None) -> float | None:
    return None if value is None else float(value)


def _text(value: Decimal | None) -> str:
    return "" if value is None else f"{value:,f}"
