"""Liquidation of a linear position: tiers, ladder, insurance fund, deleveraging."""

from decimal import Decimal

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from workstation.measures import perpetual
from workstation.measures.liquidation import (
    Isolated,
    bankruptcy_price,
    deleveraged,
    deleveraging_queue,
    deleveraging_score,
    in_slices,
    liquidation_ladder,
    maintenance,
    partial_liquidation,
    shared_loss,
    tiered_liquidation_price,
)
from workstation.measures.tiers import Tiers

D = Decimal
TIERS = Tiers((D(50_000), D(250_000), D(1_000_000), D("Infinity")),
              (D("0.004"), D("0.005"), D("0.01"), D("0.025")))
POSITIONS = st.builds(
    Isolated, side=st.sampled_from([1, -1]), size=st.floats(0.1, 60), entry=st.just(60_000.0),
    wallet=st.floats(500, 200_000))


@given(POSITIONS)
def test_equity_is_maintenance_at_the_liquidation_price(position):
    price = tiered_liquidation_price(position, TIERS)
    assume(price is not None)
    assert position.equity(price) == pytest.approx(maintenance(position, price, TIERS),
                                                   abs=1e-6 * position.size * position.entry)


@given(POSITIONS)
def test_liquidation_comes_before_bankruptcy(position):
    price = tiered_liquidation_price(position, TIERS)
    assume(price is not None)
    assert position.side * (price - bankruptcy_price(position)) >= 0


@given(POSITIONS)
def test_the_ladder_walks_down_the_tiers_to_nothing(position):
    rungs = liquidation_ladder(position, TIERS, 0.0)
    assume(rungs)
    tiers = [rung.tier for rung in rungs]
    assert tiers == sorted(tiers, reverse=True)
    # A falling mark shrinks a long's notional by itself; a short's grows back into its band.
    assert position.side < 0 or len(set(tiers)) == len(tiers)
    assert len(rungs) < 30
    assert rungs[-1].size_after == 0
    # Without fees a smaller position is safer: each next mark is further away.
    marks = [position.side * rung.mark for rung in rungs]
    assert all(later <= earlier + 1e-6 for earlier, later in zip(marks, marks[1:], strict=False))


def test_a_ladder_by_hand():
    """5 long at 61,000 behind 30,000: tier 3 (1 %, 1,300 off) from 55,292.93 down to 250,000."""
    position = Isolated(1, 5.0, 61_000.0, 30_000.0)
    first = liquidation_ladder(position, TIERS, 0.001)[0]
    assert first.mark == pytest.approx(55_292.92929292929, rel=1e-12)
    assert first.tier == 2
    assert first.size_after == pytest.approx(250_000 / first.mark)
    closed = 5 - first.size_after
    assert first.fee == pytest.approx(0.001 * closed * first.mark)
    assert first.equity_after == pytest.approx(30_000 + 5 * (first.mark - 61_000) - first.fee)


def test_one_mark_closes_no_more_than_it_must():
    """At 55,000 equity is nil: every band is stepped through; slightly higher only one."""
    position = Isolated(1, 5.0, 61_000.0, 30_000.0)
    assert partial_liquidation(position, 56_000, TIERS, 0.0) == ()
    once = partial_liquidation(position, 55_280, TIERS, 0.0)
    assert [rung.tier for rung in once] == [2]
    assert partial_liquidation(position, 55_000, TIERS, 0.0)[-1].size_after == 0


def test_slices_close_a_fifth_of_a_large_position_and_all_of_a_small_one():
    position = Isolated(1, 5.0, 61_000.0, 30_000.0)
    rungs = liquidation_ladder(position, TIERS, 0.0, in_slices(0.2, 100_000))
    assert rungs[0].mark == pytest.approx(tiered_liquidation_price(position, TIERS))
    for rung in rungs[:-1]:
        assert rung.size_after == pytest.approx(0.8 * rung.size_before)
        assert rung.size_before * rung.mark > 100_000
    assert rungs[-1].size_after == 0
    assert rungs[-1].size_before * rungs[-1].mark <= 100_000


def test_a_share_of_maintenance_is_reached_between_liquidation_and_bankruptcy():
    position = Isolated(1, 5.0, 61_000.0, 30_000.0)
    takeover = tiered_liquidation_price(position, TIERS.scaled(D(2) / 3))
    assert bankruptcy_price(position) < takeover < tiered_liquidation_price(position, TIERS)
    assert position.equity(takeover) == pytest.approx(
        maintenance(position, takeover, TIERS) * 2 / 3)


def test_no_price_liquidates_a_long_that_is_fully_paid():
    assert tiered_liquidation_price(Isolated(1, 1.0, 60_000.0, 70_000.0), TIERS) is None
    assert liquidation_ladder(Isolated(1, 1.0, 60_000.0, 70_000.0), TIERS, 0.0) == ()


@given(st.floats(-1e6, 1e6), st.floats(0, 1e6), st.floats(0, 1e4))
def test_a_loss_is_borne_once(equity, fund, fees):
    shared = shared_loss(equity, fund, fees)
    assert shared.from_fund + shared.deleveraged == pytest.approx(max(0.0, -equity))
    assert shared.fund_left == pytest.approx(fund + fees - shared.from_fund)
    assert shared.fund_left >= 0
    assert shared.deleveraged == 0 or shared.fund_left == pytest.approx(0)


def test_profitable_and_leveraged_holders_are_closed_first():
    scores = [deleveraging_score(0.5, 2), deleveraging_score(0.2, 10),
              deleveraging_score(-0.1, 20), deleveraging_score(-0.1, 5)]
    assert deleveraging_queue(scores) == (1, 0, 2, 3)


@given(st.floats(0, 50), st.lists(st.floats(0, 20), min_size=1, max_size=6))
def test_deleveraging_takes_what_is_needed_and_only_from_holders(size, held):
    taken = deleveraged(size, held, range(len(held)))
    assert sum(taken) == pytest.approx(min(size, sum(held)))
    assert all(0 <= part <= whole for part, whole in zip(taken, held, strict=True))


def test_an_inverse_position_is_liquidated_where_its_coin_equity_is_maintenance():
    price = perpetual.inverse_liquidation_price(1, 100_000, 50_000, 0.2, 0.005)
    equity = 0.2 + perpetual.inverse_profit(1, 100_000, 50_000, price)
    assert equity == pytest.approx(0.005 * 100_000 / price, rel=1e-12)


def test_a_short_inverse_position_backed_one_to_one_has_no_liquidation_price():
    """100,000 USD short at 50,000 is 2 coins; with 2.1 coins no price liquidates it."""
    assert perpetual.inverse_liquidation_price(-1, 100_000, 50_000, 2.1) is None


def test_funding_accrues_and_is_projected():
    assert perpetual.funding_accrued(1, 2, [60_000, 61_000], [0.0001, -0.0002]) == pytest.approx(
        12 - 24.4)
    flat = perpetual.funding_projection(1, 2, 60_000, 0.0001, 3)
    assert flat == pytest.approx((12, 24, 36))
    fading = perpetual.funding_projection(-1, 2, 60_000, 0.0003, 3, 0.5, 0.0001)
    assert fading == pytest.approx((-36, -36 - 24, -36 - 24 - 18))
