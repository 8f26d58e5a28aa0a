"""Turn the small objects of span vectors into loaded parameters, and run them."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import numpy as np

from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.commodity import Commodity
from workstation.rulebooks.span.contracts import (
    RIGHTS,
    Contracts,
    Family,
    Series,
    in_series_order,
    strike_key,
)
from workstation.rulebooks.span.parameters import Organisation, RiskParameters
from workstation.rulebooks.span.portfolio import Portfolio, SpanPosition
from workstation.rulebooks.span.requirement import SpanCalculator
from workstation.rulebooks.span.rounding import FOLDER, Conventions

TODAY = date(2026, 11, 20)
ORGANISATION = "VEC"


def decimal(value) -> Decimal:
    return Decimal(str(value))


def plain_month(text) -> str:
    return str(text).replace("-", "") if text else ""


class Fixture:
    """Gathers contracts and commodities, then calculates a portfolio of them."""

    def __init__(self):
        self.families: dict[tuple[str, str], int] = {}
        self._family: list[Family] = []
        self._series: list[Series] = []
        self._rows: list[tuple] = []
        self.commodities: dict[str, Commodity] = {}
        self.inter = ()

    def contract(self, code, array, *, kind="FUT", month="202609", underlying="", right="",
                 strike=None, delta=1.0, price=float("nan"), factor=1, scan_range=None, scaling=1,
                 premium=True) -> int:
        """Add one contract and return its family's number."""
        family = self.families.setdefault((code, kind), len(self.families))
        if family == len(self._family):
            self._family.append(Family("VEC", code, kind, "USD", decimal(factor),
                                       premium and bool(right)))
        series = Series(family, month, underlying, decimal(scaling),
                        None if scan_range is None else decimal(scan_range))
        if series not in self._series:
            self._series.append(series)
        self._rows.append((self._series.index(series), RIGHTS[right or ""],
                           strike_key(None if strike is None else decimal(strike)),
                           price, delta, array))
        return family

    def commodity(self, code, families, **rest):
        self.commodities[code] = Commodity(code, "USD", tuple(families), ORGANISATION, **rest)

    def parameters(self) -> RiskParameters:
        columns = list(zip(*self._rows, strict=True))
        contracts = in_series_order(Contracts(
            np.array(columns[0], np.int32), np.array(columns[1], np.uint8),
            np.array(columns[2], np.int64), np.array(columns[3], float),
            np.array(columns[4], float), np.array(columns[5], float)))
        organisation = Organisation(
            ORGANISATION, TODAY, "settlement", "18:00", tuple(self._family), tuple(self._series),
            contracts, self.commodities, tuple(self.inter))
        return RiskParameters("vector", "", "vector", (organisation,), len(self._rows))

    def calculate(self, positions, account_class="HRP"):
        """Calculate the positions as one portfolio."""
        conventions = Conventions.of(RuleSet(TODAY).edition(FOLDER))
        calculator = SpanCalculator([self.parameters()], conventions)
        answer = calculator.risk(Portfolio("V", account_class, tuple(positions)))
        assert not answer.excluded, answer.excluded
        return answer


def position(code, quantity, month="202609", kind="FUT", right="", strike=None, underlying=""):
    return SpanPosition(code, month, decimal(quantity), kind, right or "",
                        None if strike is None else decimal(strike), underlying)
