"""Tables of collateral: lots by state, totals by state, and what is free by when."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.collateral.report import LotReport, LotState
from workstation.results.formats import asset_class, money, percent, quantity, whole, words
from workstation.results.run import Run
from workstation.results.table import Table

ZERO = Decimal(0)
NAMES_OF_STATES = {
    LotState.FREE: "free",
    LotState.PLEDGED: "pledged",
    LotState.REUSABLE: "reusable",
    LotState.REUSED: "reused",
    LotState.SEGREGATED: "segregated",
    LotState.IN_TRANSIT: "in_transit",
    LotState.INELIGIBLE: "ineligible",
}
"""Field of `LotRow` that holds the quantity in each state."""


@dataclass(frozen=True, slots=True)
class LotRow:
    """One lot; the seven quantities by state add up to `quantity`."""

    lot: str
    account: str
    symbol: str
    asset_class: str
    location: str
    quantity: Decimal
    free: Decimal
    pledged: Decimal
    reusable: Decimal
    reused: Decimal
    segregated: Decimal
    in_transit: Decimal
    ineligible: Decimal
    market_value: Decimal
    haircut: Decimal
    haircut_source: str
    haircut_cite: str
    free_value: Decimal
    settlement_lag: int
    secured_parties: str
    where: str


@dataclass(frozen=True, slots=True)
class StateRow:
    """Market value of all collateral in one state; `share` is None without collateral."""

    state: str
    value: Decimal
    share: Decimal | None


@dataclass(frozen=True, slots=True)
class ProtectionRow:
    """One securities account: what the broker may re-pledge and what it must lock up."""

    account: str
    debit: Decimal
    pledgeable: Decimal
    fully_paid: Decimal
    excess: Decimal
    locked: Decimal
    citation: str


@dataclass(frozen=True, slots=True)
class FreeRow:
    """What is free and deliverable within some business days, and what that day adds."""

    within: int
    value: Decimal
    added: Decimal


def lots_table(run: Run) -> Table:
    """Return every collateral lot partitioned by state."""
    states = tuple(
        quantity(f"{state[0].upper()}{state[1:]} (quantity)", name)
        for state, name in NAMES_OF_STATES.items()
    )
    columns = (
        words("Lot", "lot"), words("Account", "account"), words("Symbol", "symbol"),
        asset_class("Asset class", "asset_class"), words("Location", "location"),
        quantity("Quantity", "quantity"), *states,
        money(f"Market value ({run.currency})", "market_value", total=True),
        percent("Haircut (%)", "haircut"), words("Haircut from", "haircut_source"),
        words("Haircut citation", "haircut_cite"),
        money(f"Free after haircut ({run.currency})", "free_value", total=True),
        whole("Settles in (days)", "settlement_lag", "business days"),
        words("Secured parties", "secured_parties"), words("Cell", "where"),
    )
    return Table("Collateral lots", columns, tuple(_lot_row(lot) for lot in run.collateral.lots),
                 "Every collateral lot: what is free, pledged, re-used, segregated, in transit.")


def _lot_row(lot: LotReport) -> LotRow:
    by_state = {name: lot.quantity_in(state) for state, name in NAMES_OF_STATES.items()}
    return LotRow(
        lot=lot.lot, account=lot.account_id, symbol=lot.symbol, asset_class=lot.asset_class,
        location=lot.location, quantity=lot.quantity, market_value=lot.market_value,
        haircut=lot.haircut, haircut_source=lot.haircut_source,
        haircut_cite="" if lot.haircut_cite is None else str(lot.haircut_cite),
        free_value=lot.free_value, settlement_lag=lot.settlement_lag,
        secured_parties=", ".join(lot.secured_parties), where=lot.where, **by_state,
    )


def collateral_states_table(run: Run) -> Table:
    """Return the market value of collateral by state."""
    whole_value = sum((value for _, value in run.collateral.value_by_state), ZERO)
    rows = tuple(
        StateRow(str(state), value, value / whole_value if whole_value else None)
        for state, value in run.collateral.value_by_state
    )
    columns = (words("State", "state"),
               money(f"Market value ({run.currency})", "value", total=True),
               percent("Share (%)", "share"))
    return Table("Collateral by state", columns, rows, "Market value of collateral by state.")


def free_table(run: Run) -> Table:
    """Return what is free after haircut, by settlement deadline."""
    rows: list[FreeRow] = []
    before = ZERO
    for days, value in run.collateral.free_by_lag:
        rows.append(FreeRow(days, value, value - before))
        before = value
    columns = (whole("Within (business days)", "within"),
               money(f"Free after haircut ({run.currency})", "value", "cumulative"),
               money(f"Added that day ({run.currency})", "added", total=True))
    return Table("Free collateral", columns, tuple(rows),
                 "What is free and deliverable by settlement deadline, after haircut.")


def protection_table(run: Run) -> Table:
    """Return what Rule 15c3-3 locks up and lets be re-pledged, account by account."""
    rows = tuple(
        ProtectionRow(item.account_id, item.debit.amount, item.pledgeable.amount, item.fully_paid,
                      item.excess, item.locked.amount, str(item.locked.cite or ""))
        for item in run.collateral.protection)
    unit = run.currency
    columns = (
        words("Account", "account"), money(f"Debit ({unit})", "debit", total=True),
        money(f"May be re-pledged ({unit})", "pledgeable", "up to 140 % of the debit", total=True),
        money(f"Fully paid ({unit})", "fully_paid", total=True),
        money(f"Excess margin ({unit})", "excess", total=True),
        money(f"Locked up ({unit})", "locked", "fully paid and excess margin", total=True),
        words("Citation", "citation"),
    )
    return Table("Customer protection", columns, rows,
                 "Securities the broker must keep in possession or control, and may re-pledge.")
