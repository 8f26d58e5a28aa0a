"""Accounts of several currencies, omnibus accounts, and spread legs files rarely have."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.rules.span_fixture import PA2, SPN, conventions, held, risk
from tests.vectors.span_objects import ORGANISATION, Fixture, position
from workstation.importers.span_parameters import read_risk_parameters
from workstation.rulebooks.span.commodity import InterLeg, InterSpread
from workstation.rulebooks.span.model_arrays import ScanRanges, future_array
from workstation.rulebooks.span.portfolio import Portfolio
from workstation.rulebooks.span.requirement import SpanCalculator

D = Decimal
EXTREME = ScanRanges(0, 0, 3.0, 0.33)


def futures(fixture, code, scan, months=("202611",), **rest):
    for month in months:
        family = fixture.contract(code, future_array(scan, EXTREME), month=month, scan_range=scan)
    fixture.commodity(code, [family], **rest)


def of_currencies(file, currencies, conversions):
    organisation = file.organisations[0]
    families = tuple(replace(item, currency=currencies.get(item.code, "USD"))
                     for item in organisation.families)
    commodities = {code: replace(item, currency=currencies.get(code, "USD"))
                   for code, item in organisation.commodities.items()}
    return replace(file, organisations=(replace(
        organisation, families=families, commodities=commodities, conversions=conversions),))


def test_option_value_of_one_currency_does_not_pay_for_risk_in_another():
    """Euro options are worth 1,000 at risk 400; the dollar future still needs its 900."""
    fixture = Fixture()
    option = fixture.contract("O", [400.0, *[0.0] * 15], kind="OOF", right="C", strike=5,
                              price=1000.0, delta=0.0)
    fixture.commodity("O", [option])
    futures(fixture, "AA", 900)
    book = Portfolio("M", "HRP", (position("O", 1, "202609", "OOF", "C", 5),
                                  position("AA", 1, "202611")))
    plain = SpanCalculator([fixture.parameters()], conventions()).risk(book)
    assert (plain.maintenance.amount, plain.excess_maintenance) == (300, 0)
    mixed = SpanCalculator([of_currencies(fixture.parameters(), {"O": "EUR"}, {
        ("EUR", "USD"): D("1.25")})], conventions()).risk(book)
    assert mixed.maintenance.amount == 900
    assert mixed.excess_maintenance == D("1.25") * 600
    assert mixed.net_option_value == 1250
    assert [node.label for node in mixed.maintenance.parts] == [
        "Commodities in USD", "Commodities in EUR"]


def test_currencies_each_with_risk_add_up_after_conversion():
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 600)
    file = of_currencies(fixture.parameters(), {"BB": "JPY"}, {("USD", "JPY"): D(150)})
    answer = SpanCalculator([file], conventions()).risk(Portfolio(
        "M", "HRP", (position("AA", 1, "202611"), position("BB", -2, "202611"))))
    assert answer.maintenance.amount == 900 + 1200 / D(150)


def test_a_rate_across_a_third_currency_is_found():
    """One dollar is 0.8 euro and 150 yen: a yen is 0.8 / 150 euro."""
    fixture = Fixture()
    futures(fixture, "AA", 900)
    file = of_currencies(fixture.parameters(), {"AA": "JPY"}, {
        ("USD", "JPY"): D(150), ("USD", "EUR"): D("0.8")})
    answer = SpanCalculator([file], conventions()).risk(Portfolio(
        "M", "HRP", (position("AA", 1, "202611"),), currency="EUR"))
    assert round(answer.maintenance.amount, 10) == round(900 / D(150) * D("0.8"), 10)


def test_the_book_s_own_rate_converts_what_no_file_does():
    fixture = Fixture()
    futures(fixture, "AA", 900)
    file = of_currencies(fixture.parameters(), {"AA": "CHF"}, {})
    book = Portfolio("M", "HRP", (position("AA", 1, "202611"),))
    assert not SpanCalculator([file], conventions()).risk(book).complete
    answer = SpanCalculator([file], conventions(), {("CHF", "USD"): D("1.1")}).risk(book)
    assert (answer.complete, answer.maintenance.amount) == (True, 990)


def test_option_value_of_one_side_of_a_gross_account_helps_no_other():
    """Long options worth 1,000 at risk 400 are one customer's, the short future another's."""
    fixture = Fixture()
    option = fixture.contract("O", [400.0, *[0.0] * 15], kind="OOF", right="C", strike=5,
                              price=1000.0, delta=0.0)
    fixture.commodity("O", [option])
    futures(fixture, "AA", 900)
    book = (position("O", 1, "202609", "OOF", "C", 5), position("AA", -1, "202611"))
    calculator = SpanCalculator([fixture.parameters()], conventions())
    net, gross = (calculator.risk(Portfolio("M", "HRP", book, omnibus=omnibus))
                  for omnibus in (False, True))
    assert (net.maintenance.amount, net.excess_maintenance) == (300, 0)
    assert (gross.maintenance.amount, gross.excess_maintenance) == (900, 600)
    assert [part.label for part in gross.maintenance.parts] == [
        "Commodities in USD, long side", "Commodities in USD, short side"]


@pytest.mark.parametrize(("omnibus", "formed", "denied"), [(False, 1, 0), (True, 0, 2)])
def test_an_omnibus_account_forms_no_spread_between_commodities(omnibus, formed, denied):
    """Both sides hold both commodities: equity and bonds long spread where both are A."""
    answer = risk(held("EQB", "202609", 1), held("TN", "202609", 20), held("EQB", "202612", -1),
                  held("TN", "202612", -20), omnibus=omnibus) if omnibus else risk(
                      held("EQB", "202609", 1), held("TN", "202609", 20))
    between = [item for item in answer.formed if item.kind == "inter"]
    assert len(between) == formed
    refused = [item for item in answer.denied
               if item.kind == "inter" and item.reason == "not eligible" and item.priority == 2]
    assert len(refused) == denied
    assert all("different customers" in item.detail for item in refused)


def test_the_conventions_can_grant_omnibus_credits():
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 600)
    fixture.inter = (InterSpread("inter", 1, "01", D(50), (
        InterLeg(ORGANISATION, "AA", D(1), "A"), InterLeg(ORGANISATION, "BB", D(1), "A"))),)
    book = Portfolio("G", "HRP", (position("AA", 1, "202611"), position("BB", 1, "202611")),
                     omnibus=True)
    for granted, wanted in ((False, 1500), (True, 750)):
        rules = replace(conventions(), omnibus_credits=granted)
        answer = SpanCalculator([fixture.parameters()], rules).risk(book)
        assert answer.maintenance.amount == wanted


def test_a_leg_by_contract_month_takes_from_that_month_alone():
    """Of AA +1 near and +3 far, the spread names the near month: one spread, not two."""
    fixture = Fixture()
    futures(fixture, "AA", 900, ("202609", "202611"))
    futures(fixture, "BB", 600)
    fixture.inter = (InterSpread("super", 1, "01", D(50), (
        InterLeg(ORGANISATION, "AA", D(1), "A", month="202609"),
        InterLeg(ORGANISATION, "BB", D(1), "B", month="202611"))),)
    answer = fixture.calculate([position("AA", 1, "202609"), position("AA", 3, "202611"),
                                position("BB", -2, "202611")])
    assert [(s.count, s.amount) for s in answer.formed] == [(1, 750)]
    far = fixture.calculate([position("AA", 3, "202611"), position("BB", -2, "202611")])
    assert [(d.reason, d.detail) for d in far.denied] == [
        ("missing leg", "no delta in 1 AA 202609 A")]


def test_a_scanning_spread_cuts_each_leg_s_gains_at_its_own_rate():
    """Long AA loses 900 down and gains up, short BB the reverse; BB's gains count 50 %."""
    fixture = Fixture()
    futures(fixture, "AA", 900)
    futures(fixture, "BB", 600)
    fixture.inter = (InterSpread("inter", 1, "04", D(80), (
        InterLeg(ORGANISATION, "AA", D(1), "A", target=True),
        InterLeg(ORGANISATION, "BB", D(1), "B", rate=D(50)))),)
    answer = fixture.calculate([position("AA", 1, "202611"), position("BB", -1, "202611")])
    assert next(item for item in answer.commodities if item.absorbed).scan == 900 - 300


