"""Combined commodities and inter-commodity spreads of XML files.

Enumerated words differ between producers; they are read by what they mean.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.importers.span_drafts import CommodityDraft, OrganisationDraft
from workstation.importers.span_xml import Element
from workstation.rulebooks.span.commodity import (
    InterLeg,
    InterSpread,
    IntraLeg,
    IntraSpread,
    SpotRate,
    Tier,
)
from workstation.rulebooks.span.portfolio import account_class

PERCENT = Decimal(100)
PRICE_RISK = {"NORMAL": 1, "SCANRANGE_CAP": 2, "SCANRANGECAP": 2, "CAP": 2, "SCANRANGE": 3,
              "1": 1, "2": 2, "3": 3}
MAXIMUM = frozenset({"MAX", "MAXIMUM", "1"})
NO_CHARGE = frozenset({"NONE", "01", "1", ""})
LEGS = ("tLeg", "pLeg", "sLeg", "leg")
RELATIVE_LEG = "rpLeg"
"""A leg by relative period: how its periods are counted is not published, so it is never used."""


def read_commodity(element: Element, draft: OrganisationDraft,
                   rates: Mapping[str, tuple[str, bool]]) -> None:
    """Read one ccDef; `rates` names account type and level of each rate number."""
    commodity = draft.commodity(element.text("cc"))
    commodity.currency = element.text("currency")
    commodity.exponent = int(element.number("riskExponent"))
    commodity.caps = element.says("capAnov")
    commodity.price_risk_method = PRICE_RISK.get(element.text("wfprMeth").upper(), 1)
    commodity.short_option_maximum = element.text("somMeth").upper() in MAXIMUM
    commodity.families = [(link.text("exch"), link.text("pfCode"), link.text("pfType"))
                          for link in element.all("pfLink")]
    commodity.scan_tiers = _tiers(element, "scanTiers")
    commodity.intra_tiers = _tiers(element, "intraTiers")
    commodity.inter_tiers = _tiers(element, "interTiers")
    commodity.short_option_tiers = _tiers(element, "somTiers")
    _ratios(element, commodity, rates)
    commodity.intra_spreads = _by_kind([_intra_spread(s) for s in element.all("dSpread")
                                        if not is_relative(s)])
    if element.text("spotMeth").upper() not in NO_CHARGE:
        commodity.spot_rates = [
            SpotRate(rate.text("pe"), rate.number("sprd"), rate.number("outr"))
            for rate in element.all("spotRate") if _first_rate(rate)]


def is_relative(spread: Element) -> bool:
    """Say whether a spread has a leg by relative period."""
    return any(leg.tag == RELATIVE_LEG for leg in spread.branches)


def _first_rate(element: Element) -> bool:
    return element.text("r") in {"", "1"}


def _tiers(element: Element, name: str) -> list[Tier]:
    return [Tier(int(tier.number("tn")), tier.text("sPe"), tier.text("ePe"), _rate_of(tier))
            for group in element.all(name) for tier in group.all("tier")]


def _rate_of(element: Element) -> Decimal | None:
    rates = element.all("rate")
    return rates[0].number("val") if rates else None


def _ratios(element: Element, commodity: CommodityDraft,
            rates: Mapping[str, tuple[str, bool]]) -> None:
    """Set ratios by account class; a rate multiplies the rate it is based on."""
    given = {rate.text("r"): rate for rate in element.all("adjRate")}

    def ratio(number: str, seen: frozenset[str] = frozenset()) -> Decimal:
        rate = given.get(number)
        if rate is None:
            return Decimal(1)
        base = rate.text("baseR")
        own = rate.number("val", "1")
        if base in ("", number) or base in seen:
            return own
        return own * ratio(base, seen | {number})

    for number in given:
        account, is_maintenance = rates.get(number, ("", False))
        name = account_class(account)
        if name is not None:
            target = commodity.adjustment if is_maintenance else commodity.initial
            target.setdefault(name, ratio(number))


def _by_kind(spreads: Sequence[IntraSpread]) -> list[IntraSpread]:
    """Give spreads a priority within their kind; the file counts series and tiers through."""
    ordered = sorted(spreads, key=lambda spread: spread.priority)
    return [replace(spread, priority=rank) for kind in ("series", "tier")
            for rank, spread in enumerate((s for s in ordered if s.kind == kind), start=1)]


def _intra_spread(element: Element) -> IntraSpread:
    legs = tuple(
        IntraLeg(leg.number("i", "1"), leg.text("rs"), leg.text("pe"), int(leg.number("tn")))
        for leg in element.branches if leg.tag in LEGS)
    _check_legs(element, legs)
    rates = element.all("rate")
    per_month = element.all("pmpsRate")
    method = element.text("chargeMeth", "F")
    rate = rates[0].number("val") if rates else Decimal(0)
    return IntraSpread(
        "series" if any(leg.month for leg in legs) else "tier", int(element.number("spread")),
        rate * PERCENT if method == "W" else rate, legs, method,
        per_month[0].number("val") if per_month else Decimal(0))


def _check_legs(element: Element, legs: Sequence[IntraLeg | InterLeg]) -> None:
    name = f"spread {element.text('spread')}"
    if len(legs) < 2:  # noqa: PLR2004 -- a spread has two sides
        raise ValueError(f"{name} has {len(legs)} leg")
    if any(leg.ratio <= 0 or leg.side not in ("A", "B") for leg in legs):
        raise ValueError(f"{name} has a leg without a ratio or a side")


def _credit_rate(element: Element, rate: Decimal | None) -> Decimal | None:
    """Return a credit rate in percent; more than the whole price risk is no credit rate."""
    if rate is not None and abs(rate) > 1:
        raise ValueError(f"<{element.tag}> has the rate {rate}, which is no fraction of the price "
                         "risk")
    return None if rate is None else rate * PERCENT


def read_inter_spread(element: Element, kind: str, organisation: str) -> InterSpread:
    """Read one spread of a spread list; credit rates are fractions in the file."""
    rate = _credit_rate(element, _rate_of(element)) or Decimal(0)
    legs = tuple(_inter_leg(leg, organisation) for leg in element.branches if leg.tag in LEGS)
    _check_legs(element, legs)
    scanning = element.tag == "sSpread"
    tiered = any(leg.tier for leg in legs)
    minimum = int(element.number("numLegsReq", "2"))
    listed = {"super": "super", "inter-clearing": "inter-clearing"}.get(kind, "inter")
    method = "04" if scanning else "20" if tiered else "01"
    return InterSpread(
        listed, int(element.number("spread")), method,  # type: ignore[arg-type]
        rate, legs, minimum_legs=minimum)


def _inter_leg(leg: Element, organisation: str) -> InterLeg:
    return InterLeg(
        leg.text("ec") or organisation, leg.text("cc"), leg.number("i", "1"),
        leg.text("rs", "A"), int(leg.number("tn")),
        _credit_rate(leg, _rate_of(leg)),
        required=leg.says("isRequired") or leg.tag != "sLeg", target=leg.says("isTarget"),
        month=leg.text("pe") if leg.tag == "pLeg" else "")
