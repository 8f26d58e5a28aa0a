"""Families of the cascade vectors, run through the cascade package's own functions."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from functools import partial

import numpy as np

from tests.vectors.runner import Case, Check, Header
from workstation.cascade import (
    clearing,
    correlation,
    deleveraging,
    dynamic,
    equilibrium,
    impact,
    margin_path,
    schedule,
)
from workstation.cascade.lending import Loan
from workstation.cascade.reverse import HALVINGS, tipping_multiple

Pairs = Iterable[tuple[object, object]]
DEFAULT_TOLERANCE = (1e-9, True)


def tolerance(text: str) -> tuple[float, bool]:
    """Read '1e-8 relative on prices, ...': the size, and whether it is relative."""
    first = text.split()[0].rstrip(",;")
    return float(first), "relative" in text


def within(pairs: Pairs, case: Case) -> tuple[bool, str]:
    """Compare numbers and arrays at the case's tolerance."""
    size, relative = tolerance(case["tolerance"])
    worst = 0.0
    for got, wanted in pairs:
        if wanted is None or got is None:
            if got is not wanted:
                return False, f"got {got}, expected {wanted}"
            continue
        ours, theirs = np.asarray(got, dtype=float), np.asarray(wanted, dtype=float)
        if ours.shape != theirs.shape:
            return False, f"got shape {ours.shape}, expected {theirs.shape}"
        # A figure that should be nil is compared with the size of its own row.
        scale = np.maximum(np.abs(theirs), 1e-6 * np.max(np.abs(theirs), initial=0.0))
        scale = np.where(scale > 0, scale, 1.0) if relative else 1.0
        worst = max(worst, float(np.max(np.abs(ours - theirs) / scale, initial=0.0)))
    return worst <= size, f"worst difference {worst:.3g}"


def arrays(given: Mapping, *names: str) -> list[np.ndarray]:
    return [np.array(given[name], dtype=float) for name in names]


