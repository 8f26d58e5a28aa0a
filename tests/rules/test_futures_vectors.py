"""The futures vectors, margin histories, repriced arrays and the two-house reduction."""

import json
from datetime import date
from decimal import Decimal

import pytest

from tests.shared import SHARED, shared
from tests.vectors.families import FAMILIES
from workstation.rulebooks.span.margin_history import (
    MarginChange,
    margin_on,
    read_margin_history,
    replayed,
    without_suspects,
)
from workstation.rulebooks.span.model_arrays import (
    OptionOnFuture,
    ScanRanges,
    black_76,
    future_array,
    option_array,
)
from workstation.rulebooks.span.two_house import HouseMargin, cross_margined

FILE = SHARED / "vectors" / "futures.json"
DOCUMENT = json.loads(FILE.read_text("utf-8")) if FILE.exists() else {"cases": []}


@pytest.mark.parametrize("case", DOCUMENT["cases"], ids=[c["id"] for c in DOCUMENT["cases"]])
def test_a_futures_vector(case):
    header = {key: value for key, value in DOCUMENT.items() if key != "cases"}
    passed, detail = FAMILIES[case["regime"]](case, header)
    assert passed, detail


HISTORY = """symbol,date,initial,maintenance
AA,20200106,1100,1000
AA,20200302,1650,1500
AA,20200309,2200,2000
AA,20200309,2200,2000
AA,20200601,1320,1200
BB,2020,1,1
"""


def test_a_margin_history_replays_by_hand():
    histories, problems = read_margin_history(HISTORY.splitlines())
    assert [p.where for p in problems] == ["margin history line 7"]
    replay = replayed(histories["AA"], date(2020, 2, 1), date(2020, 12, 31))
    assert (replay.start, replay.end, replay.peak, replay.trough) == (1000, 1200, 2000, 1000)
    assert [(j.on, j.after) for j in replay.jumps] == [
        (date(2020, 3, 2), 1500), (date(2020, 3, 9), 2000), (date(2020, 6, 1), 1200)]
    assert replay.largest_jump.ratio == Decimal("1.5")
    assert replay.peak_to_trough == 2
    assert replay.ratio == Decimal("1.2")


def test_a_change_holds_from_its_day():
    changes = read_margin_history(HISTORY.splitlines())[0]["AA"]
    assert margin_on(changes, date(2020, 1, 5)) is None
    assert margin_on(changes, date(2020, 3, 1)).maintenance == 1000
    assert margin_on(changes, date(2020, 3, 2)).maintenance == 1500
    assert replayed(changes, date(2019, 1, 1), date(2020, 12, 31)) is None


def test_rows_no_change_explains_are_left_out():
    changes = [MarginChange("SI", date(2011, m, 1), Decimal(x), Decimal(x))
               for m, x in ((8, 16000), (9, 1850), (10, 18500))]
    kept, problems = without_suspects(changes)
    assert [change.maintenance for change in kept] == [16000, 18500]
    assert problems[0].where == "SI 2011-09-01"


def test_the_spring_of_2020_in_the_published_history():
    path = shared("data", "third_party", "lean", "futures_margin_history.csv")
    histories, problems = read_margin_history(path.read_text("utf-8").splitlines())
    assert not problems
    replay = replayed(histories["ES"], date(2020, 2, 14), date(2020, 3, 20))
    assert [int(j.after) for j in replay.jumps] == [7200, 7600, 8350, 9000, 10600, 12000]
    assert all(date(2020, 2, 28) <= j.on <= date(2020, 3, 20) for j in replay.jumps)


def test_a_future_s_array_is_the_exchange_s():
    """Gold of 12 September 2025: 16,000 a contract, extreme 3 x 33 %."""
    assert future_array(16000, ScanRanges(0, 0, 3.0, 0.33)) == (
        0, 0, -5333, -5333, 5333, 5333, -10667, -10667, 10667, 10667, -16000, -16000, 16000,
        16000, -15840, 15840)


def test_puts_and_calls_keep_parity_in_every_scenario():
    call, put = (OptionOnFuture(right, 3686.4, 3700, 0.2, 0.15, 0.04, 100) for right in "CP")
    ranges = ScanRanges(160, 0.02, 3.0, 0.33, 1 / 365)
    future = 100 * 2.718281828459045 ** (-0.04 * 0.2)
    assert black_76(call) - black_76(put) == pytest.approx(-13.6 * future / 100)
    difference = [c - p for c, p in zip(option_array(call, ranges), option_array(put, ranges),
                                        strict=True)]
    assert difference[10] == pytest.approx(-160 * future, rel=2e-3)
    assert difference[12] == pytest.approx(160 * future, rel=2e-3)


def test_the_more_conservative_house_fixes_the_reduction():
    answer = cross_margined(HouseMargin("FICC", Decimal(200), Decimal(50)),
                            HouseMargin("CME", Decimal(100), Decimal(40)))
    assert answer.reduction == Decimal("0.6")
    assert answer.binding.startswith("CME")
    assert answer.margins.amount == 120
    assert answer.saved == 180


@pytest.mark.parametrize(("cap", "minimum", "reduction"), [
    ("0.5", "0", "0.5"), ("1", "0.7", "0"), ("1", "0.6", "0.6")])
def test_cap_and_minimum_are_the_user_s(cap, minimum, reduction):
    answer = cross_margined(HouseMargin("FICC", Decimal(200), Decimal(50)),
                            HouseMargin("CME", Decimal(100), Decimal(40)), Decimal(cap),
                            Decimal(minimum))
    assert answer.reduction == Decimal(reduction)


def test_a_worse_combined_book_reduces_nothing():
    answer = cross_margined(HouseMargin("FICC", Decimal(200), Decimal(250)),
                            HouseMargin("CME", Decimal(100), Decimal(40)))
    assert (answer.reduction, answer.saved) == (0, 0)
