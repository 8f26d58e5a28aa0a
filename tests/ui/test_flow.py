"""Rows of controls: as many as the width needs, room left over to the first that expands."""

from __future__ import annotations

import pytest
from PySide6.QtWidgets import QPushButton

from workstation.ui.docks.choice import combo
from workstation.ui.flow import FlowRow


@pytest.fixture
def row(qtbot):
    first, second = combo("First"), combo("Second")
    first.setMinimumWidth(150)
    second.setMinimumWidth(100)
    made = FlowRow(first, QPushButton("Run"), second)
    qtbot.addWidget(made)
    return made


def test_a_wide_row_is_one_row_and_the_first_list_takes_the_room(row):
    row.resize(600, 40)
    row.show()
    first, button, second = (row.flow.itemAt(n).geometry() for n in range(3))
    assert first.center().y() == pytest.approx(second.center().y(), abs=1)
    assert first.width() == min(320, 600 - 16 - button.width() - 100)
    assert second.right() <= 600
    assert row.flow.heightForWidth(600) == row.flow.sizeHint().height()


def test_a_narrow_row_breaks_and_nothing_is_clipped(row):
    row.resize(200, 120)
    row.show()
    places = [row.flow.itemAt(n).geometry() for n in range(3)]
    assert all(place.right() <= 200 for place in places)
    assert places[2].top() > places[0].bottom()
    assert row.flow.heightForWidth(200) > row.flow.sizeHint().height()
    assert row.flow.takeAt(9) is None
    assert row.flow.count() == 3
