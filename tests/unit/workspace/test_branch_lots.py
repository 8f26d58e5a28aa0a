"""Collateral lots follow what a what-if sells or moves, so that nothing sold counts as free."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import AS_OF, account, book, stock
from workstation.book.collateral import CollateralLot, Lien
from workstation.book.resolve import resolve
from workstation.book.valuation import net_liquidating_value
from workstation.collateral.pool import report
from workstation.parameters.ruleset import RuleSet
from workstation.workspace.branch_edits import make_change, start_branch
from workstation.workspace.session import Session
from workstation.workspace.what_if_text import read_operation

RULES = RuleSet(AS_OF)


def lot(name, quantity, symbol="AAPL", account_id="A", price="200"):
    return CollateralLot(name, account_id, symbol, "equity", Decimal(quantity), Decimal(price),
                         haircut=Decimal("0.25"))


def session(lots, liens=(), held=1000):
    of = book([stock("A", "AAPL", held), stock("A", "MSFT", 10)],
              [account("A"), account("B")])
    made = Session(replace(of, lots=tuple(lots), liens=tuple(liens)))
    start_branch(made, "try").apply()
    return made


def do(of, text):
    make_change(of, read_operation(text, of.book)).apply()
    return of.book


def quantities(of):
    return {item.lot: item.quantity for item in of.lots}


def free(of):
    return report(of, RULES).free_value


def worth(of):
    return net_liquidating_value(of, resolve(of))


def test_what_is_closed_is_no_longer_free_and_nobody_is_richer():
    of = session([lot("L1", 1000)])
    before = of.base
    assert free(before) == 150_000
    after = do(of, "close AAPL")
    assert after.lots == ()
    assert free(after) == 0
    assert worth(after) == worth(before)
    assert of.base.lots == before.lots


@pytest.mark.parametrize(("held", "lots", "text", "left"), [
    (1000, 1000, "scale AAPL by 60%", 600),
    (1000, 600, "scale AAPL by 70%", 600),      # 700 stay, enough for the lot
    (1000, 600, "scale AAPL by 50%", 500),
    (1000, 1200, "scale AAPL by 50%", 700),     # the file's lots exceed the holding: 500 are sold
    (1000, 1000, "scale AAPL by 200%", 1000),
    (1000, 1000, "scale AAPL by -100%", 0),
    (1000, 1000, "close MSFT", 1000),
])
def test_lots_keep_no_more_than_the_position_left(held, lots, text, left):
    after = do(session([lot("L1", lots)], held=held), text)
    assert sum(item.quantity for item in after.lots) == left


def test_what_no_claim_is_on_goes_first():
    of = session([lot("L1", 600), lot("L2", 400)], [Lien("L1", Decimal(500), "Prime broker")])
    after = do(of, "scale AAPL by 50%")
    assert quantities(after) == {"L1": 500}
    assert after.liens == of.base.liens
    assert after.problems == of.base.problems


def test_selling_what_is_pledged_takes_the_junior_claim_off_first_and_says_so():
    liens = [Lien("L1", Decimal(300), "Senior", seniority=1),
             Lien("L1", Decimal(300), "Junior", seniority=2),
             Lien("L1", Decimal(250), "Third", seniority=1, parent="Senior")]
    after = do(session([lot("L1", 1000)], liens), "scale AAPL by 20%")
    assert quantities(after) == {"L1": 200}
    assert [(n.secured_party, n.quantity) for n in after.liens] == [
        ("Senior", Decimal(200)), ("Third", Decimal(200))]
    said = [p.what for p in after.problems]
    assert any("300 of lot L1 are sold, on which Junior" in w for w in said)
    assert any("100 of lot L1 are sold, on which Senior" in w for w in said)


def test_a_moved_position_takes_its_lots_and_claims_along():
    of = session([lot("L1", 1000)], [Lien("L1", Decimal(400), "Prime broker")])
    after = do(of, "move AAPL to B")
    assert [(item.lot, item.account_id, item.quantity) for item in after.lots] == [
        ("L1", "B", Decimal(1000))]
    assert after.liens == of.base.liens
    assert worth(after) == worth(of.base)


def test_two_trades_take_from_what_the_first_left():
    of = session([lot("L1", 1000)])
    do(of, "scale AAPL by 50%")
    assert quantities(do(of, "scale AAPL by 50%")) == {"L1": 250}
