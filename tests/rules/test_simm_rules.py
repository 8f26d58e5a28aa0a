"""Single rules of the method, with figures worked out in the test."""

import math
from datetime import date

import numpy as np
import pytest

from tests.rules.crif_rows import read, written
from workstation.base.problem import UnusableInputError
from workstation.base.resources import resource_root
from workstation.importers.crif import read_crif
from workstation.parameters.store import NoParametersInForceError, parse_edition
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.calibration import CalibrationError
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.pair_sums import pair_sums

CURRENT = editions.by_name("2.8+2512")
SIGMA = math.sqrt(365 / 14) / 2.3263478740408408


def margin_of(folder, *rows, side="call", mpor="10d", currency="USD", calibration=CURRENT):
    crif = read(folder, rows, currency=currency).crif
    return margin_crif(crif, Setup(calibration, mpor, currency), side).portfolios[0]


def test_one_vertex_is_weight_times_sensitivity(tmp_path):
    row = ("RatesFX", "Risk_IRCurve", "USD", "1", "5y", "OIS", 1000.0)
    assert margin_of(tmp_path, row).total == pytest.approx(61 * 1000)


def test_sub_curves_at_the_same_vertex_are_correlated_by_phi(tmp_path):
    rows = [("RatesFX", "Risk_IRCurve", "USD", "", "5y", sub, a)
            for sub, a in (("OIS", 1000.0), ("Libor3m", -1000.0))]
    phi = CURRENT.number(0, "corr_subcurves")
    assert margin_of(tmp_path, *rows).total == pytest.approx(
        61 * 1000 * math.sqrt(2 - 2 * phi))


def test_concentration_is_on_the_netted_currency_without_the_basis(tmp_path):
    """T = 220 million per bp for USD; a basis factor carries no concentration."""
    amount = 880e6
    alone = ("RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", amount)
    assert margin_of(tmp_path, alone).total == pytest.approx(61 * amount * 2)
    basis = ("RatesFX", "Risk_XCcyBasis", "USD", "", "", "", amount)
    assert margin_of(tmp_path, basis).total == pytest.approx(21 * amount)


def test_equity_concentration_damps_the_pair(tmp_path):
    rows = [("Equity", "Risk_Equity", name, "5", "", "", amount)
            for name, amount in (("A", 80e6), ("B", 5e6))]
    weighted = 23 * 80e6 * 2, 23 * 5e6
    rho = 0.18
    expected = math.sqrt(weighted[0]**2 + weighted[1]**2 + 2 * rho * 0.5 * math.prod(weighted))
    assert margin_of(tmp_path, *rows).total == pytest.approx(expected)


def test_residual_bucket_is_added_outside_the_root(tmp_path):
    rows = [("Equity", "Risk_Equity", "A", "5", "", "", 1000.0),
            ("Equity", "Risk_Equity", "R", "Residual", "", "", -1000.0)]
    assert margin_of(tmp_path, *rows).total == pytest.approx(23 * 1000 + 38 * 1000)


def test_volatility_indices_have_vega_and_no_curvature(tmp_path):
    row = ("Equity", "Risk_EquityVol", "VIX", "12", "3m", "", 1000.0)
    item = margin_of(tmp_path, row)
    assert item.vega == pytest.approx(0.72 * 0.56 * 15 * SIGMA * 1000)
    assert item.curvature == 0


def test_curvature_of_one_option(tmp_path):
    """Half of 14 days over the expiry; lambda at theta 0 for a long, nothing for a short."""
    amount = 1000.0
    row = ("Equity", "Risk_EquityVol", "A", "5", "1y", "", amount)
    cvr = 0.5 * 14 / 365 * 23 * SIGMA * amount
    assert margin_of(tmp_path, row).curvature == pytest.approx(cvr * (1 + 5.634896601))
    # theta = -1: lambda = 1, so the sum and the root cancel.
    assert margin_of(tmp_path, row, side="post").curvature == pytest.approx(0, abs=1e-9)


