"""Families of the backtest vectors: tests of coverage, tails, filtering, procyclicality."""

from __future__ import annotations

import numpy as np

from tests.vectors.runner import Case, Check, Header, accepts
from workstation.measures import backtest, historical, procyclicality
from workstation.rulebooks.simm import block

RELATIVE, ABSOLUTE, P_VALUE = 1e-8, 1e-9, 1e-6


def _close(pairs):
    """Pairs of (got, wanted[, relative]); figures are stated to nine digits after the point."""
    worst, failed = 0.0, []
    for got, wanted, *rest in pairs:
        if isinstance(wanted, bool | str) or (isinstance(wanted, list) and not any(
                isinstance(w, float) for w in wanted)):
            if got != wanted:
                failed.append(f"got {got}, expected {wanted}")
            continue
        relative = rest[0] if rest else RELATIVE
        ours, theirs = np.atleast_1d(got).astype(float), np.atleast_1d(wanted).astype(float)
        difference = np.abs(ours - theirs)
        worst = max(worst, float(np.max(difference)))
        if not np.all(difference <= np.maximum(ABSOLUTE, relative * np.abs(theirs))):
            failed.append(f"got {got}, expected {wanted}")
    return not failed, "; ".join(failed) or f"worst difference {worst:.3g}"


def kupiec(case: Case, header: Header) -> tuple[bool, str]:
    got, wanted = backtest.kupiec(case["T"], case["x"], case["p"]), case["expected"]
    return _close([(got.ratio, wanted["lr"]), (got.p_value, wanted["p_value"], P_VALUE),
                   (got.rejects_95, wanted["reject_95"]), (got.rejects_99, wanted["reject_99"])])


def independence(case: Case, header: Header) -> tuple[bool, str]:
    got = backtest.christoffersen(backtest.Transitions(*case["n00_n01_n10_n11"]))
    wanted = case["expected"]
    return _close([(got.ratio, wanted["lr"]), (got.p_value, wanted["p_value"], P_VALUE)])


def sequence(case: Case, header: Header) -> tuple[bool, str]:
    losses = np.zeros(case["N"])
    losses[case["exceedance_positions_0based"]] = 2.0
    got, wanted = backtest.backtest(np.ones(case["N"]), losses, case["p"]), case["expected"]
    n = backtest.Transitions.of((losses > 1).tolist())
    return _close([
        ([n.calm_calm, n.calm_hit, n.hit_calm, n.hit_hit], wanted["n00_n01_n10_n11"]),
        (got.exceedances, wanted["x"]), (got.coverage.ratio, wanted["lr_pof"]),
        (got.independence.ratio, wanted["lr_ind"]), (got.conditional.ratio, wanted["lr_cc"]),
        (got.conditional.p_value, wanted["p_cc"], P_VALUE)])


def light(case: Case, header: Header) -> tuple[bool, str]:
    given = case["T"], case["x"], case["p"]
    return _close([(backtest.exceedance_probability(*given), case["expected"]["cdf"]),
                   (backtest.traffic_light(*given), case["expected"]["zone"])])


def tails(case: Case, header: Header) -> tuple[bool, str]:
    pnl, alpha, wanted = np.array(case["pnl"]), case["alpha"], case["expected"]
    count, mean = historical.mean_of_worst(pnl, alpha)
    return _close([(historical.value_at_risk(pnl, alpha), wanted["var"]),
                   (historical.expected_shortfall(pnl, alpha), wanted["es"]),
                   (count, wanted["mean_of_worst_k"]["k"]),
                   (mean, wanted["mean_of_worst_k"]["value"])])


def filtered(case: Case, header: Header) -> tuple[bool, str]:
    returns, decay, wanted = np.array(case["returns"]), case["lambda"], case["expected"]
    limits = case["scale_floor"], case["scale_cap"]
    return _close([
        (historical.weighted_volatility(returns, decay)[-1], wanted["sigma_now"]),
        (historical.filtered_returns(returns, decay, *limits), wanted["fhs_scaled"]),
        (historical.half_filtered_returns(returns, decay), wanted["mid_vol_scaled"])])


@accepts(lambda case: "im" in case)
def cycles(case: Case, header: Header) -> tuple[bool, str]:
    base = np.array(case["im"])
    series = {"base": base, "a_buffer25": procyclicality.buffered(base, 0.25),
              "b_25pct_stress": procyclicality.stress_weighted(base, case["stress_margin"], 0.25),
              "c_floor": procyclicality.floored(base, case["floor_margin"])}
    pairs = []
    for name, wanted in case["expected"].items():
        got = procyclicality.procyclicality(series[name])
        pairs.append((got.peak_to_trough, wanted["peak_to_trough"]))
        pairs += [(got.largest_rise[days], wanted[f"max_{days}d"]) for days in (1, 5, 30)]
        if "cost_ratio" in wanted:
            pairs.append((procyclicality.cost_ratio(series[name], base), wanted["cost_ratio"]))
    return _close(pairs)


KNOWN = {"1df_95": backtest.CHI2_1_95, "1df_99": backtest.CHI2_1_99,
         "2df_95": backtest.CHI2_2_95, "2df_99": backtest.CHI2_2_99,
         "phi_inv_99": block.Z_99, "phi_inv_995": block.Z_995,
         "lambda_at_theta_0": block.Z_995**2 - 1}


def constant(case: Case, header: Header) -> tuple[bool, str]:
    return _close([(KNOWN[name], wanted) for name, wanted in case["expected"].items()])


FAMILIES: dict[str, Check] = {
    "kupiec_pof": kupiec, "christoffersen_independence": independence,
    "christoffersen_sequence": sequence, "traffic_light": light, "hs_var_es": tails,
    "ewma_fhs": filtered, "procyclicality": cycles, "constant": constant}
