"""Securities accounts under each securities rulebook agree with the rulebooks themselves."""

from decimal import Decimal

import pytest

from workstation.results.regimes_table import RegimeRow, regimes_table
from workstation.workspace.compare import securities_regimes
from workstation.workspace.regime import one_regime
from workstation.workspace.session import Session, sample_books


@pytest.mark.parametrize("name", ["harrow", "macro"])
def test_amounts_are_those_of_one_regime_for_the_whole_book(name):
    session = Session.from_file(next(p for p in sample_books() if name in p.stem))
    rows = securities_regimes(session)
    portfolio, _ = one_regime(session, "finra-4210-portfolio")
    reg_t, _ = one_regime(session, "reg-t")
    assert rows
    for row in rows:
        answer = portfolio.of_account(row.account)
        assert row.portfolio == (None if answer.excluded else answer.maintenance.amount)
        first = reg_t.of_account(row.account)
        assert row.reg_t_initial == (None if first.excluded else first.initial.amount)
    securities = {a.account_id for a in session.book.accounts
                  if a.account_type in ("reg_t", "portfolio_margin")}
    assert {row.account for row in rows} == securities


def test_a_total_that_leaves_positions_out_is_not_compared():
    row = RegimeRow("A", "reg-t", Decimal(5), Decimal(4), None, Decimal(1), "portfolio margin: 2")
    assert row.saving is None
    full = RegimeRow("B", "reg-t", Decimal(5), Decimal(4), Decimal(6), Decimal(1), "")
    assert full.saving == -2
    table = regimes_table((row, full), "USD")
    assert table.text(0, 4) == ""
    assert table.text(1, 5) == "(2)"
