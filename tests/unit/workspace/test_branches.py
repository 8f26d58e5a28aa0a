"""What-if branches: what a change does to the book, and that the base is never touched."""

from dataclasses import replace
from datetime import date
from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.base.vocabulary import BASE
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value
from workstation.workspace.branch_edits import (
    drop_change,
    make_change,
    remove_branch,
    set_status,
    show_branch,
    start_branch,
    switch_change,
)
from workstation.workspace.edits import MoveAccount, SetCells, SetPrice, SetQuantity, SetUnderlying
from workstation.workspace.session import Session, sample_books
from workstation.workspace.what_if_text import read_operation

BOOKS = {p.stem: p for p in sample_books()}
HARROW = BOOKS["harrow_long_short"]
MERIDIAN = BOOKS["meridian_macro"]


@pytest.fixture
def session():
    made = Session.from_file(HARROW)
    start_branch(made, "try").apply()
    return made


def do(session, text):
    make_change(session, read_operation(text, session.book)).apply()
    return session.book


def held(book, symbol, account=None):
    return sum((p.quantity for p in book.positions if p.instrument.symbol == symbol
                and account in (None, p.account_id)), Decimal(0))


def worth(book):
    """Worth as a float: pytest refuses float tolerances on decimals."""
    return float(net_liquidating_value(book, resolve(book)))


def test_scaling_trades_at_the_mark_and_leaves_the_base_alone(session):
    before = session.base
    after = do(session, "scale AAPL by 50%")
    assert held(after, "AAPL") == held(before, "AAPL") / 2
    assert session.base is before
    assert worth(after) == pytest.approx(worth(before), rel=1e-12)
    sold = sum(p.value for p in before.positions if p.instrument.symbol == "AAPL") / 2
    paid = sum(a.cash for a in after.accounts) - sum(a.cash for a in before.accounts)
    assert paid == sold
    assert after.name == f"{before.name} [what-if: try]"


@pytest.mark.parametrize("stem", sorted(BOOKS))
def test_closing_everything_leaves_cash_of_the_same_worth(stem):
    session = Session.from_file(BOOKS[stem])
    start_branch(session, "flat").apply()
    before = session.base
    after = do(session, "close all")
    assert after.positions == ()
    assert worth(after) == pytest.approx(worth(before), rel=1e-9)
    run = session.review()
    assert run.silos.maintenance.amount == 0


def test_adding_a_symbol_the_book_holds_takes_its_contract_and_mark(session):
    before = held(session.base, "AAPL")
    after = do(session, "add -1000 AAPL in HL-PM")
    assert held(after, "AAPL") == before - 1000
    new = after.positions[-1]
    assert new.instrument == next(p.instrument for p in session.base.positions
                                  if p.instrument.symbol == "AAPL")
    assert worth(after) == pytest.approx(worth(session.base), rel=1e-12)


def test_adding_a_stock_not_in_the_file_needs_only_a_typed_price(session):
    after = do(session, "add 500 IBM in HL-PM at 250")
    assert after.market.underlying("IBM").price == 250
    run = session.review()
    base = session.review_base()
    assert not [e for e in run.excluded if e not in base.excluded]
    assert run.silos.of_account("HL-PM").maintenance.amount > (
        base.silos.of_account("HL-PM").maintenance.amount)


def test_moving_carries_the_position_without_cash(session):
    mine = next(p for p in session.base.positions if p.instrument.symbol == "KO")
    after = do(session, "move KO to HL-PM")
    assert held(after, "KO", "HL-PM") == mine.quantity
    assert [a.cash for a in after.accounts] == [a.cash for a in session.base.accounts]


def test_a_price_move_takes_everything_on_the_root_with_it():
    session = Session.from_file(MERIDIAN)
    start_branch(session, "crash").apply()
    base, after = session.base, do(session, "price SPX by -10%")
    on_spx = [(p, q) for p, q in zip(base.positions, after.positions, strict=True)
              if p.instrument.symbol in ("SPY",) and p.price]
    assert on_spx
    for was, now in on_spx:
        assert float(now.price / was.price) == pytest.approx(0.9, rel=1e-9)
    assert worth(after) != worth(base)


def test_a_volatility_move_changes_options_and_nothing_else():
    session = Session.from_file(MERIDIAN)
    start_branch(session, "vol").apply()
    base = session.base
    option = next(p for p in base.positions if p.instrument.option is not None)
    after = do(session, f"vol {option.instrument.underlying} by +5%")
    changed = [(p, q) for p, q in zip(base.positions, after.positions, strict=True)
               if p.price != q.price]
    assert changed
    assert all(p.instrument.option is not None for p, _ in changed)
    assert all(q.price > p.price for p, q in changed)  # every option gains with volatility


def test_rolling_a_future_changes_code_and_expiry_and_costs_nothing():
    session = Session.from_file(MERIDIAN)
    start_branch(session, "roll").apply()
    future = next(p for p in session.base.positions
                  if p.instrument.asset_class == "future" and p.instrument.symbol[-1].isdigit())
    after = do(session, f"roll {future.instrument.symbol} to 2027-03-19")
    new = next(p for p in after.positions if p.where == future.where)
    assert new.instrument.expiry == date(2027, 3, 19)
    assert new.instrument.symbol != future.instrument.symbol
    assert "H" in new.instrument.symbol
    assert worth(after) == pytest.approx(worth(session.base), rel=1e-12)


def test_a_rolled_option_is_priced_at_the_volatility_of_the_old_one(session):
    option = next(p for p in session.base.positions if p.instrument.option is not None and p.price)
    name = option.instrument.symbol
    after = do(session, f'roll "{name}" to 2027-12-17')
    new = next(p for p in after.positions if p.where == option.where)
    assert new.price > option.price  # more time at the same volatility
    assert worth(after) == pytest.approx(worth(session.base), rel=1e-9)


