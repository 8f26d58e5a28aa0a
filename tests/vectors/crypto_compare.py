"""How figures of the crypto vectors are compared."""

from __future__ import annotations

from collections.abc import Iterable


def compared(pairs: Iterable[tuple[float, float]], relative: float,
             absolute: float) -> tuple[bool, str]:
    """Compare (mine, wanted); differences count against the size of the wanted figure."""
    worst = 0.0
    for mine, wanted in pairs:
        allowed = max(relative * abs(wanted), absolute)
        difference = abs(mine - wanted)
        worst = max(worst, difference / allowed if allowed else float(difference > 0) * 2)
    return worst <= 1.0, f"worst difference {worst:.3g} of the tolerance"
