"""Numbers as analysts type them."""

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.ui.editable_model import Refusal
from workstation.ui.typed_number import typed_level, typed_number, typed_percent, typed_price


@pytest.mark.parametrize(("text", "value"), [
    ("12500", "12500"), ("12,500", "12500"), ("-40", "-40"), ("(40)", "-40"), ("(-40)", "40"),
    ("1.5k", "1500"), ("2mm", "2000000"), ("2M", "2000000"), ("1b", "1000000000"),
    ("+7", "7"), (".5", "0.5"), ("5.", "5"), (" 1 234 ", "1234"), ("−3", "-3"),
    ("1'000.25", "1000.25"), ("0.10", "0.1"),
])
def test_reads(text, value):
    assert typed_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["", "abc", "1,2,3", "12.3.4", "--5", "1e9", ".", "-", "()",
                                  "1234567890123456789", "nan", "inf", "5x"])
def test_refuses_with_a_sentence(text):
    assert isinstance(typed_number(text), str)
    assert typed_number(text).endswith(".")


def test_a_price_is_not_negative():
    assert "negative" in typed_price("-1")
    assert typed_price("1.25") == Decimal("1.25")


@given(st.decimals(-10**12, 10**12, allow_nan=False, allow_infinity=False, places=4))
def test_reads_what_it_writes(value):
    assert typed_number(format(value, "f")) == value
    assert typed_number(f"{value:,}") == value


def test_a_level_is_above_zero():
    assert "above zero" in typed_level("0")
    assert typed_level("6,690.5") == Decimal("6690.5")


@pytest.mark.parametrize(("text", "value"), [
    ("18.5", "0.185"), ("18.5 %", "0.185"), ("0.5%", "0.005"), ("0", "0"), ("120", "1.2")])
def test_percent(text, value):
    assert typed_percent(text) == Decimal(value)


@pytest.mark.parametrize("text", ["0.185", "-5", "x", "%"])
def test_a_doubtful_percentage_is_refused_with_a_sentence(text):
    assert isinstance(typed_percent(text), Refusal)
    assert typed_percent(text).endswith(".")


@pytest.fixture
def comma():
    from workstation.base import numerals

    numerals.use(numerals.STYLES["1.234,5"])
    yield
    numerals.use(numerals.PLAIN)


@pytest.mark.parametrize(("text", "value"), [
    ("12500,75", "12500.75"), ("12.500,75", "12500.75"), ("1.234", "1234"), ("(40,5)", "-40.5"),
    ("1,5k", "1500"), (",5", "0.5"), ("1 234,5", "1234.5")])
def test_reads_decimal_commas(comma, text, value):
    assert typed_number(text) == Decimal(value)


@pytest.mark.parametrize("text", ["1.5", "12,500.75", "1,2,3"])
def test_refuses_the_other_sign_rather_than_guess(comma, text):
    assert "1,5k" in typed_number(text)
