"""Charts of the workbook: the waterfall of each bridge, beside its table."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from workstation.reports import ink
from workstation.results.margin_tables import BridgeRow
from workstation.results.table import Table

PARTS = (("Below the step", None), ("Level", ink.ACCENT), ("Saves margin", ink.GRANTED),
         ("Asks for more", ink.DENIED))
HEIGHT, WIDTH = 360, 860
GAP_ROWS = 3
MOST_BARS = 30
BARS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "Silos": ("account", ("initial", "maintenance")),
    "Designs": ("design", ("silos", "requirement")),
    "Account status": ("account", ("equity", "required")),
    "Collateral by state": ("state", ("value",)),
    "Free collateral": ("within", ("value",)),
    "Cascade by factor": ("factor", ("direct_loss", "total_loss")),
    "Regimes compared": ("title", ("requirement", "total_loss")),
}
"""Tables drawn as bars: the field that names a bar, and the fields that are its lengths."""
BAR_INKS = (ink.MUTED, ink.ACCENT)


def bars_of(rows: tuple[BridgeRow, ...]) -> list[tuple[float, float, float, float]]:
    """Return what each bar stacks: unseen base, level, saving step, costing step."""
    bars, before = [], 0.0
    for row in rows:
        level, amount = float(row.level), float(row.amount)
        if row.kind == "level":
            bars.append((0.0, level, 0.0, 0.0))
        elif amount <= 0:
            bars.append((level, 0.0, -amount, 0.0))
        else:
            bars.append((before, 0.0, 0.0, amount))
        before = level
    return bars


def add_waterfall(book: Any, sheet: Any, table: Table, muted: Any) -> None:
    """Draw a bridge under its table; the figures behind the bars stand right of the table."""
    first = len(table.columns) + 1
    count = len(table.rows)
    for place, (heading, _) in enumerate(PARTS):
        sheet.write_string(0, first + place, f"Chart: {heading.lower()}", muted)
        sheet.set_column(first + place, first + place, None, None, {"hidden": True})
    for row, bar in enumerate(bars_of(tuple(table.rows)), start=1):
        for place, amount in enumerate(bar):
            sheet.write_number(row, first + place, amount, muted)
    chart = book.add_chart({"type": "bar", "subtype": "stacked"})
    for place, (heading, colour) in enumerate(PARTS):
        fill = {"none": True} if colour is None else {"color": colour}
        chart.add_series({
            "name": heading, "gap": 40,
            "categories": [sheet.name, 1, 0, count, 0],
            "values": [sheet.name, 1, first + place, count, first + place],
            "fill": fill, "border": {"none": True},
        })
    chart.set_title({"name": table.about, "name_font": {"size": 11, "bold": False}})
    chart.set_legend({"position": "bottom", "delete_series": [0]})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": ink.MUTED}})
    chart.set_x_axis({"num_format": "#,##0", "num_font": {"size": 9},
                      "major_gridlines": {"visible": True, "line": {"color": ink.LINE}}})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    chart.show_hidden_data()
    sheet.insert_chart(count + GAP_ROWS, 0, chart, {
        "description": f"Waterfall. {table.about}"})


def add_bars(book: Any, sheet: Any, table: Table) -> None:
    """Draw the tables of `BARS` as a native chart under their rows, straight from their cells."""
    if table.name not in BARS or not table.rows:
        return
    label, wanted = BARS[table.name]
    fields = [column.field for column in table.columns]
    if not any(table.value(row, fields.index(field)) for field in wanted
               for row in range(len(table.rows))):
        return  # a picture of nothing
    count = min(len(table.rows), MOST_BARS)
    chart = book.add_chart({"type": "bar"})
    for field, colour in zip(wanted, BAR_INKS[-len(wanted):], strict=True):
        place = fields.index(field)
        chart.add_series({
            "name": [sheet.name, 0, place],
            "categories": [sheet.name, 1, fields.index(label), count, fields.index(label)],
            "values": [sheet.name, 1, place, count, place],
            "fill": {"color": colour}, "border": {"none": True}, "gap": 40})
    chart.set_title({"name": table.about, "name_font": {"size": 11, "bold": False}})
    chart.set_legend({"position": "bottom"})
    chart.set_y_axis({"reverse": True, "num_font": {"size": 9}, "line": {"color": ink.MUTED}})
    chart.set_x_axis({"num_format": "#,##0", "num_font": {"size": 9},
                      "major_gridlines": {"visible": True, "line": {"color": ink.LINE}}})
    chart.set_size({"width": WIDTH, "height": HEIGHT})
    sheet.insert_chart(len(table.rows) + GAP_ROWS, 0, chart, {"description": table.about})
