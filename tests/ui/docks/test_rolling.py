"""The rolling correlation under an offset, and the versions of a design, on the real engine."""

import numpy as np
import pytest

from workstation.ui.plots import rolling_lines
from workstation.workspace.rolling import Rolling
from workstation.workspace.session import Session, sample_books

MACRO = next(p for p in sample_books() if "macro" in p.stem)
DESIGN = "single-account-scan"


@pytest.fixture
def at_work(window, qtbot):
    session = Session.from_file(MACRO)
    session.designs = tuple(d for d in session.designs if d.name in ("today", DESIGN))
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.adopt(session)
    return window, session


def offset_at(session, level):
    return next(o for o in session.run.design(DESIGN).ledger if o.level == level)


def test_the_series_is_numpys_correlation_of_the_returns_up_to_each_date(at_work):
    _, session = at_work
    pair = Rolling().pair(session, session.run, DESIGN, offset_at(session, "product group"))
    history = session.book.market.history
    one, other = (np.array(history.of(name), dtype=float) for name in pair.factors)
    place = history.dates.index(pair.dates[-1])
    x, y = np.diff(np.log(one)), np.diff(np.log(other))
    window = slice(place - pair.window, place)
    assert pair.values[-1] == pytest.approx(np.corrcoef(x[window], y[window])[0, 1], abs=1e-6)
    assert pair.threshold == session.design(DESIGN).rate("tests.rho_stress_min")
    assert min(pair.values) >= -1


def test_a_pair_shows_its_correlation_and_an_account_offset_shows_none(at_work):
    window, session = at_work
    dock = window.docks.bring("offsets")
    rows = dock.table.model.table.rows
    dock._show_row(next(r for r in rows if r.level == "product group"))
    assert not dock.rolling.isHidden()
    pair = Rolling().pair(session, session.run, DESIGN, offset_at(session, "product group"))
    assert dock.rolling.accessibleDescription() == rolling_lines.summary(pair)
    dock._show_row(next(r for r in rows if r.level == "same underlying"))
    assert dock.rolling.isHidden()


def test_a_version_is_kept_and_restored_from_the_design_dock(at_work, qtbot):
    window, session = at_work
    dock = window.docks.bring("design")
    window.desk.choose_design(DESIGN)
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        window.desk.edit_knob("offsets.product_group", "0.25")
    assert "0.9 to 0.25" in dock.history.differences.text()
    dock.history.note.setText("narrower offsets")
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.history.keep.click()
    assert dock.history.versions.count() == 2
    dock.history.versions.setCurrentIndex(1)
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.history.restore.click()
    assert dock.history.differences.text() == f"Unchanged from {DESIGN} 1.0."
    dock.history.notes.setText("for the committee")
    with qtbot.waitSignal(window.desk.run_changed, timeout=20_000):
        dock.history.notes.editingFinished.emit()
    assert session.design(DESIGN).notes == "for the committee"