def test_a_file_added_and_taken_away_again_leaves_the_positions(session):
    added = do(session, f'add-from "{MERIDIAN}"')
    assert len(added.positions) == len(session.base.positions) + len(
        Session.from_file(MERIDIAN).base.positions)
    back = do(session, f'subtract "{MERIDIAN}"')
    assert {(p.where, p.quantity) for p in back.positions} == {
        (p.where, p.quantity) for p in session.base.positions}


def test_subtracting_the_same_file_leaves_no_position(session):
    after = do(session, f'subtract "{HARROW}"')
    assert after.positions == ()


def test_typing_on_a_branch_is_one_change_and_typing_back_is_none(session):
    where = session.base.positions[0].where
    was = session.base.positions[0].quantity
    edits = []
    for quantity in ("1", "12", "120"):
        edits.append(SetQuantity(session, where, Decimal(quantity)))
        edits[-1].apply()
    assert len(session.branch.steps) == 1
    assert session.position(where).quantity == 120
    assert session.base.positions[0].quantity == was
    for edit in reversed(edits):
        edit.revert()
    assert session.branch.steps == ()
    assert session.position(where).quantity == was


def test_pasting_prices_accounts_and_market_rows_stay_on_the_branch(session):
    base = session.base
    first, second = base.positions[:2]
    done = [SetCells(session, [(first.where, "quantity", Decimal(5)),
                               (second.where, "price", Decimal(7))])]
    done[-1].apply()
    done.append(MoveAccount(session, first.where, base.accounts[-1].account_id))
    done[-1].apply()
    done.append(SetPrice(session, second.where, Decimal(8)))
    done[-1].apply()
    done.append(SetUnderlying(session, "XOM", price=Decimal(99)))
    done[-1].apply()
    done.append(SetUnderlying(session, "NEWCO", price=Decimal(12)))
    done[-1].apply()
    assert session.base is base
    assert session.book.market.underlying("XOM").price == 99
    assert session.book.market.underlying("NEWCO").price == 12
    assert session.position(second.where).price == 8
    for edit in reversed(done):
        edit.revert()
    assert session.branch.steps == ()
    assert session.book.positions == base.positions
    assert session.book.market.underlyings == base.market.underlyings


def test_a_change_can_be_left_out_counted_again_and_removed(session):
    full = held(session.base, "AAPL")
    do(session, "scale AAPL by 50%")
    do(session, "close KO")
    switch_change(session, 0, counts=False).apply()
    assert held(session.book, "AAPL") == full
    assert held(session.book, "KO") == 0
    switch_change(session, 0, counts=True).apply()
    assert held(session.book, "AAPL") == full / 2
    drop_change(session, 1).apply()
    assert held(session.book, "KO") == held(session.base, "KO")
    assert [str(s.operation) for s in session.branch.steps] == ["scale AAPL by 50%"]


def test_every_edit_of_branches_reverts(session):
    before = session.branches, session.active
    for make in (lambda: make_change(session, read_operation("close KO", session.book)),
                 lambda: set_status(session, "agreed"), lambda: start_branch(session, "deeper"),
                 lambda: show_branch(session, BASE)):
        edit = make()
        edit.apply()
        edit.revert()
        assert (session.branches, session.active) == before


def test_a_branch_of_a_branch_starts_from_it_and_holds_it(session):
    do(session, "scale AAPL by 50%")
    start_branch(session, "deeper").apply()
    after = do(session, "scale AAPL by 50%")
    assert held(after, "AAPL") == held(session.base, "AAPL") / 4
    assert [b.name for b in session.lineage()] == ["try", "deeper"]
    show_branch(session, "try").apply()
    with pytest.raises(UnusableInputError, match="deeper starts from it"):
        remove_branch(session, "try")
    remove_branch(session, "deeper").apply()
    remove_branch(session, "try").apply()
    assert session.active == BASE
    assert session.branches == ()


def test_what_no_book_can_bear_is_refused_before_it_counts(session):
    for text, said in (("close NOPE", "no position of the book is NOPE"),
                       ("move KO to NOWHERE", "no account 'NOWHERE'"),
                       ("roll KO to 2027-01-15", "KO has no expiry to roll"),
                       ("price AAPL by -100%", "leaves no price"),
                       ("mark KO at 0", "must be above zero")):
        with pytest.raises(UnusableInputError, match=said):
            make_change(session, read_operation(text, session.book))
    assert session.branch.steps == ()
    with pytest.raises(UnusableInputError, match="taken"):
        start_branch(session, "TRY")
    with pytest.raises(UnusableInputError, match="no branch"):
        show_branch(session, "none such")
    with pytest.raises(ValueError, match="follows from its changes"):
        session.book = session.base


def test_the_base_is_computed_beside_the_branch_and_saved_as_the_review(session, tmp_path):
    do(session, "scale all by 200%")
    run = session.review()
    base = session.review_base()
    assert base.book is session.base
    assert run.silos.maintenance.amount > base.silos.maintenance.amount
    session.run = run
    path = session.save(tmp_path / "client.crossmargin")
    again = Session.from_file(path)
    assert again.active == BASE
    assert again.run == base
    assert again.branches == session.branches
    show_branch(again, "try").apply()
    assert again.review() == replace(run)


def test_a_changed_base_is_what_the_branch_starts_from(session):
    do(session, "scale AAPL by 50%")
    show_branch(session, BASE).apply()
    where = next(p.where for p in session.base.positions if p.instrument.symbol == "AAPL")
    SetQuantity(session, where, Decimal(1000)).apply()
    show_branch(session, "try").apply()
    assert session.position(where).quantity == 500
