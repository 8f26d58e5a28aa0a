"""The drawings on plain data: what they say, how they mark it, and that nothing is clipped."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

import pytest
from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF
from PySide6.QtWidgets import QGraphicsScene, QGraphicsSimpleTextItem

from tests.ui.docks import sample
from workstation.base.axes import round_step
from workstation.collateral.report import LotState
from workstation.ui import tokens
from workstation.ui.docks.bridge import silo_amounts
from workstation.ui.docks.collateral import LOOKS, figures
from workstation.ui.docks.collateral_bars import bars
from workstation.ui.docks.offset_blocks import blocks
from workstation.ui.plots import figures as figure_strip
from workstation.ui.plots import heat_map, paths, stacked_bars, waterfall
from workstation.ui.plots.scale import Scale
from workstation.ui.plots.sheet import Sheet
from workstation.ui.plots.style import (
    PATTERN_OF,
    Pattern,
    compact,
    hatching,
    hint,
    readable_on,
    shortened,
    tone,
    wrapped,
)

SIZES = [(500, 300), (900, 560), (320, 200)]


@pytest.fixture
def metrics(qapp):
    return QFontMetricsF(QFont())


def sheet_of(size, palette=tokens.LIGHT):
    font = QFont()
    font.setPixelSize(13)
    return Sheet(QGraphicsScene(), size[0], size[1], palette, font)


def texts(sheet):
    return [item for item in sheet.scene.items() if isinstance(item, QGraphicsSimpleTextItem)]


def words(sheet):
    return [item.text() for item in texts(sheet)]


def assert_nothing_clipped_or_overlapping(sheet):
    areas = [item.sceneBoundingRect() for item in texts(sheet)]
    room = QRectF(0, 0, max(sheet.width, sheet.used_width) + 1, sheet.used + 1)
    for item, area in zip(texts(sheet), areas, strict=True):
        assert room.contains(area.adjusted(1, 2, -1, -2)), item.text()
    for number, area in enumerate(areas):
        for other in areas[number + 1:]:
            shared = area.adjusted(1, 3, -1, -3) & other.adjusted(1, 3, -1, -3)
            assert shared.isEmpty(), (area, other)


def bridge_rows():
    run = sample.run()
    outcome = run.designs[1]
    return waterfall.rows(outcome.bridge, silo_amounts(run), outcome.margin.title)


# Waterfall ----------------------------------------------------------------------------------


def test_waterfall_starts_each_step_where_the_last_one_ended():
    bars_ = bridge_rows()
    steps = [bar for bar in bars_ if bar.kind in ("saving", "charge")]
    assert [bar.kind for bar in bars_] == [
        "level", "saving", "silos", "saving", "charge", "charge", "design"]
    assert steps[0].start == Decimal(21_450_000)
    assert steps[0].end == steps[1].start == bars_[2].end
    assert steps[-1].end == bars_[-1].amount
    assert sum(part.amount for part in bars_[2].segments) == bars_[2].amount


def test_waterfall_writes_savings_in_parentheses_and_charges_with_a_plus():
    bars_ = bridge_rows()
    assert bars_[3].text == "(4,520,800)"
    assert bars_[4].text == "+640,250"
    assert waterfall.FILL["saving"] != waterfall.FILL["charge"]
    assert "Stability buffer +212,000" in waterfall.summary(bars_, "USD")


def test_waterfall_marks_a_step_of_nothing():
    from workstation.offsets.bridge import Bridge, BridgeStep

    tiny = Decimal("0.0004")
    steps = (BridgeStep("x", Decimal(0)), BridgeStep("y", tiny))
    zero = Bridge("d", Decimal(0), Decimal(0), Decimal(0), steps, tiny)
    bars_ = waterfall.rows(zero, ())
    assert [(bar.kind, bar.text) for bar in bars_][3:5] == [("nothing", "0"), ("nothing", "0")]
    waterfall.draw(sheet_of((500, 300)), bars_, "USD")


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("palette", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_waterfall_text_is_whole(qapp, size, palette):
    sheet = sheet_of(size, palette)
    waterfall.draw(sheet, bridge_rows(), "USD")
    assert {"(4,520,800)", "+640,250", "10,644,715", "21,450,000"} <= set(words(sheet))
    assert_nothing_clipped_or_overlapping(sheet)


# Heat-map -----------------------------------------------------------------------------------

BLOCK = heat_map.Block(
    "Same underlying", ("SPX listed options", "ES futures"), ("ES futures", "BTC"),
    (heat_map.Cell(0, 0, Decimal(-4_210_300), "granted", "holds", mark="0"),
     heat_map.Cell(1, 1, Decimal(-310_500), "partial", "capped", mark="1"),
     heat_map.Cell(0, 1, Decimal(0), "denied", "breaks under stress", Decimal(120_000), "2")))


@pytest.mark.parametrize("size", SIZES)
def test_heat_map_prints_symbol_and_number(qapp, size):
    sheet = sheet_of(size)
    heat_map.draw(sheet, (BLOCK,), "2")
    shown = words(sheet)
    assert any(text.startswith("●") and "4" in text for text in shown)
    assert any(text.startswith("◐") and "310" in text for text in shown)
    assert any(text.startswith("✕") and "120" in text for text in shown)
    assert_nothing_clipped_or_overlapping(sheet)


def test_heat_map_states_differ_by_pattern_and_name_their_reason(qapp):
    assert len({PATTERN_OF[cell.status] for cell in BLOCK.cells}) == 3
    sheet = sheet_of((500, 300))
    heat_map.draw(sheet, (BLOCK,))
    hints = [item.toolTip() for item in sheet.scene.items() if item.toolTip()]
    assert any("breaks under stress" in text and "denied" in text for text in hints)


def test_heat_map_blocks_stand_side_by_side_where_they_fit(qapp):
    wide, narrow = sheet_of((900, 300)), sheet_of((330, 300))
    for sheet in (wide, narrow):
        heat_map.draw(sheet, (BLOCK, BLOCK))
        assert_nothing_clipped_or_overlapping(sheet)
    assert narrow.used > 1.5 * wide.used


def test_heat_map_of_many_groups_scrolls_and_shows_symbols_only(qapp):
    labels = tuple(f"group {n}" for n in range(40))
    cells = tuple(heat_map.Cell(n, n, Decimal(-1_000_000), "granted") for n in range(40))
    sheet = sheet_of((400, 300))
    heat_map.draw(sheet, (heat_map.Block("all", labels, labels, cells),))
    assert sheet.used_width > 400
    assert sheet.used > 300
    assert "●" in words(sheet)


def test_heat_map_without_pairs_says_so(qapp):
    sheet = sheet_of((500, 300))
    heat_map.draw(sheet, ())
    assert words(sheet) == [heat_map.NO_PAIRS]


def test_a_ledger_becomes_a_block_a_kind_with_the_most_dollars_first():
    first, second, *rest = sample.offsets()
    small = replace(second, kind="product group", amount=Decimal(-5))
    three = replace(first, between=("a", "b", "c"))
    found = blocks((small, first, three, *rest))
    assert [block.title for block in found] == ["Cross-silo", "Product group"]
    assert found[0].rows == ("SPX listed options", "BTC", "AAPL")
    assert found[0].columns == ("ES futures", "SPX listed options")
    assert [cell.mark for cell in found[0].cells] == ["1", "3", "4"]
    assert found[1].cells[0].amount == Decimal(-5)


def test_rows_of_one_pair_are_added_and_the_best_decision_stands():
    first, _, denied, _ = sample.offsets()
    turned = replace(denied, between=("ES futures", "SPX listed options"))
    cell, = blocks((turned, first))[0].cells
    assert (cell.row, cell.column, cell.status, cell.mark) == (0, 0, "granted", "1")
    assert (cell.amount, cell.would_save) == (first.amount, turned.would_save)


# Stacked bars -------------------------------------------------------------------------------


def test_every_lot_state_has_a_look_of_its_own():
    assert set(LOOKS) == {str(state) for state in LotState}
    assert len(set(LOOKS.values())) == len(LotState)
    assert len({look.colour for look in LOOKS.values()}) <= 6


def test_bars_by_lot_and_by_custodian_add_up_to_market_value():
    report = sample.collateral()
    whole = sum(lot.market_value for lot in report.lots)
    for grouping in ("lot", "custodian"):
        assert sum(bar.total for bar in bars(report, grouping)) == whole
    assert [bar.name for bar in bars(report, "custodian")] == [
        "Alder Prime", "Birch Clearing", "Cobalt"]


def test_a_long_list_of_lots_keeps_the_largest_and_sums_the_others():
    report = sample.collateral()
    many = tuple(replace(report.lots[0], lot=f"LOT-{n}", market_value=Decimal(n))
                 for n in range(1, 100))
    found = bars(replace(report, lots=many), "lot")
    assert len(found) == 41
    assert found[0].name == "LOT-99  UST 4.25 2034"
    assert found[-1].name == "59 others"
    assert sum(bar.total for bar in found) == sum(range(1, 100))


@pytest.mark.parametrize("size", SIZES)
def test_stacked_bars_text_is_whole(qapp, size):
    sheet = sheet_of(size)
    stacked_bars.draw(sheet, bars(sample.collateral(), "lot"), LOOKS, "USD")
    assert {"9,840,000", "free", "ineligible"} <= set(words(sheet))
    assert_nothing_clipped_or_overlapping(sheet)


def test_figures_say_what_is_free_by_when():
    found = figures(sample.collateral())
    assert [figure.label for figure in found] == [
        "Free after haircut, USD", "Encumbered", "Free by T+0", "Free by T+1", "Free by T+2"]
    assert found[1].value == "54.3 %"
    assert (found[2].share, found[3].share) == (0.0, 1.0)


def test_figures_wrap_where_they_must(qapp):
    wide, narrow = sheet_of((900, 40)), sheet_of((200, 40))
    for sheet in (wide, narrow):
        figure_strip.draw(sheet, figures(sample.collateral()))
        assert_nothing_clipped_or_overlapping(sheet)
    assert narrow.used > wide.used


# Paths --------------------------------------------------------------------------------------


def test_paths_start_at_one_hundred_and_the_deepest_comes_first():
    cascade = sample.cascade()
    found = paths.indexed(cascade.factors, [step.prices for step in cascade.steps])
    assert all(path.values[0] == 100.0 for path in found)
    assert [path.name for path in paths.worst(found)] == ["BTC", "SPX", "UST10Y"]
    assert found[2].values[-1] == pytest.approx(68.8)


def test_factors_without_a_starting_price_are_left_out():
    assert [p.name for p in paths.indexed(("a", "b"), [(0.0, 2.0), (0.0, 1.0)])] == ["b"]


def test_no_more_than_six_paths_are_drawn():
    many = [paths.Path(f"f{n}", (100.0, 100.0 - n)) for n in range(9)]
    assert [path.name for path in paths.worst(many)] == ["f8", "f7", "f6", "f5", "f4", "f3"]


def test_the_client_has_the_first_lane_and_further_participants_share_the_last():
    ticks = [paths.Tick(1, name, "1", True) for name in ("a", "b", "client", "d", "e", "f")]
    found = paths.lanes(ticks, "client")
    assert [lane.name for lane in found] == ["client", "a", "b", "others"]
    assert [tick.participant for tick in found[-1].ticks] == ["d", "e", "f"]


def test_names_keep_their_distance_and_their_order():
    placed = paths.spread([50.0, 51.0, 90.0, 50.5], 5.0, 0.0, 100.0)
    order = sorted(range(4), key=lambda n: placed[n])
    assert order == [0, 3, 1, 2]
    gaps = [placed[b] - placed[a] for a, b in zip(order, order[1:], strict=False)]
    assert min(gaps) >= 5.0
    assert max(paths.spread([99.0, 100.0], 5.0, 0.0, 100.0)) == 100.0


def test_values_at_a_step_name_the_calls_made_then():
    found = [paths.Path("SPX", (100.0, 92.0))]
    ticks = [paths.Tick(1, "client", "1,200,000", False)]
    assert paths.at_step(found, ticks, 1) == [
        ("SPX", "92.0"), ("call, client, not met", "1,200,000")]
    assert paths.at_step(found, ticks, 7) == []


# Words and scales ---------------------------------------------------------------------------


@pytest.mark.parametrize(("amount", "text"), [
    (Decimal(0), "0"), (999, "999"), (1_000, "1k"), (1_250, "1.2k"), (999_600, "1m"),
    (Decimal("-4210300"), "(4.2m)"), (123_456_789, "123m"), (2.5e9, "2.5bn"),
])
def test_compact_amounts(amount, text):
    assert compact(amount) == text


def test_names_are_shortened_and_wrapped_to_their_room(metrics):
    name = "Concentration add-on for the largest family"
    lines = wrapped(name, metrics, 120, 2)
    assert len(lines) == 2
    assert all(metrics.horizontalAdvance(line) <= 120 for line in lines)
    assert lines[-1].endswith("…")
    assert wrapped("short", metrics, 120, 2) == ["short"]
    assert shortened("abc", metrics, 1000) == "abc"


def test_hints_escape_what_the_file_said():
    assert "&lt;b&gt;" in hint("<b>", ("x", "1"))


@pytest.mark.parametrize(("least", "step"), [(0.9, 1), (1.1, 2), (2.2, 2.5), (30, 50), (0.07, 0.1)])
def test_round_steps(least, step):
    assert round_step(least) == pytest.approx(step)


def test_axis_marks_round_amounts_without_crowding(metrics):
    scale = Scale.over(0, 21_450_000, 100, 800)
    marks = scale.ticks(metrics)
    assert marks[0] == (100.0, "0")
    assert "10,000,000" in [text for _, text in marks]
    narrow = Scale.over(0, 21_450_000, 100, 300).ticks(metrics)
    assert "10m" in [text for _, text in narrow]


@pytest.mark.parametrize("pattern", list(Pattern))
def test_hatching_stays_inside_its_area(pattern):
    area = QRectF(3, 5, 37, 21)
    path = hatching(area, pattern)
    if pattern in (Pattern.SOLID, Pattern.OUTLINE):
        assert path.isEmpty()
    else:
        assert not path.isEmpty()
        assert area.adjusted(-0.01, -0.01, 0.01, 0.01).contains(path.boundingRect())


@pytest.mark.parametrize("palette", [tokens.LIGHT, tokens.DARK], ids=["light", "dark"])
def test_text_on_every_solid_fill_can_be_read(palette):
    fills = [tone(palette, name) for name in ("granted", "accent", *palette.silos)]
    for fill in fills:
        assert tokens.contrast(readable_on(fill, palette), fill) >= 3.0
