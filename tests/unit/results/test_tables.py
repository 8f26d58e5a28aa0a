from dataclasses import FrozenInstanceError, replace
from decimal import Decimal

import pytest

from tests.unit.results.made_run import AS_OF, made_book, made_run
from workstation.base.vocabulary import AccountType
from workstation.results import formats
from workstation.results.tables import (
    Silo,
    all_tables,
    bridge_table,
    calls_table,
    cascade_path_table,
    collateral_states_table,
    designs_table,
    editions_table,
    exclusions_table,
    explain_table,
    free_table,
    ledger_table,
    lots_table,
    positions_of,
    positions_table,
    problems_table,
    silo_of,
    silos_table,
)

D = Decimal


@pytest.fixture(scope="module")
def run():
    return made_run()


def test_every_cell_of_every_table_can_be_written(run):
    tables = all_tables(run)
    assert len({table.name for table in tables}) == len(tables)
    for table in tables:
        assert table.about.endswith(".")
        for row in range(len(table.rows)):
            for column in range(len(table.columns)):
                assert isinstance(table.text(row, column), str)


def test_rows_cannot_be_changed(run):
    for table in all_tables(run):
        if table.rows:
            field = table.columns[0].field
            with pytest.raises((FrozenInstanceError, AttributeError)):
                setattr(table.rows[0], field, "x")


def test_a_position_says_whether_it_was_margined(run):
    status = {row.symbol: row.status for row in positions_table(run).rows}
    assert status["AAPL"] == "margined"
    assert status["BTC"] == "excluded: BTC: no price"
    assert status["CDX.NA.IG"] == "price missing"


def test_positions_not_margined_yet_keep_their_cells():
    table = positions_of(made_book())
    assert [row.where for row in table.rows] == [p.where for p in made_book().positions]
    assert {row.status for row in table.rows} == {"not computed yet", "price missing"}
    assert {row.stand_alone for row in table.rows} == {None}


def test_market_value_counts_what_is_paid_for_and_notional_the_rest(run):
    rows = {row.symbol: row for row in positions_table(run).rows}
    assert rows["AAPL"].market_value == D("12500") * D("268.40")
    assert rows["SPX 261218P06500"].market_value == D("-18") * D("171.25") * 100
    assert rows["UST 4 1/4 2034"].market_value == D("1990000")
    assert rows["ESH6"].market_value is None
    assert rows["ESH6"].notional == D("-18") * D("6701.25") * 50
    assert rows["BTC-PERPETUAL"].notional == 150000, "inverse contracts are sized in USD"
    assert rows["CDX.NA.IG"].notional == D("10800000"), "10 million EUR at 1.08"
    assert rows["BTC"].market_value is None


def test_no_exchange_rate_leaves_the_value_open(run):
    market = replace(run.book.market, fx={})
    table = positions_of(replace(run.book, market=market))
    assert {r.symbol: r.notional for r in table.rows}["CDX.NA.IG"] is None


def test_silos_name_accounts_nothing_margins_and_count_exclusions(run):
    status = {row.account: row.status for row in silos_table(run).rows}
    assert status == {"PB-1": "complete", "FCM-1": "complete",
                      "COIN-1": "incomplete: 1 excluded", "SW-1": "not margined"}


def test_silo_amounts_add_up_to_the_run(run):
    rows = silos_table(run).rows
    assert sum(r.maintenance for r in rows if r.maintenance is not None) == \
        run.silos.maintenance.amount
    assert sum(r.initial for r in rows if r.initial is not None) == run.silos.initial.amount


def test_every_account_type_has_a_silo():
    assert {silo_of(kind) for kind in AccountType} == set(Silo)


def test_designs_show_saving_and_share(run):
    row = designs_table(run).rows[1]
    assert row.requirement + row.saving == row.silos
    assert row.saving_share == D("0.2")


def test_a_book_that_owes_nothing_has_no_saving_share(run):
    nothing = replace(run.designs[0].bridge, stand_alone=D(0), within_silos=D(0), silos=D(0),
                      steps=(), end=D(0))
    table = designs_table(replace(run, designs=(replace(run.designs[0], bridge=nothing),)))
    assert table.rows[0].saving_share is None
    share = [c.field for c in table.columns].index("saving_share")
    assert table.text(0, share) == ""


