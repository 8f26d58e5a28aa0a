"""Reverse stress on margin computed again: how far a shock goes before something gives.

Every multiple tried is the full calculation: the book revalued, gains settled, today's rulebooks,
every design, calls and free collateral computed again. A grid of multiples finds the first step in
which an event begins; false position (Illinois) narrows it down to a thousandth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.money import accounting
from workstation.base.progress import Progress, silent
from workstation.base.wording import regime_words
from workstation.measures.stressed import AfterShock, CalledAccount, ReverseStress

GRID = (0.0, 0.25, 0.5, 0.75, 1.0, 1.25, 1.5, 2.0, 2.5, 3.0)
NEAR = 1e-3
MOST_STEPS = 24
SILOS = "today, silos"
CALL, SHORT, SPENT, UNCOVERED = (
    "margin call", "equity below the requirement", "equity exhausted",
    "calls exceed free collateral")
Evaluate = Callable[[float], AfterShock]
"""The book after a multiple of the shock."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that may happen: what is left before it does (0 and above: it has not happened)."""

    name: str
    regime: str
    account: str
    left: Callable[[AfterShock], float]
    why: Callable[[AfterShock], str]


def reverse_stress(direction: str, evaluate: Evaluate, moves: Sequence[tuple[str, float]],
                   progress: Progress = silent) -> tuple[ReverseStress, ...]:
    """Find where each event begins along one direction, nearest first.

    `moves` are the shock's own moves of the book's factors, largest first. Raises CancelledError
    through `progress`.
    """
    seen = _Seen(evaluate, progress)
    events = _events(seen.after(0.0))
    found = [_found(direction, event, seen, moves) for event in events]
    found.sort(key=lambda r: (r.multiple is None, r.multiple or 0.0))
    return tuple(found)


class _Seen:
    """Remembers the multiples already computed."""

    def __init__(self, evaluate: Evaluate, progress: Progress) -> None:
        self._evaluate, self._progress = evaluate, progress
        self._known: dict[float, AfterShock] = {}

    def after(self, multiple: float) -> AfterShock:
        """Return the book after a multiple of the shock."""
        if multiple not in self._known:
            done = len(self._known) / (len(self._known) + len(GRID))
            self._progress(done, f"Margining the book at {multiple:.2f} times the shock")
            self._known[multiple] = self._evaluate(multiple)
        return self._known[multiple]


def _events(now: AfterShock) -> Iterator[Event]:
    for account in now.accounts:
        yield Event(CALL, SILOS, account.account_id, _left_of(account.account_id),
                    _why_of(account.account_id))
    if not now.cash_stated:
        return  # what the client is worth is not known
    yield Event(SHORT, SILOS, "", lambda s: float(s.equity - s.silos),
                lambda s: _against(s.equity, s.silos, "today's requirement"))
    for name, _ in now.designs:
        yield Event(SHORT, name, "", _below(name), _why_below(name))
    if now.free is not None:
        yield Event(UNCOVERED, SILOS, "", lambda s: float((s.free or 0) - s.calls),
                    lambda s: f"calls of {accounting(s.calls)} against free collateral of "
                              f"{accounting(s.free or Decimal(0))}")
    yield Event(SPENT, "", "", lambda s: float(s.equity),
                lambda s: f"liquidating value {accounting(s.equity)}")


def _account(after: AfterShock, account_id: str) -> CalledAccount | None:
    return next((a for a in after.accounts if a.account_id == account_id), None)


def _left_of(account_id: str) -> Callable[[AfterShock], float]:
    def left(after: AfterShock) -> float:
        account = _account(after, account_id)
        if account is None:
            return 0.0
        return float(-account.call if account.call > 0 else max(Decimal(0), account.excess))

    return left


def _why_of(account_id: str) -> Callable[[AfterShock], str]:
    def why(after: AfterShock) -> str:
        account = _account(after, account_id)
        if account is None:
            return ""
        return _against(account.equity, account.required,
                        f"{account.test.lower()} under {regime_words(account.regime)}")

    return why


def _below(design: str) -> Callable[[AfterShock], float]:
    return lambda after: float(after.equity - dict(after.designs)[design])


def _why_below(design: str) -> Callable[[AfterShock], str]:
    return lambda after: _against(after.equity, dict(after.designs)[design],
                                  f"the requirement of {design}")


def _against(equity: Decimal, required: Decimal, what: str) -> str:
    return f"equity {accounting(equity)} against {accounting(required)} of {what}"


# Searching --------------------------------------------------------------------------------


def _found(direction: str, event: Event, seen: _Seen, moves: Sequence[tuple[str, float]]
           ) -> ReverseStress:
    multiple = _smallest(lambda m: event.left(seen.after(m)))
    if multiple is None:
        return ReverseStress(direction, event.name, event.regime, event.account, None, GRID[-1])
    return ReverseStress(
        direction, event.name, event.regime, event.account, multiple, GRID[-1],
        tuple((name, move * multiple) for name, move in moves),
        event.why(seen.after(multiple)))


def _smallest(left: Callable[[float], float]) -> float | None:
    """Return the first multiple found at which less than nothing is left."""
    if left(GRID[0]) < 0:
        return GRID[0]
    for low, high in zip(GRID, GRID[1:], strict=False):
        if left(high) < 0:
            return _narrowed(left, low, high)
    return None


def _narrowed(left: Callable[[float], float], low: float, high: float) -> float:
    """Narrow a step down by false position; the upper end, where it has happened, is returned."""
    at_low, at_high, side = left(low), left(high), 0
    for _ in range(MOST_STEPS):
        if high - low <= NEAR:
            break
        middle = _between(low, high, at_low, at_high)
        value = left(middle)
        if value < 0:
            at_low = at_low / 2 if side < 0 else at_low
            high, at_high, side = middle, value, -1
        else:
            at_high = at_high / 2 if side > 0 else at_high
            low, at_low, side = middle, value, 1
    return high


def _between(low: float, high: float, at_low: float, at_high: float) -> float:
    """Return where a straight line meets zero, kept inside by a tenth of what is asked for."""
    edge = 0.5 * NEAR
    if at_low - at_high <= 0:
        return 0.5 * (low + high)
    guess = low + (high - low) * at_low / (at_low - at_high)
    return min(max(guess, low + edge), high - edge)
