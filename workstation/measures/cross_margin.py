"""Cross-margining between two clearing organisations that each keep their own model.

Each organisation margins the combined positions with its own model and finds a reduction; both
then grant the smaller of the two, so neither is covered less than its own model asks.
"""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of
from workstation.base.money import accounting

ONE = Decimal(1)


def reduction(alone: Decimal, combined: Decimal) -> Decimal:
    """Return the share of the stand-alone requirement that one model saves, never below zero.

    reduction = max(0, 1 - combined / alone)
    """
    return max(Decimal(0), ONE - combined / alone) if alone else Decimal(0)


def cross_margined(standalone: Decimal, reductions: Mapping[str, Decimal],
                   cite: Citation | None = None) -> Explained:
    """Return the requirement after cross-margining, with every model's reduction shown.

    requirement = max over organisations of (1 - reduction) x stand-alone

    Parameters
    ----------
    standalone
        Requirements of all organisations without cross-margining, added up.
    reductions
        Reduction found by each organisation's own model, by its name, each between 0 and 1.
    """
    if not reductions:
        raise ValueError("no organisation's reduction is given")
    wrong = [name for name, share in reductions.items() if not 0 <= share <= ONE]
    if wrong:
        raise ValueError(f"the reductions of {', '.join(wrong)} are not between 0 and 1")
    return greater_of("Cross-margined requirement", *(
        Explained(f"by the model of {name}", (ONE - share) * standalone, cite,
                  (("reduction", f"{share:.2%}"), ("stand-alone", accounting(standalone))))
        for name, share in reductions.items()), cite=cite)
