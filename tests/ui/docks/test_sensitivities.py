"""The sensitivities dock: accounts and risk types offered, the heat-map and its sizes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.importers.crif import read_crif
from workstation.measures.factor_amount import FactorAmount
from workstation.ui.docks.sensitivities import SensitivitiesDock
from workstation.ui.plots.grid_map import shade

CURVE = "Risk_IRCurve"


def amount(account, kind, name, tenor, usd, bucket=""):
    return FactorAmount(account, "RatesFX", kind, name, bucket, tenor, usd)


@pytest.fixture
def swaps(run):
    return replace(run, sensitivities=(
        amount("PB-1", CURVE, "USD", "5y", -125000.0), amount("PB-1", CURVE, "USD", "10y", 40000.0),
        amount("PB-1", CURVE, "EUR", "5y", 900.0),
        amount("PB-1", "Risk_Equity", "AAPL", "", 70000.0, "5"),
        amount("PM-2", CURVE, "JPY", "2y", 10.0)))


@pytest.fixture
def dock(shown, swaps):
    made = shown(SensitivitiesDock())
    made.show_run(swaps)
    return made


def words(dock):
    dock.canvas.redraw()
    return [item.text() for item in dock.canvas.scene().items() if hasattr(item, "text")]


def test_the_largest_risk_is_shown_with_its_net(dock):
    assert dock.risk_type.currentData() == CURVE
    said = words(dock)
    assert "IRCurve by name and tenor, net (84,100) USD" in said
    assert "(125,000)" in said
    assert "negative, up to 125,000 USD" in said
    assert "the largest USD 5y with (125,000) USD" in dock.canvas.accessibleDescription()
    assert dock.table.model.rowCount() == 3


def test_other_accounts_and_risks_are_a_choice_away(dock, swaps, qtbot):
    dock.risk_type.setCurrentIndex(1)
    dock.risk_type.activated.emit(1)
    assert "Equity by bucket and name, net 70,000 USD" in words(dock)
    dock.show_run(swaps)
    assert dock.risk_type.currentData() == "Risk_Equity"
    dock.account.setCurrentIndex(1)
    with qtbot.waitSignal(dock.account_chosen) as got:
        dock.account.activated.emit(1)
    assert got.args == ["PM-2"]
    assert dock.table.model.rowCount() == 1


def test_without_swaps_it_says_what_would_be_here(shown, run):
    made = shown(SensitivitiesDock())
    made.show_run(run)
    assert made.is_empty


def test_shades_tell_gain_from_loss_and_deepen(palette):
    assert shade(0.0, 10.0, palette) == palette.raised
    assert shade(10.0, 10.0, palette) != shade(-10.0, 10.0, palette)
    assert shade(1.0, 10.0, palette) != shade(9.0, 10.0, palette)


@pytest.mark.parametrize("size", [(1000, 700), (420, 200), (260, 120)])
def test_it_draws_at_every_size_and_in_both_palettes(dock, palette, size):
    dock.resize(*size)
    dock.apply_theme(palette)
    assert words(dock)


def test_sensitivities_are_saved_as_a_crif(dock, swaps, tmp_path):
    account = Account("SW-1", AccountType.UNCLEARED_SWAPS)
    row = CrifRow("SW-1", "RatesFX", CURVE, "USD", "1", "5y", "OIS", 250_000.0)
    dock.show_run(replace(swaps, book=Book("Swaps", swaps.as_of, (account,), crif=(row,))))
    path = tmp_path / "own.csv"
    dock.save_crif(path)
    assert read_crif(path).crif.rows()[0].usd == 250_000.0
