"""What is wrong with a row of a CRIF, and what was done about it."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.base.problem import Problem

REMEDIES = {
    "E01": "give the qualifier one bucket in every row of this risk type",
    "E02": "use one of the CRIF risk types",
    "E03": "use an ISO currency code",
    "E04": "write six letters of two different currencies, such as EURUSD",
    "E05": "use a vertex of this risk type",
    "E06": "use a bucket of this risk class",
    "E07": "fill AmountUSD, or Amount with AmountCurrency",
    "E08": "fill AmountUSD, or give the exchange rate with --rate",
    "E09": "write the amount as a plain number with a decimal point",
    "E10": "make Amount and AmountUSD agree",
    "E11": "use RatesFX, Credit, Equity or Commodity (schedule rows: Rates, FX, Credit, Equity, "
           "Commodity, Other)",
    "E12": "use OIS, Libor1m, Libor3m, Libor6m, Libor12m, or for USD Prime or Municipal",
    "E13": "use a multiplier of 1 or more",
    "E14": "leave ProductClass empty and name the product in Qualifier",
    "E15": "write end_date as YYYY-MM-DD",
    "E17": "fill TradeID",
    "E16": "name the issuer, index, commodity or product in Qualifier",
}


@dataclass(frozen=True, slots=True)
class Finding:
    """One finding on one row: E codes refuse the row, W codes tell what was done with it."""

    line: int
    trade: str
    portfolio: str
    column: str
    value: str
    code: str
    reason: str

    @property
    def refuses(self) -> bool:
        """Say whether the row is refused."""
        return self.code.startswith("E")

    def problem(self, file: str) -> Problem:
        """Return the finding as a problem of the file."""
        trade = f", {self.trade}" if self.trade else ""
        return Problem(f"{file}, line {self.line}{trade}",
                       f"{self.code}: {self.column} {self.value!r}: {self.reason}",
                       REMEDIES.get(self.code, ""),
                       "error" if self.refuses else "warning")


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding on a kind of row, before it is known which lines have it."""

    code: str
    column: str
    value: str
    reason: str
