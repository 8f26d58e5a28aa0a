"""Families of the schedule vectors: grid margin, haircuts, calls."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from tests.vectors.runner import Case, Check, Header
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.schedule_grid import collateral
from workstation.rulebooks.schedule_grid.grid import (
    GridTrade,
    band_of_years,
    grid_margin,
    netted_trades,
)

TODAY = date(2026, 11, 20)
SIDES = {"collect": "call", "post": "post"}
MONEY, RATIO = 0.01, 1e-9


def _edition():
    return RuleSet(TODAY).edition("schedule")


def _exact(value):
    return Decimal(str(value))


def _compared(pairs):
    """Pairs of (got, wanted, allowed difference)."""
    worst = max(abs(float(got) - float(wanted)) for got, wanted, _ in pairs)
    failed = [f"got {got}, expected {wanted}" for got, wanted, allowed in pairs
              if not abs(float(got) - float(wanted)) <= allowed]
    return not failed, "; ".join(failed) or f"worst difference {worst:.3g}"


def schedule_im(case: Case, header: Header) -> tuple[bool, str]:
    edition = _edition()
    trades = netted_trades(
        GridTrade(t["id"], t["class"], band_of_years(_exact(t["years"]), edition),
                  _exact(t["notional"]), _exact(t["pv"])) for t in case["trades"])
    pairs = []
    for side, wanted in case["expected"].items():
        got = grid_margin("vector", trades, edition, SIDES[side])
        pairs += [(got.gross, wanted["gross"], MONEY),
                  (got.gross_replacement_cost, wanted["gross_replacement_cost"], MONEY),
                  (got.net_replacement_cost, wanted["net_replacement_cost"], MONEY),
                  (got.net_to_gross, wanted["ngr"], RATIO),
                  (got.margin.amount, wanted["im"], MONEY)]
    return _compared(pairs)


def haircut(case: Case, header: Header) -> tuple[bool, str]:
    percent = collateral.haircut_percent(case["asset"], _edition(),
                                         currency_mismatch=case["currency_mismatch"])
    value = collateral.value_after_haircut(_exact(case["market_value"]), percent)
    return _compared([(percent, case["expected"]["haircut_pct"], RATIO),
                      (value, case["expected"]["value"], MONEY)])


def fund_haircut(case: Case, header: Header) -> tuple[bool, str]:
    got = collateral.fund_haircut_percent([_exact(w) for w in case["weights"]],
                                          [_exact(p) for p in case["haircuts_pct"]])
    return _compared([(got, case["expected"]["haircut_pct"], RATIO)])


def im_call(case: Case, header: Header) -> tuple[bool, str]:
    got = collateral.margin_transfer(
        _exact(case["im"]), _exact(case["im_held"]), _exact(case["vm_due"]),
        threshold=_exact(case["threshold"]), minimum_transfer=_exact(case["mta"]))
    return _compared([(got, case["expected"]["im_transfer"], MONEY)])


FAMILIES: dict[str, Check] = {"schedule_im": schedule_im, "haircut": haircut,
                              "fund_haircut": fund_haircut, "im_call": im_call}
