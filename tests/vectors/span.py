"""The span family: real-file outrights and spreads, the two-commodity fixture, methods by hand."""

from __future__ import annotations

from decimal import Decimal

from tests.vectors.runner import Case, Header
from tests.vectors.span_objects import ORGANISATION, Fixture, decimal, plain_month, position
from workstation.rulebooks.span.commodity import (
    InterLeg,
    InterSpread,
    IntraLeg,
    IntraSpread,
    Tier,
)
from workstation.rulebooks.span.model_arrays import ScanRanges, future_array

ZEROS = [0.0] * 16


class Compared:
    """Collects differences of one case; a figure that is no match says which one."""

    def __init__(self, tolerance: float):
        self.tolerance, self.worst, self.failures = tolerance, 0.0, []

    def number(self, name, got, wanted, tolerance=None):
        difference = abs(float(got) - float(wanted))
        self.worst = max(self.worst, difference)
        if difference > (self.tolerance if tolerance is None else tolerance):
            self.failures.append(f"{name}: {float(got):.6g} against {float(wanted):.6g}")

    def same(self, name, got, wanted):
        if got != wanted:
            self.failures.append(f"{name}: {got} against {wanted}")

    def outcome(self) -> tuple[bool, str]:
        detail = "; ".join(self.failures) or f"worst difference {self.worst:.6g}"
        return not self.failures, detail


def span(case: Case, header: Header) -> tuple[bool, str]:
    """Calculate a case in the form its parameters have."""
    given = case["parameters"]
    for key, check in (("fixture", _fixture), ("leg_arrays", _scanning_spread),
                       ("wfpr_method", _price_risk_methods), ("premium", _option_value),
                       ("worst_loss_per_unit_inr", _units)):
        if key in given:
            return check(case, header)
    return _outright(case)


def _ratios(given):
    return {"initial": {name: decimal(value)
                        for name, value in given.get("initial_ratio", {}).items()}}


def _array(given):
    for name in ("risk_array", "reconstructed_array", "risk_array_both_legs"):
        if name in given:
            return [float(value) for value in given[name]]
    raise KeyError("no array")


def _outright(case: Case) -> tuple[bool, str]:
    given, expected = case["parameters"], case["expected"]
    fixture = Fixture()
    month_of = [plain_month(p["month"]) for p in case["positions"]]
    for p, month in zip(case["positions"], month_of, strict=True):
        family = fixture.contract(
            p["product"], _array(given), month=month, scan_range=given.get("price_scan_range"),
            scaling=given.get("delta_scaling_factor", 1))
    spreads = [_series_spread(given)] if "series_spread" in given else []
    fixture.commodity("CC", [family], intra_spreads=tuple(spreads), **_ratios(given))
    answer = fixture.calculate([position(p["product"], p["quantity"], month)
                                for p, month in zip(case["positions"], month_of, strict=True)])
    (item,) = answer.commodities
    figures = {
        "scan_risk": item.scan, "active_scenario": item.active_scenario,
        "maintenance": answer.maintenance.amount, "initial_HRP": answer.initial.amount,
        "net_delta_in_SP_units": item.net_delta, "intracommodity_charge": item.intra,
        "extreme_scenario_loss": max(item.scans[0].losses[14:]),
    }
    compared = Compared(case["tolerance"]["usd"])
    for name, wanted in expected.items():
        exact = 0 if name in ("active_scenario", "net_delta_in_SP_units") else None
        compared.number(name, figures[name], wanted, exact)
    return compared.outcome()


def _series_spread(given):
    legs = []
    for text in given["series_spread"]["legs"]:
        month, side, ratio = text.split()
        legs.append(IntraLeg(decimal(ratio), side, plain_month(month)))
    return IntraSpread("series", given["series_spread"]["priority"],
                       decimal(given["series_spread_charge"]), tuple(legs))


