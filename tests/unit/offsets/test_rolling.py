"""The rolling correlation behind a ledger row agrees with the test that decided it."""

import numpy as np
import pytest

from tests.unit.harmonised.books import assessed, book, correlated, stock
from workstation.offsets.ledger import ledger
from workstation.offsets.rolling import rolling_pair
from workstation.parameters.ruleset import RuleSet

HISTORY = correlated({"SPX": 0.97, "QQQ": 0.95}, 400)


def pair(history=HISTORY):
    return assessed(book([stock("A", "SPY", 10, "etf"), stock("A", "QQQ", -10, "etf")],
                         history=history))


def test_its_lowest_point_is_the_figure_of_the_ledger():
    a = pair()
    row = next(r for r in ledger(a, RuleSet(a.book.as_of)) if r.level == "product group")
    found = rolling_pair(a, row.level, row.between)
    assert f"{min(found.values):.2f}" == dict(row.tests)["lowest over 60"]
    assert set(found.factors) == {"QQQ", "SPX"}
    assert found.dates[-1] == HISTORY.dates[-1]
    x, y = (np.diff(np.log(np.array(HISTORY.of(f)))) for f in found.factors)
    assert found.values[-1] == pytest.approx(np.corrcoef(x[-60:], y[-60:])[0, 1])
    assert found.threshold == 0.5


def test_without_a_history_there_is_none():
    a = pair(correlated({"SPX": 0.9}, 400))
    assert rolling_pair(a, "product group", ("SPX", "NDX")) is None
    assert rolling_pair(a, "product group", ("SPX", "Nothing")) is None
