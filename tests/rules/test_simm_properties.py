"""What holds for every book: trees add up, order and splitting do not matter, sides swap."""

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings

from tests.rules.crif_rows import books, read, small_books, written
from workstation.importers.crif import read_crif
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.allocation import allocate
from workstation.rulebooks.simm.engine import Setup, at, slopes_of
from workstation.rulebooks.simm.explain import explained
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.whatif import calibration_bridge, incremental

CURRENT = editions.by_name("2.8+2512")
BEFORE = editions.by_name("2.8+2506")
few = settings(max_examples=40, deadline=None,
               suppress_health_check=[HealthCheck.function_scoped_fixture])
many = settings(few, max_examples=200)


def margin_of(folder, rows, side="call", mpor="10d"):
    return margin_crif(read(folder, rows).crif, Setup(CURRENT, mpor), side).portfolios[0]


@many
@given(rows=small_books)
def test_explain_trees_add_up(tmp_path, rows):
    item = margin_of(tmp_path, rows)
    tree = explained(item)
    for _, node in tree.walk():
        if node.combine == "sum":
            assert node.amount == sum(part.amount for part in node.parts)
    assert float(tree.amount) == pytest.approx(item.total, rel=1e-12)
    rounding = [n for _, n in tree.walk() if n.label.startswith("Rounding")]
    assert all(abs(n.amount) <= max(1, item.total * 1e-6) for n in rounding)


@few
@given(rows=books)
def test_allocations_add_up(tmp_path, rows):
    done = margin_of(tmp_path, rows).calculated()
    found = allocate(done)
    total, plain = done.products.sum(), found.plain.products.sum()
    assert np.sum(found.euler) == pytest.approx(plain, rel=1e-9, abs=1e-9)
    assert found.whole.sum() == pytest.approx(total, rel=1e-6)


@few
@given(rows=books)
def test_order_splitting_and_pair_order_change_nothing(tmp_path, rows):
    whole = margin_of(tmp_path, rows).total
    turned = [(*row[:2], row[2][3:] + row[2][:3], *row[3:]) if row[1] == "Risk_FXVol" else row
              for row in rows]
    halves = [(*row[:6], row[6] / 2) for row in turned for _ in range(2)]
    assert margin_of(tmp_path, halves[::-1]).total == pytest.approx(whole, rel=1e-12)


@few
@given(rows=books)
def test_negating_every_row_swaps_the_sides(tmp_path, rows):
    negated = [(*row[:6], -row[6]) for row in rows]
    for mpor in ("10d", "1d"):
        call = margin_of(tmp_path, rows, "call", mpor).total
        assert margin_of(tmp_path, negated, "post", mpor).total == pytest.approx(call, rel=1e-12)


@few
@given(rows=books)
def test_one_day_margin_is_homogeneous(tmp_path, rows):
    """Without concentration, twice the book is twice the margin."""
    twice = [(*row[:6], 2 * row[6]) for row in rows]
    one = margin_of(tmp_path, rows, mpor="1d").total
    assert margin_of(tmp_path, twice, mpor="1d").total == pytest.approx(2 * one, rel=1e-9)


@few
@given(rows=books)
def test_a_portfolio_does_not_see_its_neighbours(tmp_path, rows):
    path = written(tmp_path, [(f"T{i}", p, *row[:6], row[6] * scale)
                              for p, scale in (("A", 1.0), ("B", -7.0), ("C", 1.0))
                              for i, row in enumerate(rows)])
    found = {m.portfolio: m.total
             for m in margin_crif(read_crif(path).crif, Setup(CURRENT)).portfolios}
    assert found["A"] == found["C"]
    assert found["A"] == pytest.approx(margin_of(tmp_path, rows).total, rel=1e-12)


@few
@given(rows=books)
def test_slopes_are_finite_differences(tmp_path, rows):
    done = margin_of(tmp_path, rows).calculated()
    blocks = tuple(part.block for part in done.parts)
    slope = np.sum(slopes_of(done), axis=0) if blocks else np.zeros(len(done.netted))
    base = done.products.sum()
    direction = done.netted.amount * np.linspace(0.5, 1.5, len(done.netted))
    step = 1e-7

    def margin(share):
        amounts = done.netted.amount + share * direction
        return at(blocks, done.netted, done.setup, amounts).products.sum()

    up, down = (margin(step) - base) / step, (base - margin(-step)) / step
    # Where a clamp or floor begins, the two one-sided slopes differ and ours is between them.
    slack = 1e-4 * max(abs(base), 1.0)
    assert min(up, down) - slack <= slope @ direction <= max(up, down) + slack


@few
@given(rows=books)
def test_the_bridge_between_calibrations_adds_up(tmp_path, rows):
    item = margin_of(tmp_path, rows)
    bridge = calibration_bridge(item, BEFORE)
    assert bridge.start == pytest.approx(item.simm, rel=1e-12)
    assert bridge.start + sum(v for _, v in bridge.steps) == pytest.approx(bridge.end, rel=1e-9)


@few
@given(rows=books)
def test_increments_are_differences(tmp_path, rows):
    item = margin_of(tmp_path, rows)
    [(trade, step)] = incremental(item, ["T0"]).items()
    rest = margin_of(tmp_path, rows[1:]).simm if len(rows) > 1 else 0.0
    assert trade == "T0"
    assert step == pytest.approx(item.simm - rest, rel=1e-9, abs=1e-6)
