"""The charts beside the price paths: what each shows, and that each can be drawn and told."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.ui.docks.test_cascade_dynamic import played
from workstation.cascade.result import (
    CallSource,
    Cause,
    Contagion,
    LiquidityCell,
)
from workstation.ui.docks.cascade import CascadeDock
from workstation.ui.docks.cascade_charts import CHARTS, chart_of

D = Decimal


@pytest.fixture
def full(run):
    cascade = played()
    call = replace(cascade.calls[0], call=D(100), sources=(
        CallSource("excess at North", D(40)), CallSource("forced sale", D(35))))
    return replace(run, cascade=replace(
        cascade, calls=(call,),
        causes=(Cause(1, "Client", "PB-1", -1, "SPX", -0.1, D(10), D(5)),
                Cause(3, "Fund", "Fund", 0, "BTC", -0.02, D(7), D(0))),
        contagion=(Contagion("SPX", "SPX", -0.01, -0.1), Contagion("SPX", "BTC", -0.02, -0.1)),
        liquidity=(LiquidityCell(1.0, 0.5, D(10), D("1.1"), False),
                   LiquidityCell(2.0, 0.5, D(30), D("1.2"), True))))


def test_every_chart_is_offered_and_told(shown, full):
    dock = shown(CascadeDock())
    dock.show_run(full)
    assert [dock.kind.itemText(n) for n in range(dock.kind.count())] == [c[0] for c in CHARTS]
    told = {}
    for _, kind in CHARTS:
        dock.show_chart(kind)
        told[kind] = dock.canvas.accessibleDescription()
        assert (dock.charts.currentWidget() is dock.paths) == (kind == "prices")
        assert dock.chart() is not None
    assert told["tree"] == ("Shock through SPX -10.0% called Client PB-1; Client PB-1 through "
                            "BTC -2.0% called Fund.")
    assert "SPX on BTC: -2.00%" in told["contagion"]
    assert "client: first call from 0.61 x" in told["tipping"]
    assert "2 x the shock on 50%: 30" in told["liquidity"]


def test_only_charts_with_something_to_show_are_offered(shown, run):
    dock = shown(CascadeDock())
    dock.show_run(run)
    names = [dock.kind.itemText(n) for n in range(dock.kind.count())]
    assert names[0] == "Prices"
    assert "Contagion" not in names
    assert "Margin and equity" not in names


def test_calls_that_were_not_traced_are_not_denied(full):
    untraced = replace(full.cascade, causes=())
    assert chart_of("tree", untraced, "USD", ()) is None
    _, told = chart_of("tree", replace(untraced, calls=()), "USD", ())
    assert told == "Shock called nobody."


def test_what_no_source_meets_stands_out(full):
    drawing, told = chart_of("calls", full.cascade, "USD", ())
    assert callable(drawing)
    assert "100" in told


def test_the_step_of_the_player_stands_in_the_margin_chart(shown, full):
    dock = shown(CascadeDock())
    dock.show_run(full)
    dock.show_chart("margin")
    before = len(dock.canvas.scene().items())
    dock.player.slider.setValue(1)
    dock.canvas.redraw()
    assert len(dock.canvas.scene().items()) == before + 1
