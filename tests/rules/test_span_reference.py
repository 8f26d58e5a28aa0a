"""The product against a second writing of the calculation, on random parameters and books."""

import random
from dataclasses import replace
from decimal import Decimal
from fractions import Fraction

import pytest

from tests.rules import span_reference as plain
from tests.rules.span_fixture import conventions
from tests.vectors.span_objects import ORGANISATION, Fixture, decimal, position
from workstation.rulebooks.span.commodity import (
    InterLeg,
    InterSpread,
    IntraLeg,
    IntraSpread,
    SpotRate,
    Tier,
)
from workstation.rulebooks.span.portfolio import Portfolio
from workstation.rulebooks.span.requirement import SpanCalculator

Q = Fraction
MONTHS = ("202609", "202612", "202703", "202706", "202709")
CODES = ("AA", "BB", "CC", "DD")
ACCOUNT, RATES = "HRP", {"EUR": "1.25"}


def future_losses(draw, scan):
    steps = (0, 0, 1, 1, -1, -1, 2, 2, -2, -2, 3, 3, -3, -3)
    losses = [-plain.rounded(Q(step * scan, 3)) for step in steps]
    return [*losses, -plain.rounded(Q(99, 100) * scan), plain.rounded(Q(99, 100) * scan)]


def option_losses(draw, scan, delta):
    """Losses of an option: of its delta's share of the move, bent and moved by volatility."""
    losses = []
    for scenario, loss in enumerate(future_losses(draw, scan)):
        bend = draw.randint(-scan // 20, scan // 20)
        volatility = (1 if scenario % 2 else -1) * (scan // 15 if scenario < 14 else 0)
        losses.append(plain.rounded(loss * Q(delta)) + bend + volatility)
    return losses


def tiers(draw):
    """Split the months into two or three tiers."""
    cuts = sorted(draw.sample(range(1, len(MONTHS)), draw.randint(1, 2)))
    bounds = [0, *cuts, len(MONTHS)]
    return [(MONTHS[a], MONTHS[b - 1]) for a, b in zip(bounds, bounds[1:], strict=False)]


def intra_spreads(draw, count):
    found = []
    for priority in range(1, draw.randint(1, 4)):
        a, b = draw.sample(MONTHS, 2)
        legs = [(a, draw.randint(1, 2), "A"), (b, draw.randint(1, 3), "B")]
        if draw.random() < 0.3:
            legs.append((draw.choice([m for m in MONTHS if m not in (a, b)]), 1, "A"))
        found.append({"kind": "series", "priority": priority, "rate": draw.randint(10, 300),
                      "legs": legs})
    for priority in range(1, draw.randint(1, 5)):
        legs = [(draw.randrange(count), draw.randint(1, 2), "A"),
                (draw.randrange(count), draw.randint(1, 3), "B")]
        found.append({"kind": "tier", "priority": priority, "rate": draw.randint(10, 400),
                      "legs": legs})
    return found


def commodity(draw):
    intra = tiers(draw)
    given = {"intra_tiers": intra, "inter_tiers": tiers(draw), "wfpr": draw.randint(1, 3),
             "intra": intra_spreads(draw, len(intra)), "som": draw.randint(0, 90),
             "som_max": draw.random() < 0.5,
             "initial": {ACCOUNT: draw.choice(["1", "1.1", "1.25"])},
             "adjustment": {ACCOUNT: draw.choice(["1", "1.05"])}}
    given["currency"] = draw.choice(["USD", "USD", "USD", "EUR"])
    if draw.random() < 0.3:
        given["scan_tiers"] = tiers(draw)
    if draw.random() < 0.4:
        given["spot"] = {draw.choice(MONTHS): (draw.randint(0, 90), draw.randint(0, 200))}
    return given


def between(draw, given):
    found = []
    for priority in range(1, draw.randint(2, 7)):
        codes = draw.sample(CODES, draw.choice([2, 2, 2, 3]))
        method = draw.choice(["01", "01", "20"])
        legs = []
        for code in codes:
            leg = {"cc": code, "ratio": draw.choice(["1", "2", "3", "1.5"]),
                   "side": draw.choice("AAB") if legs else "A"}
            if method == "20" and draw.random() < 0.7:
                leg["tier"] = draw.randrange(len(given[code]["inter_tiers"]))
            if draw.random() < 0.2:
                leg["rate"] = draw.randint(5, 60)
            legs.append(leg)
        found.append({"when": draw.choice(["super", "inter", "inter"]), "priority": priority,
                      "method": method, "rate": draw.randint(5, 80), "legs": legs})
    return found


def contracts(draw):
    """A mini and a full future in every month, and a call and a put on the mini."""
    found = []
    for code in CODES:
        scan = draw.choice([900, 1500, 4000, 12500])
        for month in MONTHS:
            near = scan + draw.choice([0, 0, 10, 50])
            for family, dsf, size in ((code + "F", "1", 5), (code + "M", "0.2", 1)):
                found.append({"cc": code, "family": family, "month": month, "dsf": dsf,
                              "delta": "1", "psr": near * size, "right": "", "price": 0,
                              "losses": future_losses(draw, near * size), "factor": 1,
                              "is_option": False})
            for right in "CP":
                delta = draw.choice(["0", "0.1234", "0.5", "0.8765"])
                delta = delta if right == "C" else f"-{delta}"
                found.append({"cc": code, "family": code + "O", "month": month, "dsf": "0.2",
                              "delta": delta, "psr": near, "right": right,
                              "price": draw.choice(["0.05", "1.25", "40"]), "factor": 5,
                              "losses": option_losses(draw, near, delta), "is_option": True})
    return found


def loaded(given, spreads, listed):
    """Return the same parameters as the product has them."""
    fixture = Fixture()
    families = {code: [] for code in CODES}
    for item in listed:
        number = fixture.contract(
            item["family"], [float(x) for x in item["losses"]],
            kind="OOF" if item["right"] else "FUT", month=item["month"], right=item["right"],
            strike=100 if item["right"] else None, delta=float(item["delta"]),
            price=float(item["price"]) if item["right"] else float("nan"),
            factor=item["factor"], scan_range=item["psr"], scaling=item["dsf"])
        families[item["cc"]].append(number)
    for code, one in given.items():
        fixture.commodity(
            code, dict.fromkeys(families[code]), price_risk_method=one["wfpr"],
            short_option_rate=Decimal(one["som"]), short_option_maximum=one["som_max"],
            scan_tiers=_tiers(one.get("scan_tiers", ())), intra_tiers=_tiers(one["intra_tiers"]),
            inter_tiers=_tiers(one["inter_tiers"]),
            intra_spreads=tuple(map(_intra, one["intra"])),
            spot_rates=tuple(SpotRate(month, Decimal(a), Decimal(b))
                             for month, (a, b) in one.get("spot", {}).items()),
            initial={k: Decimal(v) for k, v in one["initial"].items()},
            adjustment={k: Decimal(v) for k, v in one["adjustment"].items()})
    fixture.inter = tuple(map(_between, spreads))
    file = fixture.parameters()
    (one,) = file.organisations
    currencies = {number: given[code]["currency"] for code, numbers in families.items()
                  for number in numbers}
    return replace(file, organisations=(replace(
        one, conversions={("EUR", "USD"): Decimal(RATES["EUR"])},
        families=tuple(replace(f, currency=currencies[n]) for n, f in enumerate(one.families)),
        commodities={code: replace(c, currency=given[code]["currency"])
                     for code, c in one.commodities.items()}),))


def _tiers(given):
    return tuple(Tier(n, *bounds) for n, bounds in enumerate(given, start=1))


def _intra(spread):
    legs = tuple(IntraLeg(decimal(ratio), side, month=place) if spread["kind"] == "series" else
                 IntraLeg(decimal(ratio), side, tier=place + 1)
                 for place, ratio, side in spread["legs"])
    return IntraSpread(spread["kind"], spread["priority"], decimal(spread["rate"]), legs)


def _between(spread):
    legs = tuple(InterLeg(
        ORGANISATION, leg["cc"], decimal(leg["ratio"]), leg["side"],
        0 if leg.get("tier") is None else leg["tier"] + 1,
        decimal(leg["rate"]) if "rate" in leg else None) for leg in spread["legs"])
    return InterSpread(spread["when"], spread["priority"], spread["method"],
                       decimal(spread["rate"]), legs)


def book(draw, listed):
    size = draw.choice([1, 2, 4, 8, 16])
    only = draw.random()
    usable = [c for c in listed if only > 0.15 or c["right"]]
    if only < 0.25:
        usable = [c for c in usable if c["cc"] in CODES[:2]]
    return [dict(item, q=draw.choice([-1, 1]) * draw.randint(1, 40))
            for item in draw.sample(usable, min(size, len(usable)))]


@pytest.mark.parametrize("seed", range(100))
def test_every_component_equals_the_second_writing(seed):
    draw = random.Random(seed)
    listed = contracts(draw)
    given = {code: commodity(draw) for code in CODES}
    spreads = between(draw, given)
    held = book(draw, listed)
    gross = draw.random() < 0.15
    maintenance, initial, components = plain.requirement(
        given, spreads, held, ACCOUNT, RATES, gross)
    answer = SpanCalculator([loaded(given, spreads, listed)], conventions()).risk(Portfolio(
        "R", ACCOUNT, tuple(
            position(h["family"], h["q"], h["month"], "OOF" if h["right"] else "FUT", h["right"],
                     100 if h["right"] else None) for h in held), omnibus=gross))
    assert answer.complete
    found = {(item.code, int(item.side == "short side")): {
                         "scan": item.scan, "intra": item.intra, "spot": item.spot,
                         "credit": item.inter_credit, "som": item.short_option_minimum,
                         "nov": item.net_option_value, "risk": item.risk}
             for item in answer.commodities}
    assert {key: {name: Q(value) for name, value in item.items()}
            for key, item in found.items()} == components
    assert Q(answer.maintenance.amount) == maintenance
    assert Q(answer.initial.amount) == initial
