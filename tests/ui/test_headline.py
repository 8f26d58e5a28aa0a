"""The headline strip: five figures, and where each one leads."""

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import Qt

from tests.ui.conftest import headline
from workstation.base.explain import leaf
from workstation.cascade.result import Trigger
from workstation.measures.account_status import AccountStatus, AccountTest, Distance
from workstation.ui.headline_figures import figures, short


def test_headline_shows_the_run(desk_window):
    run = desk_window.desk.run
    silos, outcome = run.silos.maintenance.amount, desk_window.desk.outcome
    assert headline(desk_window)[0] == f"{silos:,.0f}"
    assert headline(desk_window)[2] == f"{outcome.saving:,.0f}"
    assert headline(desk_window)[3] == "3,871,588"
    first = desk_window.headline.buttons[0]
    assert first.figure.note == "incomplete: 1 position excluded"
    assert "incomplete" in first.accessibleName()


def test_each_figure_leads_to_its_dock(desk_window, qtbot):
    for button, id_ in zip(desk_window.headline.buttons,
                           ("margin", "margin", "bridge", "collateral", "cascade"), strict=True):
        qtbot.mouseClick(button, Qt.MouseButton.LeftButton)
        assert desk_window.docks.is_seen(id_)


def test_figures_of_no_run_keep_their_places():
    assert [f.amount for f in figures(None, None, "")] == ["–"] * 5


@pytest.mark.parametrize(("value", "text"), [
    ("9100000", "9.1m"), ("820000", "820k"), ("12", "12"), ("-2500000", "(2.5m)"),
])
def test_short_amounts(value, text):
    assert short(Decimal(value)) == text


def trigger_figure(run, **changed):
    return figures(replace(run, **changed), None, "")[4]


def test_the_next_trigger_is_the_call_that_holds_now_then_the_nearest_move(run):
    owed = AccountTest("Maintenance", leaf("required", Decimal(500)), leaf("call", Decimal(120)),
                       Decimal(-120))
    status = AccountStatus("PB-1", "reg-t", "USD", leaf("equity", Decimal(380)), (owed,))
    near = Trigger("BTC", "call", "Carrier Two", -0.183, 74347.0, 4.25, "BTC")
    called = trigger_figure(run, statuses=(status,), triggers=(near,))
    assert (called.label, called.amount, called.tone) == ("NEXT TRIGGER", "120", "bad")
    assert called.note == "called now: PB-1, Maintenance"
    assert called.dock == "accounts"
    moved = trigger_figure(run, statuses=(), triggers=(near,))
    assert moved.amount == "BTC −18.3 %"
    assert moved.note == "call: Carrier Two, 4.2 daily vols"
    held = replace(status, tests=(), distance=Distance(Decimal("-0.25"), Decimal("0.11")))
    both = trigger_figure(run, statuses=(held,), triggers=())
    assert (both.amount, both.note) == ("all +11.0 %", "call: PB-1")
    calm = replace(held, distance=Distance(None, None))
    assert trigger_figure(run, statuses=(calm,), triggers=()).amount == "none"
    large = replace(held, distance=Distance(None, None, "distance not searched: too many"))
    assert trigger_figure(run, statuses=(large,), triggers=()).label == "CALL UNDER STRESS"
    assert trigger_figure(run, statuses=(), triggers=()).label == "CALL UNDER STRESS"
