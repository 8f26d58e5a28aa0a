"""Derive accounts: published checks of the grid, contingencies, exclusions, the explanation."""

import math
from decimal import Decimal
from textwrap import dedent

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.rules.crypto_books import (
    RULES,
    TODAY,
    coin,
    held,
    labels,
    margined,
    node,
    option,
    perpetual,
    stablecoin,
)
from workstation.base.vocabulary import AssetClass
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import read_edition
from workstation.rulebooks.crypto import derive
from workstation.rulebooks.crypto.contingencies import naked_shorts
from workstation.rulebooks.crypto.pack import read_pack


def venue(*positions, **given):
    return margined(derive, *positions, **given)


def amounts(answer):
    return float(answer.initial.amount), float(answer.maintenance.amount)


@pytest.mark.parametrize("side", [1, -1])
def test_one_perpetual(side):
    """18 % of 100,050 is 18,009; 4 % and 3 % of spot; 80 % of the loss for maintenance."""
    initial, maintenance = amounts(venue(perpetual(side, 100_050)))
    assert initial == pytest.approx(18_009 + 4_000, abs=1e-6)
    assert maintenance == pytest.approx(0.8 * 18_009 + 3_000, abs=1e-6)


def test_a_solana_perpetual_has_its_own_pack():
    """27 % range, factors 1.1 and 0.9, perpetual 6 % and 5 %."""
    initial, maintenance = amounts(venue(perpetual(100, 150, "SOL")))
    assert initial == pytest.approx(1.1 * 0.27 * 15_000 + 0.06 * 15_000, abs=1e-6)
    assert maintenance == pytest.approx(0.9 * 0.27 * 15_000 + 0.05 * 15_000, abs=1e-6)


def test_spot_held_against_a_short_perpetual_loses_the_basis_alone():
    """18 % of the 50 between perpetual and spot; the haircut of the coin remains."""
    answer = venue(perpetual(-1, 100_050), coin(1))
    assert float(node(answer.initial, "Worst of").amount) == pytest.approx(9.0, abs=1e-6)
    granted = next(o for o in answer.offsets if o.status == "granted")
    assert granted.between == ("BTC-PERP", "BTC collateral")
    alone = (0.8 * 18_009 + 3_000) + 0.8 * 18_000 + 5_000
    assert float(granted.amount) == pytest.approx(
        float(answer.maintenance.amount) - alone, abs=1e-6)


def test_a_stablecoin_off_its_peg_raises_initial_margin_alone():
    """0.95 is 0.04 below 0.99: the factor grows by 0.16 (published check: 24,890.44)."""
    initial, maintenance = amounts(venue(perpetual(1, 100_050), stablecoin(10, "0.95")))
    assert initial == pytest.approx(24_890.44, abs=1e-6)
    assert maintenance == pytest.approx(17_407.20, abs=1e-6)


def black(forward, strike, volatility, years, rate, is_call):
    """Black-76 by the error function, apart from the kernels."""
    sv = volatility * math.sqrt(years)
    d1 = math.log(forward / strike) / sv + sv / 2
    sign = 1 if is_call else -1

    def normal(x):
        return 0.5 * math.erfc(-x / math.sqrt(2))

    return sign * math.exp(-rate * years) * (
        forward * normal(sign * d1) - strike * normal(sign * (d1 - sv)))


def test_a_short_call_by_hand():
    """Tail +400 %, volatility x 1.5 (30 days), counted at 0.034, liability grown e^(rT) at most."""
    years, volatility = 30 / 365, 0.55
    mark = black(100_000, 110_000, volatility, years, 0.05, True)
    answer = venue(option(-1, mark))
    losses = {}
    for move, damping in ((0.18, 1.0), (0.5, 0.27), (1, 0.13), (2, 0.069), (3, 0.046),
                          (4, 0.034), (5, 0.027)):
        shocked = black(100_000 * (1 + move), 110_000, volatility * 1.5, years, 0.05, True)
        grown = min(math.exp(0.05 * years), 1.02 * math.exp(0.10 * years))
        losses[move] = damping * (grown * shocked - mark)
    worst = max(losses, key=losses.get)
    scenario = node(answer.initial, "Scenario")
    assert f"{worst * 100:+.4g} %" in scenario.label
    assert float(scenario.amount) == pytest.approx(losses[worst], rel=1e-9)
    assert amounts(answer)[0] == pytest.approx(losses[worst] + 0.005 * 100_000, rel=1e-9)


def test_the_style_column_does_not_matter_at_this_venue():
    assert venue(option(-1, 2_000, right="P", strike=95_000, style="american")
                 ).initial == venue(option(-1, 2_000, right="P", strike=95_000)).initial


@pytest.mark.parametrize(("calls", "puts", "naked"), [
    (-3, 0, 3), (-3, -2, 5), (-3, 2, 1), (2, -5, 3), (3, -2, 0), (4, 4, 0), (0, 0, 0)])
def test_naked_shorts_at_a_strike(calls, puts, naked):
    assert naked_shorts(calls, puts) == naked


def test_a_calendar_spread_can_be_bound_by_the_basis():
    """Each expiry's worse side of 4.5 %, times (0.5 + 2 T); expiries do not net."""
    years, marks = (150 / 365, 330 / 365), []
    expected = 0.0
    for quantity, t in zip((-1, 1), years, strict=True):
        up, mark, down = (black(100_000 * f, 60_000, 0.5, t, 0.05, True)
                          for f in (1.045, 1.0, 0.955))
        marks.append(mark)
        expected += min(quantity * (up - mark), quantity * (down - mark), 0) * (0.5 + 2 * t)
    answer = venue(option(-1, marks[0], 60_000, days=150), option(1, marks[1], 60_000, days=330))
    assert float(node(answer.maintenance, "Basis").amount) == pytest.approx(
        -0.8 * expected, rel=1e-8)
    scan = node(answer.maintenance, "Worst of")
    assert scan.binding.label == "Basis between expiries"


