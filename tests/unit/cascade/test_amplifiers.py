"""Amplifiers switched off, thinner markets, the margin's rise; results saved and written out.

Not tested, because it does not hold: that more shock means more defaults or more amplification.
Default counts are not monotone in the published multi-bank simulation, and amplification falls
after its peak once books are exhausted.
"""

from __future__ import annotations

import json

import pytest

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic_client import HELD, crowd
from workstation.cascade.dynamic_client import dynamic_cascade
from workstation.cascade.result import CascadeResult
from workstation.projects.codec import Codec
from workstation.reports.cascade_documents import cascade_body


@pytest.fixture(scope="module")
def result():
    _, _, ground = ground_of((account("A", -70000),), HELD[:1], {"A": 15000}, regime="span",
                             agents=[crowd(quantity=3000, cash=-274000)])
    return dynamic_cascade(ground, {"AAA": -0.18}, "custom")


def test_without_impact_everyone_loses_what_the_shock_takes(result):
    by_name = {a.name: a for a in result.amplifiers}
    direct = 0.18 * (1000 * 100 + 3000 * 100)
    assert float(by_name["sales move no price"].everyone_loss) == pytest.approx(direct)
    assert by_name["as it is"].everyone_loss > by_name["sales move no price"].everyone_loss
    assert by_name["as it is"].client_loss == result.total_loss
    assert float(by_name["volatility stays"].sold) < float(by_name["as it is"].sold)


def test_the_causes_of_the_margins_change_add_up(result):
    before, *causes, after = result.margin_rise
    assert float(before.amount) == pytest.approx(15000)
    assert [cause.name for cause in causes] == ["Prices", "Volatility", "Correlations"]
    assert before.amount + sum(cause.amount for cause in causes) == pytest.approx(after.amount)
    assert float(causes[0].amount) == pytest.approx(-0.18 * 15000)
    assert causes[1].amount > 0
    assert float(after.amount) == pytest.approx(result.steps[1].margins[0])


def test_thinner_markets_cost_more_at_the_shock_asked_for(result):
    asked = [cell for cell in result.liquidity if cell.multiple == 1.0]
    assert [cell.volume_left for cell in asked] == [0.1, 0.25, 0.5, 1.0, 2.0]
    assert asked[0].client_loss > asked[-1].client_loss
    [same] = [cell for cell in asked if cell.volume_left == 1.0]
    assert same.client_loss == result.total_loss


def test_contagion_runs_through_whoever_holds_both():
    """A holder of both sells both when only one is shocked; without impact nothing is moved."""
    held = (share("A", "AAA", 1000), share("A", "BBB", 90))
    _, _, ground = ground_of((account("A", -160000),), held, {"A": 20000})
    got = dynamic_cascade(ground, {"AAA": -0.2, "BBB": -0.0}, "custom")
    moved = {(c.shocked, c.moved): c.move for c in got.contagion}
    assert moved["AAA", "BBB"] < 0
    assert moved["AAA", "AAA"] < 0
    assert not [c for c in got.contagion if c.shocked == "BBB"], "it is not shocked"
    _, _, flat = ground_of((account("A", -160000),), held, {"A": 20000},
                           rules=overlaid(impact_coefficient=0))
    assert not dynamic_cascade(flat, {"AAA": -0.2}, "custom").contagion


def test_a_result_is_saved_and_written_whole(result):
    codec = Codec(CascadeResult)
    assert codec.decode(codec.encode(result)) == result
    body = json.loads(json.dumps(cascade_body(result), allow_nan=False))
    assert body["mode"] == "dynamic"
    assert body["regimes"][0]["regime"] == "silos"
    assert body["steps"][1]["margin"]["Client"] > 0
    assert body["call_waterfall"][0]["sources"]
    assert {p["event"] for p in body["tipping_points"]} >= {"client: first call"}
    assert len(body["shock_and_liquidity"]) == 25
