"""Scans as plain values: figures agree with the requirement they explain."""

from decimal import Decimal

import pytest

from tests.rules import span_fixture
from workstation.results.scan_tables import largest_parts, scan_table, shared_moves
from workstation.results.scans import SIXTEEN, ScanLine, ScanProfile, span_scans
from workstation.workspace.session import Session, sample_books


def profile(**changed):
    given = {
        "account_id": "PM-1", "regime": "finra-4210-portfolio", "portfolio": "broad indices",
        "currency": "USD", "points": ("1", "2", "3"),
        "parts": (ScanLine("SPX", (-50.0, 10.0, 40.0), ("-8 %", "0 %", "+6 %")),
                  ScanLine("NDX", (20.0, 0.0, -30.0), ("-10 %", "0 %", "+8 %"))),
        "total": (-32.0, 9.0, 6.0), "binding": 0, "minimum": 10.0, "note": "gains in part"}
    return ScanProfile(**{**given, **changed})


def test_the_larger_of_loss_and_minimum_is_asked_for():
    assert profile().requirement == 32.0
    assert not profile().minimum_binds
    small = profile(minimum=50.0)
    assert (small.requirement, small.minimum_binds) == (50.0, True)
    assert profile(total=(1.0, 2.0, 3.0), binding=None, minimum=0.0).requirement == 0.0


def test_a_scan_as_a_table_has_what_is_counted_first_and_marks_the_binding_point():
    table = scan_table(profile())
    assert [row.name for row in table.rows] == ["counted", "sum of parts", "SPX", "NDX"]
    assert [c.heading for c in table.columns] == ["Profit (USD)", "1 (binds)", "2", "3"]
    assert [table.value(1, c) for c in (1, 2, 3)] == [-30.0, 10.0, 10.0]
    assert table.text(0, 1) == "(32)"
    assert table.columns[1].hint == "SPX -8 %; NDX -10 %"
    with pytest.raises(AttributeError):
        _ = table.rows[0].unknown


def test_points_carry_their_moves_where_every_part_has_the_same():
    alike = profile(parts=(ScanLine("SPX", (-50.0, 10.0, 40.0), ("-8 %", "0 %", "+6 %")),))
    assert shared_moves(alike) == ("-8 %", "0 %", "+6 %")
    assert scan_table(alike).columns[1].heading == "1: -8 % (binds)"
    assert shared_moves(profile()) == ()


def test_the_parts_that_move_most_come_first():
    parts, others = largest_parts(profile(), 1)
    assert [part.name for part in parts] == ["SPX"]
    assert others == 1


@pytest.mark.parametrize("path", sample_books(), ids=lambda path: path.stem)
def test_scans_of_a_review_add_up_to_what_their_accounts_must_post(path):
    run = Session.from_file(path).review()
    for account in run.silos.accounts:
        if account.regime != "finra-4210-portfolio":
            continue
        scans = [s for s in run.scans if s.account_id == account.account_id]
        assert sum(s.requirement for s in scans) == pytest.approx(
            float(account.maintenance.amount), rel=1e-12)
        for scan in scans:
            assert scan.binding is None or scan.total[scan.binding] == min(scan.total)


def test_the_sixteen_scenarios_of_a_file_are_the_scan_risk_of_each_commodity():
    portfolio = span_fixture.portfolios()["P01"] if "P01" in span_fixture.portfolios() else next(
        iter(span_fixture.portfolios().values()))
    answer = span_fixture.calculator().risk(portfolio)
    scans = span_scans(answer)
    tiers = [tier for risk in answer.commodities for tier in risk.scans]
    assert len(scans) == len(tiers)
    for scan, tier in zip(scans, tiers, strict=True):
        assert len(scan.points) == len(SIXTEEN) == 16
        assert scan.loss == float(tier.scan_risk)
        assert scan.binding is None or scan.binding == tier.active - 1
        for point in range(16):
            assert sum(part.profits[point] for part in scan.parts) == pytest.approx(
                scan.total[point], abs=1e-6)


def test_a_saved_run_keeps_its_scans():
    from workstation.projects.codec import Codec
    from workstation.results.run import Run

    run = Session.from_file(sample_books()[0]).review()
    codec = Codec(Run)
    again = codec.decode(codec.encode(run))
    assert again.scans == run.scans
    assert Decimal(len(again.scans)) > 0