def test_the_tree_names_the_worst_scenario_and_the_next_ones():
    tree = venue(perpetual(2, 100_050), option(-1, 3_000), coin(1)).initial
    scenario = node(tree, "Scenario")
    shown = dict(scenario.inputs)
    assert scenario.label.removeprefix("Scenario ") in shown["scenario"]
    assert [key for key in shown if key.endswith(". worst")] == [
        "2. worst", "3. worst", "4. worst", "5. worst"]
    assert {part.label for part in scenario.parts} <= {
        "BTC-PERP", "BTC-30-110000-C", "BTC collateral"}
    assert "Haircut of BTC, added for initial margin" in labels(tree)
    assert any("collateral" in cite.paragraph for cite in tree.unverified())


def test_an_unsolved_volatility_is_said():
    tree = venue(option(-1, None), iv="0.5").maintenance
    assert "has no price" in dict(node(tree, "Scenario").inputs)["volatility"]


@pytest.mark.parametrize(("position", "reason"), [
    (perpetual(1000, 100_000, settlement="inverse", coin="BTC"), "settled in BTC"),
    (option(-1, "0.03", coin="BTC"), "settled in BTC"),
    (perpetual(10, 30, "HYPE"), "no constants for HYPE"),
    (coin(-1), "borrowed coin"),
    (coin(10, 150, "SOL"), "no collateral haircut"),
    (stablecoin(100, 1, "USDT"), "USDC alone as cash"),
    (held("WBTC", AssetClass.WRAPPED_TOKEN, 1, 99_000, underlying="BTC"), "class wrapped_token"),
    (held("BTC-PERP", AssetClass.PERPETUAL, 1, None, underlying="BTC"), "no price"),
    (option(-1, 300_000), "above what any volatility gives"),
])
def test_what_the_pack_cannot_margin_is_named(position, reason):
    answer = venue(position)
    assert answer.maintenance.amount == 0
    assert reason in answer.excluded[0].what
    assert answer.excluded[0].remedy
    assert answer.excluded[0].account_id == "A1"


def test_underlyings_are_margined_apart_and_say_so():
    both = venue(perpetual(1, 100_050), perpetual(-10, 2_400, "ETH"))
    alone = [venue(perpetual(1, 100_050)), venue(perpetual(-10, 2_400, "ETH"))]
    assert both.initial.amount == sum(answer.initial.amount for answer in alone)
    assert [o.status for o in both.offsets] == ["denied"]


def test_the_order_of_positions_does_not_matter():
    positions = [perpetual(2, 100_050), option(-3, 3_000), option(2, 4_000, 95_000, "P"),
                 coin(1), option(-1, 9_000, 100_000, days=120)]
    forward, backward = venue(*positions), venue(*reversed(positions))
    assert float(forward.initial.amount) == pytest.approx(float(backward.initial.amount),
                                                          rel=1e-12)


def test_another_reporting_currency_scales_everything():
    positions = [perpetual(2, 100_050), option(-3, 3_000), stablecoin(5, "0.97")]
    dollars = amounts(venue(*positions))
    euros = amounts(venue(*positions, reporting="EUR", fx={"USD": Decimal("0.5")}))
    assert euros == pytest.approx([amount / 2 for amount in dollars], rel=1e-9)


@settings(max_examples=25, deadline=None)
@given(perpetuals=st.integers(-20, 20), sizes=st.lists(st.integers(-5, 5), max_size=4),
       coins=st.integers(0, 5))
def test_margin_is_never_negative_and_grows_with_size(perpetuals, sizes, coins):
    def book(scale):
        options = [option(scale * size, 2_000 + 500 * place, 105_000 - 5_000 * place,
                          "CP"[place % 2]) for place, size in enumerate(sizes) if size]
        return [*options, *([perpetual(scale * perpetuals, 100_050)] if perpetuals else []),
                *([coin(scale * coins)] if coins else [])]

    once, twice = venue(*book(1)), venue(*book(2))
    assert once.maintenance.amount >= 0
    assert once.initial.amount >= once.maintenance.amount - Decimal("1e-6")
    assert float(twice.initial.amount) == pytest.approx(2 * float(once.initial.amount), abs=1e-4)


def test_an_overlay_replaces_a_constant(tmp_path):
    overlay = tmp_path / "house.toml"
    overlay.write_text(dedent("""
        rule = "Derive PMRM v2"
        edition = "house"
        effective = 2026-01-01
        source = "house"
        [parameter.perpetual_maintenance]
        value = [{ pack = "btc_eth", value = 0.10 }, { pack = "sol", value = 0.10 }]
        unit = "share"
        paragraph = ", house"
        standing = "house"
        """), "utf-8")
    rules = RuleSet(TODAY, [read_edition(overlay)])
    _, maintenance = amounts(venue(perpetual(1, 100_050), rules=rules))
    assert maintenance == pytest.approx(0.8 * 18_009 + 10_000, abs=1e-6)


def test_the_list_of_scenarios_is_the_published_one():
    pack = read_pack(RULES.edition("derive_pmrm_v2"), "btc_eth")
    factors = [round(s.spot_factor, 6) for s in pack.scenarios]
    assert len(factors) == 33
    assert factors[:2] == [1.18, 1.135]
    assert factors[22:31] == [0.82, 0.34, 0.67, 1.5, 2, 3, 4, 5, 6]
    assert [s.name for s in pack.scenarios[-2:]] == ["spot +0 %, skew tilted",
                                                     "spot +0 %, smile lifted"]
