"""What stands behind venue margins: matrices by leg, ladders, and one risk across silos."""

from decimal import Decimal

import pytest

from tests.rules.crypto_books import RULES, TODAY, coin, contract, option, perpetual
from tests.rules.test_crypto_deribit import future_symbol, inverse, linear, on_future
from workstation.base.vocabulary import AccountType
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import resolve
from workstation.market.market import Market, Underlying
from workstation.rulebooks import registry
from workstation.workspace.session import Session, sample_books


def detail(venue, *positions, cash=0, iv="0.5", programme=""):
    account = Account("A1", AccountType.CRYPTO_VENUE, venue=venue, cash=Decimal(cash),
                      programme=programme)
    rows = {"BTC": Underlying("BTC", Decimal(100_000), iv=Decimal(iv), rate=Decimal("0.05"))}
    book = Book("b", TODAY, (account,), positions, market=Market(rows))
    holdings = resolve(book)
    silos = registry.silos(book, holdings, RULES)
    return registry.venue_detail(book, holdings, RULES, silos), silos.accounts[0]


def test_deribit_cells_are_the_sum_of_their_legs():
    found, account = detail("deribit", inverse(200_000),
                            on_future(-5, 110_000, "C", 30, 100_000.0, 0.55))
    (matrix,) = found.matrices
    assert len(matrix.cells) == 35
    assert matrix.currency == "BTC"
    for cell in matrix.cells:
        assert sum(profit for _, profit in cell.legs) == pytest.approx(cell.profit, abs=1e-9)
    worst = min(cell.profit for cell in matrix.cells)
    assert matrix.cells[matrix.binding].profit == worst
    assert [name for name, _ in matrix.cells[0].legs] == [
        "BTC-PERPETUAL", f"{future_symbol(30)}-110000-C"]
    tree = next(n for _, n in account.initial.walk() if n.label.startswith("Worst bucket"))
    assert float(tree.amount) == pytest.approx(-worst * 100_000)


def test_a_cross_collateral_matrix_is_in_dollars():
    found, _ = detail("deribit", inverse(200_000), linear(-1), programme="X:PM")
    assert [matrix.currency for matrix in found.matrices] == ["USD"]


def test_derive_cells_are_the_sum_of_their_legs_too():
    found, _ = detail("derive", perpetual(2, 100_050), option(-3, 3_000), coin(1))
    (matrix,) = found.matrices
    assert len(matrix.cells) == 33
    for cell in matrix.cells:
        assert sum(profit for _, profit in cell.legs) == pytest.approx(cell.profit, abs=1e-6)


def test_a_long_list_of_legs_is_cut_and_still_adds_up():
    legs = [on_future(-1, 90_000 + 500 * k, "C", 30, 100_000.0, 0.55) for k in range(70)]
    (matrix,) = detail("deribit", *legs)[0].matrices
    for cell in matrix.cells:
        assert len(cell.legs) == 61
        assert cell.legs[-1][0] == "10 others"
        assert sum(profit for _, profit in cell.legs) == pytest.approx(cell.profit, abs=1e-9)


def test_a_heat_map_finds_its_cells():
    found, _ = detail("deribit", inverse(200_000))
    (matrix,) = found.matrices
    assert len(matrix.moves) == 9 + 8
    assert set(matrix.states) == {"volatility down", "volatility unchanged", "volatility up"}
    place = matrix.at(-0.16, "volatility up")
    assert matrix.cells[place].move == -0.16
    assert matrix.at(-0.66, "volatility down") is None


@pytest.mark.parametrize(("venue", "quote"), [("binance", "USDT"), ("hyperliquid", "USDC")])
def test_a_ladder_starts_where_the_account_is_liquidated(venue, quote):
    position = contract(f"BTC-{quote}", 5, 100_000, coin=quote)
    found, account = detail(venue, position, cash=60_000)
    (ladder,) = found.ladders
    assert ladder.rungs[0].mark == pytest.approx(ladder.liquidation)
    assert ladder.bankruptcy == pytest.approx(100_000 - 60_000 / 5)
    assert ladder.liquidation > ladder.bankruptcy
    shown = next(dict(n.inputs)["liquidation price"] for _, n in account.maintenance.walk()
                 if "liquidation price" in dict(n.inputs))
    if venue == "hyperliquid":
        assert ladder.rungs[0].size_after == pytest.approx(4)
        assert ladder.bankruptcy < ladder.takeover < ladder.liquidation
    assert shown == f"{ladder.liquidation:,.2f}"


HELD = {
    "cash alone": ((contract("BTCUSDT", 5, 100_000),), 60_000),
    "coin as collateral": ((contract("BTCUSDT", 5, 100_000), coin(1)), 0),
    "short against coin": ((contract("BTCUSDT", -5, 100_000), coin(3)), 30_000),
    "loan": ((contract("BTCUSDT", 5, 100_000), coin("-0.5")), 160_000),
}


