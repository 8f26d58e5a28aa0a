"""The venues dock: heat map, legs of a cell, exposures, ladders, funding."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QPointF, Qt

from tests.ui.docks import sample
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import PerpetualTerms
from workstation.measures.liquidation import Rung
from workstation.measures.venue_detail import (
    NO_VENUES,
    LiquidationLadder,
    ScenarioCell,
    ScenarioMatrix,
    VenueDetail,
)
from workstation.offsets.exposure import Exposure
from workstation.results.venue_tables import funding_table
from workstation.ui.docks.venues import VenuesDock
from workstation.ui.plots import scenario_map

D = Decimal
MOVES, STATES = (-0.16, 0.0, 0.16), ("volatility unchanged", "volatility up")
CELLS = tuple(ScenarioCell(move, state, move * 2 - place / 10, (("PERP", move * 2),
                                                               ("CALL", -place / 10)))
              for place, state in enumerate(STATES) for move in MOVES)
MATRIX = ScenarioMatrix("CV-1", "deribit-pm", "settled in BTC", "BTC",
                        (*CELLS, ScenarioCell(0.5, STATES[1], 0.2, (("PERP", 0.2),))), 3)
OTHER = ScenarioMatrix("CV-1", "derive-pmrm-v2", "ETH", "USD", CELLS[:3], 0)
LADDER = LiquidationLadder("CV-1", "binance-pm", "BTCUSDT", 98_250.0, 60_000.0, 92_000.0, 88_000.0,
                           (Rung(0, 92_000.0, 5.0, 0.0, 0.0, 400.0),))
HELD = Exposure("BTC", "spot", "CV-1", AccountType.CRYPTO_VENUE, "Cobalt", 1, D("3094875"), None)


def perpetual(symbol, quantity, settlement="linear"):
    instrument = Instrument(symbol, AssetClass.PERPETUAL, "BTC",
                            terms=PerpetualTerms(settlement, "BTC"))
    return Position("CV-1", instrument, D(quantity), D(98_000), f"Positions!{symbol}")


@pytest.fixture
def crypto(run):
    held = (perpetual("BTC-PERPETUAL", 98_000, "inverse"), perpetual("BTCUSDT", -2),
            perpetual("BTC-25DEC26", 5))
    return replace(run, exposures=(HELD,), venues=VenueDetail((MATRIX, OTHER), (LADDER,)),
                   book=replace(run.book, positions=held))


@pytest.fixture
def dock(shown, crypto):
    made = shown(VenuesDock())
    made.show_run(crypto)
    return made


def test_the_worst_scenario_is_framed_and_said(dock):
    assert dock.portfolio.currentText() == "CV-1, settled in BTC"
    said = dock.canvas.accessibleDescription()
    assert said == ("Worst of 7 scenarios settled in BTC: price -16 %, volatility up, "
                    "(0.420) BTC.")
    legs = [dock.legs.model.row_at(n) for n in range(dock.legs.model.rowCount())]
    assert [(leg.instrument, leg.profit) for leg in legs] == [("PERP", -0.32), ("CALL", -0.1)]


def test_clicking_a_cell_shows_its_legs(dock, qtbot):
    dock.canvas.redraw()
    target = next(item for item in dock.canvas.scene().items() if item.data(0) == "2")
    point = dock.canvas.mapFromScene(QPointF(target.rect().center()))
    qtbot.mouseClick(dock.canvas.viewport(), Qt.MouseButton.LeftButton, pos=point)
    assert dock.legs.model.row_at(0).profit == pytest.approx(0.32)
    assert dock.tables.currentWidget() is dock.legs
    assert "+16 %" in dock.legs.model.table.name


def test_another_portfolio_is_drawn_in_its_own_currency(dock):
    dock.portfolio.setCurrentIndex(1)
    dock.portfolio.activated.emit(1)
    assert dock.canvas.accessibleDescription().endswith("(0.320) USD.")


def test_funding_follows_the_rate_and_leaves_dated_futures_out(dock):
    dock.rate.setValue(0.02)
    rows = [dock.funding.model.row_at(n) for n in range(dock.funding.model.rowCount())]
    assert [(row.symbol, float(row.an_interval)) for row in rows] == [
        ("BTC-PERPETUAL", pytest.approx(19.6)), ("BTCUSDT", pytest.approx(-39.2))]


def test_a_month_is_ninety_intervals(crypto):
    row = funding_table(crypto, 0.0001).rows[0]
    assert float(row.a_month) == pytest.approx(90 * float(row.an_interval))
    assert float(row.a_week) == pytest.approx(7 * float(row.a_day))


def test_a_row_leads_to_its_account(dock, qtbot):
    dock.tables.setCurrentWidget(dock.exposures)
    with qtbot.waitSignal(dock.account_chosen) as told:
        dock.exposures.view.selectRow(0)
    assert told.args == ["CV-1"]
    assert dock.shown_table() is dock.exposures.model


def test_without_venues_one_risk_is_still_shown(shown, run):
    made = shown(VenuesDock())
    made.show_run(replace(run, exposures=(HELD,), venues=NO_VENUES))
    assert not made.is_empty
    assert made.canvas.accessibleDescription() == scenario_map.NOTHING
    assert made.legs.model.rowCount() == 0
    made.show_run(replace(run, exposures=(), venues=NO_VENUES))
    assert made.is_empty


def test_where_another_charge_binds_no_cell_is_framed():
    assert "another charge" in scenario_map.summary(replace(MATRIX, binding=None))


@pytest.mark.parametrize(("amount", "text"), [
    (-0.5436, "(0.544)"), (12.34, "12.3"), (-39_203.8, "(39,204)"), (0.0, "0")])
def test_figures_keep_three_digits(amount, text):
    assert scenario_map.figure(amount) == text


def test_large_results_are_shortened_as_in_other_charts_never_by_powers(shown, run):
    large = tuple(replace(cell, profit=cell.profit * 10_000_000) for cell in MATRIX.cells)
    made = shown(VenuesDock(), 320, 160)
    made.show_run(replace(run, exposures=(HELD,), venues=VenueDetail(
        (replace(MATRIX, cells=large),), ())))
    made.canvas.redraw()
    drawn = {item.text() for item in made.canvas.scene().items() if hasattr(item, "text")}
    assert "(3.2m)" in drawn
    assert not any("e+" in text for text in drawn)


def test_the_map_draws_at_every_size_and_palette(shown, crypto, palette):
    for wide, high in ((320, 160), (1_400, 700)):
        made = shown(VenuesDock(), wide, high)
        made.show_run(crypto)
        made.canvas.redraw()
        assert made.canvas.scene().items()
    assert sample.run().venues is NO_VENUES
