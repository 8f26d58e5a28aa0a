"""The tree against a second, naive writing of the method: dictionaries and plain recursion."""

from collections import defaultdict

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.unit.harmonised.books import assessed, book, stock
from tests.unit.harmonised.test_scan_properties import holdings
from workstation.harmonised.levels import Level
from workstation.harmonised.rates import Rates
from workstation.harmonised.tree import scan_requirement, trees

SHARE = st.floats(0.05, 1.0)


def naive(assessment, shares):
    """requirement = max(0, -min) of the book's profile, gains cut level by level."""
    scan = assessment.scan
    place = {}
    for i in range(len(scan.holdings)):
        if scan.included[i]:
            root = scan.root[i]
            group = scan.group[root]
            place[i] = (scan.asset_class[group], group, root, scan.leg[i])
    profiles = defaultdict(lambda: [0.0] * scan.points)
    for i, path in place.items():
        profiles[path] = [a + b for a, b in zip(profiles[path], scan.pnl[i], strict=True)]
    for level in (Level.SAME_UNDERLYING, Level.PRODUCT_GROUP, Level.ASSET_CLASS, Level.BOOK):
        families = defaultdict(list)
        for path, profile in profiles.items():
            families[path[:-1]].append(profile)
        profiles = {path: joined(found, shares[level]) for path, found in families.items()}
    return max(0.0, -min(profiles[()]))


def joined(profiles, share):
    rate = share if len(profiles) > 1 else 1.0
    return [sum(min(v, 0.0) + rate * max(v, 0.0) for v in at) for at in zip(*profiles, strict=True)]


@settings(max_examples=60, deadline=None)
@given(holdings(), SHARE, SHARE, SHARE, SHARE)
def test_the_tree_equals_the_naive_recursion(positions, wrapper, group, kind, whole):
    a = assessed(book(positions), "full-netting")
    shares = dict(zip(Level, (wrapper, group, kind, whole), strict=True))
    assert scan_requirement(a.scan, a.slots, Rates(shares)) == pytest.approx(
        naive(a, shares), rel=1e-9, abs=1e-6)


def test_a_detached_node_stands_alone_at_its_own_worst_point():
    positions = [stock("A", "SPY", 100, "etf"), stock("A", "IBIT", -500, "etp")]
    a = assessed(book(positions), "full-netting")
    apart = Rates({**dict.fromkeys(Level, 1.0), Level.BOOK: 0.0})
    tops = trees(a.scan, a.slots, apart)[0].tops
    assert [(t.name, t.requirement) for t in tops] == [
        ("crypto", pytest.approx(0.25 * 25_000)), ("equity", pytest.approx(0.08 * 50_000))]
    barely = Rates({**dict.fromkeys(Level, 1.0), Level.BOOK: 0.01})
    joined_up = scan_requirement(a.scan, a.slots, barely)
    assert joined_up == pytest.approx(0.25 * 25_000 - 0.01 * 0.06 * 50_000)


def test_results_are_the_same_bytes_every_time():
    positions = [stock(f"A{i % 3}", s, 10 * (-1) ** i) for i, s in enumerate(
        ("SPY", "QQQ", "IWM", "AAPL", "MSFT", "IBIT"))]
    runs = {assessed(book(positions)).margin.requirement.amount for _ in range(3)}
    assert len(runs) == 1