def test_interest_rate_curvature_is_divided_by_the_squared_ratio(tmp_path):
    row = ("RatesFX", "Risk_IRVol", "USD", "", "2w", "", 1000.0)
    expected = 0.5 * 1000 * (1 + 5.634896601) / 0.74**2
    assert margin_of(tmp_path, row).curvature == pytest.approx(expected)


def test_fx_volatility_uses_both_groups_whatever_the_calculation_currency(tmp_path):
    row = ("RatesFX", "Risk_FXVol", "USDZMW", "", "1y", "", 1000.0)
    usd = margin_of(tmp_path, row).vega
    assert usd == pytest.approx(0.33 * 0.67 * 31.7 * SIGMA * 1000)
    assert margin_of(tmp_path, row, currency="EUR").vega == usd


def test_the_calculation_currency_has_no_fx_delta(tmp_path):
    rows = [("RatesFX", "Risk_FX", c, "", "", "", 1000.0) for c in ("USD", "EUR")]
    assert margin_of(tmp_path, *rows).total == pytest.approx(7.4 * 1000)
    assert margin_of(tmp_path, *rows, currency="EUR").total == pytest.approx(7.4 * 1000)


def test_product_classes_add_without_offset(tmp_path):
    row = ("Risk_IRCurve", "USD", "", "5y", "OIS")
    rows = [("RatesFX", *row, 1000.0), ("Equity", *row, -1000.0)]
    assert margin_of(tmp_path, *rows).total == pytest.approx(2 * 61 * 1000)


def test_add_ons(tmp_path):
    rows = [("RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", 1000.0),
            ("", "Param_ProductClassMultiplier", "RatesFX", "", "", "", 1.5),
            ("", "Param_AddOnFixedAmount", "", "", "", "", 7.0),
            ("", "Param_AddOnNotionalFactor", "Alpha", "", "", "", 12.5),
            ("", "Notional", "Alpha", "", "", "", -800.0)]
    item = margin_of(tmp_path, *rows)
    assert item.simm == pytest.approx(61_000)
    assert item.add_on == pytest.approx(30_500 + 7 + 100)
    assert item.total == pytest.approx(61_000 + 30_607)


def test_the_worst_regulation_is_reported_and_unnamed_rows_drop_out(tmp_path):
    header = ("TradeID", "PortfolioID", "ProductClass", "RiskType", "Qualifier", "Label1",
              "Label2", "AmountUSD", "collect_regulations", "post_regulations")
    row = ("P", "RatesFX", "Risk_IRCurve", "USD", "5y", "OIS")
    path = written(tmp_path, [("A", *row, 1000.0, "CFTC,SEC", "[CFTC]"),
                              ("B", *row, 500.0, "SEC", ""), ("C", *row, 9000.0, "", "")], header)
    margins = margin_crif(read_crif(path).crif, Setup(CURRENT))
    [item] = margins.portfolios
    assert item.regulations == ("SEC",)
    assert item.by_regulation == pytest.approx({"CFTC": 61_000, "SEC": 91_500})
    assert "1 rows name no regulation" in margins.problems[0].what
    [post] = margin_crif(read_crif(path).crif, Setup(CURRENT), "post").portfolios
    assert post.by_regulation == pytest.approx({"CFTC": 61_000})


def test_calibration_by_date_changes_on_the_close_before_it_takes_effect():
    assert editions.in_force(date(2026, 7, 9)).version == "2.8+2506"
    assert editions.in_force(date(2026, 7, 10)).version == "2.8+2512"
    assert editions.in_force(date(2030, 1, 1)).version == "2.8+2512"
    with pytest.raises(NoParametersInForceError):
        editions.in_force(date(2019, 11, 28))


