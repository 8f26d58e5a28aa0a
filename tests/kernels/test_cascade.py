"""Drawn paths: the generator's published answers, builds against the twin, any chunk the same."""

import numpy as np
import pytest
from scipy import stats

from workstation.kernels import dispatch
from workstation.kernels.cascade import ROWS, RULES
from workstation.kernels.philox import normal_quantile, philox, uniforms

LEVELS = dispatch.available()
COMPILED = [level for level in LEVELS if level != "reference"]
PLAIN = {"impact": 1.0, "decay": 0.94, "cap": 2.0, "participation": 0.2, "maintenance": 1.0,
         "buffer": 0.1, "converge_from": 0.0, "converge_to": 0.1, "floor": 0.01, "steps_a_day": 26,
         "most_steps": 60, "shock_days": 5, "arrival": 1, "freedom": 4, "depth_deviation": 0.5,
         "noticed": 0.5, "lowest": np.log(0.01)}


def book(rows=11, assets=7, seed=3, load=0.07, **rules):
    """A crowded market: long and short rows, two of them netted, some of one owner."""
    rng = np.random.default_rng(seed)
    prices = rng.uniform(10, 1000, assets)
    values = rng.uniform(0, 1e6, (rows, assets)) * rng.choice([-1.0, 1.0], (rows, assets),
                                                              p=[0.25, 0.75])
    sigma = rng.uniform(0.01, 0.05, assets)
    gross = np.sum(np.abs(values) * sigma, axis=1)
    adv = rng.uniform(1e6, 1e7, assets) / prices
    adv[-1] = 0.0
    loads = rng.normal(size=(assets, 3))
    covariance = loads @ loads.T + np.eye(assets)
    rho = covariance / np.sqrt(np.outer(np.diag(covariance), np.diag(covariance)))
    equity = load * np.sum(np.abs(values), axis=1)
    columns = [equity - values.sum(axis=1), np.zeros(rows),
               equity / gross * rng.uniform(0.4, 0.95, rows), rng.uniform(0, 100, rows),
               rng.choice([0.0, 1.0], rows), 0.3 * equity, np.ones(rows), np.zeros(rows),
               np.zeros(rows)]
    columns[1][:2] = 0.7
    owner = np.arange(rows, dtype=np.intp)
    owner[:4] = 0
    firm = owner.copy()
    firm[3] = 3
    return {
        "positions": np.ascontiguousarray(values / prices), "rows": np.array(columns),
        "owner": owner, "firm": firm, "market": np.array([prices, sigma, adv]),
        "correlation": rho, "root": np.linalg.cholesky(rho),
        "level": np.array([0.05, 0.2]), "watched": np.array([0, 1], dtype=np.intp),
        "lasting": np.array([3, -1]), "covers": np.array([[True] * 2 + [False] * (assets - 2),
                                                         [False] * (assets - 1) + [True]]),
        "lent": np.zeros(0, np.intp), "worth": np.zeros(0), "delay": np.zeros(0, np.int64),
        "rules": np.array([float({**PLAIN, **rules}[name]) for name in RULES])}


def relieved(given):
    """What meets calls later: two lots lent out, two owners' credit lines, one firm that failed."""
    rows = given["rows"].copy()
    equity = rows[0] + given["positions"] @ given["market"][0]
    rows[ROWS.index("credit"), [0, 6]] = 0.1 * equity[[0, 6]]
    rows[ROWS.index("frozen"), 9] = 4.0
    return {**given, "rows": rows, "lent": np.array([1, 3], dtype=np.intp),
            "worth": 0.2 * equity[[1, 3]], "delay": np.array([0, 3])}


def played(level, given, paths, first=0, key=7):
    rows, assets = given["positions"].shape
    out = {"equity": np.zeros((paths, rows)), "first_call": np.zeros((paths, rows), np.int64),
           "first_sale": np.zeros((paths, rows), np.int64), "price": np.zeros((paths, assets)),
           "steps": np.zeros(paths, np.int64)}
    dispatch.choose(level).cascade_paths(*given.values(), *out.values(), key=key, first=first)
    return out


@pytest.mark.parametrize(("counter", "key", "words"), [
    ([0] * 4, 0, [0x6627E8D5, 0xE169C58D, 0xBC57AC4C, 0x9B00DBD8]),
    ([0xFFFFFFFF] * 4, 0xFFFFFFFFFFFFFFFF, [0x408F276D, 0x41C83B0E, 0xA20BC7C6, 0x6D5451FD]),
    ([0x243F6A88, 0x85A308D3, 0x13198A2E, 0x03707344], 0x299F31D0A4093822,
     [0xD16CFE09, 0x94FDCCEB, 0x5001E420, 0x24126EA1])])
