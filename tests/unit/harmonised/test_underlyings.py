from datetime import date
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import AS_OF, future, market, option, stock, underlying
from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.harmonised.knobs import KNOBS
from workstation.harmonised.underlyings import RiskMap
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import BondTerms
from workstation.market.market import Market
from workstation.parameters.ruleset import RuleSet


@pytest.fixture(scope="module")
def risk_map():
    return RiskMap.of_rules(RuleSet(AS_OF))


def treasury(maturity):
    terms = BondTerms(maturity, Decimal("0.04"))
    instrument = Instrument("912828", AssetClass.TREASURY, "912828", terms=terms)
    return Position("A", instrument, Decimal(100), Decimal(99), "A!1")


@pytest.mark.parametrize(("position", "root", "group"), [
    (stock("A", "SPY", 1, "etf"), "SPX", "US broad index"),
    (stock("A", "IVV", 1, "etf"), "SPX", "US broad index"),
    (future("A", "ESM6", "SPX", 1, 50, "5000"), "SPX", "US broad index"),
    (future("A", "ES", "ES", 1, 50, "5000"), "SPX", "US broad index"),
    (option("A", "SPX", "P", "4800", 1, "20"), "SPX", "US broad index"),
    (stock("A", "QQQ", 1, "etf"), "NDX", "US broad index"),
    (stock("A", "IWM", 1, "etf"), "RUT", "US broad index"),
    (stock("A", "IBIT", 1, "etp"), "BTC", "Large-cap crypto"),
    (future("A", "BTC", "BTC", 1, 5, "90000"), "BTC", "Large-cap crypto"),
    (stock("A", "GLD", 1, "etf"), "GOLD", "Precious metals"),
    (future("A", "SI", "SI", 1, 5000, "30"), "SILVER", "Precious metals"),
    (future("A", "CL", "CL", 1, 1000, "70"), "CRUDE", "Petroleum"),
    (stock("A", "AAPL", 1), "AAPL", "Technology equities"),
    (stock("A", "XYZ", 1), "XYZ", "Single stocks"),
    (stock("A", "USDC", 1, "stablecoin"), "USDC", "Stablecoins"),
])
def test_positions_find_their_root_and_group(risk_map, position, root, group):
    found = risk_map.of(position, market())
    assert (found.name, found.group) == (root, group)


def test_a_share_that_bears_a_futures_code_is_a_share(risk_map):
    colgate = risk_map.of(stock("A", "CL", 1), market())
    assert (colgate.name, colgate.asset_class) == ("CL", "equity")


@pytest.mark.parametrize(("maturity", "root"), [
    (date(2026, 9, 1), "UST-2Y"), (date(2028, 3, 1), "UST-2Y"), (date(2031, 3, 1), "UST-5Y"),
    (date(2036, 2, 15), "UST-10Y"), (date(2056, 2, 15), "UST-30Y"), (None, "UST-30Y")])
def test_treasuries_fall_into_maturity_buckets(risk_map, maturity, root):
    assert risk_map.of(treasury(maturity), market()).name == root


def test_leverage_comes_from_the_map_and_the_market_row_wins(risk_map):
    fund = stock("A", "TQQQ", 1, "etf")
    assert risk_map.of(fund, market()).leverage == 3
    row = underlying("TQQQ", "60", leverage=Decimal(2))
    assert risk_map.of(fund, Market({"TQQQ": row})).leverage == 2
    assert risk_map.of(stock("A", "SH", 1, "etf"), market()).leverage == -1


def test_every_scan_class_and_asset_class_of_the_map_has_its_knobs():
    edition = RuleSet(AS_OF).edition("underlyings")
    rows = [row for table in ("underlyings", "asset_class_defaults", "underlying_class_defaults")
            for row in edition[table].rows]
    for row in rows:
        assert f"scan.{row['scan']}.down" in KNOBS
        assert f"basis.{row['class']}" in KNOBS
    symbols = [s for row in edition["underlyings"].rows for s in row["symbols"]]
    assert len(symbols) == len(set(symbols))


def test_history_columns_of_a_root(risk_map):
    columns = risk_map.columns("UST-10Y", market())
    assert ("IEF", False) in columns
    assert ("UST10", True) in columns
    crude = Market({"CL": underlying("CL", "80")})
    assert ("CL", False) in risk_map.columns("CRUDE", market())
    assert ("CL", False) not in risk_map.columns("CRUDE", crude)
    assert risk_map.columns("XYZ", market()) == (("XYZ", False),)
