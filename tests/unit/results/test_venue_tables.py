"""Tables of one risk across silos, venue scenarios and liquidation ladders."""

from dataclasses import replace
from decimal import Decimal

from tests.unit.results.made_run import made_run
from workstation.base.explain import Citation
from workstation.base.vocabulary import AccountType
from workstation.collateral.tokens import LocalDepeg, TokenEligibility
from workstation.measures.liquidation import Rung
from workstation.measures.tokens import Token
from workstation.measures.venue_detail import (
    LiquidationLadder,
    ScenarioCell,
    ScenarioMatrix,
    VenueDetail,
)
from workstation.offsets.exposure import Exposure
from workstation.results.tables import (
    all_tables,
    depegs_table,
    exposure_table,
    ladders_table,
    scenarios_table,
    tokens_table,
)

CELLS = (ScenarioCell(-0.16, "volatility up", -0.25, (("PERP", -0.3), ("CALL", 0.05))),
         ScenarioCell(0.16, "volatility up", 0.2, (("PERP", 0.2),), "extended move"))
MATRIX = ScenarioMatrix("COIN-1", "deribit-pm", "settled in BTC", "BTC", CELLS, 0)
RUNGS = (Rung(1, 92_000.0, 5.0, 2.5, 0.0, 1_100.0), Rung(0, 91_000.0, 2.5, 0.0, 0.0, 400.0))
LADDER = LiquidationLadder("COIN-1", "binance-pm", "BTCUSDT", 100_000.0, 60_000.0, 92_000.0,
                           88_000.0, RUNGS)
NEVER = LiquidationLadder("COIN-1", "binance-pm", "ETHUSDT", 2_400.0, 60_000.0, None, None, ())
HELD = Exposure("BTC", "perpetual", "COIN-1", AccountType.CRYPTO_VENUE, "Coin desk", 2,
                Decimal(-250_000), None)


def run():
    return replace(made_run(), exposures=(HELD,),
                   venues=VenueDetail((MATRIX,), (LADDER, NEVER)))


def test_one_risk_says_where_it_lies():
    (row,) = exposure_table(run()).rows
    assert (row.root, row.wrapper, row.silo, row.location) == (
        "BTC", "perpetual", "crypto", "Coin desk")
    assert exposure_table(run()).text(0, 7) == "(250,000)"


def test_the_worst_scenario_is_marked_and_split_by_instrument():
    table = scenarios_table(run())
    assert [row.binding for row in table.rows] == [True, False]
    assert table.rows[0].legs == "PERP -0.3; CALL 0.05"


def test_a_ladder_reads_from_today_to_bankruptcy():
    rows = ladders_table(run()).rows
    assert [row.what for row in rows] == [
        "as it stands", "50% closed", "closed whole", "bankruptcy of the whole position",
        "as it stands", "no mark liquidates it", "bankruptcy of the whole position"]
    assert [row.mark for row in rows[:4]] == [100_000.0, 92_000.0, 91_000.0, 88_000.0]


def test_the_tables_stand_only_where_there_is_something_to_show():
    names = {table.name for table in all_tables(run())}
    shown = {"Exposure by risk", "Venue scenarios", "Liquidation ladders"}
    assert shown <= names
    empty = replace(run(), exposures=(), venues=VenueDetail())
    assert not shown & {table.name for table in all_tables(empty)}


def test_tokens_are_listed_by_regime_and_stress():
    token = Token("USDE", "Venue One", Decimal(100), Decimal("0.99"), Decimal(1), eligible=False)
    cite = Citation("Token collateral", ", example", "2026-03")
    judged = TokenEligibility("L9", "USDE", "broker-dealer capital", token, Decimal(0),
                              "not taken as broker-dealer capital", cite)
    hit = LocalDepeg("L9", "USDE", "Venue One", Decimal("0.99"), Decimal("0.6567"),
                     Decimal("33.33"), str(cite))
    shown = replace(run(), tokens=(judged,), depegs=(hit,))
    (row,) = tokens_table(shown).rows
    assert (row.taken, row.counted_price, row.value) == (False, Decimal("0.99"), 0)
    assert depegs_table(shown).text(0, 5) == "33"
    assert {"Token collateral", "De-peg at one venue"} <= {t.name for t in all_tables(shown)}
