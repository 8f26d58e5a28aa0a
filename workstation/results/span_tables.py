"""Tables of scan-based requirements: the scan, the spread log, what a parameter file holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.results.formats import money, quantity, words, yes_no
from workstation.results.table import Column, Table
from workstation.rulebooks.span.outcome import PortfolioRisk
from workstation.rulebooks.span.parameters import Organisation, RiskParameters
from workstation.rulebooks.span.spread_log import SpreadDenied, SpreadFormed

MOVES = ("0", "0", "+1/3", "+1/3", "-1/3", "-1/3", "+2/3", "+2/3", "-2/3", "-2/3", "+3/3", "+3/3",
         "-3/3", "-3/3", "+ extreme", "- extreme")
ORDINARY = 14
FORMED, DENIED = "formed", "denied"


@dataclass(frozen=True, slots=True)
class ScanRow:
    """The loss of one commodity (or tier) in one scenario; the active one is marked."""

    account: str
    commodity: str
    side: str
    tier: int
    scenario: int
    price: str
    volatility: str
    loss: Decimal
    active: bool


@dataclass(frozen=True, slots=True)
class SpreadRow:
    """One spread considered: formed with its deltas and dollars, or denied with its reason."""

    account: str
    status: str
    kind: str
    priority: int
    legs: str
    count: Decimal | None
    rate: Decimal | None
    before: str
    after: str
    amount: Decimal
    reason: str
    detail: str


@dataclass(frozen=True, slots=True)
class CommodityRow:
    """One combined commodity of a parameter file."""

    organisation: str
    snapshot: str
    code: str
    currency: str
    families: str
    contracts: int
    spreads_within: int
    spreads_between: int
    scan_tiers: int
    spot_months: str
    short_option_rate: Decimal


def scan_table(answers: Iterable[PortfolioRisk]) -> Table:
    """Return sixteen scenarios by account, commodity and tier; losses are positive."""
    rows = [ScanRow(answer.portfolio.account_id, item.code, item.side, scan.tier, number,
                    MOVES[number - 1], _volatility(number), loss, number == scan.active)
            for answer in answers for item in answer.commodities for scan in item.scans
            for number, loss in enumerate(scan.losses, start=1)]
    return Table("Scan", (
        words("Account", "account"), words("Commodity", "commodity"), words("Side", "side"),
        Column("Tier", "tier", numeric=True), Column("Scenario", "scenario", numeric=True),
        words("Price, of scan range", "price"), words("Volatility", "volatility"),
        money("Loss", "loss"), Column("Active", "active", yes_no)), rows,
        "Losses of the whole position in each scenario; the active one fixes the scan risk")


def _volatility(scenario: int) -> str:
    if scenario > ORDINARY:
        return "unchanged"
    return "up" if scenario % 2 else "down"


def spread_table(answers: Iterable[PortfolioRisk]) -> Table:
    """Return every spread formed or denied, by account, in the order they were tried."""
    rows = [row for answer in answers for row in (
        *(_formed(answer.portfolio.account_id, item) for item in answer.formed),
        *(_denied(answer.portfolio.account_id, item) for item in answer.denied))]
    return Table("Spread log", (
        words("Account", "account"), words("Status", "status"), words("Kind", "kind"),
        Column("Priority", "priority", numeric=True), words("Legs", "legs"),
        quantity("Spreads", "count"), quantity("Rate", "rate"),
        words("Deltas before", "before"), words("Deltas after", "after"),
        money("Charge, or credit below nought", "amount"), words("Reason", "reason"),
        words("Detail", "detail")), rows,
        "Spreads within and between commodities: charges are positive, credits negative")


def _formed(account: str, item: SpreadFormed) -> SpreadRow:
    def deltas(name: str) -> str:
        return "; ".join(f"{leg.commodity} {getattr(leg, name):f}" for leg in item.legs)

    legs = "; ".join(leg.label if item.is_credit else
                     f"{leg.commodity} {leg.ratio.normalize():f} {leg.label} {leg.side}"
                     for leg in item.legs)
    return SpreadRow(account, FORMED, item.kind, item.priority, legs, item.count, item.rate,
                     deltas("before"), deltas("after"),
                     -item.amount if item.is_credit else item.amount, "", "")


def _denied(account: str, item: SpreadDenied) -> SpreadRow:
    within = f"{item.commodities[0]} " if item.kind in ("series", "tier") else ""
    return SpreadRow(account, DENIED, item.kind, item.priority,
                     "; ".join(within + leg for leg in item.legs), None, None, "", "",
                     Decimal(0), item.reason, item.detail)


def file_table(files: Sequence[RiskParameters]) -> Table:
    """Return what parameter files hold, one row a combined commodity."""
    rows = [row for file in files for item in file.organisations for row in _commodities(item)]
    return Table("Risk parameters", (
        words("Organisation", "organisation"), words("Cycle", "snapshot"),
        words("Commodity", "code"), words("Currency", "currency"), words("Products", "families"),
        Column("Contracts", "contracts", numeric=True, total=True),
        Column("Spreads within", "spreads_within", numeric=True),
        Column("Spreads between", "spreads_between", numeric=True),
        Column("Scan tiers", "scan_tiers", numeric=True), words("Spot months", "spot_months"),
        money("Short option rate", "short_option_rate")), rows,
        "Combined commodities of the loaded risk-parameter files")


def _commodities(item: Organisation) -> list[CommodityRow]:
    counts: dict[int, int] = {}
    for number in item.contracts.series.tolist():
        family = item.series[number].family
        counts[family] = counts.get(family, 0) + 1
    return [CommodityRow(
        item.code, item.snapshot, commodity.code, commodity.currency,
        ", ".join(f"{item.families[f].code} {item.families[f].kind}" for f in commodity.families),
        sum(counts.get(f, 0) for f in commodity.families), len(commodity.intra_spreads),
        sum(any(leg.key == commodity.key for leg in s.legs) for s in item.inter_spreads),
        len(commodity.scan_tiers), ", ".join(rate.month for rate in commodity.spot_rates),
        commodity.short_option_rate) for commodity in item.commodities.values()]
