"""Futures no contract table sizes: left out with a remedy, in once a risk file has them."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from tests.rules.span_fixture import CSV, PA2, POS, SPN, loaded, portfolios, risk_of
from workstation.base.vocabulary import AssetClass
from workstation.importers.span_positions import read_span_positions
from workstation.rulebooks.span.book_positions import SIZE_FROM
from workstation.rulebooks.span.sizing import IN_FILE, PRICE_FROM, sized
from workstation.workspace.branch_edits import make_change, start_branch
from workstation.workspace.edits import SetPrice, SetQuantity, SetRiskFiles
from workstation.workspace.session import Session
from workstation.workspace.what_if_text import read_operation

DAY = date(2026, 6, 15)
UNKNOWN = 42  # of the 47 lines; the table has the 10-year note, by coincidence of its code


def opened(path=CSV):
    return Session.from_file(path, as_of=DAY)


@pytest.fixture
def session():
    made = opened()
    made.use_risk_files([loaded(PA2)])
    return made


def amounts(session):
    silos = session.review().silos
    return {a.account_id: (a.maintenance.amount, a.initial.amount) for a in silos.accounts}


def test_without_a_file_they_are_left_out_with_cell_reason_and_remedy():
    book = opened().book
    assert (len(book.positions), len(book.unsized), len(book.excluded)) == (5, UNKNOWN, UNKNOWN)
    first = book.excluded[0]
    assert first.where == "portfolios.csv!A2"
    assert first.what == "EQU26: its contract size is not in the contract table"
    assert first.remedy == ("load the exchange's risk-parameter file, or fill in the multiplier "
                            "column")
    assert not opened().review().silos.complete


@pytest.mark.parametrize("path", [PA2, SPN])
def test_every_sample_position_is_margined_in_a_review_as_by_the_span_command(path):
    made = opened()
    made.use_risk_files([loaded(path)])
    run = made.review()
    assert run.silos.complete
    assert not made.book.excluded
    assert len(made.book.positions) == 47
    expected = {name: risk_of(portfolio, path) for name, portfolio in portfolios(CSV).items()}
    assert amounts(made) == {name: (answer.maintenance.amount, answer.initial.amount)
                             for name, answer in expected.items()}


def test_xml_positions_give_the_same_review():
    made = opened(POS)
    made.use_risk_files([loaded(PA2)])
    assert len(made.book.positions) == 47
    assert amounts(made) == {name: (answer.maintenance.amount, answer.initial.amount)
                             for name, answer in ((n, risk_of(p)) for n, p in
                                                  portfolios(POS).items())}


def test_size_currency_expiry_and_underlying_are_the_file_s(session):
    by_place = {p.where: p for p in session.book.positions}
    weekly = by_place["portfolios.csv!A32"].instrument
    assert (weekly.multiplier, weekly.currency, weekly.underlying) == (50, "USD", "EQ")
    assert weekly.asset_class is AssetClass.FUTURE_OPTION
    assert weekly.option.expiry == next(
        s.expiry for s in loaded(PA2).organisations[0].series if s.month == "202607W3")
    full = by_place["portfolios.csv!A3"]
    assert (full.instrument.multiplier, full.instrument.expiry) == (250, date(2026, 9, 18))
    assert dict(full.extras)[SIZE_FROM] == (
        "xmc.20260615.s.pa2 (XMC 2026-06-15 settlement final 18:00)")


def test_the_file_s_currency_wins_over_the_portfolio_s(session):
    organisation = loaded(PA2).organisations[0]
    euro = replace(organisation, families=tuple(
        replace(f, currency="EUR") if f.code == "EQ" else f for f in organisation.families),
        conversions={("EUR", "USD"): Decimal("1.25")})
    session.use_risk_files([replace(loaded(PA2), organisations=(euro,))])
    assert session.book.positions[0].instrument.currency == "EUR"


def test_a_product_without_a_stated_size_stays_left_out(session):
    organisation = loaded(PA2).organisations[0]
    silent = replace(organisation, families=tuple(
        replace(f, factor_stated=False) for f in organisation.families),
        series=tuple(replace(s, value_factor=None) for s in organisation.series))
    session.use_risk_files([replace(loaded(PA2), organisations=(silent,))])
    assert len(session.book.excluded) == UNKNOWN


def test_explanation_and_problems_say_that_the_size_is_the_file_s(session):
    run = session.review()
    p01 = next(a for a in run.silos.accounts if a.account_id == "P01")
    assert p01.maintenance.parts[0].label.endswith("18:00, which size EQ too")
    said = [p for p in run.problems if p.what.startswith("EQ: contract size 50 USD")]
    assert said[0].severity == "info"
    assert "9 positions from xmc.20260615.s.pa2" in said[0].what
    assert not any("not in the contract table" in p.what for p in run.problems)
    assert any("not in the contract table" in p.what for p in session.input_problems)


def test_date_cycle_and_time_of_every_file_stand_among_the_problems(session):
    said = [p for p in session.review().problems if p.where == PA2.name]
    assert [(p.severity, p.what) for p in said] == [
        ("info", "futures it holds are margined as of XMC 2026-06-15 settlement final 18:00")]


def test_underlyings_without_a_market_row_are_priced_by_the_nearest_future(session):
    row = session.book.market.underlying("EQ")
    assert row.price == Decimal("6571.5")
    assert row.where.startswith(f"EQ 202606{IN_FILE}")
    assert "UST-10Y" in session.book.market.underlyings  # what the table calls the note's price
    assert all(outcome.margin.complete for outcome in session.review().designs)
    session.use_risk_files([])
    assert not session.book.market.underlyings


def test_positions_stand_where_the_file_had_them(session):
    places = [int(p.where.rsplit("A", 1)[1]) for p in session.book.positions]
    assert places == list(range(2, 49))


def test_changes_stay_when_files_come_and_go(session):
    where = "portfolios.csv!A2"
    SetQuantity(session, where, Decimal(7)).apply()
    load = SetRiskFiles(session, [])
    load.apply()
    assert session.book.unsized[0].position.quantity == 7
    assert len(session.book.excluded) == UNKNOWN
    load.revert()
    assert session.position(where).quantity == 7
    assert amounts(session)["P01"][0] == 7 * 12500


def test_a_typed_price_stays_and_the_file_s_goes(session):
    note, typed = "portfolios.csv!A15", "portfolios.csv!A2"
    assert dict(session.position(note).extras)[PRICE_FROM] == "110.16796875"  # 110-05.375
    SetPrice(session, typed, Decimal(6500)).apply()
    session.use_risk_files([])
    assert session.position(note).price is None
    assert PRICE_FROM not in dict(session.position(note).extras)
    session.use_risk_files([loaded(SPN)])
    assert session.position(typed).price == 6500


def test_a_saved_review_brings_them_back(tmp_path, session):
    from workstation.workspace.risk_sources import read_source

    session.keep_bytes([read_source(PA2)])
    session.run = session.review()
    session.save(tmp_path / "futures.crossmargin")
    again = Session.from_file(tmp_path / "futures.crossmargin")
    assert again.book == session.book
    assert again.review() == session.run
    again.use_risk_files([])
    assert len(again.book.excluded) == UNKNOWN


def test_a_what_if_works_on_them(session):
    start_branch(session, "half").apply()
    make_change(session, read_operation("scale EQU26 by 50%", session.book)).apply()
    assert session.review().silos.complete
    assert session.position("portfolios.csv!A11").quantity == 5


def test_a_size_that_is_not_the_file_s_is_named(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text("account_id,account_type,symbol,quantity,price,multiplier\n"
                    "F1,futures,EQU6,3,6505,100\nF1,futures,EQZ6,-1,6505,100\n"
                    "F1,futures,NTU6,1,24000,20\n", "utf-8")
    made = opened(path)
    made.use_risk_files([loaded(PA2)])
    (said,) = [p for p in made.review().problems if "the book's contract size" in p.what]
    assert said.what.startswith("EQU6: the book's contract size is 100, that of XMX EQ FUT in")
    assert said.what.endswith("18:00) is 50")


def test_a_book_of_one_s_own_names_the_option_by_its_code(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text("account_id,account_type,symbol,asset_class,underlying,quantity,price,strike,"
                    "put_call,expiry\nF1,futures,,future_option,EQO,-4,219.4,6600,C,2026-09-18\n"
                    "F1,futures,EQU6,future,,3,6505,,,\n", "utf-8")
    made = opened(path)
    assert len(made.book.unsized) == 2
    made.use_risk_files([loaded(PA2)])
    option, future = made.book.positions
    assert option.instrument.underlying == future.instrument.underlying == "EQ"
    assert dict(option.extras)["pfCode"] == "EQO"
    assert option.price == Decimal("219.4")
    assert made.review().silos.complete


def test_the_span_command_needs_no_size_at_all(tmp_path):
    path = tmp_path / "book.csv"
    path.write_text("account_id,account_type,symbol,quantity,price\n"
                    "F1,futures,EQU6,3,6505\n", "utf-8")
    read = read_span_positions(path)
    assert [p.family for p in read.portfolios[0].positions] == ["EQ"]
    assert not any("contract size" in p.what for p in read.problems)


def test_a_book_without_such_futures_is_left_as_it_is():
    book = replace(opened().book, unsized=(), positions=())
    assert sized(book, [loaded(PA2)]) is book


