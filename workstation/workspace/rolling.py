"""The rolling correlation behind a row of the ledger, computed when it is looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING

from workstation.book.resolve import resolve
from workstation.harmonised.engine import Assessment, assess
from workstation.harmonised.levels import Level
from workstation.measures.requirement import Offset
from workstation.offsets.rolling import RollingPair, rolling_pair
from workstation.pricing.volatility import implied_volatilities

if TYPE_CHECKING:
    from workstation.results.run import Run
    from workstation.workspace.session import Session

LEGS = 2
LEVELS = frozenset(level.value for level in Level)


class Rolling:
    """Answers for one review; the design's working is kept until book or design change."""

    def __init__(self) -> None:
        self._known: tuple[object, object, Assessment] | None = None

    def pair(self, session: Session, run: Run, design: str, offset: Offset) -> RollingPair | None:
        """Return the correlation of an offset's legs over time; None where there is none to show.

        Offsets within one underlying, and legs without history, have none.
        """
        if len(offset.between) != LEGS or offset.level not in LEVELS or (
                not run.book.market.history.dates):
            return None
        found = rolling_pair(self._assessment(session, run, design), offset.level,
                             (offset.between[0], offset.between[1]))
        return found if found is not None and found.dates else None

    def _assessment(self, session: Session, run: Run, name: str) -> Assessment:
        design = session.terms().design(name)
        known = self._known
        if known is None or known[0] is not run or known[1] is not design:
            holdings = resolve(run.book)
            made = assess(design, run.book, holdings, implied_volatilities(holdings), run.silos,
                          session.rule_set())
            self._known = known = run, design, made
        return known[2]
