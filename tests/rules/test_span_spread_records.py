"""Spreads between commodities as both layouts write them: the same objects from either."""

from decimal import Decimal

import pytest

from tests.rules.span_fixture import PA2, SPN
from workstation.importers.span_parameters import read_risk_parameters

D = Decimal


def record_6(priority, rate, legs, method="01", group="", target="", flat="", tiers=(), ratio="",
             minimum="", own=(), eligibility=""):
    """Write a type 6 record; legs are (required, commodity, ratio, side)."""
    line = [" "] * 151

    def put(at, text):
        line[at - 1:at - 1 + len(text)] = text

    put(1, "6 XGR")
    put(6, f"{priority:04d}")
    put(10, f"{int(D(rate) * (100 if flat else 10_000)):07d}")
    for number, (required, code, leg_ratio, side) in enumerate(legs):
        at = 17 + number * 18
        put(at, f"XMX{required or ' '}{code:<6}{int(D(leg_ratio) * 10_000):07d}{side}")
    put(89, method)
    put(91, f"XMXN{target:<6}" if target else "")
    put(101, flat)
    for number, tier in enumerate(tiers):
        put(102 + number * 2, f"{tier:02d}")
    put(110, group)
    put(111, f"{int(D(ratio) * 10_000):07d}" if ratio else "")
    put(118, f"{minimum:04d}" if minimum else "")
    if own:
        put(122, "Y")
        for number, each in enumerate(own):
            put(123 + number * 7, f"{int(D(each) * 10_000):07d}")
    put(151, eligibility)
    return "".join(line).rstrip().encode() + b"\r\n"


def positional(tmp_path, *records):
    path = tmp_path / "x.pa2"
    kept = [line for line in PA2.read_bytes().splitlines(keepends=True)
            if not line.startswith(b"6 ")]
    path.write_bytes(b"".join([*kept, *records]))
    return read_risk_parameters(path)


def xml(tmp_path, name, *spreads):
    text = SPN.read_text("utf-8")
    start, end = text.index("<interSpreads>"), text.index("</interSpreads>")
    path = tmp_path / "x.spn"
    path.write_text(text[:start] + f"<{name}>" + "".join(spreads) + f"</{name}>"
                    + text[end + len("</interSpreads>"):], "utf-8")
    return read_risk_parameters(path)


def d_spread(priority, rate, *legs):
    return (f"<dSpread><spread>{priority}</spread><chargeMeth>F</chargeMeth><rate><r>1</r>"
            f"<val>{rate}</val></rate>{''.join(legs)}</dSpread>")


def t_leg(code, side, ratio, tier=0, rate=""):
    own = f"<rate><r>1</r><val>{rate}</val></rate>" if rate else ""
    return (f"<tLeg><cc>{code}</cc><tn>{tier}</tn><rs>{side}</rs><i>{ratio}</i>{own}</tLeg>")


def described(file):
    (one,) = file.organisations
    return [(s.kind, s.priority, s.method, s.rate, [
        (leg.commodity, leg.ratio, leg.side, leg.tier, leg.rate) for leg in s.legs])
        for s in one.inter_spreads]


TWO = (("", "EQX", "1", "A"), ("", "NQX", "2.5", "B"))


def test_a_super_spread(tmp_path):
    expected = [("super", 3, "01", D("62.5"), [("EQX", 1, "A", 0, None),
                                               ("NQX", D("2.5"), "B", 0, None)])]
    one = positional(tmp_path, record_6(3, "62.5", TWO, group="S"))
    other = xml(tmp_path, "superSpreads", d_spread(3, "0.625", t_leg("EQX", "A", "1"),
                                                   t_leg("NQX", "B", "2.5")))
    assert described(one) == described(other) == expected
    assert one.complete
    assert other.complete


