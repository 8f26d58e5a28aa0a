"""The regulatory schedule: bands, netting of a trade's rows, net to gross, calls."""

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.rules.crif_rows import written
from tests.shared import shared
from workstation.importers.crif import is_schedule, read_crif
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.schedule_grid import collateral
from workstation.rulebooks.schedule_grid.grid import (
    GridTrade,
    band_of_date,
    band_of_years,
    grid_margin,
    netted_trades,
)
from workstation.rulebooks.schedule_grid.margin import margin_schedule, schedule_notes

TODAY = date(2026, 3, 2)
EDITION = RuleSet(TODAY).edition("schedule")
HEADER = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "AmountUSD", "im_model", "end_date",
          "collect_regulations")


def trade(name, notional, value, product="Rates", band=0):
    return GridTrade(name, product, band, Decimal(notional), Decimal(value))


@pytest.mark.parametrize(("end", "band"), [
    (date(2028, 3, 1), 0), (date(2028, 3, 2), 0), (date(2028, 3, 3), 1),
    (date(2031, 3, 2), 1), (date(2031, 3, 3), 2), (date(2020, 1, 1), 0)])
def test_the_anniversary_belongs_to_the_shorter_band(end, band):
    assert band_of_date(end, TODAY, EDITION) == band


def test_bands_from_a_leap_day():
    assert band_of_date(date(2030, 3, 1), date(2028, 2, 29), EDITION) == 0
    assert band_of_date(date(2030, 3, 2), date(2028, 2, 29), EDITION) == 1


@pytest.mark.parametrize(("years", "band"), [("1.9", 0), ("2", 0), ("2.01", 1), ("5", 1), ("6", 2)])
def test_bands_by_years(years, band):
    assert band_of_years(Decimal(years), EDITION) == band


def test_net_to_gross_and_the_poster():
    """400 + 600 gross 10; NGR = 30 / 50: 0.4 x 10 + 0.6 x 0.6 x 10 = 7.6."""
    trades = [trade("A", 400, 50), trade("B", -600, -20)]
    call, post = (grid_margin("P", trades, EDITION, side) for side in ("call", "post"))
    assert call.gross == 10
    assert call.net_to_gross == Decimal("0.6")
    assert call.margin.amount == Decimal("7.6")
    assert post.net_to_gross == 0
    assert post.margin.amount == 4


def test_no_positive_value_means_a_ratio_of_one_only_without_any():
    assert grid_margin("P", [trade("A", 100, 0)], EDITION).net_to_gross == 1
    assert grid_margin("P", [trade("A", 100, 0)], EDITION).margin.amount == 1


def test_rows_of_one_trade_net_before_absolute_values():
    rows = netted_trades([trade("A", 100, 5), trade("A", -100, 0)])
    assert rows == (trade("A", 0, 5),)


@given(st.lists(st.tuples(st.integers(-10**9, 10**9), st.integers(-10**6, 10**6),
                          st.integers(0, 2)), min_size=1, max_size=12))
def test_margin_lies_between_the_fixed_share_and_the_gross(items):
    trades = [trade(f"T{i}", n, v, band=b) for i, (n, v, b) in enumerate(items)]
    got = grid_margin("P", trades, EDITION)
    assert Decimal("0.4") * got.gross <= got.margin.amount <= got.gross
    assert got.margin.amount == sum(part.amount for part in got.margin.parts)


def test_the_published_example():
    read = read_crif(shared("data", "third_party", "ore", "ore_crif_schedule.csv"))
    edition = RuleSet(date(2020, 12, 28)).edition("schedule")
    for side, wanted, ratio in (("call", "457.79", 0.104282), ("post", "395.86", 0.0)):
        [item] = margin_schedule(read.crif, edition, date(2020, 12, 28), side)
        assert round(item.margin.margin.amount, 2) == Decimal(wanted)
        assert round(item.margin.gross, 2) == Decimal("989.66")
        assert float(item.margin.net_to_gross) == pytest.approx(ratio, abs=5e-7)


def test_rows_of_a_file_with_regulations_and_notes(tmp_path):
    rows = [("A", "P", "Rates", "Notional", 400, "Schedule", "2029-01-01", "CFTC"),
            ("A", "P", "Rates", "PV", 5, "Schedule", "2029-01-01", "CFTC"),
            ("B", "P", "FX", "Notional", 100, "Schedule", "2025-01-01", "CFTC,SEC"),
            ("C", "P", "FX", "PV", 1, "Schedule", "2027-01-01", "SEC")]
    crif = read_crif(written(tmp_path, rows, HEADER)).crif
    assert is_schedule(crif).all()
    [item] = margin_schedule(crif, EDITION, TODAY)
    assert item.regulations == ("CFTC",)
    assert item.by_regulation == {"CFTC": Decimal(14), "SEC": Decimal(6)}
    assert [(note.where, note.what.split()[0]) for note in schedule_notes(crif, TODAY)] == [
        ("B", "ended"), ("C", "has")]


def test_calls_move_only_at_the_minimum_transfer_amount():
    terms = {"threshold": Decimal(50), "minimum_transfer": Decimal(5)}
    call = collateral.margin_transfer
    assert call(Decimal(60), Decimal(0), Decimal(0), **terms) == 10
    assert call(Decimal(54), Decimal(0), Decimal(0), **terms) == 0
    assert call(Decimal(54), Decimal(0), Decimal(1), **terms) == 4
    assert call(Decimal(40), Decimal(12), Decimal(0), **terms) == -12
