"""One risk over all accounts: nothing lost between the table, the summary and the positions."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.results.made_run import made_run
from workstation.base.vocabulary import AccountType
from workstation.offsets.exposure import Exposure
from workstation.results.one_risk import one_risk_table, risks
from workstation.workspace.session import Session, sample_books

D = Decimal


def held(root, wrapper, account, kind, delta, alone, legal="securities account"):
    return Exposure(root, wrapper, account, kind, "Prime", 1, D(delta),
                    None if alone is None else D(alone), legal)


@pytest.fixture
def run():
    return replace(made_run(), exposures=(
        held("BTC", "fund", "A-1", AccountType.REG_T, 700, 175),
        held("BTC", "future", "A-2", AccountType.FUTURES, -900, 300, "futures account"),
        held("BTC", "listed option", "A-1", AccountType.REG_T, -50, None),
        held("SPX", "future", "A-2", AccountType.FUTURES, 100, 9, "futures account")))


def test_a_risk_is_added_up_over_forms_and_accounts(run):
    first, second = risks(run)
    assert (first.root, second.root) == ("BTC", "SPX")
    assert (first.long, first.short, first.net, first.gross) == (D(700), D(-950), D(-250), D(1650))
    assert (first.stand_alone, first.unmargined) == (D(475), 1)
    assert (first.accounts, first.silos, first.legal_locations) == (2, 2, 2)


def test_the_page_lists_the_largest_first_with_where_it_stands(run):
    table = one_risk_table(run, "BTC")
    assert [row.wrapper for row in table.rows] == ["future", "fund", "listed option"]
    assert table.rows[0].legal == "futures account"
    assert table.text(2, 3) == ""
    assert one_risk_table(run, "XYZ").rows == ()


@pytest.mark.parametrize("path", sample_books(), ids=lambda path: path.stem)
def test_every_position_of_a_sample_is_on_some_page(path):
    run = Session.from_file(path).review()
    rows = [row for risk in risks(run) for row in one_risk_table(run, risk.root).rows]
    assert sum(row.positions for row in rows) == len(run.book.positions)
    assert all(row.legal for row in rows)
    alone = sum(item.amount for item in run.stand_alone if item.amount is not None)
    assert sum(risk.stand_alone for risk in risks(run)) == pytest.approx(alone)
