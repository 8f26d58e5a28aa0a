"""Gap, wrong-way, currency, de-peg, weekend and model-risk charges; shape and horizon tests."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import (
    account,
    assessed,
    book,
    correlated,
    option,
    perpetual,
    stock,
)
from workstation.book.collateral import CollateralLot
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.knobs import KnobValueError
from workstation.harmonised.levels import Level

D = Decimal
BASE = shipped()["single-account-scan"]
LARGE = ("gap.single_name", "wrong_way.rate", "fx.mismatch", "depeg.rate", "weekend.gap",
         "model_risk.rate")


def charge(of, knob, value, more=None):
    design = with_knob(BASE, knob, value)
    for name, other in (more or {}).items():
        design = with_knob(design, name, other)
    before, after = assessed(of, BASE), assessed(of, design)
    return float(after.add_ons.amount - before.add_ons.amount), after


def test_every_charge_is_off_unless_set():
    assert all(BASE.rate(knob) == 0 for knob in LARGE)


def test_the_gap_is_on_the_largest_name_above_its_scan():
    of = book([stock("A", "AAPL", 90), stock("A", "MSFT", -50), stock("A", "SPY", 500, "etf")])
    amount, _ = charge(of, "gap.single_name", "0.4")
    assert amount == pytest.approx((0.4 - 0.15) * 20_000)


def test_collateral_of_the_own_firm_or_of_the_same_root_is_wrong_way():
    lot = CollateralLot("L1", "V", "BTC", "crypto", D(1), D(90_000))
    paper = CollateralLot("L2", "V", "NOTE", "corporate_bond", D(10), D(100), issuer="Venue ltd")
    of = replace(book([perpetual("V", "BTC", 0.5, "90000"), stock("V", "BTC", 0.1, "crypto")],
                      [account("V", "crypto_venue", firm="Venue Ltd")]), lots=(lot, paper))
    amount, _ = charge(of, "wrong_way.rate", "0.2")
    assert amount == pytest.approx(0.2 * 45_000 + 0.2 * 1000)


def test_other_currencies_pay_on_their_net_value():
    of = book([stock("A", "AAPL", 10)], [account("A", other_cash=(("EUR", D(1000)),))])
    of = replace(of, market=replace(of.market, fx={"EUR": D("1.1")}))
    amount, _ = charge(of, "fx.mismatch", "0.05")
    assert amount == pytest.approx(0.05 * 1100)


def test_pegged_holdings_pay_the_de_peg_charge():
    of = book([stock("A", "USDC", 5000, "stablecoin"), stock("A", "AAPL", 1)])
    amount, _ = charge(of, "depeg.rate", "0.1")
    assert amount == pytest.approx(0.1 * 5000 * 100)


def test_legs_that_close_pay_against_legs_that_do_not():
    of = book([stock("A", "IBIT", 1000, "etp"), perpetual("V", "BTC", -0.5, "90000")],
              [account("A"), account("V", "futures")])
    amount, _ = charge(of, "weekend.gap", "0.04")
    assert amount == pytest.approx(0.04 * 45_000)


def test_convex_roots_pay_for_their_model():
    straddle = book([option("A", "SPX", "P", "5000", -2, "100"),
                     option("A", "SPX", "C", "5000", -2, "100")])
    amount, after = charge(straddle, "model_risk.rate", "0.5")
    assert amount == pytest.approx(0.5 * float(after.scan_risk.amount), rel=1e-6)
    linear, _ = charge(book([stock("A", "AAPL", 5)]), "model_risk.rate", "0.5")
    assert linear == 0


def test_contracts_pay_their_minimum_above_the_scan():
    of = book([option("A", "SPX", "P", "3000", 40, "0.05"), stock("A", "AAPL", 5)])
    amount, after = charge(of, "contract_minimum", 25)
    scanned = next(float(n.amount) for _, n in after.scan_risk.walk() if "SPX" in n.label)
    assert amount == pytest.approx(25 * 40 - scanned, abs=1)


HISTORY = correlated({"SPX": 0.99, "QQQ": 0.99, "BTC": 0.99})


def rate(design, positions, level=Level.PRODUCT_GROUP):
    a = assessed(book(positions, history=HISTORY), design)
    return a.evidence.decision(level, 0, 1)


def test_unlike_shapes_count_to_their_delta_equivalent_share():
    pair = [option("A", "SPX", "P", "5000", -2, "100"), option("A", "SPX", "C", "5000", -2, "100"),
            stock("A", "QQQ", 100, "etf")]
    free, tight = rate(BASE, pair), rate(with_knob(BASE, "tests.shape_tolerance", "0.2"), pair)
    assert 0 < tight.rate < free.rate
    assert "unlike shape" in tight.reason
    assert "convex shares" in dict(free.figures)


def test_rates_are_read_off_the_designs_table():
    pair = [stock("A", "SPY", 10, "etf"), stock("A", "QQQ", -10, "etf")]
    table = with_knob(with_knob(BASE, "offsets.rate", "table"), "offsets.table",
                      ["0.9=0.6", "0.5=0.1"])
    worst = float(dict(rate(table, pair).figures)["lowest over 60"])
    assert worst > 0.9
    assert rate(table, pair).rate == 0.6
    assert rate(with_knob(table, "offsets.table", ["0.999=0.6", "0.5=0.1"]), pair).rate == 0.1
    with pytest.raises(KnobValueError, match=r"a step reads 0\.7=0\.5"):
        with_knob(table, "offsets.table", ["0.9"])


def test_unlike_closing_times_count_for_the_horizon_both_share():
    design = with_knob(with_knob(BASE, "offsets.book", "0.9"), "mpor.crypto", 1)
    design = with_knob(design, "mpor.equity", 4)
    pair = [stock("A", "SPY", 100, "etf"), stock("A", "BTC", -1, "crypto")]
    free = rate(design, pair, Level.BOOK)
    tight = rate(with_knob(design, "tests.horizon_tolerance", 1), pair, Level.BOOK)
    assert tight.rate == pytest.approx(free.rate / 4)
    assert "horizon both share" in tight.reason