def _option_value(case: Case, header: Header) -> tuple[bool, str]:
    given, (p,) = case["parameters"], case["positions"]
    array = [float(given["scan_risk"]), *ZEROS[1:]]
    fixture, month = Fixture(), plain_month(p["month"])
    family = fixture.contract(
        p["product"], array, kind=p["type"], month=month, right=p["right"], strike=p["strike"],
        delta=0.0, price=given["premium"], factor=given["cvf"],
        premium=given["option_style"] == "premium")
    fixture.commodity("CC", [family])
    answer = fixture.calculate([position(
        p["product"], p["quantity"], month, p["type"], p["right"], p["strike"])])
    compared, expected = Compared(case["tolerance"]["usd"]), case["expected"]
    compared.number("nov", answer.net_option_value, expected["nov"])
    compared.number("risk_minus_nov", answer.maintenance_risk - answer.net_option_value,
                    expected["risk_minus_nov"])
    compared.number("requirement", answer.maintenance.amount, expected["requirement"])
    compared.number("excess", answer.excess_maintenance, expected["excess_long_option_value"])
    return compared.outcome()


def _units(case: Case, header: Header) -> tuple[bool, str]:
    """Scan units (lots x lot size): the file's arrays are per unit."""
    given, (p,) = case["parameters"], case["positions"]
    fixture = Fixture()
    array = [0.0] * 12 + [float(given["worst_loss_per_unit_inr"])] * 2 + [0.0] * 2
    fixture.commodity("CC", [fixture.contract(p["product"], array)])
    answer = fixture.calculate([position(p["product"], p["lots"] * given["lot_size"])])
    compared = Compared(case["tolerance"]["usd"])
    compared.number("span_margin", answer.commodities[0].scan, case["expected"]["span_margin_inr"])
    return compared.outcome()


def _price_risk_methods(case: Case, header: Header) -> tuple[bool, str]:
    given, (p,) = case["parameters"], case["positions"]
    array = future_array(given["price_scan_range"], ScanRanges(0, 0, 3.0, 0.33))
    found = {}
    for method in (1, 2, 3):
        fixture = Fixture()
        family = fixture.contract(p["product"], array, scan_range=given["price_scan_range"],
                                  scaling=given["delta_scaling_factor"])
        fixture.commodity("CC", [family], price_risk_method=method)
        found[method] = fixture.calculate([position(p["product"], p["quantity"])]).commodities[0]
    compared, expected = Compared(case["tolerance"]["usd"]), case["expected"]
    item = found[given["wfpr_method"]]
    for name, got in (("net_delta", item.net_delta), ("futures_price_risk", item.price_risk),
                      ("wfpr_normal", found[1].weighted_price_risk),
                      ("wfpr_cap", found[3].weighted_price_risk),
                      ("wfpr", item.weighted_price_risk)):
        compared.number(name, got, expected[name])
    return compared.outcome()


def _scanning_spread(case: Case, header: Header) -> tuple[bool, str]:
    """Join the legs into the target; the case's arrays are of the whole positions."""
    given, expected = case["parameters"], case["expected"]
    fixture, held, legs = Fixture(), [], []
    for p, losses in zip(case["positions"], given["leg_arrays"], strict=True):
        code, _, note = p["cc"].partition("(")
        family = fixture.contract(code, [loss / p["quantity"] for loss in losses])
        fixture.commodity(code, [family])
        held.append(position(code, p["quantity"]))
        legs.append(InterLeg(ORGANISATION, code, Decimal(1), "A", target=note == "target)"))
    alone = sum(fixture.calculate([p]).commodities[0].scan for p in held)
    fixture.inter = (InterSpread("inter", 1, "04", decimal(given["credit_rate_on_gains"]) * 100,
                                 tuple(legs)),)
    answer = fixture.calculate(held)
    target = next(c for c in answer.commodities if c.absorbed)
    compared = Compared(case["tolerance"]["usd"])
    for got, wanted in zip(target.scans[0].losses, expected["combined_array"], strict=True):
        compared.number("combined_array", got, wanted)
    compared.number("scan_risk", target.scan, expected["scan_risk"])
    compared.number("stand_alone_sum", alone, expected["stand_alone_sum"])
    return compared.outcome()


