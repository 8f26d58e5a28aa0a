from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.importers.as_of import dates_in, in_name
from workstation.importers.dates import day, month_only, order_vote
from workstation.importers.figures import Fault

EXPIRY = date(2026, 12, 18)


@pytest.mark.parametrize("cell", [
    "2026-12-18", "2026/12/18", "20261218", "12/18/2026", "12/18/26", "18-Dec-2026", "18DEC26",
    "Dec 18, 2026", "18 DEC 26", "18/12/2026 00:00", 46374, 46374.0, "46374", 20261218.0,
    datetime(2026, 12, 18), EXPIRY, "2026-12-18T08:00:00Z",
])
def test_dates_as_people_write_them(cell):
    order = "dmy" if isinstance(cell, str) and cell.startswith("18/") else "mdy"
    assert day(cell, order) == EXPIRY


def test_thinkorswim_dates():
    assert day("1 SEP 17") == date(2017, 9, 1)


@pytest.mark.parametrize(("text", "end"), [
    ("2017-06", date(2017, 6, 30)), ("202612", date(2026, 12, 31)),
    ("Mar-26", date(2026, 3, 31)), ("DEC 2025", date(2025, 12, 31))])
def test_months_are_their_last_day(text, end):
    assert day(text) == end
    assert month_only(text)


@pytest.mark.parametrize("cell", [
    "31/02/2026", "2026-02-30", "13/13/2026", "soon", 12.5, 19_999, 70_000, True,
    float("inf"), 1e300])
def test_impossible_dates_are_faults(cell):
    assert isinstance(day(cell), Fault)


def test_day_first_is_voted_column_by_column():
    assert order_vote([["06/12/2016", "23/08/2022"]]).order == "dmy"
    assert order_vote([["12/18/2026", "01/02/2026"]]).order == "mdy"
    assert order_vote([["03.04.2026"]]).order == "dmy"
    assert order_vote([["03/04/2026"]]).doubtful
    assert not order_vote([["2026-04-03"]]).doubtful
    assert order_vote([["03/04/2026"]], "dmy").order == "dmy"


@given(st.dates(min_value=date(2000, 1, 1), max_value=date(2063, 12, 31)))
def test_iso_and_serial_agree(when):
    serial = (when - date(1899, 12, 30)).days
    assert day(when.isoformat()) == when
    assert day(float(serial)) == when


@pytest.mark.parametrize(("text", "found"), [
    ("Positions as of 04:10 PM ET, 2026/11/13", date(2026, 11, 13)),
    ("Date downloaded Nov-13-2026 6:02 p.m ET", date(2026, 11, 13)),
    ("October 1, 2026 - November 13, 2026", date(2026, 11, 13)),
    ("as of 13 Nov 2026", date(2026, 11, 13)), ("COB 13/11/2026", date(2026, 11, 13)),
])
def test_dates_in_titles(text, found):
    assert dates_in(text)[-1] == found


def test_dates_in_file_names():
    assert in_name("Portfolio_Positions_Nov-13-2026").day == date(2026, 11, 13)
    assert in_name("book_20261113").day == date(2026, 11, 13)
    assert in_name("book") is None


@given(st.text(max_size=25))
def test_any_text_is_a_date_or_a_fault(text):
    found = day(text)
    assert found is None or isinstance(found, date | Fault)
    assert isinstance(dates_in(text), tuple)