def test_tiers_and_rates_of_each_leg(tmp_path):
    expected = [("inter", 1, "20", D(20), [("EQX", 1, "A", 2, D(15)),
                                           ("NQX", D("2.5"), "B", 1, D("22.5"))])]
    one = positional(tmp_path, record_6(1, "20", TWO, "20", tiers=(2, 1), own=("15", "22.5")))
    other = xml(tmp_path, "interSpreads", d_spread(
        1, "0.2", t_leg("EQX", "A", "1", 2, "0.15"), t_leg("NQX", "B", "2.5", 1, "0.225")))
    assert described(one) == described(other) == expected


def test_a_scanning_spread_with_its_target_and_minimum(tmp_path):
    legs = (("N", "EQX", "1", "A"), ("", "NQX", "2", "A"))
    one = positional(tmp_path, record_6(7, "80", legs, "04", target="NQX", minimum=1))
    (spread,) = one.organisations[0].inter_spreads
    assert (spread.method, spread.minimum_legs, spread.rate) == ("04", 1, 80)
    assert [(leg.commodity, leg.required, leg.target) for leg in spread.legs] == [
        ("EQX", False, False), ("NQX", True, True)]
    other = xml(tmp_path, "interSpreads",
                "<sSpread><spread>7</spread><numLegsReq>1</numLegsReq><rate><r>1</r><val>0.8</val>"
                "</rate><sLeg><cc>EQX</cc><isTarget>0</isTarget><isRequired>0</isRequired>"
                "<i>1</i></sLeg><sLeg><cc>NQX</cc><isTarget>1</isTarget><isRequired>1</isRequired>"
                "<i>2</i></sLeg></sSpread>")
    (same,) = other.organisations[0].inter_spreads
    assert (same.method, same.minimum_legs, same.rate) == ("04", 1, 80)
    assert [(leg.commodity, leg.required, leg.target, leg.ratio) for leg in same.legs] == [
        ("EQX", False, False, 1), ("NQX", True, True, 2)]


def test_money_a_spread_and_eligibility(tmp_path):
    (spread,) = positional(tmp_path, record_6(
        2, "125.50", TWO, flat="F", eligibility="H")).organisations[0].inter_spreads
    assert (spread.flat, spread.rate, spread.eligibility) == (True, D("125.50"), "H")


@pytest.mark.parametrize(("legs", "rate", "said"), [
    (TWO, "170", "a credit of 170 percent"), (TWO[:1], "20", "a spread with 1 leg"),
    ((("", "EQX", "0", "A"), TWO[1]), "20", "a spread leg without a ratio or a side"),
    ((("", "EQX", "1", "X"), TWO[1]), "20", "a spread leg without a ratio or a side")])
def test_a_record_that_makes_no_sense_is_left_out_and_named(tmp_path, legs, rate, said):
    file = positional(tmp_path, record_6(1, rate, legs))
    (problem,) = file.problems
    assert said in problem.what
    assert problem.severity == "error"
    assert not file.organisations[0].inter_spreads


@pytest.mark.parametrize(("spread", "said"), [
    (d_spread(1, "70", t_leg("EQX", "A", "1"), t_leg("NQX", "B", "1")),
     "<dSpread> has the rate 70, which is no fraction"),
    (d_spread(1, "0.7", t_leg("EQX", "A", "1", rate="12"), t_leg("NQX", "B", "1")),
     "<tLeg> has the rate 12"),
    (d_spread(1, "0.7", t_leg("EQX", "A", "1"), t_leg("NQX", "?", "1")),
     "a leg without a ratio or a side"),
    (d_spread(1, "0.7", t_leg("EQX", "A", "-1"), t_leg("NQX", "B", "1")),
     "a leg without a ratio or a side")])
def test_an_element_that_makes_no_sense_is_left_out_and_named(tmp_path, spread, said):
    file = xml(tmp_path, "interSpreads", spread)
    (problem,) = file.problems
    assert said in problem.what
    assert not file.organisations[0].inter_spreads
