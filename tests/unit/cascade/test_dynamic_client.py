"""The client's dynamic cascade: calibrated, conserved, silos against one account, tipping."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic import MECHANICS, MEDIUM, SCENE
from workstation.base.vocabulary import AccountType
from workstation.book.collateral import Agent, CollateralLot
from workstation.book.valuation import net_liquidating_value
from workstation.cascade import played, regimes
from workstation.cascade.dynamic import run
from workstation.cascade.dynamic_client import Asked, dynamic_cascade, play, struck
from workstation.cascade.obligations import Converging, Obligations, model_margin
from workstation.cascade.obligors import equity_by_account

LONG = (account("A", -70000), account("B", 20000, "South"))
HELD = (share("A", "AAA", 1000), share("B", "AAA", -900))
REQUIRED = {"A": 15000, "B": 15000}


def crowd(name="Crowd", factor="AAA", quantity=30000, cash=-2500000, limit="12.5"):
    return Agent(name, "levered fund", factor, Decimal(quantity), Decimal(cash), Decimal(limit),
                 f"Agents!{name}")


def lot(name, where, quantity, lag=0):
    return CollateralLot(name, where, "USD", "cash", Decimal(quantity), Decimal(1),
                         haircut=Decimal(0), settlement_lag=lag)


def test_margins_scaled_by_one_change_nothing():
    """With scale 1 the reference step model is what the vectors check."""
    rows = len(SCENE.cash)
    plain = Obligations(np.ones(rows), np.ones(rows), np.zeros(rows), np.ones(rows), np.inf)
    own, reference = (run(scene, MEDIUM, MECHANICS)
                      for scene in (replace(SCENE, obligations=plain), SCENE))
    assert own.prices == pytest.approx(reference.prices, rel=1e-14)
    assert own.equity == pytest.approx(reference.equity, rel=1e-12)
    assert len(own.steps) == len(reference.steps)


def test_accounts_together_are_worth_the_net_liquidating_value():
    book, holdings, ground = ground_of(LONG, HELD, REQUIRED, [lot("L", "B", 5000)])
    worth = equity_by_account(book, holdings)
    assert sum(worth.values()) == net_liquidating_value(book, holdings)
    assert [row.equity for row in ground.accounts] == [30000.0, -65000.0]


@pytest.mark.parametrize("regime", ["silos", "design"])
def test_before_the_shock_everyone_owes_what_it_owes_today(regime):
    _, _, ground = ground_of(LONG, HELD, REQUIRED, agents=[crowd()])
    chosen = (regimes.silos(ground) if regime == "silos"
              else regimes.pooled(ground, "one", "One", 4321.0))
    [step, *_] = run(regimes.scene(ground, chosen), np.zeros(1), regimes.mechanics(ground)).steps
    assert step.margin == pytest.approx(
        [row.requirement for row in (*chosen.rows, *ground.agents)], rel=1e-12)


def test_a_hedge_in_another_silo_does_not_meet_the_call_but_one_account_does():
    accounts = (account("A", -70000), account("B", 105000 + 20000, "South"))
    _, _, ground = ground_of(accounts, HELD, REQUIRED)
    got = dynamic_cascade(ground, {"AAA": -0.18}, "custom", [Asked("one", "One", Decimal(6000))])
    assert got.steps[0].equity == pytest.approx([30000 + 125000 - 90000])
    assert {call.account for call in got.calls} == {"A"}
    assert "forced sale" in got.calls[0].met_by
    silos, one, *_ = got.comparison
    assert float(silos.called) > 0
    assert float(silos.sold) > 0
    assert float(one.called) == 0
    assert float(one.saving) == pytest.approx(24000)
    assert silos.first_sale is not None
    assert one.first_sale is None


def test_levered_means_todays_ratio_of_equity_to_requirement():
    _, _, ground = ground_of((account("A", -70000),), HELD[:1], {"A": 15000})
    got = dynamic_cascade(ground, {"AAA": -0.01}, "custom", [Asked("one", "One", Decimal(5000))])
    kept, levered = got.comparison[1:]
    assert float(kept.withdrawn) == 0
    assert float(levered.withdrawn) == pytest.approx(30000 * (1 - 5000 / 15000))


def test_free_collateral_in_time_meets_the_call_and_late_collateral_does_not():
    accounts = (account("A", -70000), account("B", 1, "South"))
    for lag, sells in ((1, False), (3, True)):
        _, _, ground = ground_of(accounts, HELD[:1], {"A": 15000, "B": 0},
                                 [lot("L", "B", 50000, lag)])
        got = dynamic_cascade(ground, {"AAA": -0.18}, "custom")
        sources = {s.source for call in got.calls for s in call.sources}
        assert ("forced sale" in sources) is sells
        assert ("free collateral" in sources) is not sells


def test_excess_at_the_same_firm_meets_the_call_before_collateral():
    accounts = (account("A", -70000), account("B", 80000))
    _, _, ground = ground_of(accounts, HELD[:1], {"A": 15000, "B": 0},
                             [lot("L", "B", 50000)])
    got = dynamic_cascade(ground, {"AAA": -0.18}, "custom")
    assert [s.source for s in got.calls[0].sources] == ["excess at North"]
    assert got.defaults == ()


def test_accounts_lose_what_the_client_does_and_gifts_between_them_are_no_loss():
    """A is called and draws on B at North; both lose their own exposure, B none by giving."""
    accounts = (account("A", -70000), account("B", 30000), account("C", 60000, "South"))
    held = (HELD[0], share("B", "BBB", 5), share("C", "BTC", 1))
    _, _, ground = ground_of(accounts, held, {"A": 15000, "B": 1000}, [lot("L", "C", 9000)],
                             [crowd()])
    got = dynamic_cascade(ground, {"AAA": -0.3, "BTC": -0.1}, "custom")
    own = [row for row in got.account_outcomes if row.participant == "Client"]
    assert [(row.account, row.where) for row in own] == [
        ("A", "North"), ("B", "North"), ("C", "South")]
    assert sum(row.direct_loss + row.through_sales for row in own) == pytest.approx(
        got.total_loss, abs=Decimal("0.01"))
    assert sum(row.received for row in own) == pytest.approx(0, abs=Decimal("0.01"))
    assert own[0].received > 0 > own[1].received
    assert float(own[1].through_sales) == pytest.approx(0.0, abs=0.01)
    assert float(own[2].direct_loss) == pytest.approx(5000)
    assert len(got.account_outcomes) == 4


def test_fully_paid_accounts_are_never_called_nor_drawn_on_beyond_their_lots():
    spot = account("S", 0, "North", AccountType.CRYPTO_SPOT)
    _, _, ground = ground_of((account("A", -70000), spot), (HELD[0], share("S", "BTC", 2)),
                             {"A": 15000, "S": 100000})
    got = dynamic_cascade(ground, {"AAA": -0.18, "BTC": -0.5}, "custom")
    assert {call.account for call in got.calls} == {"A"}
    assert "forced sale" in got.calls[0].met_by
    assert any("Fully paid, never called: S" in line for line in got.assumptions)


def test_no_breach_is_over_at_once_and_without_impact_nothing_is_amplified():
    _, _, calm = ground_of((account("A", 90000),), HELD[:1], {"A": 15000})
    got = dynamic_cascade(calm, {"AAA": -0.01}, "custom")
    assert [step.step for step in got.steps] == [0, 1]
    assert not got.calls
    _, _, flat = ground_of((account("A", -70000),), HELD[:1], {"A": 15000},
                           rules=overlaid(impact_coefficient=0), agents=[crowd()])
    fallen = dynamic_cascade(flat, {"AAA": -0.18}, "custom")
    assert fallen.calls
    assert float(fallen.amplification) == pytest.approx(1.0, rel=1e-9)
    assert fallen.steps[-1].prices == pytest.approx((82.0,))


def test_others_sales_hurt_a_client_that_sells_nothing():
    calm = (account("A", 90000),)
    _, _, beside = ground_of(calm, HELD[:1], {"A": 15000}, agents=[crowd(cash=-2740000)])
    got = dynamic_cascade(beside, {"AAA": -0.04}, "custom")
    assert got.total_loss > got.direct_loss == Decimal(4000)
    assert {call.participant for call in got.calls} == {"Crowd"}


@settings(max_examples=25, deadline=None)
@given(st.floats(-0.5, 0.6), st.permutations([0, 1, 2]))
def test_conserved_and_the_order_of_accounts_does_not_matter(move, order):
    accounts = [account("A", -70000), account("B", 120000, "South"), account("C", 3000)]
    held = (*HELD, share("C", "BBB", 10))
    required = {"A": 15000, "B": 15000, "C": 4000}
    shocks = {"AAA": move, "BBB": -0.1}
    straight, shuffled = (
        played_out(ground_of(rows, held, required, [lot("L", "B", 9000)], [crowd()])[2], shocks)
        for rows in (accounts, [accounts[i] for i in order]))
    for name, residual in played.invariants(straight):
        assert abs(residual) < 1e-5, name
    assert shuffled.outcome.prices == pytest.approx(straight.outcome.prices, rel=1e-9)
    turned = [*order, 3]
    assert shuffled.outcome.total_loss == pytest.approx(straight.outcome.total_loss[turned],
                                                        rel=1e-9, abs=1e-5)


def played_out(ground, shocks):
    return play(ground, struck(ground, shocks, "custom"), regimes.silos(ground))


@given(st.lists(st.floats(0.0, 1e6), min_size=2, max_size=2))
def test_correlations_of_one_make_a_long_book_gross(exposures):
    risk = np.array([exposures]) * np.array([0.0175, 0.046])
    today = np.array([[1.0, 0.3], [0.3, 1.0]])
    gross = np.sum(risk, axis=1)
    assert model_margin(risk, Converging(today, 1.0), 1.0) == pytest.approx(gross, rel=1e-12)
    assert model_margin(risk, Converging(today, 1.0, adverse=True), 1.0) == pytest.approx(gross)
    signed = risk * np.array([1.0, -1.0])
    assert model_margin(signed, Converging(today, 1.0, adverse=True), 1.0) == pytest.approx(gross)
    assert model_margin(signed, Converging(today, 1.0), 1.0) <= gross + 1e-9


def test_the_published_exposures_give_the_published_margins():
    """Exposures 96,000 and 54,000: 12,492 gross and at correlation one, 10,172 at 0.3."""
    risk = 3.0 * np.array([[96000.0, 54000.0]]) * np.array([0.0175, 0.046])
    today = np.array([[1.0, 0.3], [0.3, 1.0]])
    assert model_margin(risk, Converging(today, 0.0), 1.0) == pytest.approx(10172, abs=1)
    assert model_margin(risk, Converging(today, 1.0), 1.0) == pytest.approx(12492, abs=1)


def test_a_design_that_saves_more_is_netted_more_and_calls_rise_when_netting_fails():
    market = (share("A", "AAA", 1000), share("A", "BBB", -90))
    _, _, ground = ground_of((account("A", 40000),), market, {"A": 20000})
    little, much = (regimes.pooled(ground, "d", "D", asked) for asked in (18000.0, 14000.0))
    assert 0 < little.offset_share < much.offset_share <= 1
    assert little.factor == pytest.approx(1.0)
    floor = regimes.pooled(ground, "d", "D", 100.0)
    assert floor.offset_share == 1.0
    assert floor.factor < 1.0
    scene = regimes.scene(ground, much)
    calm, torn = (run(scene, np.array([move, move]), regimes.mechanics(ground)).steps[0].margin[0]
                  for move in (0.0, -0.10))
    assert torn / 0.9 == pytest.approx(20000, rel=1e-9), "netting gone, only prices are lower"
    assert calm == pytest.approx(14000)


def test_margin_that_follows_volatility_is_capped():
    _, _, fixed = ground_of((account("A", 90000),), HELD[:1], {"A": 15000})
    _, _, reacting = ground_of((account("A", 90000),), HELD[:1], {"A": 15000}, regime="span")
    first, second = (
        dynamic_cascade(ground, {"AAA": -0.3}, "custom").steps[1].margins[0]
        for ground in (fixed, reacting))
    assert first == pytest.approx(15000 * 0.7)
    assert second == pytest.approx(2 * 15000 * 0.7), "twice today's volatility at most"


def test_tipping_points_of_one_account_are_the_closed_form():
    """Equity 30,000 + 100,000 m against 15,000 (1 + m): called from m = -15,000 / 85,000."""
    _, _, ground = ground_of((account("A", -70000),), HELD[:1], {"A": 15000})
    got = dynamic_cascade(ground, {"AAA": -0.10}, "custom")
    at = {point.event: point.multiple for point in got.tipping}
    assert at["client: first call"] == pytest.approx(15000 / 85000 / 0.10, abs=2e-4)
    assert at["client: first forced sale"] == pytest.approx(15000 / 85000 / 0.10, abs=2e-4)
    assert at["client: equity below zero"] == pytest.approx(3.0, abs=0.05), "selling costs a little"


def test_unusable_markets_are_refused_before_the_run():
    from tests.unit.cascade.accounts import MARKET

    row = replace(MARKET.underlyings["AAA"], annual_volatility=Decimal("-0.2"))
    bad = replace(MARKET, underlyings={**MARKET.underlyings, "AAA": row})
    _, _, ground = ground_of((account("A", -70000),), HELD[:1], {"A": 15000}, market=bad)
    got = dynamic_cascade(ground, {"AAA": -0.1}, "custom")
    assert got.steps == ()
    assert any(p.severity == "error" and "annual_volatility" in p.what for p in got.problems)


def test_overflowing_numbers_stop_the_run_and_keep_the_state():
    huge = replace(SCENE, positions=SCENE.positions * 1e300, cash=SCENE.cash * 1e300,
                   adv=SCENE.adv * 1e299)
    with np.errstate(all="ignore"):
        got = run(huge, MEDIUM, replace(MECHANICS, impact=1e6))
    assert not got.settled or np.isfinite(got.prices).all()
    assert np.isfinite(got.prices).all()
