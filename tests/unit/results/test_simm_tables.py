"""Tables of sensitivity-based margin add up to the margin they explain."""

import pytest

from tests.rules.crif_rows import read
from workstation.results.simm_tables import (
    comparison_table,
    factors_table,
    heat_map,
    netting_sets_table,
)
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.vocabulary import DELTA, EQUITY, IR
from workstation.rulebooks.simm.whatif import calibration_bridge

ROWS = [("RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", 9e8),
        ("RatesFX", "Risk_IRCurve", "USD", "", "5y", "Libor3m", -1e8),
        ("RatesFX", "Risk_IRCurve", "EUR", "", "10y", "OIS", 4e8),
        ("Equity", "Risk_Equity", "A", "5", "", "", 80e6),
        ("Equity", "Risk_Equity", "B", "Residual", "", "", -5e6),
        ("Equity", "Risk_EquityVol", "A", "5", "1y", "", 1e6)]


@pytest.fixture
def margins(tmp_path):
    return margin_crif(read(tmp_path, ROWS).crif, Setup(editions.by_name("2.8+2512")))


def test_netting_sets(margins):
    table = netting_sets_table(margins)
    [row] = table.rows
    assert row.total == margins.portfolios[0].total
    assert all(table.text(0, column) for column in range(len(table.columns)) if column != 1)


def test_factors_add_up_to_the_margin(margins):
    [margin] = margins.portfolios
    rows = factors_table(margin).rows
    assert sum(r.contribution + r.uplift for r in rows) == pytest.approx(margin.simm, rel=1e-6)
    assert [(r.measure, r.bucket, r.tenor) for r in rows if r.factor == "A" and r.tenor] == [
        ("Vega", "5", "1y"), ("Curvature", "5", "1y")]


def test_heat_map_by_currency_and_vertex_and_by_bucket(margins):
    [margin] = margins.portfolios
    rates = heat_map(margin, IR, DELTA)
    assert (rates.rows, rates.columns) == (("EUR", "USD"), ("5y", "10y"))
    level = (8e8 / 220e6) ** 0.5
    assert rates.values[1] == pytest.approx((61 * 8e8 * level, 0))
    equity = heat_map(margin, EQUITY, DELTA)
    assert (equity.rows, equity.columns) == (("5", "Residual"), ("All",))


def test_comparison(margins):
    bridge = calibration_bridge(margins.portfolios[0], editions.by_name("2.7"))
    rows = comparison_table([("P", bridge)]).rows
    assert {row.portfolio for row in rows} == {"P"}
    assert rows[0].amount + sum(r.amount for r in rows[1:-1]) == pytest.approx(rows[-1].amount)
