"""Money in units, thousands or millions: on screen only, and said in the heading."""

from decimal import Decimal

import pytest
from PySide6.QtGui import QGuiApplication

from workstation.results.formats import money, price, quantity
from workstation.ui.amount_style import AMOUNTS


@pytest.fixture(autouse=True)
def _plain():
    yield
    AMOUNTS.use("units", 0)


@pytest.mark.parametrize(("scale", "decimals", "text", "heading"), [
    ("units", 0, "(1,234,568)", "Maintenance (USD)"),
    ("units", 2, "(1,234,567.89)", "Maintenance (USD)"),
    ("thousands", 0, "(1,235)", "Maintenance (USD k)"),
    ("thousands", 1, "(1,234.6)", "Maintenance (USD k)"),
    ("millions", 2, "(1.23)", "Maintenance (USD m)"),
])
def test_money_follows_the_style_and_the_heading_says_so(scale, decimals, text, heading):
    AMOUNTS.use(scale, decimals)
    column = money("Maintenance (USD)", "amount")
    assert AMOUNTS.writer(column)(Decimal("-1234567.89")) == text
    assert AMOUNTS.heading(column) == heading
    assert AMOUNTS.heading(money("Cash", "cash")) == (
        "Cash" if scale == "units" else f"Cash ({scale[0].replace('t', 'k')})")


def test_prices_and_quantities_keep_the_figures_they_were_given_with():
    AMOUNTS.use("millions", 2)
    assert AMOUNTS.writer(price("Price", "price"))(Decimal("268.4")) == "268.40"
    assert AMOUNTS.writer(quantity("Quantity", "quantity"))(Decimal(12500)) == "12,500"
    assert AMOUNTS.heading(price("Price", "price")) == "Price"


def test_the_window_writes_every_table_again_and_copies_whole_amounts(desk_window):
    model, view = desk_window.positions.model, desk_window.positions.view
    column = model.column_of("market_value")
    row = model.row_of("Positions!A2")
    assert model.index(row, column).data() == "3,355,000"
    desk_window.commands["view.scale"].trigger()
    assert model.index(row, column).data() == "3,355"
    assert model.headerData(column, view.horizontalHeader().orientation()) \
        == "Market value (USD k)"
    assert desk_window.settings["view.scale"] == "thousands"
    desk_window.commands["view.decimals"].trigger()
    assert model.index(row, column).data() == "3,355.0"
    view.selectRow(row)
    view.copy()
    assert "3355000" in QGuiApplication.clipboard().text()
    assert "Market value (USD)" in QGuiApplication.clipboard().text()
    for _ in range(2):
        desk_window.commands["view.scale"].trigger()
        desk_window.commands["view.decimals"].trigger()
    assert model.index(row, column).data() == "3,355,000"