def test_bridge_levels_end_at_the_design(run):
    outcome = run.designs[1]
    rows = bridge_table(outcome).rows
    assert rows[0].level == outcome.bridge.stand_alone
    assert rows[-2].level == rows[-1].level == outcome.bridge.end
    steps = [r for r in rows if r.kind == "step"]
    assert rows[0].amount + sum(r.amount for r in steps) == outcome.bridge.end


def test_ledger_reconciles_with_the_saving(run):
    outcome = run.designs[1]
    table = ledger_table(outcome)
    assert -sum(row.amount for row in table.rows) == outcome.saving
    assert table.rows[0].between == "SPX 261218P06500 / ESH6"
    assert table.rows[0].tests == "rho 0.99; rho stress 0.97"


def test_lots_partition_by_state(run):
    for row in lots_table(run).rows:
        states = (row.free, row.pledged, row.reusable, row.reused, row.segregated,
                  row.in_transit, row.ineligible)
        assert sum(states) == row.quantity
    assert sum(row.share for row in collateral_states_table(run).rows) == 1


def test_free_collateral_by_day_adds_up(run):
    rows = free_table(run).rows
    assert sum(row.added for row in rows) == rows[-1].value == D(582120)


def test_cascade_path_starts_at_zero_move(run):
    rows = cascade_path_table(run).rows
    assert [row.move for row in rows[:2]] == [0, 0]
    assert rows[2].move == pytest.approx(6233.1 / 6701.25 - 1)


def test_without_a_cascade_its_tables_are_empty_and_left_out():
    calm = made_run(with_cascade=False)
    assert not calls_table(calm).rows
    assert not cascade_path_table(calm).rows
    assert not [t for t in all_tables(calm) if t.name.startswith("Cascade")]


def test_problems_of_every_part_are_listed_once(run):
    doubled = replace(run, problems=(*run.problems, *run.problems, *run.cascade.problems))
    wheres = [problem.where for problem in problems_table(doubled).rows]
    assert wheres == ["Accounts!C5", "Agents!A2"]


def test_exclusions_and_numbers_to_confirm_are_named(run):
    assert [row.where for row in exclusions_table(run).rows] == ["Positions!A9", "Positions!A7"]
    assert editions_table(run).rows[1].to_confirm == "es rate, btc rate"
    assert editions_table(run).rows[0].effective > AS_OF


def test_explanation_lines_carry_depth_citation_and_binding_branch(run):
    rows = explain_table("Explain", run.silos.maintenance, "USD").rows
    assert [row.level for row in rows[:5]] == [0, 1, 2, 3, 3]
    assert rows[3].binding == "binds"
    assert rows[4].binding == "does not bind"
    assert rows[3].citation == "FINRA 4210(f)(2)(E) [2026-06-04]"
    assert rows[3].inputs == "price: 268.40; rate: 15 % of market value"
    assert any(row.citation.endswith("(to confirm)") for row in rows)


def test_column_headings_carry_the_unit(run):
    for table in all_tables(run):
        for column in table.columns:
            if column.text is formats.amount_text:
                assert "(USD)" in column.heading


@pytest.mark.parametrize(("value", "shown"), [
    (D("-1234567.89"), "(1,234,568)"), (D("0"), "0"), (D("-0.2"), "0"), (12.5, "12")])
def test_amounts_are_written_in_accounting_form(value, shown):
    assert formats.amount_text(value) == shown


@pytest.mark.parametrize(("value", "shown"), [
    (D("268.4"), "268.40"), (D("0.00012345"), "0.00012345"), (D("6701.25"), "6,701.25"),
    (1e-12, "0.00000000"), (D("1E+3"), "1,000.00")])
def test_prices_keep_the_decimals_they_have(value, shown):
    assert formats.price_text(value) == shown


def test_quantities_and_shares():
    assert formats.quantity_text(D("12500.00")) == "12,500"
    assert formats.quantity_text(D("-0.12345678")) == "(0.12345678)"
    assert formats.percent_text(D("0.146")) == "14.6 %"
    assert formats.percent_text(-0.146) == "(14.6 %)"