def test_an_old_calibration_is_said_to_be_outdated():
    assert editions.outdated(CURRENT, date(2026, 11, 20)) is None
    assert "outdated" in editions.outdated(CURRENT, date(2027, 3, 1)).what
    assert editions.outdated(editions.by_name("2.7"), date(2025, 3, 1)) is None


def test_versions_by_alias_and_unknown():
    assert editions.by_name("SIMM v2.5.6").version == "2.6"
    with pytest.raises(UnusableInputError, match="there is no calibration"):
        editions.by_name("3.9")


def test_a_users_edition_file_is_read_and_named_as_such(tmp_path):
    path = next(p for p in _folder().glob("2.7.toml"))
    own = tmp_path / "own.toml"
    own.write_text(path.read_text("utf-8").replace('edition = "2.7"', 'edition = "house"'), "utf-8")
    found = editions.from_file(own)
    assert not found.built_in
    assert found.described.startswith("house (user file, SHA-256 ")


@pytest.mark.parametrize(("old", "new", "what"), [
    ("[parameter.psi]", "[parameter.phi]", "psi"),
    ('currencies = ["Other"]', 'currencies = ["XXX"]', "default group"),
    ("[parameter.fx_hvr]", "[parameter.fx_hxr]", "FX hvr"),
    ("20y = ", "21y = ", "lacks '20y'"),
    ('"2|1" = ', '"3|1" = ', "FX delta_rw lacks"),
    ('"calc=1|1|2" = ', '"calc=9|1|2" = ', "FX correlations lacks"),
    ('"aggregate|same" = ', '"aggregate|alike" = ', "lacks 'aggregate|same'"),
    ("2w = ", "2w = nan, 2x = ", "is not a number"),
])
def test_a_broken_calibration_is_refused_with_its_defect(tmp_path, old, new, what):
    text = (_folder() / "2.7.toml").read_text("utf-8")
    assert old in text
    own = tmp_path / "own.toml"
    own.write_text(text.replace(old, new), "utf-8")
    with pytest.raises(UnusableInputError, match=what):
        editions.from_file(own)


def test_a_calibration_without_one_day_tables_refuses_a_one_day_run(tmp_path):
    text = (_folder() / "2.7.toml").read_text("utf-8")
    kept = "\n".join(line for line in text.split("\n") if 'mpor = "1d"' not in line)
    calibration = editions.of_edition(parse_edition(kept, tmp_path / "x.toml"), built_in=False)
    row = ("RatesFX", "Risk_IRCurve", "USD", "", "5y", "OIS", 1000.0)
    assert margin_of(tmp_path, row, calibration=calibration).total > 0
    with pytest.raises(CalibrationError, match="no 1d tables"):
        margin_of(tmp_path, row, mpor="1d", calibration=calibration)


def _folder():
    return resource_root() / "parameters" / "simm"


def test_pair_sums_equal_the_double_sum():
    rng = np.random.default_rng(11)
    segment = rng.integers(0, 7, 200)
    value = rng.normal(size=200) * 10.0 ** rng.integers(-6, 9, 200)
    level = np.maximum(1.0, rng.normal(1.5, 2.0, 200))
    got = pair_sums(value, level, segment, 8)
    for k in range(200):
        others = [i for i in range(200) if segment[i] == segment[k] and i != k]
        damped = [value[i] * min(level[i], level[k]) / max(level[i], level[k]) for i in others]
        assert got.others[k] == pytest.approx(
            math.fsum(damped), abs=1e-12 * sum(map(abs, damped), 1e-300))


def test_a_large_neighbour_costs_a_small_segment_no_digits():
    value, level = np.array([1e18, 1.0, 2.0, 3.0, 5.0]), np.array([2.0, 1.0, 2.0, 4.0, 3.0])
    got = pair_sums(value, level, np.array([0, 2, 2, 2, 3]), 4)
    assert got.others.tolist() == [0.0, 2 / 2 + 3 / 4, 1 / 2 + 3 / 2, 1 / 4 + 2 / 2, 0.0]
