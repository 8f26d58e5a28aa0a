"""Tables of scan-based requirements: the scan, the spread log, what a parameter file holds."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.results.formats import money, words, yes_no
from workstation.results.spreads import spread_log_table, spread_rows
from workstation.results.table import Column, Table
from workstation.rulebooks.span.outcome import PortfolioRisk
from workstation.rulebooks.span.parameters import Organisation, RiskParameters

MOVES = ("0", "0", "+1/3", "+1/3", "-1/3", "-1/3", "+2/3", "+2/3", "-2/3", "-2/3", "+3/3", "+3/3",
         "-3/3", "-3/3", "+ extreme", "- extreme")
ORDINARY = 14


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
    return spread_log_table(row for answer in answers for row in spread_rows(answer))


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
