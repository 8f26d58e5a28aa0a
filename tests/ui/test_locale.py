"""A decimal-comma locale on the screen, in editors, in filters and on the clipboard."""

from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication

from workstation.base import numerals
from workstation.ui.docks.writing import write_csv


@pytest.fixture
def comma_window(desk_window):
    desk_window.settings["view.numbers"] = "1,234.5"
    desk_window.commands["view.numbers"].trigger()
    yield desk_window
    numerals.use(numerals.PLAIN)


def cell(window, where, field):
    model = window.positions.model
    return model.index(model.row_of(where), model.column_of(field))


def test_figures_follow_the_style(comma_window):
    run = comma_window.desk.run
    expected = f"{round(run.silos.maintenance.amount):,}".replace(",", ".")
    assert comma_window.headline.buttons[0].amount.text() == expected
    price = comma_window.desk.book.positions[0].price
    assert cell(comma_window, "Positions!A2", "price").data() == \
        f"{price:,.2f}".translate({44: ".", 46: ","})
    assert "1.234,5" in comma_window.banner.text()


def test_typing_and_filters_follow_it_too(comma_window, qtbot):
    positions = comma_window.positions
    price = cell(comma_window, "Positions!A2", "price")
    assert "," in positions.model.typing_text(price.column(), price.data(256))
    assert positions.model.setData(price, "1.250,75")
    assert str(comma_window.desk.book.positions[0].price) == "1250.75"
    qtbot.waitUntil(lambda: comma_window.desk.is_current, timeout=5000)
    positions.filters.set_filter(price.column(), ">1.250,5")
    positions._filter()
    book = comma_window.desk.book
    assert positions.model.source_rows() == [
        row for row, position in enumerate(book.positions)
        if position.price is not None and position.price > Decimal("1250.5")]


def test_copied_numbers_paste_into_a_spreadsheet_of_that_locale(comma_window, tmp_path):
    comma_window.positions.select("Positions!A2")
    comma_window.commands["edit.copy_bare"].trigger()
    text = QGuiApplication.clipboard().text()
    assert len(text.splitlines()) == 1
    price = format(comma_window.desk.book.positions[0].price, "f")
    assert price.replace(".", ",") in text.split("\t")
    write_csv(comma_window.positions.model, tmp_path / "positions.csv")
    assert price in (tmp_path / "positions.csv").read_text("utf-8-sig"), "files stay as they were"
