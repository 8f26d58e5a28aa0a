"""The classic models on a laid-out book: by hand, and how they behave."""

from __future__ import annotations

import numpy as np
import pytest

from tests.unit.cascade.accounts import account, ground_of, overlaid, share
from tests.unit.cascade.test_dynamic_client import crowd
from workstation.cascade.dynamic_client import dynamic_cascade, struck
from workstation.cascade.reference import references


def laid_out(**values):
    """The client: 100,000 of AAA on 20,000, asked for 10,000; the crowd: 1 million on 120,000."""
    return ground_of((account("A", -80000),), (share("A", "AAA", 1000),), {"A": 10000},
                     agents=[crowd(quantity=10000, cash=-880000, limit="10")],
                     rules=overlaid(**values) if values else None)[2]


def test_one_round_by_hand():
    """Debt over equity 4 and 22/3; AAA trades 4m a day at 1.512 % a day."""
    ground = laid_out()
    client, other = references(ground, np.array([-0.05]))
    fall = (4.0 * 5000 + 22 / 3 * 50000) * (0.24 / 252**0.5) / 4e6
    assert float(client.direct_loss) == pytest.approx(5000)
    assert float(client.second_loss) == pytest.approx(100000 * fall)
    assert client.indirect == pytest.approx(100000 * fall / 20000)
    assert client.systemicness + other.systemicness == pytest.approx(1.1e6 * fall / 140000)
    assert (client.limit, other.limit) == (pytest.approx(10), pytest.approx(10))
    assert client.rounds == 0, "95,000 on 15,000 is within ten times"
    # 950,000 on 70,000 is 13.57 times: back to 10 / 1.1 takes 950,000 - 70,000 x 9.09.
    assert other.rounds >= 1
    assert float(other.sold) >= 950000 - 70000 * 10 / 1.1
    assert float(other.equity_left) < 70000


def test_without_impact_there_is_no_second_round_and_gains_sell_nothing():
    still = references(laid_out(impact_coefficient=0), np.array([-0.05]))
    assert [float(row.second_loss) for row in still] == [0.0, 0.0]
    assert float(still[1].equity_left) == pytest.approx(70000)
    up = references(laid_out(), np.array([0.05]))
    assert all(row.rounds == 0 for row in up)


def test_nobody_long_and_levered_is_no_table():
    ground = ground_of((account("A", 180000),), (share("A", "AAA", -1000),), {"A": 10000})[2]
    assert references(ground, np.array([-0.05])) == ()


def test_a_run_carries_the_references():
    ground = laid_out()
    got = dynamic_cascade(ground, {"AAA": -0.05}, "custom")
    assert got.references == references(ground, struck(ground, {"AAA": -0.05}, "custom").shock)
