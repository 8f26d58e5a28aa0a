"""How much of a day's trading the book is, risk by risk."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from decimal import Decimal

from workstation.base.money import accounting
from workstation.market.market import Underlying
from workstation.results.formats import PERCENT, money, quantity, ratio, words
from workstation.results.run import Run
from workstation.results.table import Column, Table

TENTH = 10
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class DepthRow:
    """One risk: net exposure in the reporting currency, against the volume of a market row.

    `share` is exposure over average daily volume in money; `days` is how long selling takes at a
    tenth of that volume. Both None where the file gives no volume or price.
    """

    root: str
    exposure: Decimal
    symbol: str
    volume: Decimal | None
    share: Decimal | None

    @property
    def days(self) -> Decimal | None:
        """Return days to sell at a tenth of the volume."""
        return None if self.share is None else self.share * TENTH


def depth_table(run: Run) -> Table:
    """Return every risk with its share of a day's volume, the largest share first."""
    net: dict[str, Decimal] = defaultdict(Decimal)
    for item in run.exposures:
        net[item.root] += item.delta
    rows = sorted((_row(root, size, run) for root, size in net.items()),
                  key=lambda row: (row.share is None, -(row.share or ZERO), row.root))
    columns = (
        words("Risk", "root"), money(f"Net exposure ({run.currency})", "exposure",
                                     "profit per 100 % move"),
        words("Volume of", "symbol", "market row whose volume is read"),
        quantity("Average daily volume", "volume", "in units"),
        Column("Share of a day (%)", "share", _share, True, "0.00%",
               hint="net exposure over a day's volume in money"),
        ratio("Days at a tenth", "days", "to sell it all at a tenth of the daily volume"),
    )
    return Table("Depth", columns, tuple(rows), "Net exposure against average daily volume; "
                 "blank where the Market sheet states no volume.")


def _row(root: str, exposure: Decimal, run: Run) -> DepthRow:
    row = run.book.market.underlying(root)
    worth = None if row is None else _worth(row, run)
    if row is None or worth is None:
        return DepthRow(root, exposure, "", None, None)
    return DepthRow(root, exposure, row.symbol, row.adv, abs(exposure) / worth)


def _share(value: Decimal) -> str:
    """Write a share of a day's volume with two decimals: most books are a small part of it."""
    return f"{accounting(value * PERCENT, 2)} %"


def _worth(row: Underlying, run: Run) -> Decimal | None:
    """Return a day's volume in the reporting currency; None where it is not known."""
    rate = run.book.market.fx_rate(row.currency)
    if not row.adv or not row.price or rate is None or row.price <= 0:
        return None
    return row.adv * row.price * rate