def test_the_generator_gives_its_published_answers(counter, key, words):
    """Random123's known-answer tests of philox4x32 with ten rounds."""
    assert philox(np.array(counter, dtype=np.uint64), key).tolist() == words


def test_normals_are_the_inverse_of_the_distribution():
    u = np.concatenate([np.linspace(1e-6, 1 - 1e-6, 4001), [2.0**-53, 1e-300, 1 - 2.0**-53]])
    assert normal_quantile(u) == pytest.approx(stats.norm.ppf(u), rel=1e-13, abs=1e-14)
    drawn = uniforms(200_000, 5, np.array([0]), 0, 0)[0]
    assert 0.0 < drawn.min() < drawn.max() < 1.0
    assert stats.kstest(drawn, "uniform").pvalue > 0.01


@pytest.mark.parametrize("level", COMPILED)
@pytest.mark.parametrize("rules", [{}, {"arrival": 12, "freedom": 5}, {"shock_days": 0.01},
                                   {"participation": 0.01, "depth_deviation": 1.0}])
def test_builds_play_the_twins_paths(level, rules):
    given = book(**rules)
    twin, built = played("reference", given, 60), played(level, given, 60)
    for name in ("first_call", "first_sale", "steps"):
        assert built[name].tolist() == twin[name].tolist()
    for name in ("equity", "price"):
        assert built[name] == pytest.approx(twin[name], rel=1e-9, abs=1e-3)
    if rules.get("shock_days") != 0.01:
        assert (twin["first_sale"] >= 0).any()
        assert (twin["first_sale"] < 0).any()


@pytest.mark.parametrize("level", COMPILED)
@pytest.mark.parametrize("rules", [{}, {"arrival": 4, "load": 0.05}])
def test_builds_meet_calls_as_the_twin_does(level, rules):
    plain = book(seed=5, **rules)
    given = relieved(plain)
    twin, built = played("reference", given, 40), played(level, given, 40)
    for name in ("first_call", "first_sale", "steps"):
        assert built[name].tolist() == twin[name].tolist()
    for name in ("equity", "price"):
        assert built[name] == pytest.approx(twin[name], rel=1e-9, abs=1e-3)
    later, sooner = built["first_sale"], played(level, plain, 40)["first_sale"]
    assert ((later >= 0).sum(axis=0) <= (sooner >= 0).sum(axis=0))[:7].all()
    assert (later != sooner).any(axis=0)[[0, 6, 9]].all()
    assert set(built["first_sale"][:, 9]) & {0, 1, 2, 3} == set()


@pytest.mark.parametrize("level", LEVELS)
def test_an_overflow_stops_its_path_and_keeps_the_step_before(level):
    """Volatility of 4,000 a day: drawn prices leave the range of numbers, or fall to nothing."""
    given = book(arrival=3, shock_days=1.0)
    given["market"] = given["market"].copy()
    given["market"][1] = 4000.0
    found = played(level, given, 60)
    broken = found["steps"] < 0
    assert broken.any()
    assert set(-found["steps"][broken]) <= {1, 2, 3, 4, 5}
    for name in ("equity", "price"):
        assert np.isfinite(found[name]).all()
    before = given["rows"][0] + given["positions"] @ given["market"][0]
    for path in np.flatnonzero(found["steps"] == -1):
        assert found["equity"][path] == pytest.approx(before)
        assert found["price"][path] == pytest.approx(given["market"][0])


@pytest.mark.parametrize("level", LEVELS)
def test_a_path_is_the_same_bytes_in_any_chunk(level):
    given = book()
    whole = played(level, given, 12)
    for start, count in ((0, 5), (5, 7), (11, 1)):
        part = played(level, given, count, first=start)
        for name, values in part.items():
            assert values.tobytes() == whole[name][start:start + count].tobytes()


@pytest.mark.parametrize("size", [(11, 7), (50, 40), (33, 17), (4, 2), (8, 8)])
def test_all_builds_give_the_same_bytes(size):
    if len(COMPILED) < 2:
        pytest.skip("one build only")
    given = book(*size, arrival=5) if min(size) < 10 else relieved(book(*size, arrival=5))
    first, *others = (played(level, given, 40) for level in COMPILED)
    for other in others:
        for name, values in other.items():
            assert values.tobytes() == first[name].tobytes(), name


def test_another_seed_draws_other_paths():
    given = book()
    assert not np.array_equal(played("reference", given, 3)["price"],
                              played("reference", given, 3, key=8)["price"])