def glt(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    assets, equity, weights, ell, shock = arrays(given, "A", "E", "M", "ell", "f")
    got = deleveraging.leverage_targeting(
        deleveraging.BalanceSheets(assets, equity, weights), ell, shock)
    return within([
        (got.direct_loss, wanted["direct_loss"]),
        (np.sum(got.direct_loss) / np.sum(equity), wanted["direct_pct"]),
        (got.sales, wanted["sales"]), (got.price_drop, wanted["price_drop"]),
        (got.second_loss, wanted["second_round_loss"]),
        (got.aggregate_vulnerability, wanted["AV"]), (got.systemicness, wanted["systemicness"]),
        (got.indirect_vulnerability, wanted["indirect_vulnerability"])], case)


def glt_limit(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    assets, equity, weights, ell = arrays(given, "A", "E", "M", "ell")
    shock = np.zeros(weights.shape[1])
    shock[0] = given["shock_asset1"]
    sheets = deleveraging.BalanceSheets(assets, equity, weights)
    linear = deleveraging.leverage_targeting(sheets, ell, shock).aggregate_vulnerability
    stepped = deleveraging.targeting_on_holdings(sheets, ell, shock)
    return within([(linear, wanted["glt_AV"]), (stepped, wanted["dynamic_AV"]),
                   (stepped / linear, wanted["ratio"])], case)


def cont_schaanning(case: Case, header: Header) -> tuple[bool, str]:
    given = case["inputs"]
    bank = deleveraging.ThresholdBank(given["A"], given["I"], given["C"], given["lmax"],
                                      given["lb"])
    rounds = deleveraging.threshold_rounds(bank, given["D"], given["shock"], 0.5)
    names = {"price": "price", "equity": "equity", "leverage": "leverage", "sale": "sale",
             "gamma": "share_sold", "psi": "impact", "equity_after": "equity_after"}
    pairs: list[tuple[object, object]] = [(len(rounds), len(case["expected"]["rounds"]))]
    for got, wanted in zip(rounds, case["expected"]["rounds"], strict=False):
        pairs += [(getattr(got, names[key]), value) for key, value in wanted.items() if key != "k"]
    return within(pairs, case)


def sqrt_impact(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    if "slices" in given:
        return _slices(case)
    if "description" in given:
        k = 1e-6
        cost = 1.0 - impact.execution_price(1.0, k, 0.0, -1.0)
        peak = 1.0 - impact.moved_price(1.0, k, 0.0, -1.0)
        return within([(cost / peak, wanted["ratio_to_peak"])], case)
    peak = impact.peak_impact(given["Y"], given["sigma_daily"], given["Q_over_V"])
    leverage = impact.critical_leverage(peak)
    return within([(peak, wanted["impact"]), (leverage, wanted["critical_leverage"]),
                   (1.0 - leverage * impact.AVERAGE_SHARE * peak, wanted["equity_left"])], case)


def _slices(case: Case) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    k = float(impact.slope(given["Y"], np.array([given["sigma"]]), np.array([given["adv"]]))[0])
    pairs = []
    for count in given["slices"]:
        price, done, paid = given["p0"], 0.0, 0.0
        part = (-1.0 if given["side"] == "sell" else 1.0) * given["Q"] / count
        for _ in range(count):
            paid += impact.execution_price(price, k, done, part) * abs(part)
            price = impact.moved_price(price, k, done, part)
            done += part
        pairs += [(price, wanted["final_price"]), (paid / given["Q"], wanted["average_price"])]
    return within(pairs, case)


def almgren_chriss(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    sale = schedule.Liquidation(given["X"], given["T"], given["N"], given["sig"], given["eps"],
                                given["gam"], given["eta"])
    got = schedule.optimal(sale, given["risk_aversion"])
    return within([(got.urgency, wanted["kappa"]),
                   (got.half_life, wanted["half_life_continuous"]),
                   (got.left, wanted["trajectory"]), (got.expected_cost, wanted["E_cost"]),
                   (got.variance, wanted["Var"])], case)


def network_clearing(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    liabilities, external = arrays(given, "liabilities_rowmajor", "external_assets")
    got = clearing.clear(liabilities, external, given["alpha"], given["beta"])
    if list(got.defaulted) != wanted["defaulted"]:
        return False, f"defaulted {got.defaulted}"
    return within([(got.payments, wanted["p"]), (got.equity, wanted["equity"])], case)


def debtrank(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    claims, buffer, weights = arrays(given, "assets_matrix_rowmajor", "buffer", "weights")
    passed_on = clearing.distress_impact(claims, buffer)
    pairs = []
    for spread, alone, together in (
            (clearing.single_hit, "single_hit", "shock10_final"),
            (clearing.linear_spread, "linear", "linear_shock10")):
        for i, value in enumerate(wanted[alone].values()):
            start = np.zeros(len(buffer))
            start[i] = 1.0
            pairs.append((clearing.additional_stress(spread(passed_on, start), start, weights),
                          value))
        pairs.append((spread(passed_on, np.full(len(buffer), 0.1)), wanted[together]))
    return within(pairs, case)


def nearest_correlation(case: Case, header: Header) -> tuple[bool, str]:
    [matrix] = arrays(case["inputs"], "matrix")
    wanted = case["expected"]
    repaired = correlation.nearest_correlation(matrix)
    return within([(repaired, wanted["nearest"]),
                   (np.linalg.norm(repaired - matrix), wanted["frobenius_distance"]),
                   (np.linalg.eigvalsh(matrix)[0], wanted["min_eig_before"])], case)


def correlation_convergence(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    exposures, sigma = arrays(given, "exposures", "sigma")
    margin = partial(correlation.netted_margin, exposures, sigma, multiple=given["z"])
    gross = correlation.gross_margin(exposures, sigma, given["z"])
    pairs = [(gross, wanted["gross"])]
    if "rho_low" in given:
        ones = np.ones((len(exposures), len(exposures)))
        low = correlation.blend(np.eye(len(exposures)), ones, given["rho_low"])
        pairs += [(margin(ones), wanted["net_rho_1"]), (margin(low), wanted["net_rho_low"])]
    else:
        [usual] = arrays(given, "rho")
        worst = correlation.worst_signs(exposures)
        pairs.append(([margin(correlation.blend(usual, worst, w)) for w in given["w"]],
                      wanted["margin"]))
    return within(pairs, case)


def lending_liquidation(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    loan = Loan(given["C"], given["B"], given["LT"])
    after = loan.repaid(given["r"], given["bonus"])
    if (after.health > loan.health) is not wanted["improves"]:
        return False, f"health {loan.health} becomes {after.health}"
    if loan.worsens(given["bonus"]) is wanted["improves"]:
        return False, "the toxic-liquidation test disagrees with the health after it"
    return within([(loan.health, wanted["HF"]), (after.health, wanted["HF_after"]),
                   (loan.bad_debt(given["bonus"]), wanted["bad_debt_if_full"])], case)


def procyclicality(case: Case, header: Header) -> tuple[bool, str]:
    if "inputs" not in case:
        return False, "margin histories are not read by this family"
    given, wanted = case["inputs"], case["expected"]
    path = margin_path.volatility_path(given["sigma0"], np.array(given["returns"]), given["lam"])
    blended = margin_path.dampened(path, given["stress_sigma"], given["apc_weight"])
    return within([(path, wanted["sigma"]), (blended, wanted["blended"]),
                   (np.max(path) / given["sigma0"], wanted["peak_to_start"])], case)


def solved_equilibrium(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    held, cash, prices, sigma, adv, shock = arrays(given, "q", "c", "p0", "sig", "adv", "shock")
    got = equilibrium.solve(
        equilibrium.Borrowers(held, cash, np.full(len(cash), given["m_"])), prices * (1.0 + shock),
        equilibrium.Depth(given["Y"], sigma, adv), given["b"])
    return within([(got.final.prices, wanted["prices"]),
                   (got.final.sale_fraction, wanted["sale_fraction"])], case)


def _scene(given: Mapping) -> tuple[dynamic.Scene, dynamic.Mechanics]:
    scene = dynamic.Scene(*arrays(given, "q", "c", "p0", "sig", "rho", "adv"))
    optional = {name: np.array(given[key], dtype=float)
                for name, key in (("depth", "kyle"), ("stressed", "rho_star")) if key in given}
    halt = given.get("halt") or given.get("halts") or {}
    return scene, dynamic.Mechanics(
        given["Y"], given["z"], given["h"], given["lam_ew"], given["part"], given["mm"],
        given["buf"], given["offset"], tuple(given["w"]), given["floor"], given["procyc"],
        given["impact"], halt_level=halt.get("level"), halt_steps=halt.get("steps", 0), **optional)


def margin_cascade(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    scene, mechanics = _scene(given)
    got = dynamic.run(scene, np.array(given["shock"], dtype=float), mechanics)
    first = wanted["first_liquidated"]
    if len(got.steps) != wanted["steps"]:
        return False, f"{len(got.steps)} steps, expected {wanted['steps']}"
    if list(got.first_liquidated) != (first or []):
        return False, f"first liquidated {got.first_liquidated}, expected {first}"
    pairs = [
        (got.prices, wanted["final_prices"]), (got.direct_loss, wanted["direct_loss"]),
        (got.total_loss, wanted["total_loss"]), (got.amplification, wanted["amplification"]),
        (got.equity, wanted["final_equity"]), (got.positions, wanted["final_positions"]),
        (got.provider_positions, wanted["lp_inventory"])]
    names = {"p": "prices", "p_next": "next_prices", "calls": "calls", "theta": "sale_fraction",
             "net": "traded", "w": "convergence", "sig": "volatility", "margin": "margin",
             "equity": "equity"}
    for step, trace in zip(got.steps, wanted["trace_first_two"], strict=False):
        pairs += [(getattr(step, names[key]), value)
                  for key, value in trace.items() if key in names]
    return within(pairs, case)


def reverse_stress(case: Case, header: Header) -> tuple[bool, str]:
    given, wanted = case["inputs"], case["expected"]
    book = given["book"]
    if isinstance(book, str):
        book = header["inputs_of"][book.removesuffix(" inputs")]
    scene, mechanics = _scene(book)
    direction, (low, high) = np.array(given["direction"], dtype=float), given["search"]

    def outcome(multiple: float) -> dynamic.Outcome:
        return dynamic.run(scene, multiple * direction, mechanics)

    def event(name: str):
        """Return the event of a name: a sale, equity below zero, or amplification above a level."""
        if name == "first_forced_sale":
            return lambda m: bool(outcome(m).first_liquidated)
        if name == "first_negative_equity":
            return lambda m: bool((outcome(m).equity < 0).any())
        level = float(name.removeprefix("amplification_above_").replace("_", "."))
        return lambda m: (outcome(m).amplification or 0.0) > level

    halvings = re.search(r"(\d+) halvings", given.get("method", ""))
    count = int(halvings[1]) if halvings else HALVINGS
    return within([(tipping_multiple(event(name), low, high, count), value)
                   for name, value in wanted.items()], case)


FAMILIES: dict[str, Check] = {
    "glt": glt,
    "glt_limit_of_dynamic": glt_limit,
    "cont_schaanning": cont_schaanning,
    "sqrt_impact": sqrt_impact,
    "almgren_chriss": almgren_chriss,
    "network_clearing": network_clearing,
    "debtrank": debtrank,
    "nearest_correlation": nearest_correlation,
    "correlation_convergence": correlation_convergence,
    "lending_liquidation": lending_liquidation,
    "procyclicality": procyclicality,
    "equilibrium": solved_equilibrium,
    "margin_cascade": margin_cascade,
    "reverse_stress": reverse_stress,
}
