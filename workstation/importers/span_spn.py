"""Read XML risk-parameter files (.spn): contracts as they close, then each commodity."""

from __future__ import annotations

import re
from array import array
from collections import Counter
from dataclasses import dataclass, field, replace
from datetime import date
from decimal import Decimal
from math import isfinite, nan
from typing import TypeAlias

import numpy as np

from workstation.base.problem import Problem
from workstation.importers.span_drafts import NONE_MONTHS, FamilyKey, OrganisationDraft
from workstation.importers.span_files import SpanFile
from workstation.importers.span_pa2 import repeated
from workstation.importers.span_spn_commodities import (
    is_relative,
    read_commodity,
    read_inter_spread,
)
from workstation.importers.span_xml import Element, XmlStream
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.contracts import RIGHTS, SCENARIOS, Contracts, strike_key
from workstation.rulebooks.span.parameters import Organisation, RiskParameters

LAYOUT = "XML"
KINDS = {"futPf": "FUT", "phyPf": "PHY", "fwdPf": "FWD", "debtPf": "DEBT", "equityPf": "EQTY",
         "cmbPf": "CMB", "oofPf": "OOF", "oopPf": "OOP", "ooePf": "OOE", "oocPf": "OOC"}
CONTRACTS = {"futPf": "fut", "phyPf": "phy", "fwdPf": "fwd", "debtPf": "debt",
             "equityPf": "equity", "cmbPf": "cmb"}
SPREAD_LISTS = {"superSpreads": "super", "interSpreads": "inter",
                "interClearSpreads": "inter-clearing", "superInterClearSpreads": "inter-clearing"}
SPREADS = ("dSpread", "sSpread", "hSpread")
WANTED = [("series", "opt"), *CONTRACTS.items(), ("clearingOrg", "ccDef"),
          ("clearingOrg", "curConv"), ("clearingOrg", "pbRateDef"),
          ("pointInTime", "clearingOrg"), ("pointInTime", "portfolio"),
          *((name, spread) for name in SPREAD_LISTS for spread in SPREADS)]
PENDING = 50_000
_LEAVES = re.compile(rb"<(\w+)>([^<]*)</")
Losses: TypeAlias = "array[float]"
_Row: TypeAlias = "tuple[int, int, int, float, float, Losses]"


@dataclass(slots=True)
class _Columns:
    """Contracts of one organisation, gathered in rows and packed now and then."""

    rows: list[_Row] = field(default_factory=list)
    packed: list[Contracts] = field(default_factory=list)

    def add(self, row: _Row) -> None:
        self.rows.append(row)
        if len(self.rows) >= PENDING:
            self._pack()

    def _pack(self) -> None:
        columns = list(zip(*self.rows, strict=True)) or [()] * 6
        self.packed.append(Contracts(
            np.array(columns[0], np.int32), np.array(columns[1], np.uint8),
            np.array(columns[2], np.int64), np.array(columns[3], np.float64),
            np.array(columns[4], np.float64),
            np.frombuffer(b"".join(columns[5]), np.float64).reshape(-1, SCENARIOS)))
        self.rows.clear()

    def finished(self) -> Contracts:
        self._pack()
        parts = self.packed
        names = ("series", "right", "strike", "price", "delta", "arrays")
        return Contracts(*(np.concatenate([getattr(part, name) for part in parts])
                           for name in names))


