"""Anchor models: identities they must satisfy and independent solutions."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays
from scipy.optimize import linprog

from workstation.cascade import clearing
from workstation.cascade.clearing import clear, distress_impact, linear_spread, single_hit
from workstation.cascade.correlation import (
    blend,
    gross_margin,
    nearest_correlation,
    netted_margin,
    worst_signs,
)
from workstation.cascade.deleveraging import (
    BalanceSheets,
    ThresholdBank,
    leverage_targeting,
    market_depth,
    targeting_on_holdings,
    threshold_rounds,
)
from workstation.cascade.lending import Loan
from workstation.cascade.margin_path import dampened, volatility_path
from workstation.cascade.reverse import tipping_multiple
from workstation.cascade.schedule import Liquidation, optimal

SHEETS = BalanceSheets(np.array([100.0, 200.0]), np.array([5.0, 10.0]),
                       np.array([[0.6, 0.4], [0.3, 0.7]]))


def test_systemicness_adds_up_to_vulnerability():
    got = leverage_targeting(SHEETS, np.array([1e-3, 1e-3]), np.array([0.01, 0.0]))
    assert np.sum(got.systemicness) == pytest.approx(got.aggregate_vulnerability, rel=1e-13)
    assert got.aggregate_vulnerability == pytest.approx(0.23256, abs=1e-10)


@pytest.mark.parametrize("shock", [1e-3, 1e-4, 1e-5])
def test_stepped_targeting_tends_to_the_linear_model(shock):
    losses = np.array([shock, 0.0])
    linear = leverage_targeting(SHEETS, np.full(2, 1e-3), losses).aggregate_vulnerability
    stepped = targeting_on_holdings(SHEETS, np.full(2, 1e-3), losses)
    assert 0 < 1.0 - stepped / linear < 5.0 * shock


def test_threshold_bank_below_its_limit_does_not_sell():
    [only] = threshold_rounds(ThresholdBank(100.0, 0.0, 4.0, 33.0, 30.0), 1000.0, 0.005, 0.5)
    assert only.sale == 0.0
    assert only.leverage == pytest.approx(28.428571428571427)
    assert market_depth(1e6, 0.02, 4.0, 0.5) == pytest.approx(5e7)


NETWORKS = arrays(np.float64, (4, 4), elements=st.floats(0.0, 10.0).map(lambda v: round(v, 2)))


@settings(max_examples=40)
@given(NETWORKS, arrays(np.float64, 4, elements=st.floats(0.1, 8.0).map(lambda v: round(v, 2))))
def test_clearing_payments_solve_the_linear_programme(network, external):
    np.fill_diagonal(network, 0.0)
    got = clear(network, external)
    due = network.sum(axis=1)
    shares = np.divide(network, due[:, None], out=np.zeros_like(network), where=due[:, None] > 0)
    best = linprog(-np.ones(4), A_ub=np.eye(4) - shares.T, b_ub=external,
                   bounds=[(0.0, d) for d in due])
    assert np.sum(got.payments) == pytest.approx(-best.fun, abs=1e-6)
    costly = clear(network, external, 0.5, 0.5)
    assert np.all(costly.payments <= got.payments + 1e-9)
    assert np.all(got.equity >= -1e-9)


def test_distress_names_the_variant():
    impact = distress_impact(np.array([[0, 1, 0], [10, 0, 3], [3, 2, 0.0]]), np.array([2.0, 5, 2]))
    start = np.full(3, 0.1)
    assert single_hit(impact, start) == pytest.approx([0.15, 0.26, 0.30])
    assert linear_spread(impact, start) == pytest.approx([0.6, 1.0, 1.0])


@given(arrays(np.float64, 3, elements=st.floats(-1e5, 1e5).map(lambda v: round(v, 1))),
       st.floats(0.0, 1.0))
def test_stressed_signs_never_lower_margin_and_end_at_gross(exposures, weight):
    sigma = np.array([0.01, 0.03, 0.05])
    usual = np.array([[1.0, 0.6, 0.5], [0.6, 1.0, 0.4], [0.5, 0.4, 1.0]])
    worst = worst_signs(exposures)
    moved = netted_margin(exposures, sigma, blend(usual, worst, weight), 3.0)
    gross = gross_margin(exposures, sigma, 3.0)
    tolerance = 1e-9 * gross + 1e-9
    assert moved >= netted_margin(exposures, sigma, usual, 3.0) - tolerance
    assert netted_margin(exposures, sigma, worst, 3.0) == pytest.approx(gross, rel=1e-9, abs=1e-6)
    assert moved <= gross + tolerance


@settings(max_examples=30)
@given(arrays(np.float64, (4, 4), elements=st.floats(-1.0, 1.0).map(lambda v: round(v, 3))))
def test_repair_gives_a_correlation_matrix_and_leaves_one_alone(edited):
    matrix = np.triu(edited, 1)
    matrix = matrix + matrix.T + np.eye(4)
    repaired = nearest_correlation(matrix)
    assert np.diag(repaired) == pytest.approx(np.ones(4))
    assert np.linalg.eigvalsh(repaired)[0] > -1e-6
    usual = np.array([[1.0, 0.3], [0.3, 1.0]])
    assert nearest_correlation(usual) == pytest.approx(usual, abs=1e-12)


def test_margin_path_and_its_dampening():
    path = volatility_path(0.01, np.array([0.0, -0.05]), 0.94)
    assert path == pytest.approx([0.01 * 0.94**0.5, (0.94**2 * 1e-4 + 0.06 * 0.0025) ** 0.5])
    assert np.all(np.diff(dampened(path, 0.03, 0.25)) < np.diff(path))


def test_selling_faster_costs_more_and_risks_less():
    sale = Liquidation(1e6, 5.0, 5, 0.95, 0.0625, 2.5e-7, 2.5e-6)
    patient, hurried = optimal(sale, 0.0), optimal(sale, 1e-6)
    assert patient.half_life is None
    assert hurried.expected_cost > patient.expected_cost
    assert hurried.variance < patient.variance
    assert hurried.left[0] == pytest.approx(1e6)
    assert hurried.left[-1] == pytest.approx(0.0, abs=1e-6)


@given(st.floats(50.0, 200.0), st.floats(1.0, 99.0), st.floats(0.0, 0.2))
def test_toxic_liquidation_is_where_health_falls(collateral, repaid, bonus):
    loan = Loan(collateral, 100.0, 0.8)
    after = loan.repaid(repaid, bonus)
    change = after.health - loan.health
    if abs(change) > 1e-9:
        assert loan.worsens(bonus) == (change < 0)
    assert loan.bad_debt(bonus) == pytest.approx(max(0.0, 100.0 - collateral / (1.0 + bonus)))


def test_tipping_multiple_bisects_and_knows_never():
    assert tipping_multiple(lambda m: m >= 0.6, 0.0, 4.0) == pytest.approx(0.6, abs=1e-12)
    assert tipping_multiple(lambda m: m > 9.0, 0.0, 4.0) is None
    assert tipping_multiple(lambda m: True, 0.0, 4.0) == 0.0


def test_without_a_buffer_any_claim_takes_all():
    impact = clearing.distress_impact(np.array([[0.0, 1.0], [0.0, 0.0]]), np.array([0.0, 0.0]))
    assert impact.tolist() == [[0.0, 1.0], [0.0, 0.0]]
    assert clearing.single_hit(impact, np.array([0.0, 0.2])).tolist() == [0.2, 0.2]
