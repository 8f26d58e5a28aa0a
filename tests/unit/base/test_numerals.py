"""Numbers in other locales: written, read, and left alone outside the window's thread."""

import threading
from decimal import Decimal

import pytest

from workstation.base import numerals
from workstation.base.money import accounting


@pytest.fixture(params=list(numerals.STYLES))
def style(request):
    numerals.use(numerals.STYLES[request.param])
    yield request.param
    numerals.use(numerals.PLAIN)


def test_a_style_is_named_by_how_it_writes(style):
    assert accounting(Decimal("1234.5"), 1) == style.replace(" ", numerals.THIN)
    assert accounting(Decimal("-1234567.25"), 2).startswith("(1")


def test_what_is_written_is_read_back(style):
    written = accounting(Decimal("1234567.25"), 2)
    assert numerals.plain(written).replace(",", "").replace("'", "") == "1234567.25"


def test_other_threads_write_plainly(style):
    said = []
    thread = threading.Thread(target=lambda: said.append(accounting(1234.5, 1)))
    thread.start()
    thread.join()
    assert said == ["1,234.5"]


def test_the_desktop_decides_unless_told():
    assert numerals.chosen("system", ",").decimal == ","
    assert numerals.chosen("system", ".") is numerals.PLAIN
    assert numerals.chosen("1,234.5", ",") is numerals.PLAIN
