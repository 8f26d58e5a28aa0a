"""Cross-margin programmes beside each other: eligibility, saving, and where margin would lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.results.formats import money, whole, words
from workstation.results.table import Table


@dataclass(frozen=True, slots=True)
class ProgrammeRow:
    """One programme for one client; amounts are None where nothing could be estimated."""

    programme: str
    houses: str
    admitted: int
    left_out: int
    accounts: str
    location: str
    apart: Decimal | None = None
    together: Decimal | None = None
    saved: Decimal | None = None
    fixed_by: str = ""
    note: str = ""
    refused: tuple[tuple[str, str, str], ...] = ()
    """Where, symbol and reason of every position left out."""

    def without(self, why: str) -> ProgrammeRow:
        """Return the row with the reason why it has no amounts."""
        return replace(self, note=why)

    def saving(self, apart: Decimal, together: Decimal, fixed_by: str, note: str) -> ProgrammeRow:
        """Return the row with its amounts."""
        return replace(self, apart=apart, together=together, saved=apart - together,
                       fixed_by=fixed_by, note=note)


def programmes_table(rows: Sequence[ProgrammeRow], currency: str) -> Table:
    """Return the programmes in the order of the edition."""
    columns = (
        words("Programme", "programme"), words("Houses", "houses"),
        whole("Positions eligible", "admitted"), whole("Not eligible", "left_out"),
        words("From accounts", "accounts"), words("Margin would lie in", "location"),
        money(f"Apart ({currency})", "apart", "eligible positions margined house by house"),
        money(f"Together ({currency})", "together"), money(f"Saving ({currency})", "saved"),
        words("Fixed by", "fixed_by"), words("Note", "note"))
    return Table("Cross-margin programmes", columns, tuple(rows),
                 "What each programme admits of this client, and what it would save.")
