from dataclasses import replace
from decimal import Decimal
from types import MappingProxyType

from workstation.results.depth import depth_table
from workstation.workspace.session import Session, sample_books


def test_shares_and_days_are_of_the_days_volume_in_money():
    run = Session.from_file(next(p for p in sample_books() if "meridian" in p.name)).review()
    rows = {row.root: row for row in depth_table(run).rows}
    exposure = sum(item.delta for item in run.exposures if item.root == "BTC")
    bitcoin = run.book.market.underlying("BTC")
    assert rows["BTC"].exposure == exposure
    assert rows["BTC"].share == abs(exposure) / (bitcoin.adv * bitcoin.price)
    assert rows["BTC"].days == 10 * rows["BTC"].share
    assert rows["USDC"].share is None
    shares = [row.share for row in depth_table(run).rows if row.share is not None]
    assert shares == sorted(shares, reverse=True)


def test_a_volume_in_another_currency_is_converted():
    run = Session.from_file(next(p for p in sample_books() if "meridian" in p.name)).review()
    market = run.book.market
    plain = next(r for r in depth_table(run).rows if r.root == "BTC").share
    rows = {**market.underlyings, "BTC": replace(market.underlyings["BTC"], currency="EUR")}
    euro = replace(market, underlyings=MappingProxyType(rows), fx={"EUR": Decimal("1.25")})
    run = replace(run, book=replace(run.book, market=euro))
    found = next(r for r in depth_table(run).rows if r.root == "BTC").share
    assert found == plain / Decimal("1.25")
