"""Histories brought onto common dates, and what is said about them."""

from datetime import date, timedelta

import pytest

from workstation.base.problem import UnusableInputError
from workstation.market.history_alignment import aligned, known_points
from workstation.market.history_files import read_histories

START = date(2026, 1, 5)  # a Monday


def days(count, weekends=True):
    every = [START + timedelta(i) for i in range(count)]
    return every if weekends else [d for d in every if d.weekday() < 5]


def series(dates, level=100.0):
    return [(d, level + i) for i, d in enumerate(dates)]


def said(found, word):
    return [p for p in found.problems if word in p.what]


def test_weekends_of_a_market_that_never_closes_fall_on_monday():
    found = aligned({"SPX": series(days(28, False)), "TLT": series(days(28, False)),
                     "BTC": series(days(28))})
    assert found.history.dates == tuple(days(28, False))
    btc = found.history.of("BTC")
    assert btc[5] - btc[4] == 3
    assert not found.problems


def test_a_lone_series_keeps_all_its_days():
    assert aligned({"BTC": series(days(14))}).history.dates == tuple(days(14))


def test_a_holiday_leaves_a_gap_not_a_guess():
    spx = series(days(28, False))
    found = aligned({"SPX": spx, "TLT": [p for p in spx if p[0] != START], "IWM": spx})
    assert found.history.of("TLT")[0] is None
    assert found.history.of("SPX")[0] == 100


def test_a_series_that_begins_later_has_nothing_before():
    late = series(days(28, False)[10:])
    found = aligned({"SPX": series(days(28, False)), "BTC": late})
    assert found.history.of("BTC")[:10] == (None,) * 10


def test_unsorted_doubled_constant_and_negative_levels_are_said():
    shuffled = series(days(28, False))[::-1]
    found = aligned({"A": shuffled, "B": [*series(days(28, False)), (START, 100.0)],
                     "C": [(d, 7.0) for d in days(28, False)],
                     "D": series(days(28, False), -3.0)})
    assert said(found, "not in order")
    assert said(found, "more than once")
    assert found.history.of("B")[0] == 100
    assert said(found, "never changes")
    assert said(found, "not positive")
    assert found.history.of("A")[0] == 100


def test_a_date_with_two_levels_is_left_out_not_guessed():
    found = aligned({"A": [*series(days(28, False)), (START, 55.0)],
                     "B": series(days(28, False))}, {"A": "History!B1"})
    [problem] = said(found, "different levels")
    assert (problem.where, problem.severity) == ("History!B1", "error")
    assert START.isoformat() in problem.what
    assert found.history.of("A")[0] is None
    assert found.history.of("B")[0] == 100


def test_one_level_far_from_neighbours_that_agree_is_a_bad_print_to_look_at():
    dates = days(60, False)
    clean = series(dates)
    for wrong in (1000.0, 10.0, -5.0):
        spoilt = [(d, wrong if d == dates[20] else level) for d, level in clean]
        found = aligned({"A": spoilt})
        assert dates[20].isoformat() in said(found, "far from")[0].what
        assert found.history.of("A")[20] == wrong, "listed, not corrected"
    crash = [(d, level / 3 if d >= dates[20] else level) for d, level in clean]
    assert not said(aligned({"A": crash}), "far from"), "a level that stays is a move"


def test_frequencies_that_change_on_the_way_are_said():
    dates = days(400)
    mixed = dates[:200:7] + dates[200:]
    found = aligned({"A": series(mixed)})
    [problem] = said(found, "mixed frequencies")
    assert "every 7 days from 2026-01-05" in problem.what
    assert not said(aligned({"A": series(days(400, False))}), "mixed frequencies")


def test_weekly_levels_are_said_for_closing_times_count_dates():
    [problem] = said(aligned({"A": series(days(700)[::7])}), "only every 7 days")
    assert "in dates" in problem.remedy


def test_gaps_and_other_frequencies_are_said():
    weekly = series(days(140)[::7])
    broken = [p for p in series(days(140, False)) if not 20 < (p[0] - START).days < 60]
    found = aligned({"W": weekly, "G": broken, "F": series(days(140, False))})
    assert "every 7 days" in said(found, "only every")[0].what
    assert said(found, "1 gap of more than 10 days")


def test_known_points_are_listed_and_kept():
    around = [date(2026, 1, 28) + timedelta(i) for i in range(6)]
    found = aligned({"SLV": series(around)})
    [point] = [p for p in found.problems if "28.5" in p.what]
    assert point.severity == "info"
    assert all(level is not None for level in found.history.of("SLV"))
    assert any(p.wrong for p in known_points())


def test_files_are_read_by_close_or_by_column(tmp_path):
    one, many = tmp_path / "px_SPY.csv", tmp_path / "many.csv"
    one.write_text("date,open,close\n2026-01-05,1,100\n2026-01-06,1,101\nyesterday,1,1\n", "utf-8")
    many.write_text("Date,BTC,ETH\n2026-01-05,9,\n2026-01-06,10,3\n", "utf-8")
    found = read_histories([one, many], {"px_SPY": "SPY"})
    assert found.history.factors == ("SPY", "BTC", "ETH")
    assert found.history.of("ETH") == (None, 3.0)
    assert "line 4" in said(found, "is no date")[0].where


@pytest.mark.parametrize("text", ["", "a,b\n1,2\n"])
def test_a_file_without_dates_is_refused(tmp_path, text):
    path = tmp_path / "bad.csv"
    path.write_text(text, "utf-8")
    with pytest.raises(UnusableInputError, match="date"):
        read_histories([path])


def test_a_level_that_is_no_number_is_said_once_a_column(tmp_path):
    path = tmp_path / "wide.csv"
    path.write_text('date,SPX,BTC\n2026-01-02,abc,"1,5"\n2026-01-05,x,"90,000.5"\n'
                    "2026-01-06,n/a,.\n2026-01-07,6000,inf\n", "utf-8")
    read = read_histories([path])
    said = [problem.sentence() for problem in read.problems if "no level" in problem.sentence()]
    assert len(said) == 2
    assert "wide.csv line 2: 'abc' is no level of SPX, nor are 1 more of SPX" in said[0]
    assert "'1,5' is no level of BTC, nor are 1 more of BTC" in said[1]