def _fixture(case: Case, header: Header) -> tuple[bool, str]:
    """Run positions on a whole fixture object of the file's header."""
    stated = header["header"]["fixtures"] if "header" in header else header["fixtures"]
    fixture = _loaded(stated[case["parameters"]["fixture"]])
    answer = fixture.calculate([position(
        p["family"], p["quantity"], str(p["opt_month"] or p["fut_month"]), p["type"],
        p["right"], p["strike"], str(p["fut_month"]) if p["opt_month"] else "")
        for p in case["positions"]], case["parameters"]["account_class"])
    compared = Compared(case["tolerance"]["usd"])
    fine = case["tolerance"]["weighted_futures_price_risk"]
    items = {item.code: item for item in answer.commodities}
    for code, wanted in case["expected"]["per_combined_commodity"].items():
        _compare_commodity(compared, items[code], wanted, answer, fine)
    earned = [(s.priority, leg.commodity, float(s.count), float(leg.credit))
               for s in answer.formed if s.is_credit for leg in s.legs]
    compared.same("inter_spreads", earned, [
        (s["priority"], s["combined_commodity"], s["spreads"], s["credit"])
        for s in case["expected"]["inter_spreads"]])
    total = case["expected"]["total"]
    for name, got in (
            ("maintenance_risk", answer.maintenance_risk), ("initial_risk", answer.initial_risk),
            ("net_option_value", answer.net_option_value),
            ("maintenance_requirement", answer.maintenance.amount),
            ("initial_requirement", answer.initial.amount),
            ("risk_minus_nov", answer.maintenance_risk - answer.net_option_value)):
        compared.number(name, got, total[name])
    return compared.outcome()


def _compare_commodity(compared, item, wanted, answer, fine):
    for name, got in (
            ("scan_risk", item.scan), ("time_risk", item.time_risk),
            ("vol_risk", item.volatility_risk), ("futures_price_risk", item.price_risk),
            ("intracommodity_charge", item.intra), ("intercommodity_credit", item.inter_credit),
            ("short_option_minimum", item.short_option_minimum),
            ("net_option_value", item.net_option_value), ("risk", item.risk),
            ("maintenance", item.maintenance), ("initial_HRP", item.initial)):
        compared.number(f"{item.code} {name}", got, wanted[name])
    compared.number(f"{item.code} wfpr", item.weighted_price_risk,
                    wanted["weighted_futures_price_risk"], fine)
    compared.number(f"{item.code} net_delta", item.net_delta, wanted["net_delta"], 1e-9)
    compared.same(f"{item.code} active", item.active_scenario, wanted["active_scenario"])
    formed = [{"kind": s.kind, "priority": s.priority, "rate": float(s.rate),
               "spreads": float(s.count)} for s in answer.formed
              if not s.is_credit and s.legs[0].commodity == item.code]
    compared.same(f"{item.code} spreads", formed, wanted["spreads_formed"])


def _loaded(stated) -> Fixture:
    fixture, families = Fixture(), {}
    for row in stated["instruments"]:
        family = fixture.contract(
            row["family"], row["risk_array"], kind=row["type"],
            month=str(row["opt_month"] or row["fut_month"]),
            underlying=str(row["fut_month"]) if row["opt_month"] else "", right=row["right"],
            strike=row["strike"], delta=row["composite_delta"], price=row["settlement"],
            factor=row["contract_value_factor"], scan_range=row["price_scan_range"],
            scaling=row["delta_scaling_factor"])
        families.setdefault(row["combined_commodity"], []).append(family)
    for code, row in stated["combined_commodities"].items():
        fixture.commodity(code, dict.fromkeys(families[code]), **_commodity(row))
    fixture.inter = tuple(_inter(row) for row in stated["inter_commodity_spreads"])
    return fixture


def _commodity(row):
    spreads = []
    for kind in ("series", "tier"):
        for s in row[f"{kind}_spreads"]:
            legs = tuple(IntraLeg(decimal(leg["ratio"]), leg["side"], plain_month(leg.get("month")),
                                  leg.get("tier", 0)) for leg in s["legs"])
            spreads.append(IntraSpread(kind, s["priority"], decimal(s["rate"]), legs))
    return {
        "price_risk_method": int(row["wfpr_method"]),
        "short_option_rate": decimal(row["som_per_short_option"]),
        "short_option_maximum": row["som_method"] != "gross",
        "intra_tiers": tuple(Tier(t["tier"], str(t["start"]), str(t["end"]))
                             for t in row["tiers"]),
        "intra_spreads": tuple(spreads) if row["intra_method"] == "10" else (),
        "initial": {k: decimal(v) for k, v in row["initial_ratio"].items()},
        "adjustment": {k: decimal(v) for k, v in row["adjustment_factor"].items()},
    }


def _inter(row) -> InterSpread:
    legs = tuple(InterLeg(ORGANISATION, leg["combined_commodity"], decimal(leg["ratio"]),
                          leg["side"]) for leg in row["legs"])
    return InterSpread("inter", row["priority"], row["method"], decimal(row["credit_pct"]), legs)
