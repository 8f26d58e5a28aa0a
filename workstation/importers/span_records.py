"""Control records of expanded unpacked (.pa2) files.

Columns are one-based and inclusive, as in the published layout. Records that carry nothing the
calculation needs are skipped and counted.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import date
from decimal import Decimal

from workstation.importers.span_drafts import FamilyKey, OrganisationDraft
from workstation.rulebooks.span.commodity import (
    InterLeg,
    InterSpread,
    IntraLeg,
    IntraSpread,
    SpotRate,
    Tier,
)
from workstation.rulebooks.span.portfolio import HEDGER, MEMBER, SPECULATOR

CLASSES = (MEMBER, HEDGER, SPECULATOR)
RECORD_WIDTH = 180
LARGEST_EXPONENT = 9
WHOLE = 100
CYCLES = {"S": "settlement", "I": "intraday"}
FILE_KINDS = {"E": "early", "F": "final", "C": "complete"}
MOST_SLOTS, SLOT = 6, 16
PARIS = "UP"
ORDINARY = "CLR"
"""Business function of ordinary clearing; files for cross-margin accounts say another (XM...)."""
IN_SCAN, IN_INTER, SHORT_OPTION_TIERS = ("10", "21", "22"), ("20", "21", "23"), "30"


class Record:
    """One line read by columns."""

    def __init__(self, line: bytes) -> None:
        self._text = line.decode("latin-1").ljust(RECORD_WIDTH)

    def text(self, first: int, last: int) -> str:
        """Return columns `first` to `last` without blanks around."""
        return self._text[first - 1:last].strip()

    def number(self, first: int, last: int, decimals: int = 0, empty: str = "0") -> Decimal:
        """Return a number with implied decimals; blanks are `empty`."""
        text = self.text(first, last) or empty
        if not text.lstrip("+-").isdigit():
            raise ValueError(f"columns {first}-{last} hold {text!r}, not a number")
        return Decimal(text).scaleb(-decimals)

    def whole(self, first: int, last: int) -> int:
        """Return a whole number, 0 when blank."""
        return int(self.number(first, last))

    def month(self, first: int, last: int) -> str:
        """Return a month with its day or week code; empty for none."""
        text = self.text(first, last)
        return text.replace(" ", "") if text.strip("0") else ""

    def day(self, first: int) -> date | None:
        """Return a date of eight digits, None for none."""
        text = self.text(first, first + 7)
        return date(int(text[:4]), int(text[4:6]), int(text[6:])) if text.strip("0") else None


def is_option(kind: str) -> bool:
    """Say whether a product type is an option (OOF, OOP, OOC, OOE)."""
    return kind.startswith("OO")


def header(record: Record) -> OrganisationDraft:
    """Type 0: the clearing organisation, date, cycle and time."""
    if record.text(36, 37) == PARIS:
        raise ValueError("columns 36-37 say UP, the Paris expanded layout, whose records have "
                         "other columns than those of expanded unpacked files")
    kinds = " ".join(FILE_KINDS.get(letter, letter) for letter in record.text(18, 19))
    cycle = " ".join(part for part in (CYCLES.get(record.text(17, 17), ""), kinds) if part)
    function = record.text(40, 44)
    if function and function != ORDINARY:
        cycle = f"{cycle} for {function}".strip()
    clock = record.text(20, 23) or record.text(32, 35)
    return OrganisationDraft(
        record.text(3, 8), record.day(9), cycle,
        f"{clock[:2]}:{clock[2:]}" if clock.strip("0") else "",
        caps_option_value=record.text(39, 39) == "Y")


def _exchange(record: Record, draft: OrganisationDraft) -> None:
    draft.exchanges.add(record.text(3, 5))


def _conversion(record: Record, draft: OrganisationDraft) -> None:
    draft.conversions[record.text(3, 5), record.text(7, 9)] = record.number(11, 20, 6)


def _price_record(record: Record, draft: OrganisationDraft) -> None:
    family = draft.family(_family_key(record))
    family.name = record.text(80, 114) or record.text(19, 33)
    places = record.whole(34, 36), record.whole(37, 39)
    if max(places) > LARGEST_EXPONENT or min(places) < 0:
        raise ValueError(f"columns 34-39 hold {places} decimals")
    family.price_decimals, family.strike_decimals = places
    family.price_alignment, family.strike_alignment = record.text(40, 40), record.text(41, 41)
    family.value_factor = record.number(42, 55, 7).scaleb(_exponent(record.text(73, 75)))
    family.currency = record.text(66, 68)
    valuation = record.text(117, 121)
    family.premium_style = valuation.startswith("EQ") if valuation else None
    family.settlement = record.text(122, 126)


def _family_key(record: Record) -> FamilyKey:
    return record.text(3, 5), record.text(6, 15), record.text(16, 18)


def _first_commodity(record: Record, draft: OrganisationDraft) -> None:
    commodity = draft.commodity(record.text(7, 12))
    commodity.exponent = record.whole(13, 13)
    commodity.currency = record.text(14, 16)
    commodity.premium_style = record.text(18, 18) != "F"
    commodity.caps = record.text(19, 19) == "Y"
    for slot in range(MOST_SLOTS):
        at = 23 + slot * SLOT
        code, kind = record.text(at, at + 9), record.text(at + 10, at + 12)
        if code and kind:
            key = record.text(3, 5), code, kind
            commodity.families.append(key)
            places = record.whole(at + 13, at + 13)
            if places:
                # A minus sign puts the decimal point to the right of the last digit.
                power = places if record.text(at + 14, at + 14) == "-" else -places
                draft.family(key).array_scale = 10.0**power


def _scanning(record: Record, draft: OrganisationDraft) -> None:
    commodity = draft.commodity(record.text(3, 8))
    method = record.text(9, 10)
    tiers = []
    for index in range(5):
        at = 13 + index * 14
        if record.month(at + 2, at + 7):
            rate = record.text(104 + index * 7, 110 + index * 7)
            tiers.append(Tier(record.whole(at, at + 1), record.month(at + 2, at + 7),
                              record.month(at + 8, at + 13), Decimal(rate) if rate else None))
    commodity.scan_by_month |= method == "02"
    if method in IN_SCAN:
        commodity.scan_tiers += tiers
    if method in IN_INTER:
        commodity.inter_tiers += tiers
    if method == SHORT_OPTION_TIERS:
        commodity.short_option_tiers += tiers
    # A commodity may have several such records; only some state the method.
    commodity.price_risk_method = record.whole(83, 83) or commodity.price_risk_method


def _second_commodity(record: Record, draft: OrganisationDraft) -> None:
    commodity = draft.commodity(record.text(3, 8))
    commodity.intra_method = record.text(9, 10)
    for index in range(4):
        at = 11 + index * 14
        if record.month(at + 2, at + 7):
            commodity.intra_tiers.append(Tier(
                record.whole(at, at + 1), record.month(at + 2, at + 7),
                record.month(at + 8, at + 13)))
    for index, name in enumerate(CLASSES):
        ratio = record.number(69 + index * 4, 72 + index * 4, 3)
        if ratio:
            commodity.initial[name] = ratio


def _at_least_two(legs: Sequence[InterLeg | IntraLeg]) -> None:
    if len(legs) < 2:  # noqa: PLR2004 -- a spread has two sides
        raise ValueError(f"a spread with {len(legs)} leg")
    if any(leg.ratio <= 0 or leg.side not in ("A", "B") for leg in legs):
        raise ValueError("a spread leg without a ratio or a side")


def _tier_spread(record: Record, draft: OrganisationDraft) -> None:
    legs = []
    for index in range(record.whole(13, 14)):
        at = 22 + index * 7
        legs.append(IntraLeg(record.number(at + 4, at + 5), record.text(at + 6, at + 6),
                             tier=record.whole(at + 2, at + 3)))
    _at_least_two(legs)
    draft.commodity(record.text(3, 8)).intra_spreads.append(
        IntraSpread("tier", record.whole(11, 12), record.number(15, 21), tuple(legs)))


def _series_spread(record: Record, draft: OrganisationDraft) -> None:
    legs = []
    for index in range(4):
        at = 21 + index * 14
        month = record.text(at, at + 3)
        if month:
            legs.append(IntraLeg(record.number(at + 7, at + 12, 4), record.text(at + 13, at + 13),
                                 f"20{month}{record.text(at + 4, at + 6)}"))
    _at_least_two(legs)
    draft.commodity(record.text(3, 8)).intra_spreads.append(
        IntraSpread("series", record.whole(9, 13), record.number(14, 20), tuple(legs)))


def _third_commodity(record: Record, draft: OrganisationDraft) -> None:
    commodity = draft.commodity(record.text(3, 8))
    if record.text(9, 10) == "10":
        for at in (13, 35)[:record.whole(11, 12)]:
            commodity.spot_rates.append(SpotRate(
                record.month(at + 2, at + 7), record.number(at + 8, at + 14),
                record.number(at + 15, at + 21)))
    commodity.short_option_rate = record.number(63, 69)
    commodity.short_option_maximum = record.text(79, 79) == "1"
    for index, name in enumerate(CLASSES):
        factor = record.number(70 + index * 3, 72 + index * 3, 2)
        if factor:
            commodity.adjustment[name] = factor


def _array_parameters(record: Record, draft: OrganisationDraft) -> None:
    key = _family_key(record)
    future, option = record.month(19, 26), record.month(28, 35)
    month, underlying = (option, future) if is_option(key[2]) else (future or option, "")
    number = draft.series_number(key, month or future, underlying)
    sign = -1 if record.text(168, 168) == "-" else 1
    price_scan = record.number(53, 57).scaleb(sign * record.whole(166, 167))
    scaling = record.number(86, 91, 4)
    factor = record.number(129, 142, 7).scaleb(_exponent(record.text(143, 145)))
    draft.series[number] = replace(
        draft.series[number], scaling=scaling or Decimal(1),
        price_scan=None if record.text(165, 165) == "P" or not price_scan else price_scan,
        value_factor=factor or None, expiry=record.day(92),
        underlying=record.text(100, 109) if is_option(key[2]) else "")


def _exponent(text: str) -> int:
    """Read an exponent of two digits with its sign before or after."""
    digits = text.strip("+- ")
    power = int(digits) if digits.isdigit() else 0
    if power > LARGEST_EXPONENT:
        raise ValueError(f"an exponent of {power}")
    return -power if "-" in text else power


def _inter_spread(record: Record, draft: OrganisationDraft) -> None:
    """Type 6: four legs of 18 columns, then method, target, tiers, rates, eligibility."""
    flat = record.text(101, 101) == "F"
    own_rates = record.text(122, 122) == "Y"
    legs = []
    for index in range(4):
        at = 17 + index * 18
        code = record.text(at + 4, at + 9)
        if code:
            rate_at = 123 + index * 7
            legs.append(InterLeg(
                _organisation(record.text(at, at + 2), draft), code,
                record.number(at + 10, at + 16, 4), record.text(at + 17, at + 17),
                record.whole(102 + index * 2, 103 + index * 2),
                _rate(record, rate_at, flat) if own_rates else None,
                required=record.text(at + 3, at + 3) != "N"))
    _at_least_two(legs)
    target = record.text(95, 100)
    if target:
        legs = _with_target(record, draft, legs, target)
    between = any(leg.organisation != draft.code for leg in legs)
    super_spread = record.text(110, 110) == "S"
    draft.inter_spreads.append(InterSpread(
        "super" if super_spread else "inter-clearing" if between else "inter",
        record.whole(6, 9), record.text(89, 90) or "01", _rate(record, 10, flat), tuple(legs),
        flat, record.text(151, 151), record.whole(118, 121) or 2))


def _with_target(record: Record, draft: OrganisationDraft, legs: list[InterLeg], target: str
                 ) -> list[InterLeg]:
    """Mark the target of a scanning-based spread, adding it where it is no leg itself."""
    ratio = record.number(111, 117, 4) or Decimal(1)
    marked = [replace(leg, target=leg.commodity == target) for leg in legs]
    if not any(leg.target for leg in marked):
        marked.append(InterLeg(_organisation(record.text(91, 93), draft), target, ratio, "",
                               required=record.text(94, 94) == "Y", target=True))
    return marked


def _rate(record: Record, at: int, flat: bool) -> Decimal:
    """Return a credit rate: percent with four decimals, or money with two where it is flat."""
    rate = record.number(at, at + 6, 2 if flat else 4)
    if not flat and rate > WHOLE:
        raise ValueError(f"columns {at}-{at + 6} hold a credit of {rate.normalize():f} percent")
    return rate


def _organisation(code: str, draft: OrganisationDraft) -> str:
    """Return the clearing organisation of a leg; files name it, or one of its exchanges."""
    return draft.code if not code or code in draft.exchanges or code == draft.code[:3] else code


READERS: dict[str, Callable[[Record, OrganisationDraft], None]] = {
    "1 ": _exchange, "T ": _conversion, "P ": _price_record, "2 ": _first_commodity,
    "S ": _scanning, "3 ": _second_commodity, "C ": _tier_spread, "E ": _series_spread,
    "4 ": _third_commodity, "B ": _array_parameters, "6 ": _inter_spread,
}
