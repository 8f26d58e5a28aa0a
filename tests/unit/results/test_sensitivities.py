"""Net sensitivities: nothing lost between rows, factors, grid and totals."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.results.made_run import made_run
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.measures.factor_amount import FactorAmount
from workstation.results.sensitivities import (
    MOST_ROWS,
    OTHERS,
    accounts_with_sensitivities,
    factors_table,
    risk_types,
    sensitivity_grid,
)
from workstation.workspace.session import Session

CURVE, EQUITY = "Risk_IRCurve", "Risk_Equity"


def amount(kind, name, usd, tenor="", bucket="", account="A-1"):
    return FactorAmount(account, "RatesFX", kind, name, bucket, tenor, usd)


def run_with(*items):
    return replace(made_run(), sensitivities=items)


def test_rates_stand_by_name_and_tenor_in_the_order_of_the_curve():
    run = run_with(amount(CURVE, "USD", 5.0, "10y"), amount(CURVE, "USD", -90.0, "2y"),
                   amount(CURVE, "EUR", 7.0, "5y"), amount(EQUITY, "AAPL", 1.0, bucket="5"))
    grid = sensitivity_grid(run, "A-1", CURVE)
    assert (grid.row_kind, grid.rows, grid.columns) == ("name", ("USD", "EUR"), ("2y", "5y", "10y"))
    assert grid.amounts["USD", "2y"] == -90.0
    assert ("EUR", "2y") not in grid.amounts
    assert risk_types(run, "A-1") == (CURVE, EQUITY)


def test_risk_without_tenors_stands_by_bucket_and_name():
    run = run_with(amount(EQUITY, "AAPL", 3.0, bucket="5"), amount(EQUITY, "XOM", -2.0, bucket="7"),
                   amount("Risk_FX", "EUR", 4.0))
    grid = sensitivity_grid(run, "A-1", EQUITY)
    assert (grid.row_kind, grid.column_kind) == ("bucket", "name")
    assert grid.amounts == {("5", "AAPL"): 3.0, ("7", "XOM"): -2.0}
    assert sensitivity_grid(run, "A-1", "Risk_FX").rows == ("no bucket",)


@given(st.lists(st.tuples(st.integers(0, 40), st.integers(0, 40),
                          st.floats(-1e6, 1e6, allow_nan=False)), min_size=1, max_size=60))
def test_what_is_not_named_is_added_up_as_others(cells):
    run = run_with(*(amount(EQUITY, f"N{n}", usd, bucket=f"{b}") for n, b, usd in cells))
    grid = sensitivity_grid(run, "A-1", EQUITY)
    assert sum(grid.amounts.values()) == pytest.approx(sum(usd for *_, usd in cells), abs=1e-3)
    assert len(grid.rows) <= MOST_ROWS + 1
    assert {row for row, _ in grid.amounts} <= set(grid.rows)
    assert {column for _, column in grid.amounts} <= set(grid.columns)
    assert OTHERS not in grid.rows[:-1]


def test_factors_are_listed_largest_first():
    run = run_with(amount(CURVE, "USD", 5.0, "10y"), amount(CURVE, "USD", -90.0, "2y"),
                   amount(EQUITY, "AAPL", 50.0, bucket="5"), amount(CURVE, "JPY", 1.0, account="B"))
    assert [row.usd for row in factors_table(run, "A-1").rows] == [-90.0, 50.0, 5.0]
    assert [row.tenor for row in factors_table(run, "A-1", CURVE).rows] == ["2y", "10y"]


def test_a_review_nets_the_rows_of_a_swaps_account():
    account = Account("SW-1", AccountType.UNCLEARED_SWAPS)

    def row(tenor, usd):
        return CrifRow("SW-1", "RatesFX", CURVE, "USD", "1", tenor, "OIS", usd)

    book = Book("Swaps", date(2026, 11, 13), (account,),
                crif=(row("5y", 4000.0), row("5y", -1500.0), row("10y", 800.0)))
    run = Session(book).review()
    assert {(i.tenor, i.usd, i.rows) for i in run.sensitivities} == {
        ("5y", 2500.0, 2), ("10y", 800.0, 1)}
    assert accounts_with_sensitivities(run) == ("SW-1",)
