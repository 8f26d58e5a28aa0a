"""The conditions of 39.13(g)(4) on credits between commodities, from a history that has them."""

from dataclasses import replace
from datetime import date, timedelta
from decimal import Decimal

import numpy as np
import pytest
import scipy.stats

from tests.rules.span_fixture import PA2, conventions, held, loaded, risk
from tests.rules.test_span_in_books import ACCOUNT, DAY, EQ, NT, future
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.market.history import History
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.span.published import margin
from workstation.rulebooks.span.spread_evidence import (
    BASIS,
    RELIABLE,
    SIGNIFICANT,
    SpreadEvidence,
)
from workstation.rulebooks.span.spread_log import LegTaken

DAYS = 600


def moves(rho, seed=7, days=DAYS):
    drawn = np.random.default_rng(seed).standard_normal((days, 2)) / 100
    return drawn[:, 0], rho * drawn[:, 0] + np.sqrt(1 - rho * rho) * drawn[:, 1]


def history(first, second, names=("EQ", "NT")):
    dates = tuple(date(2024, 1, 1) + timedelta(days=n) for n in range(len(first) + 1))
    levels = tuple(tuple((100 * np.exp(np.concatenate(([0.0], np.cumsum(x))))).tolist())
                   for x in (first, second))
    return History(dates, names, levels)


def leg(commodity, before):
    return LegTaken(commodity, commodity, "A", Decimal(1), Decimal(before), Decimal(0))


def shown(past, legs=(("EQX", 1), ("NQX", -1)), groups=None):
    evidence = SpreadEvidence(conventions().evidence, past, {}, groups or {})
    return dict(evidence.conditions([leg(*item) for item in legs],
                                    {"EQX": ("EQ",), "NQX": ("NT",)}))


def test_correlation_and_its_lowest_are_scipy_s():
    x, y = moves(0.95)
    found = shown(history(x, y))
    whole = scipy.stats.pearsonr(x, y).statistic
    lowest = min(scipy.stats.pearsonr(x[n:n + 60], y[n:n + 60]).statistic
                 for n in range(DAYS - 59))
    assert found[SIGNIFICANT] == (f"shown: correlation {whole:.2f} of EQX and NQX over 600 daily "
                                  f"returns, at least 0.70")
    assert found[RELIABLE].startswith(
        f"shown: lowest correlation of EQX and NQX over any 60 returns {lowest:.2f}, ")


def test_a_correlation_that_broke_once_is_significant_but_not_reliable():
    x, y = moves(0.98)
    y[300:360] = moves(0.0, seed=3)[1][300:360]
    found = shown(history(x, y))
    assert found[SIGNIFICANT].startswith("shown: ")
    assert found[RELIABLE].startswith("not shown by data: lowest correlation")


def test_legs_of_one_side_offset_only_where_prices_run_apart():
    x, y = moves(0.95)
    same_side = (("EQX", 1), ("NQX", 2))
    assert shown(history(x, y), same_side)[SIGNIFICANT].startswith(
        "not shown by data: correlation -0.9")
    assert shown(history(x, -y), same_side)[SIGNIFICANT].startswith("shown: correlation 0.9")


@pytest.mark.parametrize(("past", "why"), [
    (History(), "no price history of EQX, NQX"),
    (history(*moves(0.9), names=("EQ", "other")), "no price history of NQX"),
    (history(*moves(0.9, days=100)), "100 daily returns in common of EQX and NQX, 250 are asked"),
])
def test_what_no_history_speaks_to_is_said(past, why):
    found = shown(past)
    assert found[SIGNIFICANT].startswith(f"not shown by data: {why}")
    assert found[RELIABLE].startswith("not shown by data: ")


@pytest.mark.parametrize(("groups", "said"), [
    ({"EQ": "equity index", "NT": "equity index"}, "shown: all are equity index contracts"),
    ({"EQ": "equity index", "NT": "metals"},
     "not shown by data: EQX is equity index; NQX is metals"),
    ({"EQ": "equity index"}, "not shown by data: the contract table has no group for NQX"),
])
def test_a_conceptual_basis_is_a_common_product_group(groups, said):
    assert shown(History(), groups=groups)[BASIS].startswith(said)


def test_every_credit_of_a_portfolio_states_the_three_conditions():
    answer = risk(held("EQ", "202609", 10), held("NT", "202609", -4))
    granted = [o for o in answer.offsets
               if o.kind == "inter-commodity credit" and o.status == "granted"]
    assert granted
    for offset in granted:
        stated = dict(offset.tests)
        assert all(stated[name].startswith("not shown by data")
                   for name in (BASIS, SIGNIFICANT, RELIABLE))


def test_a_book_s_history_speaks_for_its_credits_and_changes_no_amount():
    rules = RuleSet(DAY, risk_files=[loaded(PA2)])
    bare = Book("b", DAY, (ACCOUNT,), (future("EQ", EQ, 10), future("NT", NT, -4)))
    told = replace(bare, market=Market(history=history(*moves(0.95))))
    answers = [margin(ACCOUNT, resolve(book), rules) for book in (bare, told)]
    assert answers[0].maintenance == answers[1].maintenance
    (credit,) = [o for o in answers[1].offsets
                 if o.kind == "inter-commodity credit" and o.status == "granted"]
    stated = dict(credit.tests)
    assert stated[SIGNIFICANT].startswith("shown: correlation 0.9")
    assert stated[RELIABLE].startswith("shown: lowest correlation of ")
