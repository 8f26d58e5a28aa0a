"""A firm's own schedule laid over the rule, with the rule's minimum beside it."""

import json
from dataclasses import replace
from datetime import date

import pytest

from tests.rules.securities_books import (
    ACCOUNT,
    ON,
    D,
    book,
    lines,
    market,
    option,
    portfolio_margin,
    stock,
    strategy_margin,
)
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import parse_edition
from workstation.reports.margin_documents import encode
from workstation.reports.review_documents import review_document
from workstation.reports.summary import summary_text
from workstation.results.tables import accounts_status_table
from workstation.rulebooks.finra_4210 import portfolio
from workstation.workspace.review import Question, review

# What public broker schedules look like: higher percentages, wider scans, a concentration charge.
HOUSE = """rule = "FINRA 4210"
edition = "house 2026"
effective = 2026-01-01
source = "the firm's schedule"

[parameter.long_margin_equity_fraction]
value = 0.30
unit = "of market value"
paragraph = "(d)"
standing = "house"

[parameter.scan_equity]
value = [-0.25, 0.30]
unit = "of underlying price"
paragraph = "(d)"
standing = "house"

[parameter.house_concentration_threshold]
value = 0.60
unit = "of gross market value"
paragraph = "(d)"
standing = "house"

[parameter.house_concentration_charge]
value = 0.10
unit = "of market value above the threshold"
paragraph = "(d)"
standing = "house"
"""


@pytest.fixture
def house(tmp_path):
    return (parse_edition(HOUSE, tmp_path / "house.toml"),)


def reviewed(overlays, *positions, account_type=AccountType.REG_T):
    made = book(positions, market(), market(50, "ABC"))
    account = replace(ACCOUNT, account_type=account_type)
    return review(Question(replace(made, accounts=(account,)), ()), RuleSet(ON, overlays))


def test_house_percentages_and_concentration_are_lines_of_their_own(house):
    held = [stock(80, 100), stock(40, 50, "ABC")]
    answer = strategy_margin(*held, rows=(market(), market(50, "ABC")), overlays=house)
    concentrated = D("0.10") * (8000 - D("0.60") * 10_000)
    assert answer.maintenance.amount == D("0.30") * 10_000 + concentrated
    text = lines(answer.maintenance)
    assert "house: concentration = 200.00" in text
    assert "threshold 60 %" in text
    assert "[2026-06-04 + house 2026]" in text or "[house 2026]" in text


def test_without_an_overlay_nothing_is_charged_for_concentration():
    assert "house" not in lines(strategy_margin(stock(100, 100)).maintenance)
    assert "house" not in lines(portfolio_margin(stock(100, 100)).maintenance)


def test_the_regulatory_minimum_stands_beside_the_house(house):
    run = reviewed(house, stock(80, 100), stock(40, 50, "ABC"))
    status, = run.statuses
    assert status.regulatory == D("0.25") * 10_000
    assert status.house == 500 + 200
    table = accounts_status_table(run)
    assert {"regulatory", "house"} <= {column.field for column in table.columns}
    assert "House above the rule" in summary_text(run)
    document = json.loads(encode(review_document(run)))
    assert document["accounts"][0]["regulatory_minimum"] == 2500
    assert document["accounts"][0]["house"] == 700


def test_portfolio_margin_takes_the_wider_scan(house):
    run = reviewed(house, stock(60, 100), stock(80, 50, "ABC"), option(1, "P", 90, 1),
                   account_type=AccountType.PORTFOLIO_MARGIN)
    status, = run.statuses
    assert status.house > 0
    assert run.silos.maintenance.amount == status.regulatory + status.house


RELIEF = """rule = "FINRA 4210"
edition = "relief"
effective = 2020-01-01
source = "the account's relief"
[parameter.house_index_futures_relief]
value = 1
unit = "1 = relief"
paragraph = "(g)(6)"
standing = "house"
"""


def future(quantity, symbol="SPX"):
    terms = FutureTerms("ES", date(2026, 9, 18))
    return Position("A1", Instrument("ESU6", AssetClass.FUTURE, symbol, multiplier=D(50),
                                     terms=terms), D(quantity), D(1000), "")


def test_relief_lets_broad_index_futures_net_with_the_index(tmp_path):
    overlays = (parse_edition(RELIEF, tmp_path / "relief.toml"),)
    rows = (market(1000, "SPX", UnderlyingClass.BROAD_INDEX_HIGH_CAP), market(100, "SPY",
            UnderlyingClass.BROAD_INDEX_HIGH_CAP), market(1000, "XYZ"))
    held = [stock(500, 100, "SPY", AssetClass.ETF), future(-1), future(1, "XYZ")]
    made = book(held, *rows)
    without, relieved = (
        portfolio.margin(ACCOUNT, resolve(made).of_account("A1"), RuleSet(ON, each))
        for each in ((), overlays))
    assert float(without.maintenance.amount) == pytest.approx(0.08 * 50_000)
    assert len(without.excluded) == 2
    assert float(relieved.maintenance.amount) == pytest.approx(0, abs=1e-6)
    assert len(relieved.excluded) == 1  # a future on a share is no broad-index future


def test_a_review_without_overlays_has_no_house_columns():
    run = reviewed((), stock(80, 100))
    assert run.statuses[0].regulatory is None
    assert "regulatory" not in {column.field for column in accounts_status_table(run).columns}
    assert "House" not in summary_text(run)
    assert RuleSet(ON).without_overlays() is None
