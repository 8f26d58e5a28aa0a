"""Published and computed figures, when the reference files lie beside the checkout."""

from pathlib import Path

import numpy as np
import pytest

from tests.shared import shared
from tests.vectors.families import FAMILIES
from tests.vectors.runner import run_file
from workstation.importers.crif import CrifOptions, read_crif
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif

FILES = ("simm_isda.json", "simm_scaled.json", "simm_probes_2.8+2512.json", "simm_explain.json",
         "schedule.json", "backtest.json")
ORE_RUNS = {
    ("SIMM2.4_10D", "2.4", "10d"): (1_011_746.910742, 938_504.173673),
    ("SIMM2.4_1D", "2.4", "1d"): (262_091.159882, 256_419.242324),
    ("SIMM2.5A_10D_calibration", "xml", "10d"): (1_049_089.950930, 976_214.439972),
    ("SIMM2.5A_1D_calibration", "xml", "1d"): (279_036.956442, 273_612.620063),
    ("SIMM2.6_10D", "2.6", "10d"): (1_086_219.458910, 1_022_075.910766),
    ("SIMM2.6_1D", "2.6", "1d"): (278_190.677244, 272_743.037958),
}
REPAIRED = {
    "2.7": (19_124_654.0902, 19_103_535.4348, 6_118_889.6616, 6_117_738.9412),
    "2.8+2506": (18_859_232.6837, 18_847_771.9133, 6_308_048.8301, 6_309_816.7585),
    "2.8+2512": (19_181_732.2937, 19_172_117.3550, 6_360_740.6965, 6_362_698.9071),
}
CLEAN = {
    "2.7": (18_118_927.6694, 18_100_004.0901, 5_833_114.9298, 5_832_117.4018),
    "2.8+2506": (17_805_719.6921, 17_796_438.1063, 5_987_420.3699, 5_989_343.6701),
    "2.8+2512": (18_123_657.5111, 18_116_845.7209, 6_037_097.2731, 6_039_248.9989),
}


@pytest.mark.parametrize("name", FILES)
def test_every_vector_passes(name):
    outcomes = list(run_file(shared("vectors", name), FAMILIES))
    assert outcomes
    assert [o.line() for o in outcomes if not o.passed] == []


def ore_calibration(version):
    if version == "xml":
        return editions.from_file(shared("data", "third_party", "ore", "simmcalibration_2.5A.xml"))
    return editions.by_name(version)


@pytest.mark.parametrize(("run", "expected"), ORE_RUNS.items())
def test_ore_examples(run, expected):
    folder, version, mpor = run
    crif = read_crif(shared("data", "third_party", "ore", "ore_crif.csv")).crif
    setup = Setup(ore_calibration(version), mpor)
    for side, wanted in zip(("call", "post"), expected, strict=True):
        [item] = margin_crif(crif, setup, side).portfolios
        assert item.total == pytest.approx(wanted, abs=1e-5)
        lines = _ore_lines(folder, side)
        assert item.delta == pytest.approx(lines["Delta"], rel=1e-9)
        assert item.vega == pytest.approx(lines["Vega"], rel=1e-9)
        assert item.curvature == pytest.approx(lines.get("Curvature", 0.0), rel=1e-9, abs=1e-6)


def _ore_lines(folder, side):
    path = shared("data", "third_party", "ore", "expected", folder, "simm.csv")
    rows = (line.split(",") for line in path.read_text("utf-8").splitlines()[1:])
    return {row[3]: float(row[7]) for row in rows
            if row[1:3] == ["All", "All"] and row[4] == "All" and row[5] == side.title()}


def test_ore_rows_in_usd_give_the_same_margin():
    crif = read_crif(shared("data", "third_party", "ore", "simm_data_usd.csv")).crif
    [item] = margin_crif(crif, Setup(editions.by_name("2.6"))).portfolios
    assert item.total == pytest.approx(1_086_219.458910, abs=1e-5)


def test_the_ore_xml_holds_exactly_the_shipped_numbers():
    ours, theirs = editions.by_name("2.5A").tables, ore_calibration("xml").tables
    assert set(ours) == set(theirs)
    for risk_class in set(ours) - {"psi"}:
        assert set(ours[risk_class]) == set(theirs[risk_class])
        for name, value in ours[risk_class].items():
            assert _plain(value) == _plain(theirs[risk_class][name]), (risk_class, name)
    assert _plain(ours["psi"]) == _plain(theirs["psi"])


@pytest.mark.parametrize("calibration", editions.shipped(), ids=lambda c: c.version)
def test_every_shipped_number_is_the_reference_number(calibration):
    path = shared("data", "simm", f"{calibration.version}.json")
    reference = editions.from_file(path)
    assert (calibration.effective, calibration.published) == (
        reference.effective, reference.published)
    assert {k: _plain(v) for k, v in calibration.tables.items()} == {
        k: _plain(v) for k, v in reference.tables.items()}


def _plain(value):
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        items = [_plain(item) for item in value]
        return sorted(items) if items and isinstance(items[0], str) else items
    return value if isinstance(value, str) else float(value)


@pytest.mark.parametrize(("version", "expected"), REPAIRED.items())
def test_the_book_of_defects_without_its_refused_rows(version, expected):
    _all_four(_negative(), version, expected)


@pytest.mark.parametrize(("version", "expected"), CLEAN.items())
def test_the_clean_rows_alone(version, expected):
    crif = _negative()
    clean = np.array([crif.trade[row].startswith("OK") for row in range(len(crif))])
    _all_four(crif.take(clean), version, expected)


def _negative():
    path: Path = shared("vectors", "crif_negative.csv")
    return read_crif(path, CrifOptions(skip_refused_rows=True)).crif


def _all_four(crif, version, expected):
    got = [margin_crif(crif, Setup(editions.by_name(version), mpor), side).portfolios[0].total
           for mpor in ("10d", "1d") for side in ("call", "post")]
    assert got == pytest.approx(expected, abs=0.01)
