"""A review with risk-parameter files keeps its spread log, and a saved one reads it back."""

from datetime import date
from decimal import Decimal

from tests.rules.span_fixture import PA2, loaded
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.results.spreads import DENIED, FORMED
from workstation.results.tables import all_tables
from workstation.workspace.session import Session


def future(code, quantity, month=9):
    terms = FutureTerms(code, date(2026, month, 18))
    return Position("F-1", Instrument(f"{code}{month}", AssetClass.FUTURE, code, "USD",
                                      Decimal(50), terms),
                    Decimal(quantity), Decimal(100), f"Positions!{code}{month}")


def session():
    account = Account("F-1", AccountType.FUTURES, firm="Carrier", cash=Decimal(900_000),
                      risk_profile="hrp")
    made = Session(Book("Futures only", date(2026, 6, 15), (account,),
                        (future("EQ", 10), future("EQ", -4, 12), future("NT", -4))))
    made.risk_files = (loaded(PA2),)
    return made


def test_the_log_of_a_review_is_that_of_its_offsets():
    run = session().review()
    formed = [row for row in run.spreads if row.status == FORMED]
    assert formed
    assert {row.account for row in run.spreads} == {"F-1"}
    offsets = [o for o in run.silos.offsets if o.kind != "netting within the scan"]
    assert sorted(row.amount for row in formed) == sorted(
        o.amount for o in offsets if o.status == "granted")
    assert len(run.spreads) - len(formed) == sum(o.status == DENIED for o in offsets)
    assert "Spread log" in [table.name for table in all_tables(run)]


def test_without_files_there_is_no_log():
    made = session()
    made.risk_files = ()
    run = made.review()
    assert run.spreads == ()
    assert "Spread log" not in [table.name for table in all_tables(run)]


def test_a_saved_review_reads_its_log_back(tmp_path):
    made = session()
    made.run = made.review()
    made.save(tmp_path / "futures.crossmargin")
    again = Session.from_file(tmp_path / "futures.crossmargin")
    assert again.run.spreads == made.run.spreads