class SpnReader:
    """Fills organisations from the elements of a file."""

    def __init__(self, file: SpanFile) -> None:
        self._file = file
        self._stream = XmlStream(file.name, WANTED)
        self._draft: OrganisationDraft | None = None
        self._columns = _Columns()
        self._rates: dict[str, tuple[str, bool]] = {}
        self._contracts: dict[tuple[str, str], tuple[str, str]] = {}
        """Month and family code of what options may be on, by the ids the file gives them."""
        self._series: Element | None = None
        self._number = 0
        self._done: list[Organisation] = []
        self._problems: list[Problem] = []
        self._skipped: Counter[str] = Counter()
        self._relative = 0

    def read(self) -> RiskParameters:
        """Return everything the file holds; raises UnusableInputError when it holds nothing."""
        for element in self._stream.elements_of(self._file.blocks()):
            try:
                self._element(element)
            except (ValueError, ArithmeticError) as error:
                self._problems.append(Problem(
                    f"{self._file.name} line {element.line}", f"<{element.tag}>: {error}",
                    "download the file again; the element was left out", "error"))
        if self._draft is not None:
            self._close()
        if not self._done:
            self._refuse_empty()
        if self._relative:
            self._problems.append(Problem(
                self._file.name, f"{self._relative} spreads with legs by relative period (rpLeg) "
                "were left out", "load the expanded unpacked (.pa2) file for those spreads"))
        return RiskParameters(
            self._file.name, self._file.sha256, LAYOUT, tuple(self._done), self._stream.elements,
            dict(self._skipped), (*self._problems, *self._stream.problems))

    def _refuse_empty(self) -> None:
        if self._stream.root == "posFile":
            raise refusal(self._file.name, "this is a position file, not risk parameters",
                          "give it as --positions")
        raise refusal(self._file.name, "no clearing organisation was found in the XML",
                      "load a risk-parameter file (.spn or .pa2)")

    def _element(self, element: Element) -> None:
        tag = element.tag
        if tag == "clearingOrg":
            self._of_organisation(element)
            self._close()
        elif tag == "portfolio":
            self._skipped[tag] += 1
        elif element.parent is not None and element.parent.tag in SPREAD_LISTS:
            draft = self._draft_of(element)
            if is_relative(element):
                self._relative += 1
                return
            draft.inter_spreads.append(read_inter_spread(
                element, SPREAD_LISTS[element.parent.tag], draft.code))
        elif tag == "opt":
            self._option(element)
        elif tag in CONTRACTS.values():
            self._contract(element)
        else:
            self._of_clearing(element)

    def _of_clearing(self, element: Element) -> None:
        draft = self._draft_of(element)
        match element.tag:
            case "ccDef":
                self._relative += sum(map(is_relative, element.all("dSpread")))
                read_commodity(element, draft, self._rates)
            case "curConv":
                pair = element.text("fromCur"), element.text("toCur")
                draft.conversions[pair] = element.number("factor", element.text("rate", "0"))
            case "pbRateDef":
                self._rates[element.text("r")] = element.text("acctType"), element.says("isM")

    def _draft_of(self, element: Element) -> OrganisationDraft:
        if self._draft is None:
            organisation = element.up("clearingOrg")
            if organisation is None:
                raise ValueError("it stands outside a clearing organisation")
            self._draft = OrganisationDraft("")
            self._of_organisation(organisation)
        return self._draft

    def _of_organisation(self, element: Element) -> None:
        """Take name, date and cycle; they come before anything else of the organisation."""
        if self._draft is None:
            self._draft = OrganisationDraft("")
        draft, point = self._draft, element.parent
        draft.code = element.text("ec")
        draft.caps_option_value = element.says("capAnov")
        if point is not None:
            draft.business_date = _day(point.text("date"))
            cycle = "settlement" if point.says("isSetl") else "intraday"
            draft.cycle = " ".join(part for part in (cycle, point.text("setlQualifier")) if part)
            clock = point.text("time").replace(":", "")
            draft.time = f"{clock[:2]}:{clock[2:4]}" if clock.strip("0") else ""
            created = point.parent.text("created") if point.parent is not None else ""
            draft.time = draft.time or (
                f"created {created[8:10]}:{created[10:12]}" if created[8:] else "")

    def _close(self) -> None:
        assert self._draft is not None
        contracts = self._columns.finished()
        self._problems += repeated(contracts, self._draft, self._file.name)
        self._done.append(self._draft.finished(contracts))
        self._draft, self._columns = None, _Columns()
        self._rates, self._contracts = {}, {}

    def _family(self, product: Element) -> FamilyKey:
        """Return a family's key, with its description taken on first sight."""
        draft = self._draft_of(product)
        if product.tag not in KINDS:
            raise ValueError(f"it stands in <{product.tag}>, which is no product family")
        exchange = product.up("exchange")
        name = exchange.text("exch") if exchange is not None else ""
        key = name, product.text("pfCode"), KINDS[product.tag]
        if key not in draft.families:
            draft.exchanges.add(name)
            family = draft.family(key)
            family.currency = product.text("currency")
            factor = product.text("cvf")
            family.value_factor = product.number("cvf") if factor else None
            value = product.text("valueMeth").upper()
            family.premium_style = value.startswith("EQ") if value else None
            family.name, family.settlement = product.text("name"), product.text("setlMeth")
        return key

    def _contract(self, element: Element) -> None:
        product = element.parent
        assert product is not None
        key = self._family(product)
        month = _month(element.text("pe"))
        self._contracts[product.text("pfId"), element.text("cId")] = month, key[1]
        if element.all("ra"):
            self._add(element, self._series_number(element, key, month, ""), "", None)

    def _option(self, element: Element) -> None:
        series = element.parent
        assert series is not None
        if series is not self._series:
            self._series, self._number = series, self._option_series(series)
        if element.raw:
            self._add_raw(element.raw)
        else:
            self._add(element, self._number, element.text("o"), element.number("k"))

    def _add_raw(self, raw: bytes) -> None:
        """Add an option from its text: its leaves by name, the array's delta being the last."""
        pairs = _LEAVES.findall(raw)
        found = dict(pairs)
        words = found.get(b"a", b"").split()
        if len(words) != SCENARIOS:
            words = [word for tag, text in pairs if tag == b"a" for word in text.split()]
        price = found.get(b"p", b"").strip()
        priced = price and found.get(b"pq", b"").strip() != b"0"
        try:
            strike = Decimal(found[b"k"].strip().decode("ascii"))
            losses = array("d", map(float, words))
            row = (self._number, RIGHTS[found[b"o"].strip().decode("ascii")], strike_key(strike),
                   float(price) if priced else nan, float(found.get(b"d") or b"0"), losses)
        except (KeyError, ArithmeticError, ValueError) as error:
            raise ValueError(f"the option cannot be read ({error})") from error
        _check_losses(losses)
        self._columns.add(row)

    def _option_series(self, series: Element) -> int:
        """Return the number of an option series, underlying month looked up by contract id."""
        assert series.parent is not None
        key = self._family(series.parent)
        underlying = series.all("undC")
        month, product = self._contracts.get(
            (underlying[0].text("pfId"), underlying[0].text("cId")), ("", "")
            ) if underlying else ("", "")
        if key[2] == "OOP":
            month = ""  # options on physicals count in their own month
        return self._series_number(series, key, _month(series.text("pe")), month, product)

    def _series_number(self, element: Element, key: FamilyKey, month: str, underlying: str,
                       product: str = "") -> int:
        draft = self._draft_of(element)
        number = draft.series_number(key, month, underlying)
        known = draft.series[number]
        if known.expiry is None and known.price_scan is None and known.value_factor is None:
            rates = element.all("scanRate")
            scan = rates[0].number("priceScan") if rates else Decimal(0)
            factor = element.number("cvf")
            draft.series[number] = replace(
                known, scaling=element.number("sc", "1"), price_scan=scan or None,
                value_factor=factor or None, expiry=_day(element.text("setlDate")),
                underlying=product)
        return number

    def _add(self, element: Element, series: int, right: str, strike: Decimal | None) -> None:
        arrays = element.all("ra")
        if not arrays:
            raise ValueError("it has no risk array")
        losses = array("d", map(float, arrays[0].words("a")))
        _check_losses(losses)
        priced = element.text("p") and element.text("pq") != "0"
        self._columns.add((
            series, RIGHTS[right], strike_key(strike),
            float(element.number("p")) if priced else float("nan"),
            float(arrays[0].number("d", element.text("d") or "1")), losses))


def _check_losses(losses: Losses) -> None:
    if len(losses) != SCENARIOS or not all(map(isfinite, losses)):
        raise ValueError(f"its risk array holds {len(losses)} values, not {SCENARIOS}")


def _month(text: str) -> str:
    return "" if text in NONE_MONTHS else text


def _day(text: str) -> date | None:
    digits = text.replace("-", "")
    return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8])) if digits.strip("0") else None
