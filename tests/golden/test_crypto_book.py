"""The crypto sample from end to end: every wrapper margined, two designs bridged from today."""

from decimal import Decimal

import pytest

from workstation.workspace.session import Session, sample_books

BOOK = next(path for path in sample_books() if path.stem == "northlight_crypto")


@pytest.fixture(scope="module")
def run():
    return Session.from_file(BOOK).review()


def test_every_account_is_margined_under_the_rule_it_stands_under(run):
    assert run.complete
    assert {account.account_id: account.regime for account in run.silos.accounts} == {
        "NL-PM": "finra-4210-portfolio", "NL-FUT": "span", "NL-307": "deribit-pm",
        "NL-DRB": "deribit-pm", "NL-HL": "hyperliquid", "NL-SPOT": "crypto-spot"}
    assert all(account.maintenance.amount > 0 for account in run.silos.accounts)


def test_one_bitcoin_risk_costs_what_its_silo_says(run):
    """Short perpetual: 2.5 % over two at the venue, 30 % of notional as a futures contract."""
    venue = run.silos.of_account("NL-HL").maintenance.amount
    assert float(venue) == pytest.approx(9 * 77_110 / 80)
    futures = next(node for _, node in run.silos.of_account("NL-FUT").maintenance.walk()
                   if node.label == "BTC perpetuals")
    assert float(futures.amount) == pytest.approx(0.30 * 18 * 77_120)


def test_premiums_in_coin_arrive_as_dollars(run):
    option = next(p for p in run.book.positions if p.instrument.symbol == "BTC-25DEC26-90000-C")
    assert option.instrument.terms.settlement_currency == "BTC"
    quoted = dict(option.extras)["premium in coin"]
    assert option.price == Decimal(quoted.split()[0]) * Decimal("77080")


def test_each_design_is_reached_from_today_by_named_steps(run):
    today = run.silos.maintenance.amount
    assert len(run.designs) >= 2
    for outcome in run.designs:
        steps = sum((step.amount for step in outcome.bridge.steps), Decimal(0))
        assert float(today + steps) == pytest.approx(
            float(outcome.margin.requirement.amount), abs=1)


def test_offsets_between_silos_are_named_with_a_reason(run):
    single = next(o for o in run.designs if o.margin.name == "single-account-scan")
    across = [row for row in single.ledger if row.kind == "same underlying across accounts"]
    assert {row.status for row in across} == {"granted", "denied"}
    assert all(row.reason for row in across)
