"""Books after a shock: equity moves by the profit of a full revaluation; margin is recomputed."""

from dataclasses import replace
from decimal import Decimal

import numpy as np
import pytest

from tests.unit.harmonised.books import AS_OF, account, book, future, option, perpetual, stock
from workstation.book.collateral import CollateralLot
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value
from workstation.harmonised.design import shipped
from workstation.lab.scenarios import (
    bonds_sell_off_too,
    correlations_to_one,
    custom,
    de_peg,
    historical,
    intraday,
    library,
    times,
    volatility_change,
    weekend_gap,
)
from workstation.lab.stress import margin_under_stress, stressed
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import implied_volatilities

RULES = RuleSet(AS_OF)
COVID = historical("2020-03-12 Covid A")


def macro():
    return book(
        [stock("PM", "SPY", 1000, "etf"), option("PM", "SPX", "P", "4900", 2, "120"),
         option("PM", "SPX", "C", "5100", -3, "110"), future("F", "ES", "SPX", -1, 50, "5000"),
         perpetual("V", "BTC", -0.5, "90000"), stock("PM", "AAPL", 50)],
        [account("PM"), account("F", "futures"), account("V", "crypto_venue")])


def equity(of):
    return float(net_liquidating_value(of, resolve(of)))


def test_equity_moves_by_the_profit_of_a_full_revaluation():
    of = macro()
    held = resolve(of)
    moves = {"SPX": -0.1, "BTC": 0.2, "AAPL": -0.15}
    after = stressed(of, custom(moves), RULES)
    roots = ["SPX", "SPX", "SPX", "SPX", "BTC", "AAPL"]
    pnl = scenario_pnl(held, implied_volatilities(held).volatility,
                       np.array([[moves[r]] for r in roots])).sum()
    assert equity(after) - equity(of) == pytest.approx(float(pnl), rel=1e-6)
    assert after.market.underlyings["SPX"].price == Decimal("4500")
    assert after.market.underlyings["SPY"].price == Decimal("450")


def test_futures_settle_into_cash_and_carry_no_value_of_their_own():
    after = stressed(macro(), custom({"SPX": -0.1}), RULES)
    assert after.account("F").cash == Decimal(25_000)
    assert after.positions[3].price == Decimal(4500)


def test_what_is_not_named_stands_still_and_proxies_lead_under_a_named_scenario():
    plain = stressed(macro(), custom({"SPX": -0.1}), RULES)
    assert plain.positions[5].price == Decimal(200)
    led = stressed(book([stock("A", "MSFT", 1), stock("A", "ZZZZ", 1)]), COVID, RULES)
    assert float(led.positions[1].price) == pytest.approx(100 * (1 + COVID.moves["SPX"]))


def test_a_volatility_shock_raises_options_by_their_term():
    up = stressed(macro(), custom({}, volatility={"equity": 0.2}), RULES)
    assert up.positions[1].price > macro().positions[1].price
    assert volatility_change(0.42, 7 / 365) == pytest.approx(0.42 * (30 / 7) ** 0.3)
    assert volatility_change(0.42, 180 / 365) == pytest.approx(0.14, abs=0.02)
    assert volatility_change(0.42, 90 / 365) == pytest.approx(0.23, abs=0.01)


def test_collateral_lots_move_with_what_they_are():
    of = replace(macro(), lots=(CollateralLot("L", "V", "BTC", "crypto", Decimal(1),
                                              Decimal(90_000)),))
    assert stressed(of, custom({"BTC": -0.5}), RULES).lots[0].price == Decimal(45_000)


def test_variants_change_what_they_say():
    assert times(COVID, 1.5).moves["SPX"] == pytest.approx(1.5 * COVID.moves["SPX"])
    assert intraday(COVID).moves["BTC"] == -0.386
    assert bonds_sell_off_too(COVID).moves["UST-30Y"] == pytest.approx(-17 * 0.0047)
    assert set(weekend_gap(COVID).moves) == {"BTC", "ETH"}
    one = correlations_to_one()
    assert one.moves["SPX"] == pytest.approx(-0.2047)
    assert one.moves["UST-10Y"] > 0
    assert one.moves["BTC"] <= -0.37
    assert de_peg("USDC", -0.12).moves == {"USDC": -0.12}


def test_a_de_peg_at_one_venue_stays_there():
    of = book([stock("V", "USDC", 100, "stablecoin"), stock("W", "USDC", 100, "stablecoin")])
    after = stressed(of, de_peg("USDC", -0.12, ("V",)), RULES)
    assert [p.price for p in after.positions] == [Decimal(88), Decimal(100)]
    assert equity(stressed(of, de_peg("USDC", -0.12), RULES)) == pytest.approx(0.88 * equity(of))


def test_margin_is_recomputed_not_only_profit():
    answer = margin_under_stress(macro(), COVID, (shipped()["single-account-scan"],), RULES)
    assert answer.silos_before != answer.silos
    assert dict(answer.designs)["single-account-scan"] > 0
    assert float(answer.loss) == pytest.approx(
        equity(macro()) - equity(stressed(macro(), COVID, RULES)))


def test_no_shock_changes_nothing():
    assert stressed(macro(), custom({}), RULES) == macro()


def test_the_library_shows_every_window_once():
    five = library("5d")
    assert len({tuple(sorted(s.moves.items())) for s in five}) == len(five)
    assert len(library()) == 21
    assert len(five) < 21


def test_the_vix_is_the_change_of_equities_volatility():
    assert COVID.volatility["equity"] == pytest.approx(0.216, abs=5e-4)  # 21.6 points that day
    assert "equity" not in historical("1987-10-19 Black Monday").volatility  # before the VIX
    quiet = replace(COVID, volatility={})
    options = book([option("PM", "SPX", "P", "4900", 2, "120"),
                    option("PM", "SPX", "C", "5100", -3, "110")])
    louder, still = (stressed(options, shock, RULES) for shock in (COVID, quiet))
    assert all(a.price > b.price for a, b in zip(louder.positions, still.positions, strict=True))


def test_a_weekend_gap_moves_coins_and_their_volatility_alone():
    gap = weekend_gap(replace(COVID, volatility={"equity": 0.2, "crypto": 0.4}))
    assert gap.volatility == {"crypto": 0.4}
