"""The scenario grid against a plain second writing of its specification, on random portfolios."""

import json
import random

import pytest

from tests.rules.plain_pmrm import net_margins
from tests.shared import shared
from tests.vectors.crypto import holdings_of, pack_of
from workstation.rulebooks.crypto.pmrm import pmrm

DAY = 86_400
EXPIRIES = (600, 1_500, 6 * 3_600, DAY, 7 * DAY, 30 * DAY, 31 * DAY, 180 * DAY, 2 * 365 * DAY)
PORTFOLIOS = 60


@pytest.fixture(scope="module")
def vectors():
    return json.loads(shared("vectors", "crypto.json").read_text("utf-8"))


def confidence(draw):
    return draw.choice((1.0, 1.0, 1.0, 0.6, 0.55, 0.5, 0.1))


def random_portfolio(seed, spot):
    draw = random.Random(seed)
    expiries = draw.sample(EXPIRIES, draw.randint(0, 4))
    feeds = [{"FeedExpiry": seconds, "Forward": spot * draw.uniform(0.95, 1.1),
              "Rate": draw.choice((-0.02, 0.0, 0.05, 0.3)), "ForwardConfidence": confidence(draw),
              "RateConfidence": 1, "OptionVolConfidences": confidence(draw)}
             for seconds in expiries]
    options = [{"Expiry": seconds, "Strike": spot * draw.choice((0.3, 0.8, 0.95, 1.0, 1.1, 2.5)),
                "IsCall": draw.choice((0, 1)), "MarkVol": draw.choice((0.0, 0.2, 0.6, 1.4)),
                "Amount": draw.choice((-3, -1, -0.5, 0.5, 1, 4))}
               for seconds in expiries for _ in range(draw.randint(1, 5))]
    collateral = [{"Name": "COIN", "Amount": draw.uniform(0, 3), "Price": spot,
                   "Confidence": confidence(draw), "IsRiskCancelling": draw.choice((True, False)),
                   "MMHaircut": 0.05, "IMHaircut": 0.02}] if draw.random() < 0.4 else []
    return {"Cash": draw.choice((0, 50_000, -20_000)), "Collaterals": collateral,
            "SpotPrice": spot, "SpotConfidence": confidence(draw),
            "NumPerps": draw.choice((0, 0, 1, -2.5)), "PerpPrice": spot * 1.001,
            "PerpConfidence": confidence(draw), "UnrealisedPerpPNL": draw.choice((0, -1234.5)),
            "UnrealisedFunding": draw.choice((0, 12.5)),
            "StablePrice": draw.choice((1.0, 1.0, 0.99, 0.95, 1.02)),
            "Options": options, "OptionFeeds": feeds}


@pytest.mark.parametrize(("name", "spot"), [("btc_eth", 100_000.0), ("sol", 150.0)])
def test_both_writings_agree(vectors, name, spot):
    rules = vectors["parameter_sets"][name]
    for seed in range(PORTFOLIOS):
        book = random_portfolio(seed, spot)
        found = pmrm(holdings_of(book), pack_of(rules))
        initial, maintenance = net_margins(book, rules)
        near = {"rel": 1e-9, "abs": 1e-6}
        assert found.equity - found.initial == pytest.approx(initial, **near), (seed, book)
        assert found.equity - found.maintenance == pytest.approx(maintenance, **near), (seed, book)


def test_the_plain_writing_reproduces_the_vectors(vectors):
    for case in vectors["cases"]:
        if case["family"] != "scenario_grid_pm":
            continue
        rules = vectors["parameter_sets"][case["inputs"]["parameter_set"]]
        initial, maintenance = net_margins(case["inputs"]["portfolio"], rules)
        assert initial == pytest.approx(case["expected"]["net_margin_IM"], rel=1e-9, abs=1e-6)
        assert maintenance == pytest.approx(case["expected"]["net_margin_MM"], rel=1e-9, abs=1e-6)
