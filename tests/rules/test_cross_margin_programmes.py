"""Cross-margin programmes: who and what is admitted, and the saving two houses agree on."""

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms, FutureTerms, OptionTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.programmes import FOLDER, programme_view
from workstation.rulebooks.span.two_house import HouseMargin

DAY = date(2026, 6, 15)
EDITION = RuleSet(DAY).edition(FOLDER)


def held(symbol, asset_class, terms=None, description="", underlying=None):
    return Position("A", Instrument(symbol, asset_class, underlying or symbol, terms=terms,
                                    description=description), Decimal(1), Decimal(1), symbol)


def treasury(symbol, maturity, coupon="0.04", description=""):
    return held(symbol, AssetClass.TREASURY, BondTerms(maturity, Decimal(coupon)), description)


def future(product):
    return held(product, AssetClass.FUTURE, FutureTerms(product, date(2026, 9, 18)))


POSITIONS = (
    treasury("NOTE", date(2030, 5, 15)), treasury("BILL", date(2026, 12, 1)),
    treasury("EDGE", date(2027, 6, 15)), treasury("PAST", date(2027, 6, 16)),
    treasury("ZERO", date(2040, 5, 15), "0"), treasury("LINK", date(2031, 1, 15),
                                                       description="US TIPS 1.125"),
    future("ZN"), future("ES"), held("IBM", AssetClass.EQUITY),
    held("CDX", AssetClass.CDS_INDEX),
    held("SPXC", AssetClass.LISTED_OPTION, OptionTerms("C", Decimal(5), date(2026, 9, 18)),
         underlying="SPX"),
    held("IBMC", AssetClass.LISTED_OPTION, OptionTerms("C", Decimal(5), date(2026, 9, 18)),
         underlying="IBM"))
BOOK = Book("b", DAY, (Account("A", AccountType.FUTURES),), POSITIONS, Market({
    "SPX": Underlying("SPX", Decimal(5000), underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP),
    "IBM": Underlying("IBM", Decimal(200))}))


@pytest.mark.parametrize(("name", "customer", "admitted"), [
    ("ficc-cme", True, ["NOTE", "PAST", "ZN"]), ("occ-cme", True, []),
    ("occ-cme", False, ["ES", "SPXC"]), ("ice-cds", True, ["CDX"])])
def test_what_a_programme_admits(name, customer, admitted):
    view = programme_view(name, BOOK, EDITION, customer=customer)
    assert [p.where for p in view.admitted] == admitted
    assert len(view.admitted) + len(view.refused) == len(POSITIONS)
    assert all(reason for _, reason in view.refused)
    assert view.saving is None
    assert view.location


def test_every_refusal_says_why():
    reasons = {p.where: why for p, why in programme_view("ficc-cme", BOOK, EDITION).refused}
    assert reasons["BILL"] == reasons["EDGE"] == "it matures within 1 year"
    assert reasons["ZERO"] == "STRIPS are not admitted"
    assert reasons["LINK"] == "inflation-linked securities are not admitted"
    assert reasons["ES"] == "the future ES is not on the programme's list"
    assert reasons["IBM"] == "a position of class equity is not admitted"


def test_the_saving_needs_both_houses_figures():
    """The published sample's shape: 343.24 alone, 68.65 together, is a reduction of 80 %."""
    houses = (HouseMargin("FICC", Decimal("200.00"), Decimal("40.00")),
              HouseMargin("CME", Decimal("143.24"), Decimal("28.65")))
    view = programme_view("ficc-cme", BOOK, EDITION, margins=houses)
    assert view.saving is not None
    assert float(view.saving.reduction) == pytest.approx(0.8, abs=2e-4)
    assert view.saving.saved + view.saving.margins.amount == Decimal("343.24")


def test_a_programme_before_its_order_is_not_in_force():
    assert not RuleSet(date(2026, 4, 19)).has(FOLDER)
