"""Compiled copies of risk-parameter files: equal to the file, and never trusted over it."""

from datetime import date

import numpy as np
import pytest

from tests.rules.span_fixture import CSV, PA2, SPN, conventions, portfolios
from workstation.importers import span_cache
from workstation.importers.span_parameters import read_risk_parameters
from workstation.rulebooks.span.requirement import SpanCalculator
from workstation.workspace.risk_sources import BESIDE, OF_USER, compiled_folders, read_source
from workstation.workspace.session import Session


@pytest.fixture
def keep_all(monkeypatch):
    monkeypatch.setattr(span_cache, "WORTH_KEEPING", 1)


def initial(parameters, name="P11"):
    return SpanCalculator([parameters], conventions()).risk(portfolios(CSV)[name]).initial.amount


@pytest.mark.parametrize("path", [PA2, SPN])
def test_a_compiled_copy_equals_its_file(keep_all, tmp_path, monkeypatch, path):
    first = read_risk_parameters(path, [tmp_path])
    monkeypatch.setattr("workstation.importers.span_parameters._read", None)
    again = read_risk_parameters(path, [tmp_path])
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
    first = read_risk_parameters(PA2, [tmp_path])
    (copy,) = tmp_path.iterdir()
    for content in (b"", b"PK\x03\x04 rubbish", copy.read_bytes()[:5000]):
        copy.write_bytes(content)
        assert initial(read_risk_parameters(PA2, [tmp_path])) == initial(first)
        assert copy.stat().st_size > 10_000


def test_small_files_and_unwritable_folders_keep_nothing(tmp_path):
    read_risk_parameters(PA2, [tmp_path])
    assert not list(tmp_path.iterdir())
    blocked = tmp_path / "file"
    blocked.write_text("x", "utf-8")
    assert read_risk_parameters(PA2, [blocked]).complete


def test_a_copy_lies_beside_the_saved_review_and_serves_the_next_who_opens_it(
        keep_all, tmp_path, monkeypatch):
    own, project = tmp_path / "user", tmp_path / "client" / "futures.crossmargin"
    project.parent.mkdir()
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: own)
    folders = compiled_folders(project)
    assert folders == (project.parent / BESIDE, own / OF_USER)
    first = read_risk_parameters(PA2, folders)
    assert [path.suffix for path in folders[0].iterdir()] == [".compiled"]
    assert not own.exists()
    monkeypatch.setattr("workstation.importers.span_parameters._read", None)
    assert initial(read_risk_parameters(PA2, compiled_folders(project))) == initial(first)


def test_where_the_review_lies_cannot_be_written_the_copy_is_the_user_s(
        keep_all, tmp_path, monkeypatch):
    own = tmp_path / "user"
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: own)
    blocked = tmp_path / "client"
    blocked.write_text("no folder", "utf-8")
    folders = compiled_folders(blocked / "futures.crossmargin")
    first = read_risk_parameters(PA2, folders)
    assert len(list((own / OF_USER).iterdir())) == 1
    monkeypatch.setattr("workstation.importers.span_parameters._read", None)
    assert initial(read_risk_parameters(PA2, folders)) == initial(first)
    assert compiled_folders(None) == (own / OF_USER,)


def test_opening_a_saved_review_reads_the_copy_beside_it(keep_all, tmp_path, monkeypatch):
    monkeypatch.setattr("platformdirs.user_cache_path", lambda name: tmp_path / "user")
    made = Session.from_file(CSV, as_of=date(2026, 6, 15))
    source = read_source(PA2, compiled_folders(tmp_path / "f.crossmargin"))
    made.keep_bytes([source])
    made.use_risk_files([source.parameters])
    made.save(tmp_path / "f.crossmargin")
    monkeypatch.setattr("workstation.importers.span_parameters._read", None)
    again = Session.from_file(tmp_path / "f.crossmargin")
    assert again.book == made.book


def test_whole_numbers_are_kept_in_half_the_room_and_fractions_exactly():
    whole, split = np.array([1.0, -70000.0]), np.array([1.5, 2.0])
    assert span_cache._narrow(whole).dtype == np.int32
    assert span_cache._narrow(split) is split
    assert span_cache._narrow(np.array([1e12])).dtype == np.float64
    assert np.isnan(span_cache._narrow(np.array([np.nan]))[0])


def test_the_least_recently_used_copies_go(keep_all, tmp_path):
    for number in range(span_cache.MOST_KEPT + 2):
        path = tmp_path / f"{number}.pa2"
        path.write_bytes(PA2.read_bytes() + b"R %d\r\n" % number)
        read_risk_parameters(path, [tmp_path / "kept"])
    assert len(list((tmp_path / "kept").iterdir())) == span_cache.MOST_KEPT