@pytest.mark.parametrize("case", HELD)
def test_the_tree_and_the_ladder_name_one_liquidation_price(case):
    positions, cash = HELD[case]
    found, account = detail("binance", *positions, cash=cash)
    shown = next(dict(n.inputs)["liquidation price"] for _, n in account.maintenance.walk()
                 if n.label == "BTCUSDT")
    assert shown == f"{found.ladders[0].liquidation:,.2f}"


@pytest.mark.parametrize(("size", "held", "cash"), [
    (5, 0, 60_000), (50, "0.5", 800_000), (-50, 1, 500_000)])
def test_at_the_liquidation_price_the_venues_ratio_is_its_level(size, held, cash):
    """Mark perpetual and collateral again at that price, gains in cash: uniMMR is 1.05."""
    positions = [contract("BTCUSDT", size, 100_000), *([coin(held)] if held else [])]
    price = Decimal(str(detail("binance", *positions, cash=cash)[0].ladders[0].liquidation))
    moved = [contract("BTCUSDT", positions[0].quantity, price),
             *([coin(held, price)] if held else [])]
    gained = positions[0].quantity * (price - 100_000)
    _, account = detail("binance", *moved, cash=cash + gained)
    tree = next(n for _, n in account.maintenance.walk() if n.label.startswith("Maintenance"))
    assert float(dict(tree.inputs)["uniMMR"]) == pytest.approx(1.05, abs=2e-4)


def test_what_other_contracts_must_keep_brings_liquidation_nearer():
    alone = detail("binance", contract("BTCUSDT", 5, 100_000), cash=60_000)[0].ladders[0]
    both = detail("binance", contract("BTCUSDT", 5, 100_000),
                  contract("BTCUSDC", 1, 100_000), cash=60_000)[0].ladders[0]
    assert alone.liquidation < both.liquidation < 100_000
    assert both.bankruptcy == pytest.approx(100_000 - 60_000 / 6)


def test_tokens_back_a_hyperliquid_account_on_portfolio_margin_only():
    held = contract("BTC-USDC", 5, 100_000, coin="USDC"), coin(1_000, 40, "HYPE")
    cross = detail("hyperliquid", *held, cash=60_000)[0].ladders[0]
    (portfolio,) = detail("hyperliquid", *held, cash=60_000,
                          programme="portfolio margin")[0].ladders
    assert (cross.equity, portfolio.equity) == (60_000, 90_000)
    assert portfolio.takeover is None
    # 90,000 + 5 (P - 100,000) = (20 + 5 P / 80) / .95
    assert portfolio.liquidation == pytest.approx(
        (410_000 + 20 / 0.95) / (5 - 5 / 80 / 0.95))


def test_an_account_short_of_margin_is_liquidated_at_once():
    found, account = detail("binance", contract("BTCUSDT", 5, 100_000), cash=1_000)
    (ladder,) = found.ladders
    assert ladder.liquidation == 100_000
    assert {rung.mark for rung in ladder.rungs} == {100_000}
    shown = [dict(n.inputs).get("liquidation price") for _, n in account.maintenance.walk()]
    assert "100,000.00, at once" in shown


def test_an_account_without_cash_is_liquidated_where_it_stands():
    (ladder,) = detail("binance", contract("BTCUSDT", 5, 100_000))[0].ladders
    assert (ladder.liquidation, ladder.rungs) == (100_000, ())


def test_one_risk_is_seen_in_every_wrapper_of_a_book():
    path = next(p for p in sample_books() if p.stem == "northlight_crypto")
    run = Session.from_file(path).review()
    bitcoin = [item for item in run.exposures if item.root == "BTC"]
    assert {item.wrapper for item in bitcoin} == {
        "fund", "listed option", "future", "perpetual", "crypto option", "spot"}
    by_place = {(item.account_id, item.wrapper): item for item in bitcoin}
    assert float(by_place["NL-307", "perpetual"].delta) == pytest.approx(900_000)
    assert float(by_place["NL-SPOT", "spot"].delta) == pytest.approx(42 * 77_080)
    assert by_place["NL-PM", "listed option"].delta < 0
    assert by_place["NL-SPOT", "spot"].location == "Harbour Custody"
    hours = {place: (item.trades, item.settles) for place, item in by_place.items()}
    assert hours["NL-PM", "fund"] == ("exchange hours", "business days")
    assert hours["NL-DRB", "crypto option"] == ("all week", "all week")
    perpetual = by_place["NL-307", "perpetual"]
    assert (perpetual.trades, perpetual.settles) == ("all week", "business days")
    volatility = run.book.market.underlying("BTC").annual_volatility or (
        run.book.market.underlying("BTC").iv)
    assert float(perpetual.weekend) == pytest.approx(
        900_000 * float(volatility) * (3 / 365) ** 0.5)
    assert by_place["NL-PM", "fund"].weekend is None
    assert [matrix.account_id for matrix in run.venues.matrices] == ["NL-307", "NL-DRB"]
    assert [ladder.symbol for ladder in run.venues.ladders] == ["BTC-PERP"]