SPREAD = ("<dSpread><spread>9</spread><rate><r>1</r><val>0.5</val></rate>"
          "<{leg}><cc>EQX</cc><pe>202609</pe><rs>A</rs><i>1</i></{leg}>"
          "<{leg}><cc>NQX</cc><pe>202609</pe><rs>B</rs><i>1</i></{leg}></dSpread>")


@pytest.mark.parametrize(("leg", "known"), [("pLeg", True), ("rpLeg", False)])
def test_xml_legs_by_month_are_read_and_relative_ones_named(tmp_path, leg, known):
    text = SPN.read_text(encoding="utf-8").replace(
        "</interSpreads>", SPREAD.format(leg=leg) + "</interSpreads>")
    path = tmp_path / "more.spn"
    path.write_text(text, encoding="utf-8")
    file = read_risk_parameters(path)
    found = [s for s in file.organisations[0].inter_spreads if s.priority == 9]
    assert [[part.month for part in s.legs] for s in found] == [["202609", "202609"]] * known
    assert [p.what for p in file.problems if "rpLeg" in p.what] == [
        "1 spreads with legs by relative period (rpLeg) were left out"] * (not known)
    assert file.complete


def test_a_second_scanning_record_keeps_the_price_risk_method(tmp_path):
    lines = PA2.read_bytes().split(b"\r\n")
    first = next(line for line in lines if line.startswith(b"S EQX"))
    assert first[82:83] == b"2"
    more = b"S EQX   3001012026062026120000000"  # the next tier is blank
    at = lines.index(first) + 1
    path = tmp_path / "more.pa2"
    path.write_bytes(b"\r\n".join([*lines[:at], more, *lines[at:]]))
    commodity = read_risk_parameters(path).organisations[0].commodities["EQX"]
    assert commodity.price_risk_method == 2
    assert len(commodity.short_option_tiers) == 1
