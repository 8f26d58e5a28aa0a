"""Margin delivered from a book's lots: who can be met, by when, at what price, and what binds."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from workstation.base.explain import leaf
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.estates import estates
from workstation.collateral.mobility import OnePool, mobility
from workstation.collateral.pool import report
from workstation.collateral.supply import covered_by, parts, recall
from workstation.measures.requirement import AccountMargin, summed
from workstation.parameters.ruleset import RuleSet

TODAY = date(2026, 11, 20)
d = Decimal
PB = Account("PB-1", AccountType.PORTFOLIO_MARGIN, firm="Alder Prime")
FCM = Account("FCM-1", AccountType.FUTURES, firm="Birch Clearing")
VENUE = Account("CV-1", AccountType.CRYPTO_VENUE, venue="Cobalt")
SPOT = Account("SP-1", AccountType.CRYPTO_SPOT, firm="Dell Custody")


def lot(name, value, kind, haircut, lag, **more):
    return CollateralLot(name, more.pop("account", "PB-1"), more.pop("symbol", name), kind,
                         d(value), d(1), haircut=d(haircut), settlement_lag=lag, **more)


def silos(**asked):
    margins = []
    for account, amount in asked.items():
        name = account.replace("_", "-")
        need = leaf(f"Margin, {name}", d(amount))
        margins.append(AccountMargin(name, "test", "USD", need, need, d(amount), d(amount)))
    return summed("today", "USD", tuple(margins))


def found(lots, liens=(), designs=(), accounts=(PB, FCM, VENUE, SPOT), **asked):
    book = Book("Client", TODAY, accounts, lots=tuple(lots), liens=tuple(liens))
    rules = RuleSet(TODAY)
    return mobility(book, report(book, rules), rules, silos(**asked), designs)


def at(plan, name):
    return next(row for row in plan.obligations if row.name == name)


# The worked example ------------------------------------------------------------------------

def test_a_book_with_enough_collateral_fails_a_call_due_the_same_day():
    """Free value is 4.85 times the call, yet only 256,000 of it can be there the same day.

    Treasuries 2,000,000 at 2 % = 1,960,000; equities 600,000 at 25 % = 450,000; a stablecoin lot
    of 250,000 at 2 % = 245,000 that takes a day to bring; bitcoin 320,000 at 20 % = 256,000. The
    venue takes coins, stablecoins and cash, and takes them now: 256,000 of 600,000.
    """
    lots = (lot("bond", "2000000", "treasury", "0.02", 1),
            lot("stock", "600000", "equity", "0.25", 2),
            lot("coin", "320000", "crypto", "0.2", 0, symbol="BTC"),
            lot("dollar", "250000", "stablecoin", "0.02", 1, symbol="USDC"))
    got = found(lots, CV_1=600_000)
    plan = got.plan("silos")
    free = d("1960000") + d("450000") + d("256000") + d("245000")
    assert free > 4 * d(600_000)
    venue = at(plan, "CV-1")
    assert not plan.feasible
    assert venue.shortfall == 600_000 - 256_000
    assert venue.met == 256_000
    assert venue.price is None
    assert venue.reason.startswith("eligibility")
    assert dict(venue.barred) == {
        "bond": "Treasury not taken", "stock": "equity not taken",
        "dollar": "arrives in 1 days, due in 0"}


def test_with_a_day_more_the_same_lots_would_do():
    lots = (lot("coin", "320000", "crypto", "0.2", 0, symbol="BTC"),
            lot("dollar", "400000", "stablecoin", "0.02", 1, symbol="USDC"))
    venue = at(found(lots, CV_1=600_000).plan("silos"), "CV-1")
    assert venue.reason == "time: 392,000 after haircut is accepted but arrives too late"
    assert venue.shortfall == 344_000


# Prices, limits and other reasons ----------------------------------------------------------

def test_the_cheapest_lot_goes_and_the_price_is_its_cost_after_haircut():
    got = found((lot("bill", "1000000", "treasury", "0.02", 1),
                 lot("cash", "1000000", "cash", "0", 0)), FCM_1=490_000)
    plan = got.plan("silos")
    assert {(row.lot, row.market_value) for row in plan.deliveries} == {("bill", d("500000.0"))}
    assert plan.cost == 500  # 0.10 % a year of 500,000
    assert float(at(plan, "FCM-1").price) == pytest.approx(0.001 / 0.98)
    assert got.cite.standing == "house"


def test_concentration_is_named_where_it_binds():
    plan = found((lot("stock", "4000000", "equity", "0.25", 1),), PB_1=1_000_000).plan("silos")
    assert at(plan, "PB-1").shortfall == 250_000  # equities cover 75 % at most
    assert at(plan, "PB-1").reason.startswith("concentration")


def test_inventory_is_named_where_all_together_is_too_little_or_wanted_elsewhere():
    cash = lot("cash", "300", "cash", "0", 0)
    assert at(found((cash,), CV_1=500).plan("silos"), "CV-1").reason.startswith(
        "inventory: all lots")
    both = found((cash,), CV_1=200, FCM_1=200).plan("silos")
    assert both.shortfall == 100
    (short,) = (row for row in both.obligations if row.shortfall)
    assert short.reason.startswith("inventory: the lots that would do")


def test_a_lot_issued_by_who_takes_it_or_by_the_client_counts_nothing():
    own = lot("note", "1000", "corporate_bond", "0.04", 0, issuer="Alder Prime")
    client = lot("share", "1000", "equity", "0.25", 0, issuer="client")
    fund = lot("unit", "1000", "equity", "0.25", 0, issuer="Fund Alpha")
    named = Account("CU-1", AccountType.CRYPTO_SPOT, "Fund Alpha")
    plan = found((own, client, fund), accounts=(PB, named), PB_1=100).plan("silos")
    row = at(plan, "PB-1")
    assert row.shortfall == 100
    assert [why for _, why in row.barred] == [
        "issued by Alder Prime: wrong way", "issued by client: wrong way",
        "issued by Fund Alpha: wrong way"]


def test_spot_accounts_owe_nothing_and_a_book_without_lots_has_no_plan():
    cash = (lot("cash", "300", "cash", "0", 0),)
    assert found(cash, SP_1=100).plan("silos").obligations == ()
    assert found((), FCM_1=100) is None


def test_a_lot_without_value_is_nothing_to_deliver():
    worthless = CollateralLot("odd", "PB-1", "ODD", "treasury", d(10), d(-1), haircut=d(0))
    plan = found((worthless, lot("cash", "5", "cash", "0", 0)), FCM_1=8).plan("silos")
    assert [row.lot for row in plan.sources] == ["cash"]
    assert plan.shortfall == 3


def test_a_design_is_one_obligation_for_all():
    plan = found((lot("bill", "1000", "treasury", "0.02", 1),),
                 designs=[OnePool("one", "One account", d(98)), OnePool("today", "Today", d(9))],
                 FCM_1=500, PB_1=300).plan("one")
    (pool,) = plan.obligations
    assert (pool.requirement, pool.shortfall) == (98, 0)
    assert plan.deliveries[0].market_value == 100


def test_cash_in_an_account_covers_that_account_alone():
    rich = Account("FCM-1", AccountType.FUTURES, firm="Birch Clearing", cash=d(1000))
    plan = found((lot("cash", "50", "cash", "0", 0),), accounts=(PB, rich),
                 FCM_1=400, PB_1=100).plan("silos")
    assert at(plan, "FCM-1").shortfall == 0
    assert at(plan, "PB-1").shortfall == 50


# What is pledged now -----------------------------------------------------------------------

def test_regret_is_the_cost_of_the_pledges_less_the_least_cost_of_the_same_cover():
    lots = (lot("cash", "1000000", "cash", "0", 0), lot("bill", "2000000", "treasury", "0", 1))
    got = found(lots, [Lien("cash", d(800_000), "Birch Clearing", "margin of FCM-1")],
                FCM_1=600_000)
    # 800,000 of cash at 0.45 % against 600,000 of bills at 0.10 %.
    assert got.regret.now == 3600
    assert got.regret.least == 600
    assert got.regret.amount == 3000
    assert {(m.lot, m.change) for m in got.regret.moves} == {("cash", -800_000), ("bill", 600_000)}


def test_without_pledges_to_the_accounts_there_is_no_regret():
    lots = (lot("cash", "100", "cash", "0", 0),)
    assert found(lots, [Lien("cash", d(50), "Some Bank", "repo")], FCM_1=10).regret is None


def test_what_is_pledged_elsewhere_is_not_there_and_a_lock_does_not_travel():
    bill = lot("bill", "1000", "treasury", "0", 1)
    accounts = (PB, FCM)
    away = found((bill,), [Lien("bill", d(1000), "Some Bank", "repo")], accounts=accounts, PB_1=5)
    assert away.plan("silos").shortfall == 5
    locked = found((bill,), [Lien("bill", d(1000), "Birch Clearing", "margin", "seg_lock")],
                   accounts=accounts, PB_1=5, FCM_1=10)
    assert at(locked.plan("silos"), "FCM-1").shortfall == 0
    assert at(locked.plan("silos"), "PB-1").shortfall == 5


def test_a_lot_re_used_twice_comes_back_after_the_sum_of_the_lags():
    chain = (Lien("bill", d(100), "Alder Prime", "PB-1", reuse=d(1), release_lag=1),
             Lien("bill", d(80), "Bank", reuse=d(1), parent="Alder Prime", release_lag=2),
             Lien("bill", d(60), "CCP", parent="Bank", release_lag=1))
    assert recall(chain[0], chain) == 4
    bill = lot("bill", "100", "treasury", "0", 1)
    book = Book("Client", TODAY, (PB, FCM), lots=(bill,), liens=chain)
    (part,) = parts(book, report(book, RuleSet(TODAY)), book.accounts)
    assert (part.home, part.lag) == ("PB-1", 5)


@pytest.mark.parametrize(("obligation", "party", "expected"), [
    ("margin loan PB-1", "Alder Prime", "PB-1"),
    ("margin loan PB-10", "Nobody", ""),
    ("anything", "cobalt", "CV-1"),
    ("", "Birch Clearing", ""),
    ("foreign futures margin", "Birch Clearing", "FF-1"),
    ("futures margin", "Birch Clearing", "FCM-1"),
])
def test_a_pledge_finds_the_account_it_covers(obligation, party, expected):
    foreign = Account("FF-1", AccountType.FOREIGN_FUTURES, firm="Birch Clearing")
    lien = Lien("bill", d(1), party, obligation)
    bill = lot("bill", "1", "treasury", "0", 1)
    assert covered_by(lien, bill, (PB, FCM, foreign, VENUE)) == expected


# If the holder fails -----------------------------------------------------------------------

def test_parts_of_a_lot_fall_into_estates_and_add_up():
    bill = lot("bill", "1000", "treasury", "0", 1, custodian="Alder Prime")
    liens = (Lien("bill", d(600), "Alder Prime", "PB-1", reuse=d(1)),
             Lien("bill", d(200), "Bank", parent="Alder Prime"),
             Lien("bill", d(100), "Other Bank", "repo", "title_transfer"))
    book = Book("Client", TODAY, (PB,), lots=(bill,), liens=liens)
    rules = RuleSet(TODAY)
    rows = estates(book, report(book, rules), rules)
    assert [(row.holder, row.part, row.value) for row in rows] == [
        ("Alder Prime", "re-used", 200), ("Alder Prime", "pledged for PB-1", 400),
        ("Other Bank", "title transferred", 100), ("Alder Prime", "not pledged", 300)]
    assert sum(row.value for row in rows) == 1000
    assert rows[1].estate == "securities account, Rule 15c3-3"
    assert rows[0].claim == "claim for return of equivalent collateral"
    assert all(0 <= row.recovery <= 1 and row.cite.standing == "house" for row in rows)


def test_what_lies_free_at_a_custodian_is_outside_its_estate():
    coins = lot("coin", "10", "crypto", "0.2", 0, custodian="Elm Vault")
    book = Book("Client", TODAY, (PB,), lots=(coins,))
    rules = RuleSet(TODAY)
    (row,) = estates(book, report(book, rules), rules)
    assert (row.holder, row.claim) == ("Elm Vault", "owner")
