"""The client's cascade: direct and total loss, calls, conservation, assumptions, problems."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from workstation.base.explain import Citation
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.book import Book
from workstation.book.collateral import Agent
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.cascade.client import cascade
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms, OptionTerms
from workstation.market.market import Market, Underlying
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter

TODAY = date(2026, 11, 20)
RULES = RuleSet(TODAY)


def row(symbol, price, adv=None, volatility=None, **more):
    number = None if adv is None else Decimal(adv)
    sigma = None if volatility is None else Decimal(volatility)
    return Underlying(symbol, Decimal(price), adv=number, annual_volatility=sigma, **more)


MARKET = Market({
    "AAA": row("AAA", "100", "4000", "0.24"), "BBB": row("BBB", "1000", "300", "0.6"),
    "SPX": row("SPX", "6000", "40000", "0.16", iv=Decimal("0.2"),
               underlying_class=UnderlyingClass.BROAD_INDEX_HIGH_CAP),
    "SPY": row("SPY", "600", "70000000", "0.16"),
    "DRY": row("DRY", "50"),
})


def share(symbol, quantity, price):
    instrument = Instrument(symbol, AssetClass.EQUITY, symbol)
    return Position("A", instrument, Decimal(quantity), Decimal(price), f"Positions!{symbol}")


LONGS = (share("AAA", 1000, 100), share("BBB", 60, 1000))


def run(positions=LONGS, shocks=None, agents=(), requirement="15000", equity="17000", rules=RULES,
        market=MARKET, scenario="custom"):
    book = Book("test", TODAY, positions=tuple(positions), market=market, agents=tuple(agents))
    return cascade(book, resolve(book), Decimal(requirement), Decimal(equity),
                   {"AAA": -0.04, "BBB": -0.1} if shocks is None else shocks, rules, scenario)


def agent(name, factor, quantity, cash, limit="12.5"):
    return Agent(name, "levered fund", factor, Decimal(quantity), Decimal(cash), Decimal(limit),
                 f"Agents!{name}")


def without_impact():
    cite = Citation("Liquidation cascade", "", "test")
    zero = Parameter("impact_coefficient", Decimal(0), "", cite)
    overlay = Edition("Liquidation cascade", "test", TODAY, "test",
                      {"impact_coefficient": zero}, Path("test"))
    return RuleSet(TODAY, (overlay,))


def test_direct_loss_is_the_shock_and_the_total_is_more():
    answer = run()
    assert float(answer.direct_loss) == pytest.approx(1000 * 4 + 60 * 100)
    assert answer.total_loss > answer.direct_loss
    assert float(answer.amplification) == pytest.approx(
        float(answer.total_loss / answer.direct_loss), rel=1e-12)
    assert answer.participants == ("Client",)
    assert answer.factors == ("AAA", "BBB")
    assert answer.steps[0].prices == (100.0, 1000.0)
    assert answer.steps[1].prices == (96.0, 900.0)
    assert answer.calls[0].participant == "Client"
    assert answer.calls[0].step == 1
    assert answer.calls[-1].step == answer.steps[-1].step


def test_without_impact_nothing_is_amplified():
    answer = run(rules=without_impact())
    assert float(answer.amplification) == pytest.approx(1.0, rel=1e-12)
    assert answer.steps[-1].prices == (96.0, 900.0)
    assert answer.calls, "the call comes all the same"


def test_nobody_called_is_said():
    answer = run(shocks={"AAA": -0.0001}, equity="90000")
    assert not answer.calls
    assert answer.amplification == pytest.approx(1)
    assert "nobody has to sell" in answer.triggers[-1]


def test_agents_sales_hurt_a_client_that_sells_nothing():
    crowd = agent("Crowd", "AAA", 30000, -2800000)
    alone = run(equity="90000")
    beside = run(equity="90000", agents=[crowd])
    assert not alone.calls
    assert {call.participant for call in beside.calls} == {"Crowd"}
    assert beside.total_loss > beside.direct_loss == alone.direct_loss
    assert beside.defaults == ("Crowd",)
    assert any("Crowd ends without equity" in line for line in beside.triggers)


def test_rows_of_one_agent_are_one_participant():
    answer = run(agents=[agent("Two", "AAA", 100, -9000), agent("Two", "BBB", 5, -4000, "20")])
    assert answer.participants == ("Client", "Two")
    assert answer.steps[0].equity[1] == pytest.approx(100 * 100 + 5 * 1000 - 13000)


def test_index_wrappers_are_one_factor_and_options_count_at_delta():
    future = Position("A", Instrument("ESZ6", AssetClass.FUTURE, "SPX", multiplier=Decimal(50),
                                      terms=FutureTerms("ES", date(2026, 12, 18))),
                      Decimal(2), Decimal(6000), "Positions!A3")
    deep = Position("A", Instrument("SPXC", AssetClass.LISTED_OPTION, "SPX",
                                    multiplier=Decimal(100), terms=OptionTerms(
                                        "C", Decimal(100), date(2026, 12, 18), "european")),
                    Decimal(1), None, "Positions!A4")
    answer = run([share("SPY", 500, 600), future, deep], {"ES": -0.9, "SPX": -0.1},
                 requirement="100000", equity="5000000")
    assert answer.factors == ("SPX",)
    deep_call_delta = 600000
    assert float(answer.direct_loss) == pytest.approx(
        0.1 * (500 * 600 + 2 * 50 * 6000 + deep_call_delta), rel=1e-3)
    assert any("Shocks without a holding here: ES" in line for line in answer.assumptions)


def test_shorts_are_marked_but_not_traded():
    hedged = run((*LONGS, share("DRY", -100, 50)), {"AAA": -0.04, "BBB": -0.1, "DRY": 0.2},
                 equity="90000")
    assert float(hedged.direct_loss) == pytest.approx(10000 + 0.2 * 5000)
    assert any("DRY (Client)" in line for line in hedged.assumptions)


def test_named_scenarios_move_shares_without_a_figure_with_the_index():
    shocks = {"SPX": -0.1, "AAA": -0.04}
    named = run(shocks=shocks, scenario="2020-03-12 Covid A x 1.5", equity="90000")
    assert float(named.direct_loss) == pytest.approx(1000 * 4 + 60 * 100)
    assert any("BBB with SPX" in line for line in named.assumptions)
    chosen = run(shocks=shocks, equity="90000")
    assert float(chosen.direct_loss) == pytest.approx(1000 * 4)
    assert any("Not shocked themselves, sold with the rest: BBB" in line
               for line in chosen.assumptions)


def test_missing_depth_is_told_and_moves_nothing():
    answer = run([share("DRY", 1000, 50)], {"DRY": -0.2}, requirement="20000", equity="21000")
    [problem] = answer.problems
    assert "DRY" in problem.what
    assert answer.calls
    assert answer.steps[-1].prices == (40.0,)
    nothing = run([share("NEW", 10, 7)], {"NEW": -0.5})
    assert float(nothing.direct_loss) == pytest.approx(35), "priced from the position itself"


def test_unusable_agents_are_left_out_with_a_reason():
    answer = run(agents=[agent("Lost", "ZZZ", 1, 0), agent("Odd", "AAA", 1, 0, "0")])
    assert answer.participants == ("Client",)
    assert [p.where for p in answer.problems] == ["Agents!Lost", "Agents!Odd"]


def test_an_empty_book_and_a_total_loss_do_not_break():
    empty = run((), {"AAA": -0.5})
    assert empty.factors == ()
    assert empty.amplification is None
    ruin = run(shocks={"AAA": -1.0, "BBB": -5.0})
    assert ruin.defaults == ("Client",)


@settings(max_examples=40)
@given(st.floats(0.0, 2.5), st.permutations(["One", "Two", "Three"]))
def test_conservation_and_order_independence(multiple, order):
    crowd = {"One": agent("One", "AAA", 400, -38000), "Two": agent("Two", "BBB", 100, -90000),
             "Three": agent("Three", "AAA", 800, -72300)}
    shocks = {"AAA": -0.04 * multiple, "BBB": -0.1 * multiple}
    straight = run(shocks=shocks, agents=crowd.values())
    shuffled = run(shocks=shocks, agents=[crowd[name] for name in order])
    assert float(shuffled.total_loss) == pytest.approx(float(straight.total_loss), rel=1e-9,
                                                       abs=1e-6)
    for name, residual in straight.invariants:
        assert abs(residual) < 1e-6, name
    assert straight.total_loss >= straight.direct_loss - Decimal("1e-6")
