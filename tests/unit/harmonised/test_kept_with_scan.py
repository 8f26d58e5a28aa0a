"""What is kept with a priced scan never answers for a design it was not made for."""

from decimal import Decimal

import pytest

from tests.unit.harmonised.books import (
    AS_OF,
    account,
    book,
    correlated,
    flat_volatility,
    future,
    option,
    silos,
    stock,
)
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.engine import assess
from workstation.harmonised.knobs import KNOBS
from workstation.parameters.ruleset import RuleSet

RULES = RuleSet(AS_OF)
HISTORY = correlated({"SPX": 0.97, "QQQ": 0.95, "BTC": 0.5}, 700)
BOOK = book([stock("PM", "SPY", 1000, "etf"), stock("PM", "QQQ", -900, "etf"),
             stock("PM", "IBIT", 2000, "etp"), option("PM", "SPY", "P", "480", 10, "10"),
             future("F", "ES", "SPX", -1, 50, "5000")],
            [account("PM"), account("F", "futures")], HISTORY)
HOLDINGS, TODAY = resolve(BOOK), silos(BOOK)
VOLATILITY = flat_volatility(HOLDINGS, 0.3)


def answered(design, scan=None):
    return assess(design, BOOK, HOLDINGS, VOLATILITY, TODAY, RULES, scan)


def another(knob):
    """A value the knob accepts that is not its default, None where only texts are accepted."""
    match knob.kind:
        case "flag":
            return not knob.default
        case "choice":
            return next(c for c in knob.choices if c != knob.default)
        case "texts":
            return None
        case _:
            low, high = knob.low or Decimal(0), knob.high or Decimal(10)
            value = (low + high) / 2 if knob.kind == "number" else int((low + high) / 2)
            return value if value != knob.default else high


@pytest.mark.parametrize("base", ["single-account-scan", "filtered-hs-apc"])
def test_one_scan_answers_every_knob_as_a_fresh_one_does(base):
    design = shipped()[base]
    shared = answered(design).scan
    changed = 0
    for name, knob in KNOBS.items():
        value = another(knob)
        if value is None or name.startswith(("scan.", "copula.")):
            continue
        other = with_knob(design, name, value)
        kept, fresh = answered(other, shared), answered(other)
        assert kept.margin.requirement == fresh.margin.requirement, name
        changed += fresh.margin.requirement.amount != answered(
            design, shared).margin.requirement.amount
    assert changed > 10
