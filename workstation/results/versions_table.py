"""The sensitivity-based margin of swaps accounts under every calibration shipped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workstation.results.formats import money, percent, words, yes_no
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class VersionRow:
    """One account under one calibration, in USD; `base` is its margin under the one in use."""

    account: str
    version: str
    effective: date | None
    in_use: bool
    margin: float
    delta: float
    vega: float
    curvature: float
    base_corr: float
    add_ons: float
    base: float

    @property
    def change(self) -> float:
        """Return the difference to the calibration in use."""
        return self.margin - self.base

    @property
    def change_share(self) -> float | None:
        """Return the difference as a share of the margin in use, None where that is nothing."""
        return self.change / self.base if self.base else None


def versions_table(rows: Sequence[VersionRow]) -> Table:
    """Return the comparison: accounts in file order, calibrations oldest first."""
    columns = (
        words("Account", "account"), words("Calibration", "version"),
        Column("Effective", "effective", str, excel="yyyy-mm-dd"),
        Column("In use", "in_use", yes_no, hint="the calibration of this review"),
        money("Margin (USD)", "margin"), money("Change (USD)", "change", "against the one in use"),
        percent("Change (%)", "change_share"), money("Delta (USD)", "delta"),
        money("Vega (USD)", "vega"), money("Curvature (USD)", "curvature"),
        money("Base correlation (USD)", "base_corr"), money("Add-ons (USD)", "add_ons"),
    )
    return Table("Calibrations compared", columns, tuple(rows),
                 "Sensitivity-based margin of the same rows under every calibration shipped.")
