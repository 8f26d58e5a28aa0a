"""FINRA 4210(g): the ten-point scan, its groups, its minimum and its ledger."""

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tests.rules.securities_books import (
    ACCOUNT,
    ON,
    D,
    bond,
    book,
    lines,
    market,
    option,
    other,
    portfolio_margin,
    stock,
)
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import read_edition
from workstation.rulebooks.finra_4210 import portfolio

BROAD = UnderlyingClass.BROAD_INDEX_HIGH_CAP
SPY = {"symbol": "SPY", "kind": AssetClass.ETF}


def group(answer, name):
    tree = next(n for _, n in answer.maintenance.walk() if n.label.endswith("portfolio margin"))
    return next(part for part in tree.parts if part.label == name)


@pytest.mark.parametrize(("kind", "leverage", "down", "up"), [
    (UnderlyingClass.EQUITY, 1, 15, 15), (UnderlyingClass.NARROW_INDEX, 1, 15, 15),
    (UnderlyingClass.SECTOR_ETF, 1, 15, 15), (UnderlyingClass.BROAD_INDEX, 1, 10, 10),
    (BROAD, 1, 8, 6), (BROAD, 3, 24, 18), (UnderlyingClass.CRYPTO, 1, 15, 15),
    (UnderlyingClass.CRYPTO, 3, 45, 45), (UnderlyingClass.EQUITY, -2, 30, 30),
])
def test_scan_range_by_class_and_leverage(kind, leverage, down, up):
    row = market(kind=kind, leverage=leverage)
    fund = stock(10, 100, kind=AssetClass.ETF)
    assert portfolio_margin(fund, rows=(row,)).maintenance.amount == pytest.approx(D(10 * down))
    short = portfolio_margin(fund.resized(D(-10)), rows=(row,))
    assert short.maintenance.amount == pytest.approx(D(10 * up))


def test_the_crypto_range_is_to_confirm():
    fund = stock(10, 100, kind=AssetClass.ETP)
    answer = portfolio_margin(fund, rows=(market(kind=UnderlyingClass.CRYPTO),))
    assert "(to confirm)" in lines(answer.maintenance)


@pytest.mark.parametrize(("strike", "quantity", "binding"), [
    (60, 1, "minimum per contract"), (60, -1, "minimum per contract"), (95, -1, "scan loss")])
def test_the_minimum_binds_where_the_scan_finds_less(strike, quantity, binding):
    node = group(portfolio_margin(option(quantity, "P", strike, "0.05")), "XYZ")
    assert node.binding.label.startswith(binding)
    if strike == 60:
        assert node.amount == D("37.5")


def test_a_class_group_nets_in_full_and_names_its_binding_point():
    answer = portfolio_margin(stock(100, 100), option(-1, "C", 100, 3))
    node = group(answer, "XYZ")
    scan = node.parts[0]
    assert scan.label == "scan loss at point 1 of 10"
    assert ("moves at this point", "-15 %") in scan.inputs
    shares, call = scan.parts
    assert shares.amount == 1500
    assert call.amount < 0
    (row,) = answer.offsets
    assert (row.status, row.level) == ("granted", "class group")


def test_spx_and_spy_are_one_class_group():
    spx = option(-1, "C", 6000, 100, symbol="SPX", style="european")
    rows = (market(6000, "SPX", BROAD), market(600, "SPY", BROAD))
    apart = portfolio_margin(spx, rows=rows).maintenance.amount
    together = portfolio_margin(spx, stock(400, 600, **SPY), rows=rows)
    assert together.maintenance.amount < apart
    assert len(group(together, "broad indices").parts[0].parts[0].parts) == 2


def test_unrelated_shares_do_not_offset_and_the_ledger_says_so():
    rows = (market(100), market(50, "ABC"))
    answer = portfolio_margin(stock(100, 100), stock(-200, 50, "ABC"), rows=rows)
    assert answer.maintenance.amount == 3000
    denied = [row for row in answer.offsets if row.status == "denied"]
    assert [row.between[0] for row in denied] == ["ABC", "XYZ"]
    assert all(row.would_save == 1500 and row.amount == 0 for row in denied)


