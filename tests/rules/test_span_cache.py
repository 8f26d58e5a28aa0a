"""Compiled copies of risk-parameter files: equal to the file, and never trusted over it."""

import numpy as np
import pytest

from tests.rules.span_fixture import CSV, PA2, SPN, conventions, portfolios
from workstation.importers import span_cache
from workstation.importers.span_parameters import read_risk_parameters
from workstation.rulebooks.span.requirement import SpanCalculator


@pytest.fixture
def keep_all(monkeypatch):
    monkeypatch.setattr(span_cache, "WORTH_KEEPING", 1)


def initial(parameters, name="P11"):
    return SpanCalculator([parameters], conventions()).risk(portfolios(CSV)[name]).initial.amount


@pytest.mark.parametrize("path", [PA2, SPN])
def test_a_compiled_copy_equals_its_file(keep_all, tmp_path, monkeypatch, path):
    first = read_risk_parameters(path, tmp_path)
    monkeypatch.setattr("workstation.importers.span_parameters._read", None)
    again = read_risk_parameters(path, tmp_path)
    assert initial(again) == initial(first)
    assert (again.records, again.skipped, again.problems) == (
        first.records, first.skipped, first.problems)
    one, other = first.organisations[0], again.organisations[0]
    for name in ("code", "business_date", "cycle", "time", "families", "series", "commodities",
                 "inter_spreads", "conversions", "exchanges", "caps_option_value"):
        assert getattr(one, name) == getattr(other, name)
    for name in span_cache.COLUMNS:
        assert np.array_equal(getattr(one.contracts, name), getattr(other.contracts, name),
                              equal_nan=name in ("price",))


def test_a_damaged_copy_is_read_over(keep_all, tmp_path):
    first = read_risk_parameters(PA2, tmp_path)
    (copy,) = tmp_path.iterdir()
    for content in (b"", b"PK\x03\x04 rubbish", copy.read_bytes()[:5000]):
        copy.write_bytes(content)
        assert initial(read_risk_parameters(PA2, tmp_path)) == initial(first)
        assert copy.stat().st_size > 10_000


def test_small_files_and_unwritable_folders_keep_nothing(tmp_path):
    read_risk_parameters(PA2, tmp_path)
    assert not list(tmp_path.iterdir())
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    assert read_risk_parameters(PA2, blocked).complete


def test_the_least_recently_used_copies_go(keep_all, tmp_path):
    for number in range(span_cache.MOST_KEPT + 2):
        path = tmp_path / f"{number}.pa2"
        path.write_bytes(PA2.read_bytes() + b"R %d\r\n" % number)
        read_risk_parameters(path, tmp_path / "kept")
    assert len(list((tmp_path / "kept").iterdir())) == span_cache.MOST_KEPT
