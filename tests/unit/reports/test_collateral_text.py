from dataclasses import replace
from decimal import Decimal

from workstation.base.money import accounting
from workstation.reports.collateral_text import lots_text, units
from workstation.workspace.session import Session, sample_books

MACRO = next(p for p in sample_books() if p.stem == "meridian_macro")


def test_quantities_keep_their_decimals():
    assert [units(Decimal(text)) for text in ("18.75", "1E+6", "12000000.00", "0.5", "100")] == [
        "18.75", "1,000,000", "12,000,000", "0.5", "100"]


def test_each_lot_says_its_value_its_place_and_its_quantity_by_state():
    report = Session.from_file(MACRO).review().collateral
    lines = lots_text(report)
    coins = next(i for i, line in enumerate(lines) if line.startswith("  L4 BTC"))
    assert "Harbour Custody" in lines[coins]
    assert "2,408,750" in lines[coins]
    assert lines[coins + 1] == "    of 31.25 units: free 18.75; pledged, not re-usable 12.5"
    assert accounting(report.free_value) in lines[-1]
    assert max(map(len, lines)) <= 100


def test_a_book_without_lots_says_so():
    report = Session.from_file(MACRO).review().collateral
    assert lots_text(replace(report, lots=())) == ["COLLATERAL: the book names no lots."]
