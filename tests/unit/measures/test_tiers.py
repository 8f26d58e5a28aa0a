from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workstation.base.resources import resource_root
from workstation.measures.tiers import Tiers
from workstation.parameters.store import editions
from workstation.rulebooks.crypto.hyperliquid_margin import initial_tiers, maintenance_tiers

D = Decimal
BTCUSDT = Tiers((D(50_000), D(250_000), D(1_000_000)), (D("0.004"), D("0.005"), D("0.01")))


def shipped():
    """Every table of tiers in the shipped parameters, named by its place."""
    root = resource_root() / "parameters"
    found = {}
    for folder in ("binance_pm", "okx_pm", "hyperliquid"):
        for edition in editions(root / folder):
            for parameter in edition.values.values():
                if not isinstance(parameter.raw, list) or not isinstance(parameter.raw[0], dict):
                    continue
                for row in parameter.rows:
                    if "up_to" in row:
                        key = (folder, edition.edition, parameter.name,
                               str(row.get("coins", row.get("coin", row.get("asset", "")))))
                        found[key] = parameter
    return found


def table(key, parameter):
    rows = [row for row in parameter.rows
            if str(row.get("coins", row.get("coin", row.get("asset", "")))) == key[3]]
    if parameter.name == "leverage":
        return maintenance_tiers(Tiers.of(rows, "leverage"), D("0.5"))
    return Tiers.of(rows)


TABLES = shipped()


@pytest.mark.parametrize("key", TABLES, ids="-".join)
def test_every_shipped_table_is_continuous_at_every_cap(key):
    """The charge just below a cap and just above it differ by no more than the step itself."""
    tiers = table(key, TABLES[key])
    step = D("0.000001")
    for cap in tiers.caps[:-1]:
        below, at, above = (tiers.amount(size) for size in (cap - step, cap, cap + step))
        steepest = max(tiers.rates)
        assert abs(at - below) <= steepest * step
        assert abs(above - at) <= steepest * step


def test_there_are_tables_to_check():
    assert len(TABLES) > 8


def test_deductions_follow_the_continuity_rule():
    assert BTCUSDT.deductions == (0, 50, 1300)


def test_beyond_the_last_cap_the_last_rate_goes_on():
    assert BTCUSDT.amount(D(2_000_000)) == D(2_000_000) * D("0.01") - 1300


@given(st.integers(0, 3_000_000))
def test_the_charge_is_the_sum_over_bands(size):
    parts = D(0)
    for floor, cap, rate in zip(BTCUSDT.floors, (*BTCUSDT.caps[:-1], D(10**9)), BTCUSDT.rates,
                                strict=True):
        parts += max(D(0), min(D(size), cap) - floor) * rate
    assert BTCUSDT.amount(D(size)) == parts == BTCUSDT.amount(D(-size))


def test_leverage_tiers_double_into_initial_margin():
    leverage = Tiers((D(150_000_000), D("Infinity")), (D(40), D(20)))
    initial, kept = initial_tiers(leverage), maintenance_tiers(leverage, D("0.5"))
    assert initial.rates == (D("0.025"), D("0.05"))
    assert kept.amount(D(200_000_000)) == initial.amount(D(200_000_000)) / 2
    assert kept.deductions[1] == D("1875000.000")


@pytest.mark.parametrize(("caps", "rates"), [((), ()), ((D(1),), ()), ((D(2), D(1)), (D(1), D(2)))])
def test_a_table_that_is_none_is_refused(caps, rates):
    with pytest.raises(ValueError, match="tier"):
        Tiers(caps, rates)
