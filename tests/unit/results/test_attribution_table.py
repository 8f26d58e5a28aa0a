"""Attribution as tables: positions in the order of their Euler shares, hedges named."""

from decimal import Decimal

from workstation.offsets.attribution import Contribution
from workstation.results.attribution_table import positions_table

D = Decimal


def test_positions_stand_by_their_share_and_those_not_scanned_are_left_out():
    rows = (Contribution("P!A2", "PM", "HEDGE", D(-40), D(-25)),
            Contribution("P!A3", "PM", "GONE", None, None),
            Contribution("P!A4", "PM", "RISK", D(140), D(90)),
            Contribution("P!A5", "PM", "FLAT", D(0), D(0)))
    table = positions_table(rows, "full-netting", "USD")
    assert [(row.name, row.where, row.hedge) for row in table.rows] == [
        ("RISK", "P!A4", "risk"), ("FLAT", "P!A5", "neither"), ("HEDGE", "P!A2", "hedge")]
    assert [row.share for row in table.rows] == [D("1.4"), D(0), D("-0.4")]
    assert table.rows[0].marginal == D(90)


def test_a_design_without_risk_has_no_shares():
    table = positions_table((Contribution("P!A2", "PM", "X", D(0), D(0)),), "full-netting", "USD")
    assert [row.share for row in table.rows] == [None]
