"""Threshold, minimum transfer amount and posting of uncleared swaps accounts, by regulator."""

from dataclasses import replace
from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from tests.unit.reports.pdf_text import pages
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.crif import CrifRow
from workstation.book.resolve import resolve
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.reports.dossier.pack import Pack
from workstation.reports.memo import memo_bytes
from workstation.reports.review_documents import review_document
from workstation.reports.summary import summary_text
from workstation.rulebooks.registry import silos
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.workspace.designs import find_design
from workstation.workspace.review import Question, review

TODAY = date(2026, 11, 20)
M = 1_000_000


def account(name="CSA", cash=0, firm=""):
    return Account(name, AccountType.UNCLEARED_SWAPS, firm=firm, cash=Decimal(cash))


def row(margin, name="CSA", **names):
    """A row of USD 5y, whose risk weight is 61; `margin` in USD, below every threshold."""
    return CrifRow(name, "RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", margin / 61, "T1",
                   **names)



def run_of(accounts, rows, market=None, overlays=()):
    book = Book("b", TODAY, tuple(accounts), (), market or Market(), crif=tuple(rows))
    return review(Question(book, (find_design("single-account-scan"),)),
                  RuleSet(TODAY, overlays))


def status_of(*arguments, name="CSA", **keywords):
    run = run_of(*arguments, **keywords)
    return next(item for item in run.statuses if item.account_id == name)


def overlay(text):
    return parse_edition(f"""rule = "Uncleared swaps margin rules"
edition = "own"
effective = 2020-01-01
source = "agreement"
{text}""", Path("own.toml"))


def threshold_of(usd):
    return overlay(f"""[parameter.threshold]
value = [{{ regime = "cftc", usd = {usd} }}, {{ regime = "prudential", usd = {usd} }},
         {{ regime = "sec", usd = {usd} }}]
unit = "USD"
paragraph = ""
standing = "house"
""")


def test_margin_below_the_threshold_is_not_called():
    status = status_of([account()], [row(10 * M)])
    [test] = status.tests
    assert (test.required.amount, test.call.amount, test.excess) == (0, 0, 0)
    line = test.required.parts[1]
    assert line.label == "threshold, not called"
    assert line.amount == -10 * M
    assert dict(line.inputs)["regulator"] == "cftc"
    assert line.cite.standing == "unverified"


@pytest.mark.parametrize(("held", "called"), [(0, 5 * M), (4 * M, M), (4_500_000, 500_000),
                                              (4_500_001, 0), (5 * M, 0), (6 * M, 0)])
def test_only_what_reaches_the_minimum_transfer_amount_moves(held, called):
    status = status_of([account(cash=held)], [row(10 * M)], overlays=[threshold_of(5 * M)])
    [test] = status.tests
    assert test.required.amount == 5 * M
    assert test.call.amount == called
    assert status.call == called
    labels = [part.label for part in test.call.parts[0].parts]
    below = 0 < 5 * M - held < 500_000
    assert ("below the minimum transfer amount, not moved" in labels) == below


def test_accounts_at_one_firm_share_its_threshold():
    accounts = [account("A", firm="Dealer One"), account("B", firm="dealer one"),
                account("C", firm="Other")]
    rows = [row(30 * M, "A"), row(10 * M, "B"), row(30 * M, "C")]
    required = {name: status_of(accounts, rows, name=name, overlays=[threshold_of(20 * M)]
                                ).tests[0].required.amount for name in "ABC"}
    assert required == {"A": 15 * M, "B": 5 * M, "C": 10 * M}


@pytest.mark.parametrize(("named", "regulator"), [
    ("", "cftc"), ("USPR", "prudential"), ("SEC", "sec"), ("[CFTC, SEC]", "cftc"),
    ("ESA", "cftc")])
def test_the_regulation_of_the_rows_chooses_the_regulator(named, regulator):
    status = status_of([account()], [row(10 * M, post=named)])
    assert dict(status.tests[0].required.parts[1].inputs)["regulator"] == regulator


def test_of_several_regulators_the_lowest_threshold_counts():
    own = overlay("""[parameter.threshold]
value = [{ regime = "cftc", usd = 9e6 }, { regime = "prudential", usd = 9e6 },
         { regime = "sec", usd = 4e6 }]
unit = "USD"
paragraph = ""
standing = "house"
""")
    status = status_of([account()], [row(10 * M, post="CFTC,SEC")], overlays=[own])
    assert status.tests[0].required.amount == 6 * M


def test_what_the_dealer_posts_depends_on_the_regulator():
    two_way = status_of([account()], [row(10 * M, collect="CFTC", post="CFTC")],
                        overlays=[threshold_of(4 * M)])
    one_way = status_of([account()], [row(10 * M, collect="SEC", post="SEC")],
                        overlays=[threshold_of(4 * M)])
    assert any("the dealer posts 6,000,000 to the client" in note for note in two_way.notes)
    assert any("the client collects none" in note for note in one_way.notes)


def test_numbers_in_dollars_are_converted():
    euro = Market({"USD": Underlying("USD", Decimal("0.9"))}, currency="EUR",
                  fx={"USD": Decimal("0.9")})
    status = status_of([account()], [row(10 * M)], market=euro, overlays=[threshold_of(4 * M)])
    assert status.tests[0].required.amount == Decimal("5400000")


def test_the_requirement_itself_keeps_the_whole_margin():
    """Designs are compared on margin before thresholds, which no design has."""
    run = run_of([account()], [row(10 * M)])
    assert run.silos.maintenance.amount == 10 * M


def test_an_account_with_both_methods_adds_them_up():
    grid = tuple(CrifRow("CSA", "Rates", kind, usd=amount, trade="A", model="schedule",
                         end_date="2029-01-01") for kind, amount in (("Notional", 400.0),
                                                                     ("PV", -5.0)))
    book = Book("b", TODAY, (account(),), (), Market(), crif=(row(61_000), *grid))
    margin = silos(book, resolve(book), RuleSet(TODAY)).of_account("CSA")
    assert margin.maintenance.amount == 61_008
    assert len(margin.maintenance.parts) == 2
    alone = replace(book, crif=grid)
    only = silos(alone, resolve(alone), RuleSet(TODAY)).of_account("CSA")
    assert only.maintenance.amount == 8
    assert only.complete


def test_without_stated_cash_the_test_keeps_its_condition():
    unstated = replace(account(), cash_stated=False)
    status = status_of([unstated], [row(10 * M)], overlays=[threshold_of(4 * M)])
    assert status.tests[0].condition
    assert status.call == 0


def test_the_licence_notice_stands_in_every_report_with_a_figure_of_the_method():
    run = run_of([account()], [row(10 * M)])
    assert review_document(run)["licence_notices"] == [LICENCE_NOTICE]
    for text in (summary_text(run), "\n".join(pages(memo_bytes(Pack(run))))):
        assert "U.S. Patent No. 10,515,410" in " ".join(text.split())
    plain = run_of([replace(account(), account_type=AccountType.CLEARED_SWAPS)], [])
    assert review_document(plain)["licence_notices"] == []
    assert "Patent" not in summary_text(plain)
