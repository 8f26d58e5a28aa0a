"""What the client's collateral really is, lot by lot."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from enum import StrEnum

from workstation.base.explain import Citation, Explained
from workstation.base.problem import Problem
from workstation.collateral.plan import Mobility


class LotState(StrEnum):
    """The states into which a lot's quantity is partitioned."""

    FREE = "free"
    PLEDGED = "pledged, not re-usable"
    REUSABLE = "pledged, re-usable"
    REUSED = "re-used"
    SEGREGATED = "segregated"
    IN_TRANSIT = "in transit"
    INELIGIBLE = "ineligible"


@dataclass(frozen=True, slots=True)
class LotReport:
    """One lot partitioned by state; quantities add up to the lot's quantity exactly.

    `market_value` is in the reporting currency; `haircut` is a decimal with its citation;
    `haircut_source` says whether the file or a shipped pack gave it. `free_value` is the free
    quantity's value after haircut.
    """

    lot: str
    account_id: str
    symbol: str
    asset_class: str
    location: str
    quantity: Decimal
    market_value: Decimal
    haircut: Decimal
    haircut_source: str
    haircut_cite: Citation | None
    states: tuple[tuple[LotState, Decimal], ...]
    free_value: Decimal
    settlement_lag: int
    secured_parties: tuple[str, ...] = ()
    where: str = ""
    regime: str = ""
    """Location or customer-protection class of the account it is held for."""

    def quantity_in(self, state: LotState) -> Decimal:
        """Return the quantity in one state, 0 where none is."""
        return dict(self.states).get(state, Decimal(0))


@dataclass(frozen=True, slots=True)
class StressedLot:
    """One lot's free value after haircut, today and in the scenario, and what changes it."""

    lot: str
    symbol: str
    settlement_lag: int
    free_now: Decimal
    move: Decimal
    haircut: Decimal
    wrong_way: bool
    free_stressed: Decimal
    why: str


@dataclass(frozen=True, slots=True)
class AccountProtection:
    """One securities account under Rule 15c3-3, in the reporting currency.

    `pledgeable` is what the broker may re-pledge, `locked` what it must keep in possession or
    control: `fully_paid` and `excess` margin securities. Both together are all securities held.
    """

    account_id: str
    debit: Explained
    pledgeable: Explained
    locked: Explained
    fully_paid: Decimal
    excess: Decimal


@dataclass(frozen=True, slots=True)
class Estate:
    """Where a part of a lot falls if the firm that holds it fails.

    `estate` is the account class its customers share in, `claim` what the client has there,
    `value` market value in the reporting currency, `recovery` the share expected back.
    """

    lot: str
    symbol: str
    holder: str
    part: str
    estate: str
    claim: str
    value: Decimal
    recovery: Decimal
    cite: Citation


@dataclass(frozen=True, slots=True)
class CollateralReport:
    """All lots, their totals by state, and what is free by settlement deadline.

    `value_by_state` is market value; `free_by_lag` is (business days, value after haircut
    deliverable within them), cumulative. `encumbrance_ratio` is None without assets.
    """

    currency: str
    lots: tuple[LotReport, ...]
    value_by_state: tuple[tuple[LotState, Decimal], ...]
    free_value: Decimal
    free_by_lag: tuple[tuple[int, Decimal], ...]
    encumbrance_ratio: Decimal | None
    problems: tuple[Problem, ...] = ()
    protection: tuple[AccountProtection, ...] = ()
    mobility: Mobility | None = None
    """The cheapest delivery of margin; None without lots."""
    estates: tuple[Estate, ...] = ()
    stressed: tuple[StressedLot, ...] = ()
    """Lots with something free, re-priced in the scenario of the cascade."""
