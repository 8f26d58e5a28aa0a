"""Tokens as collateral: venue marks, redemption, mobility, caps."""

from dataclasses import replace
from decimal import Decimal

import pytest

from workstation.measures.tiers import Tiers
from workstation.measures.tokens import (
    Token,
    capped_value,
    movable_value,
    tiered_value,
    venue_local_depeg,
)

D = Decimal
USDE = Token("USDe", "binance", D(1_000_000), D("0.999"), D("0.998"), D("0.05"))


def test_the_lower_of_venue_and_redemption_counts():
    assert USDE.value == D(1_000_000) * D("0.998") * D("0.95")
    assert replace(USDE, venue_price=D("0.6567")).value == D("623865.0000")


def test_a_depeg_at_one_venue_leaves_the_others():
    """October 2025: 0.6567 on one venue, at least 0.90 elsewhere."""
    elsewhere = replace(USDE, venue="bybit")
    here, there = venue_local_depeg([USDE, elsewhere], "binance", "USDe", D("0.6567"))
    assert here.value == D("623865.0000")
    assert there == elsewhere
    assert here.wrapper_discount == 1 - D("0.6567") / D("0.998")
    assert there.wrapper_discount == 0


def test_a_halted_coin_is_worth_its_price_and_moves_nowhere():
    """The weekend of 11 March 2023: a dollar on paper, not by Monday."""
    halted = replace(USDE, mobile=False)
    slow = replace(USDE, settlement_lag=2)
    assert halted.value == USDE.value
    assert movable_value([USDE, halted, slow], 0) == USDE.value
    assert movable_value([USDE, halted, slow], 2) == 2 * USDE.value


def test_an_ineligible_token_counts_nothing():
    assert replace(USDE, eligible=False).value == 0


def test_ratios_fall_with_size_and_debts_count_whole():
    ratios = Tiers((D(3_000_000), D("Infinity")), (D(1), D("0.6")))
    assert tiered_value(D(5_000_000), ratios) == 3_000_000 + D("0.6") * 2_000_000
    assert tiered_value(D(-5_000_000), ratios) == -5_000_000


@pytest.mark.parametrize(("value", "account", "room", "counted"), [
    (100, None, None, 100), (100, 60, None, 60), (100, 60, 20, 20), (100, 60, -5, 0),
    (-100, 60, 20, -100)])
def test_caps_leave_the_overflow_without_value(value, account, room, counted):
    caps = [None if cap is None else D(cap) for cap in (account, room)]
    assert capped_value(D(value), *caps) == counted