def test_gains_count_at_the_product_offset():
    # OEX and SPX: two class groups of one product group; 90 % is a placeholder to confirm.
    rows = (market(100, "OEX", BROAD), market(600, "SPY", BROAD))
    answer = portfolio_margin(stock(100, 600, **SPY),
                              stock(-300, 100, "OEX", AssetClass.ETF), rows=rows)
    loss, gain = D(60_000) * D("0.08"), D(30_000) * D("0.08")
    assert answer.maintenance.amount == pytest.approx(loss - gain * D("0.9"))
    assert "gain not counted" in lines(answer.maintenance)
    row = next(row for row in answer.offsets if row.level == "product group")
    assert row.status == "partial"
    assert "to confirm" in row.reason
    alone = loss + D(30_000) * D("0.06")
    assert row.amount == pytest.approx(loss - gain * D("0.9") - alone)
    assert row.would_save == pytest.approx(gain * D("0.1"))


def _shuffled(positions, seed):
    order = np.random.default_rng(seed).permutation(len(positions))
    return [positions[i] for i in order]


def _mixed():
    rows = (market(100), market(50, "ABC"), market(600, "SPY", BROAD), market(6000, "SPX", BROAD),
            market(100, "OEX", BROAD))
    positions = [
        stock(300, 100), option(-5, "C", 105, 2), option(4, "P", 90, 1), stock(-400, 50, "ABC"),
        option(3, "C", 55, 1, symbol="ABC"), stock(500, 600, **SPY),
        option(-1, "C", 6000, 100, symbol="SPX", style="european"),
        stock(-900, 100, "OEX", AssetClass.ETF)]
    return positions, rows


@pytest.mark.parametrize("seed", range(4))
def test_order_of_positions_is_irrelevant(seed):
    positions, rows = _mixed()
    answer = portfolio_margin(*positions, rows=rows)
    again = portfolio_margin(*_shuffled(positions, seed), rows=rows)
    assert lines(again.maintenance) == lines(answer.maintenance)


def test_doubling_doubles():
    positions, rows = _mixed()
    once = portfolio_margin(*positions, rows=rows).maintenance.amount
    twice = portfolio_margin(*(p.resized(p.quantity * 2) for p in positions), rows=rows)
    assert twice.maintenance.amount == pytest.approx(once * 2, rel=D("1e-12"))


def test_ledger_and_positions_alone_add_up():
    positions, rows = _mixed()
    answer = portfolio_margin(*positions, rows=rows)
    alone = sum(portfolio_margin(p, rows=rows).maintenance.amount for p in positions)
    granted = sum(row.amount for row in answer.offsets)
    assert alone + granted == pytest.approx(answer.maintenance.amount, abs=D("0.01"))
    assert all(row.amount <= 0 for row in answer.offsets)


def test_positions_alone_in_one_pass_are_positions_alone():
    positions, rows = _mixed()
    positions += [bond(100_000, 98), other(AssetClass.FUTURE), option(2, "P", 60, "0.05")]
    made = book(positions, *rows)
    holdings = resolve(made).of_account("A1")
    found = portfolio.alone(ACCOUNT, holdings, RuleSet(ON))
    singly = [portfolio_margin(p, rows=rows) for p in positions]
    for value, answer in zip(found, singly, strict=True):
        if answer.complete:
            assert value == pytest.approx(answer.maintenance.amount)
        else:
            assert value is None


def test_gross_is_net_and_initial_is_maintenance():
    positions, rows = _mixed()
    answer = portfolio_margin(*positions, rows=rows)
    assert answer.gross == answer.net == answer.maintenance.amount == answer.initial.amount


