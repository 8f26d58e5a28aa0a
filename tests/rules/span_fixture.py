"""The synthetic risk-parameter file of tests/data/span, read once, and shortcuts to run it."""

import json
from datetime import date
from decimal import Decimal
from functools import cache
from pathlib import Path

from workstation.importers.span_parameters import read_risk_parameters
from workstation.importers.span_positions import read_span_positions
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.portfolio import Portfolio, SpanPosition
from workstation.rulebooks.span.requirement import SpanCalculator
from workstation.rulebooks.span.rounding import FOLDER, Conventions

DATA = Path(__file__).resolve().parents[1] / "data" / "span"
PA2, SPN = DATA / "xmc.20260615.s.pa2", DATA / "xmc.20260615.s.spn"
CSV, POS = DATA / "portfolios.csv", DATA / "portfolios.pos"
EXPECTED = {case["id"].removeprefix("SPAN-"): case
            for case in json.loads((DATA / "expected.json").read_text("utf-8"))["cases"]}


def conventions() -> Conventions:
    return Conventions.of(RuleSet(date(2026, 6, 15)).edition(FOLDER))


@cache
def loaded(path: Path):
    return read_risk_parameters(path)


@cache
def calculator(path: Path = PA2) -> SpanCalculator:
    return SpanCalculator([loaded(path)], conventions())


@cache
def portfolios(path: Path = CSV) -> dict[str, Portfolio]:
    return {item.account_id: item for item in read_span_positions(path).portfolios}


def held(code, month, quantity, right="", strike=None, underlying=""):
    return SpanPosition(code, month, Decimal(quantity), "OOF" if right else "FUT", right,
                        None if strike is None else Decimal(strike), underlying)


def risk(*positions, account_class="HRP", path=PA2, **fields):
    return calculator(path).risk(Portfolio("T", account_class, tuple(positions), **fields))


def risk_of(portfolio, path=PA2):
    return calculator(path).risk(portfolio)


CONTRACTS = [
    ("EQ", "202606"), ("EQ", "202609"), ("EQ", "202612"), ("EQ", "202703"), ("EQB", "202609"),
    ("NT", "202606"), ("NT", "202609"), ("NT", "202612"), ("TN", "202606"), ("TN", "202609"),
    ("GD", "202606"), ("GD", "202608"), ("GD", "202610"), ("GD", "202612"), ("PW", "202607"),
    ("PW", "202608"), ("EQO", "202609", "C", "6600"), ("EQO", "202609", "C", "7000"),
    ("EQO", "202607W3", "P", "6450"), ("NTO", "202609", "C", "26000"),
    ("NTO", "202609", "P", "22500"), ("TNO", "202608", "C", "111"),
    ("TNO", "202608", "P", "109.5"), ("GDO", "202608", "P", "3300"),
]


def contract(index, quantity):
    code, month, *option = CONTRACTS[index]
    return held(code, month, quantity, *option)
