"""A margin call as it is sent: amounts worked out line by line, when due, and how it may be met."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import ROUND_CEILING, Decimal

ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Terms:
    """What two parties agreed for calls, in the reporting currency; None where nothing is."""

    minimum_transfer: Decimal | None = None
    rounding: Decimal | None = None
    threshold: Decimal | None = None
    delivery: str = ""
    cut_off: str = ""
    agreement: str = ""
    contact: str = ""
    agreement_date: date | None = None


@dataclass(frozen=True, slots=True)
class NoticeLine:
    """One line of the working; `note` says where its figure is from."""

    label: str
    amount: Decimal
    note: str = ""


@dataclass(frozen=True, slots=True)
class Notice:
    """One account's call. `called` is what is asked for: zero below the minimum transfer amount.

    `due_counted` says in a sentence which days `due` counts.
    """

    account_id: str
    account_type: str
    client: str
    firm: str
    as_of: date
    currency: str
    test: str
    regime: str
    citation: str
    equity: Decimal
    required: Decimal
    deficiency: Decimal
    lines: tuple[NoticeLine, ...]
    called: Decimal
    due: date
    due_basis: str
    due_citation: str
    due_counted: str
    takes: tuple[str, ...]
    rights: str
    terms: Terms
    inputs_sha256: str
    product_version: str
    client_lei: str = ""
    firm_lei: str = ""

    @property
    def reference(self) -> str:
        """Return the identification of the call, 35 characters at most."""
        return f"{self.as_of:%Y%m%d}-{self.inputs_sha256[:8]}-{self.account_id}"[:35]


def worked(deficiency: Decimal, terms: Terms) -> tuple[tuple[NoticeLine, ...], Decimal]:
    """Return threshold, minimum transfer and rounding on a deficiency, and what is called."""
    lines = []
    owed = deficiency
    if terms.threshold:
        taken = min(terms.threshold, owed)
        owed -= taken
        lines.append(NoticeLine("Threshold, not called", -taken, "agreed"))
    least = terms.minimum_transfer
    if least and ZERO < owed < least:
        lines.append(NoticeLine("Below the minimum transfer amount, not moved", -owed,
                                f"agreed: {least:,}"))
        owed = ZERO
    if terms.rounding and owed:
        rounded = (owed / terms.rounding).to_integral_value(ROUND_CEILING) * terms.rounding
        lines.append(NoticeLine("Rounding up", rounded - owed,
                                f"agreed: to a multiple of {terms.rounding:,}"))
        owed = rounded
    return tuple(lines), owed