def test_products_outside_are_named_with_cell_and_remedy():
    kinds = (AssetClass.FUTURE, AssetClass.PERPETUAL, AssetClass.CRYPTO, AssetClass.SWAP,
             AssetClass.TOKENISED_SECURITY, AssetClass.STABLECOIN, AssetClass.CDS)
    answer = portfolio_margin(stock(100, 100), *(other(kind) for kind in kinds))
    assert [item.where for item in answer.excluded] == [f"Positions!A{n}" for n in range(3, 10)]
    assert all(item.remedy and item.account_id == "A1" for item in answer.excluded)
    assert "not an eligible product of (g)(6)" in answer.excluded[0].what
    assert answer.maintenance.amount == 1500


def test_debt_keeps_the_amounts_of_paragraph_e():
    answer = portfolio_margin(stock(100, 100), bond(100_000, 98),
                              other(AssetClass.CASH, 5000, 1, "USD"))
    assert answer.complete
    assert answer.maintenance.amount == 1500 + 3920
    assert "cash, no requirement" in lines(answer.maintenance)


def test_an_option_without_volatility_is_left_out_not_zero():
    worthless = option(-1, "C", 100, "0.00")
    answer = portfolio_margin(worthless, stock(100, 100))
    assert [item.where for item in answer.excluded] == ["Positions!A2"]
    assert answer.excluded[0].account_id == "A1"
    assert answer.maintenance.amount == 1500
    kept = portfolio_margin(worthless, stock(100, 100), rows=(replace(market(), iv=D("0.3")),))
    assert kept.complete


def test_the_level_of_the_minimum_is_a_switch(tmp_path):
    path = tmp_path / "firm.toml"
    path.write_text("""rule = "FINRA 4210"
edition = "firm"
effective = 2026-01-01
source = "the firm"
[parameter.minimum_level]
value = "account"
unit = "level"
paragraph = "(g)(7)"
standing = "house"
""", "utf-8")
    positions = [option(10, "P", 60, "0.05"), stock(100, 50, "ABC")]
    made = book(positions, market(), market(50, "ABC"))
    holdings = resolve(made).of_account("A1")
    firm = portfolio.margin(ACCOUNT, holdings, RuleSet(ON, (read_edition(path),)))
    shipped = portfolio.margin(ACCOUNT, holdings, RuleSet(ON))
    assert shipped.maintenance.amount == 375 + 750
    assert 750 < firm.maintenance.amount < 800


def test_an_empty_account_requires_nothing():
    answer = portfolio_margin()
    assert answer.maintenance.amount == 0
    assert answer.complete


def test_ten_thousand_positions_stay_readable():
    names = [f"U{n:03d}" for n in range(200)]
    rows = tuple(market(100, name) for name in names)
    positions = [option(1 + n % 5 if n % 2 else -1 - n % 3, "CP"[n % 2], 90 + n % 23,
                        1 + max(0, (10 - n % 23) * (1 if n % 2 == 0 else -1)), date(2026, 7, 17),
                        symbol=names[n % 200]) for n in range(10_000)]
    answer = portfolio_margin(*positions, rows=rows)
    assert answer.maintenance.amount > 0
    assert len(answer.offsets) <= 2 * len(names)


@pytest.mark.parametrize(("leverage", "shares", "move"), [
    (3, 100, 0.24), (3, -100, 0.18), (-1, 100, 0.06), (-1, -100, 0.08), (-3, -100, 0.24)])
def test_an_inverse_fund_moves_against_its_index(leverage, shares, move):
    """-8 % and +6 % of the index, times the factor: an inverse fund gains where the index falls."""
    answer = portfolio_margin(
        stock(shares, 40, "FUND", AssetClass.ETF),
        rows=(market(40, "FUND", UnderlyingClass.BROAD_INDEX_HIGH_CAP, leverage),))
    assert float(answer.maintenance.amount) == pytest.approx(4000 * move)
