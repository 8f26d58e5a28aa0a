"""Each method of the calculation on small commodities, figures worked out by hand."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.span_fixture import conventions, held, risk
from tests.vectors.span_objects import ORGANISATION, Fixture, position
from workstation.rulebooks.span.commodity import (
    InterLeg,
    InterSpread,
    IntraLeg,
    IntraSpread,
    SpotRate,
    Tier,
)
from workstation.rulebooks.span.model_arrays import ScanRanges, future_array
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.portfolio import Portfolio
from workstation.rulebooks.span.requirement import SpanCalculator

D = Decimal
EXTREME = ScanRanges(0, 0, 3.0, 0.33)


def futures(fixture, code, scan, months=("202611",), **rest):
    """Add one commodity of plain futures with a price scan range."""
    for month in months:
        family = fixture.contract(code, future_array(scan, EXTREME), month=month, scan_range=scan)
    fixture.commodity(code, [family], **rest)


def leg(code, side, ratio=1, tier=0, rate=None, **rest):
    return InterLeg(ORGANISATION, code, D(ratio), side, tier,
                    None if rate is None else D(rate), **rest)


def spread(method, rate, *legs, kind="inter", priority=1, **rest):
    return InterSpread(kind, priority, method, D(rate), tuple(legs), **rest)


def test_a_regular_credit_by_hand():
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 300)
    fixture.inter = (spread("01", 50, leg("AA", "A"), leg("BB", "B", 3)),)
    answer = fixture.calculate([position("AA", 2, "202611"), position("BB", -9, "202611")])
    assert answer.formed[0].count == 2
    assert answer.maintenance.amount == 2 * 900 + 9 * 300 - (2 * 900 + 6 * 300) // 2
    assert [(u.commodity, u.delta) for u in answer.unmatched] == [("BB", -3)]


def test_a_flat_credit_is_money_a_spread():
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 300)
    fixture.inter = (spread("01", 100, leg("AA", "A"), leg("BB", "B"), flat=True),)
    answer = fixture.calculate([position("AA", 2, "202611"), position("BB", -2, "202611")])
    assert answer.formed[0].amount == 200
    assert answer.maintenance.amount == 1800 + 600 - 200


TIERS = (Tier(1, "202609", "202610"), Tier(2, "202611", "202612"))


def test_tiered_spreads_pair_tiers_in_order_up_to_the_regular_count():
    """AA +4 near, -1 far: net 3; BB -2 near, -5 far: tier 1 gives 2, tier 2 has no sides."""
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"), inter_tiers=TIERS)
    futures(fixture, "BB", 900, ("202609", "202611"), inter_tiers=TIERS)
    fixture.inter = (spread("02", 50, leg("AA", "A"), leg("BB", "B")),)
    answer = fixture.calculate([
        position("AA", 4, "202609"), position("AA", -1, "202611"),
        position("BB", -2, "202609"), position("BB", -5, "202611")])
    assert [s.count for s in answer.formed] == [2]
    assert answer.formed[0].legs[0].label == "1 AA tier 1 A"


def test_delta_based_tiers_use_the_tier_s_price_risk_and_round_it_first():
    """Tier 2 of AA alone has price risk 900 a delta; 33.335 % of it rounds to 300.02."""
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"), inter_tiers=TIERS)
    futures(fixture, "BB", 600)
    fixture.inter = (spread("20", "33.335", leg("AA", "A", tier=2), leg("BB", "B")),)
    answer = fixture.calculate([
        position("AA", -3, "202609"), position("AA", 2, "202611"), position("BB", -2, "202611")])
    credits_ = [part.credit for part in answer.formed[0].legs]
    assert credits_ == [2 * D("300.02"), 2 * D("200.01")]
    assert answer.formed[0].legs[0].before == 2


def test_an_empty_tier_is_the_reason():
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"), inter_tiers=TIERS)
    futures(fixture, "BB", 600)
    fixture.inter = (spread("20", 30, leg("AA", "A", tier=1), leg("BB", "B")),)
    answer = fixture.calculate([position("AA", 2, "202611"), position("BB", -2, "202611")])
    assert [(d.kind, d.reason) for d in answer.denied] == [("inter", "tier empty")]


@pytest.mark.parametrize(("partner", "formed"), [("202610", 1), ("202612", 1), ("202611", 0)])
def test_a_crush_pairs_november_with_october_or_december(partner, formed):
    fixture = Fixture()
    futures(fixture, "S", 2000, ("202611",))
    futures(fixture, "SM", 1000, (partner,))
    futures(fixture, "BO", 1000, (partner,))
    fixture.inter = (spread("03", 60, leg("S", "A", 10), leg("SM", "B", 11), leg("BO", "B", 9)),)
    answer = fixture.calculate([position("S", 10, "202611"), position("SM", -11, partner),
                                position("BO", -9, partner)])
    assert len(answer.formed) == formed
    if formed:
        assert answer.maintenance.amount == (20000 + 11000 + 9000) * D("0.4")


def test_a_crush_outside_november_pairs_the_same_month():
    fixture = Fixture()
    futures(fixture, "S", 2000, ("202607",))
    futures(fixture, "SM", 1000, ("202607", "202612"))
    fixture.inter = (spread("03", 60, leg("S", "A"), leg("SM", "B")),)
    answer = fixture.calculate([position("S", 3, "202607"), position("SM", -1, "202607"),
                                position("SM", -2, "202612")])
    assert [s.count for s in answer.formed] == [1]


def scanning(minimum=2, **required):
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 600)
    futures(fixture, "CC", 300)
    legs = [leg("AA", "A", target=True), leg("BB", "A", **required),
            leg("CC", "A", required=False)]
    fixture.inter = (spread("04", 75, *legs, minimum_legs=minimum),)
    return fixture


def test_a_scanning_spread_joins_the_legs_held():
    """Long 900 against short 600: worst is down, 900 - 0.75 x 600 = 450."""
    answer = scanning().calculate([position("AA", 1, "202611"), position("BB", -1, "202611")])
    target, absorbed = answer.commodities
    assert target.scan == 450
    assert target.absorbed == ("BB",)
    assert absorbed.absorbed_by == "AA"
    assert absorbed.risk == 0
    assert answer.maintenance.amount == 450
    assert answer.formed[0].amount == 1500 - 450
    assert target.risk == target.scan


def test_a_scanning_spread_needs_its_required_legs_and_enough_of_them():
    answer = scanning().calculate([position("AA", 1, "202611"), position("CC", -1, "202611")])
    assert [d.reason for d in answer.denied] == ["missing leg"]
    answer = scanning(3, required=False).calculate(
        [position("AA", 1, "202611"), position("CC", -1, "202611")])
    assert [(d.reason, d.detail) for d in answer.denied] == [
        ("below minimum legs", "2 of at least 3 legs held")]
    answer = scanning().calculate([position("BB", 1, "202611"), position("CC", -1, "202611")])
    assert [d.reason for d in answer.denied] == ["missing leg"]


@pytest.mark.parametrize(("held_", "formed", "reasons"), [
    (["AA", "BB", "CC"], 1, []), (["AA", "BB"], 1, []), (["AA", "CC"], 1, []), (["CC"], 0, []),
    (["AA"], 0, ["missing leg"])])
def test_a_target_need_not_be_a_leg(held_, formed, reasons):
    """Legs AA and BB join CC where it is held, each other where it is not."""
    fixture = Fixture()
    for code in ("AA", "BB", "CC"):
        futures(fixture, code, 900)
    fixture.inter = (spread(
        "04", 98, leg("AA", "A", required=False), leg("BB", "B", required=False),
        leg("CC", "", required=False, target=True), kind="super", minimum_legs=1),)
    answer = fixture.calculate([position(code, (-1) ** i, "202611")
                                for i, code in enumerate(held_)])
    assert (len(answer.formed), [d.reason for d in answer.denied]) == (formed, reasons)
    if formed:
        target = next(item for item in answer.commodities if item.absorbed)
        assert target.code == ("CC" if "CC" in held_ else "AA")
        assert len(target.absorbed) == len(held_) - 1


def test_super_spreads_come_before_spreads_within_a_commodity():
    """The super spread takes the near month first, so the calendar is left without it."""
    calendar = IntraSpread("series", 1, D(100), (IntraLeg(D(1), "A", "202609"),
                                                 IntraLeg(D(1), "B", "202611")))
    held_ = [position("AA", 3, "202609"), position("AA", -1, "202611"),
             position("BB", -2, "202611")]
    answers = {}
    for kind in ("super", "inter"):
        fixture = Fixture()
        futures(fixture, "AA", 900, ("202609", "202611"), intra_spreads=(calendar,))
        futures(fixture, "BB", 900)
        fixture.inter = (spread("01", 50, leg("AA", "A"), leg("BB", "B"), kind=kind),)
        answers[kind] = fixture.calculate(held_)
    assert [s.kind for s in answers["super"].formed] == ["super", "series"]
    assert [s.kind for s in answers["inter"].formed] == ["series", "inter"]
    assert answers["super"].formed[0].legs[0].after == 0


@pytest.mark.parametrize(("method", "rate", "per_month", "charge"), [
    ("F", 100, 0, 100), ("P", 100, 30, 160), ("W", 20, 0, 0)])
def test_charges_within_a_commodity_by_method(method, rate, per_month, charge):
    calendar = IntraSpread("series", 1, D(rate), (IntraLeg(D(1), "A", "202609"),
                                                  IntraLeg(D(1), "B", "202611")),
                           method, D(per_month))
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"), intra_spreads=(calendar,))
    answer = fixture.calculate([position("AA", 1, "202609"), position("AA", -1, "202611")])
    assert answer.commodities[0].intra == charge


def test_weighted_charges_take_a_share_of_the_price_risk():
    calendar = IntraSpread("series", 1, D(20), (IntraLeg(D(1), "A", "202609"),
                                                IntraLeg(D(1), "B", "202611")), "W")
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"), intra_spreads=(calendar,))
    answer = fixture.calculate([position("AA", 3, "202609"), position("AA", -1, "202611")])
    assert answer.commodities[0].weighted_price_risk == 900
    assert answer.commodities[0].intra == 180


def test_a_butterfly_on_one_tier_adds_its_wings():
    tier = (Tier(1, "202609", "202612"),)
    fly = IntraSpread("tier", 1, D(70), (IntraLeg(D(1), "A", tier=1), IntraLeg(D(2), "B", tier=1),
                                         IntraLeg(D(1), "A", tier=1)))
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611", "202612"), intra_tiers=tier,
            intra_spreads=(fly,))
    answer = fixture.calculate([position("AA", 1, "202609"), position("AA", -2, "202611"),
                                position("AA", 1, "202612")])
    assert [s.count for s in answer.formed] == [1]
    assert not answer.unmatched


def test_the_spot_month_can_count_what_inter_spreads_took():
    fixture = Fixture()
    futures(fixture, "AA", 900, spot_rates=(SpotRate("202611", D(5), D(50)),))
    futures(fixture, "BB", 900)
    fixture.inter = (spread("01", 50, leg("AA", "A"), leg("BB", "B")),)
    portfolio = Portfolio("S", "HRP", (position("AA", 3, "202611"), position("BB", -2, "202611")))
    usual = SpanCalculator([fixture.parameters()], conventions()).risk(portfolio)
    counted = SpanCalculator([fixture.parameters()], replace(
        conventions(), spot_counts_inter=True)).risk(portfolio)
    assert usual.commodities[0].spot == 150
    assert counted.commodities[0].spot == 2 * 5 + 50


def test_every_scenario_a_gain_leaves_no_scan_risk():
    fixture = Fixture()
    family = fixture.contract("AA", [-100.0, -60.0, *[-50.0] * 14])
    fixture.commodity("AA", [family])
    (item,) = fixture.calculate([position("AA", 1)]).commodities
    assert (item.scan, item.time_risk, item.volatility_risk) == (0, -80, -20)
    assert item.price_risk == 100
    assert item.risk == 0


def test_short_option_minimum_by_tier_and_by_larger_side():
    tiers = (Tier(1, "202609", "202609", D(10)), Tier(2, "202610", "202612", D(100)))
    for maximum, wanted in ((False, 2 * 10 + 3 * 10 + 4 * 100), (True, 3 * 10 + 4 * 100)):
        fixture = Fixture()
        for month, right, strike in (("202609", "C", 5), ("202609", "P", 4), ("202611", "C", 5)):
            family = fixture.contract("O", [0.0] * 16, kind="OOF", month=month, underlying=month,
                                      right=right, strike=strike, price=0.0)
        fixture.commodity("CC", [family], short_option_tiers=tiers,
                          short_option_maximum=maximum)
        answer = fixture.calculate([position("O", -2, "202609", "OOF", "C", 5, "202609"),
                                    position("O", -3, "202609", "OOF", "P", 4, "202609"),
                                    position("O", -4, "202611", "OOF", "C", 5, "202611")])
        assert answer.commodities[0].short_option_minimum == wanted


def two_currencies(conversions, commodity_currency="USD"):
    fixture = Fixture()
    futures(fixture, "AA", 900)
    file = fixture.parameters()
    organisation = file.organisations[0]
    family = replace(organisation.families[0], currency="EUR")
    commodity = replace(organisation.commodities["AA"], currency=commodity_currency)
    return RiskParameters("f", "", "v", (replace(
        organisation, families=(family,), commodities={"AA": commodity},
        conversions=conversions),), 1)


@pytest.mark.parametrize(("conversions", "currency"), [
    ({("EUR", "USD"): D("1.25")}, "USD"), ({("USD", "EUR"): D("0.8")}, "USD"),
    ({("EUR", "USD"): D("1.25")}, "EUR")])
def test_currencies_convert_by_the_file(conversions, currency):
    calculator = SpanCalculator([two_currencies(conversions, currency)], conventions())
    answer = calculator.risk(Portfolio("C", "HRP", (position("AA", 1, "202611"),)))
    assert answer.complete
    assert answer.maintenance.amount == 1125


def test_a_missing_conversion_is_named():
    calculator = SpanCalculator([two_currencies({})], conventions())
    answer = calculator.risk(Portfolio("C", "HRP", (position("AA", 1, "202611"),)))
    assert "no exchange rate from EUR to USD" in answer.excluded[0].what


def test_spreads_between_clearing_organisations_come_last():
    files = []
    for code, other, scan in (("X1", "AA", 900), ("X2", "BB", 600)):
        fixture = Fixture()
        futures(fixture, other, scan)
        file = fixture.parameters()
        spreads = (InterSpread("inter-clearing", 1, "01", D(50), (
            InterLeg("X1", "AA", D(1), "A"), InterLeg("X2", "BB", D(1), "B"))),)
        organisation = replace(
            file.organisations[0], code=code, inter_spreads=spreads if code == "X1" else (),
            commodities={other: replace(file.organisations[0].commodities[other],
                                        organisation=code)})
        files.append(replace(file, organisations=(organisation,)))
    answer = SpanCalculator(files, conventions()).risk(Portfolio(
        "X", "HRP", (position("AA", 1, "202611"), position("BB", -1, "202611"))))
    assert [item.clearing_credit for item in answer.commodities] == [450, 300]
    assert answer.maintenance.amount == 750


@pytest.mark.parametrize(("code", "customer", "formed"), [
    ("", True, 1), ("H", True, 0), ("N", True, 0), ("H", False, 1), ("N", False, 1)])
def test_credits_closed_to_customers(code, customer, formed):
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 900)
    fixture.inter = (spread("01", 50, leg("AA", "A"), leg("BB", "B"), eligibility=code),)
    calculator = SpanCalculator([fixture.parameters()], conventions())
    answer = calculator.risk(Portfolio("E", "HRP", (
        position("AA", 1, "202611"), position("BB", -1, "202611")), customer=customer))
    assert len(answer.formed) == formed
    assert [d.reason for d in answer.denied] == ["not eligible"] * (1 - formed)


def test_an_omnibus_account_is_scanned_side_by_side():
    answer = risk(held("EQ", "202609", 5), held("EQ", "202609", -3), omnibus=True)
    assert [(item.side, item.scan) for item in answer.commodities] == [
        ("long side", 62500), ("short side", 37500)]
    assert answer.maintenance.amount == 100000
    assert risk(held("EQ", "202609", 5), held("EQ", "202609", -3)).maintenance.amount == 25000


def test_option_value_capped_by_commodity_helps_no_other():
    """Long options worth 1,000 at risk 400; a future at 900: pooled 300, capped 900."""
    for capped, wanted in ((False, 300), (True, 900)):
        fixture = Fixture()
        option = fixture.contract("O", [400.0, *[0.0] * 15], kind="OOF", right="C", strike=5,
                                  price=1000.0, delta=0.0)
        fixture.commodity("OO", [option], caps_option_value=capped)
        futures(fixture, "AA", 900, caps_option_value=capped)
        answer = fixture.calculate([position("O", 1, "202609", "OOF", "C", 5),
                                    position("AA", 1, "202611")])
        assert answer.maintenance.amount == wanted


def test_futures_style_options_have_no_option_value():
    fixture = Fixture()
    option = fixture.contract("O", [400.0, *[0.0] * 15], kind="OOF", right="C", strike=5,
                              price=1000.0, delta=0.0, premium=False)
    fixture.commodity("OO", [option])
    answer = fixture.calculate([position("O", 1, "202609", "OOF", "C", 5)])
    assert (answer.net_option_value, answer.maintenance.amount) == (0, 400)


def test_array_exponents_scale_the_losses():
    fixture = Fixture()
    futures(fixture, "AA", 900, exponent=2)
    assert fixture.calculate([position("AA", 1, "202611")]).maintenance.amount == 90000


def test_a_product_that_left_scan_arrays_is_an_estimate():
    fixture = Fixture()
    futures(fixture, "ES", 6000)
    file = fixture.parameters()
    commodity = replace(file.organisations[0].commodities["ES"], organisation="CME")
    moved = replace(file, organisations=(replace(
        file.organisations[0], code="CME", commodities={"ES": commodity}),))
    answer = SpanCalculator([moved], conventions()).risk(
        Portfolio("E", "HRP", (position("ES", 1, "202611"),)))
    assert answer.commodities[0].mode == "estimate"
    assert answer.commodities[0].label.startswith("estimate, not an exchange figure: ES left")
    assert answer.problems[0].where == "ES"
    assert answer.complete
