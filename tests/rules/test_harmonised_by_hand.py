"""Methods A, H and M written again in a few plain lines, straight from their definitions.

Nothing here but the books' positions comes from the engine: scan points, trees, tails, filters and
rates are worked out from the numbers of the design alone, and must agree with what it asks.
"""

from dataclasses import replace
from datetime import date, timedelta

import numpy as np
import pytest

from tests.unit.harmonised.books import AS_OF, account, assessed, book, future, option, stock
from workstation.harmonised.design import shipped, with_knob
from workstation.market.history import History

COUNT = 900
DAYS = [d for i in range(1300) if (d := AS_OF - timedelta(1299 - i)).weekday() < 5][-COUNT:]
RANDOM = np.random.default_rng(5).standard_normal((3, COUNT))
MIX = np.linalg.cholesky(np.array([[1, 0.9, 0.3], [0.9, 1, 0.3], [0.3, 0.3, 1]]))
STEPS = (MIX @ RANDOM) * np.array([[0.01], [0.012], [0.03]])
LEVELS = np.exp(np.cumsum(STEPS, axis=1)) * np.array([[5000], [18_000], [90_000]])
HISTORY = History(tuple(DAYS), ("SPX", "NDX", "BTC"), tuple(map(tuple, LEVELS.tolist())))
WINDOW = (date(2026, 1, 20), date(2026, 2, 27))

SPY, ES, QQQ, IBIT, BTC = 500_000.0, -2_000_000.0, -240_000.0, 100_000.0, 90_000.0
NET = np.array([SPY + ES, QQQ, IBIT + BTC])


def macro():
    return replace(book(
        [stock("A", "SPY", 1000, "etf"), future("F", "ES", "SPX", -8, 50, "5000"),
         stock("A", "QQQ", -600, "etf"), stock("A", "IBIT", 2000, "etp"),
         stock("S", "BTC", 1, "crypto")],
        [account("A"), account("F", "futures"), account("S", "crypto_spot")], HISTORY))


def asked(of=None, **knobs):
    design = shipped()["full-netting"]
    for name, value in knobs.items():
        design = with_knob(design, name.replace("__", "."), value)
    return float(assessed(of or macro(), design).margin.requirement.amount)


def scan(down, up, count=10):
    half = np.arange(1, count // 2 + 1) / (count // 2)
    return np.concatenate((-down * half[::-1], up * half))


def counted(profit, share):
    return np.minimum(profit, 0) + share * np.maximum(profit, 0)


def worst(*profits):
    return sum(max(0.0, -p.min()) for p in profits)


SP, ND, BT = scan(0.08, 0.06), scan(0.10, 0.10), scan(0.25, 0.25)
ROOTS = (NET[0] * SP, NET[1] * ND, NET[2] * BT)
LEGS = (SPY * SP, ES * SP, QQQ * ND, IBIT * BT, BTC * BT)
FULL = worst(sum(ROOTS))


@pytest.mark.parametrize(("group", "classes"), [(0.5, 0.3), (1.0, 1.0), (0.9, 0.2), (0.2, 0.7)])
def test_scan_counts_gains_at_the_rate_of_each_level(group, classes):
    equity = counted(ROOTS[0], group) + counted(ROOTS[1], group)
    assert asked(offsets__product_group=group, offsets__book=classes) == pytest.approx(
        worst(counted(equity, classes) + counted(ROOTS[2], classes)))


@pytest.mark.parametrize(("knobs", "want"), [
    ({}, FULL),
    ({"scan__points": 20}, worst(NET[0] * scan(0.08, 0.06, 20) + NET[1] * scan(0.1, 0.1, 20)
                                 + NET[2] * scan(0.25, 0.25, 20))),
    ({"offsets__book": 0}, worst(ROOTS[0] + ROOTS[1], ROOTS[2])),
    ({"offsets__product_group": 0, "offsets__asset_class": 0, "offsets__book": 0}, worst(*ROOTS)),
    ({"offsets__same_underlying": 0, "offsets__product_group": 0, "offsets__asset_class": 0,
      "offsets__book": 0}, worst(*LEGS)),
    ({"offsets__same_underlying": 0.5}, worst(
        counted(LEGS[0], 0.5) + counted(LEGS[1], 0.5) + LEGS[2] + counted(LEGS[3], 0.5)
        + counted(LEGS[4], 0.5))),
    ({"legal__scope": "account"}, worst(LEGS[0] + LEGS[2] + LEGS[3], LEGS[1], LEGS[4])),
    ({"legal__ineligible_accounts": ("futures",)}, worst(
        LEGS[0] + LEGS[2] + ROOTS[2], LEGS[1])),
    ({"listed__ineligible_classes": ("crypto",)}, worst(ROOTS[0] + ROOTS[1], LEGS[3], LEGS[4])),
    ({"basis__equity": "0.005"}, FULL + 0.005 * SPY),
    ({"buffer__rate": "0.25"}, 1.25 * FULL),
    ({"cap__reduction": "0.2"}, max(FULL, 0.8 * worst(*LEGS))),
    ({"cap__reduction": "0.2", "buffer__rate": "0.25"}, max(1.25 * FULL, 0.8 * worst(*LEGS))),
    ({"gap__single_name": "0.5"}, FULL + max(0.0, 0.5 * NET[2] - worst(ROOTS[2]))),
])
def test_scan_units_charges_and_limits(knobs, want):
    assert asked(**knobs) == pytest.approx(want)


def test_minimum_of_short_options_and_of_contracts():
    short = book([option("A", "SPX", "C", "6500", -3, "0.5")])
    plain = asked(short)
    assert asked(short, short_option_minimum=10) == pytest.approx(max(plain, 10 * 3 * 100))
    assert asked(short, contract_minimum=1000) == pytest.approx(max(plain, 3 * 1000))


# Expected shortfall -------------------------------------------------------------------------


def moves(row, horizon=2):
    out = np.full(COUNT, np.nan)
    out[:-horizon] = LEVELS[row][horizon:] / LEVELS[row][:-horizon] - 1
    return out


def shortfall(profit, share=0.025, probability=None):
    weight = np.full(len(profit), 1 / len(profit)) if probability is None else probability
    order = np.argsort(profit, kind="stable")
    inside = np.clip(share - (np.cumsum(weight[order]) - weight[order]), 0, weight[order])
    return max(0.0, -(inside @ profit[order]) / inside.sum())


JOINT = np.array([moves(row) for row in range(3)])
KNOWN = np.isfinite(JOINT).all(axis=0)
PROFIT = NET @ JOINT[:, KNOWN]
IN_WINDOW = np.array([WINDOW[0] <= d <= WINDOW[1] for d in DAYS])[KNOWN]
H = {"method": "historical"}


def ewma(row, decay=0.97):
    steps = LEVELS[row][1:] / LEVELS[row][:-1] - 1
    variance = [np.mean(steps[:25] ** 2)]
    for step in steps:
        variance.append(decay * variance[-1] + (1 - decay) * step**2)
    volatility = np.sqrt(variance)
    return np.clip(volatility[-1] / volatility, 0.5, 2.0)


FILTERED = NET @ (JOINT * np.array([ewma(row) for row in range(3)]))[:, KNOWN]
FILTER = {"tails__filter": True, "tails__decay": "0.97", "tails__filter_floor": "0.5",
          "tails__filter_cap": 2}
MIXED = np.concatenate((PROFIT, PROFIT[IN_WINDOW]))
WEIGHTS = np.concatenate((np.full(KNOWN.sum(), 0.7 / KNOWN.sum()),
                          np.full(IN_WINDOW.sum(), 0.3 / IN_WINDOW.sum())))


@pytest.mark.parametrize(("knobs", "want"), [
    ({}, shortfall(PROFIT)),
    ({"tails__share": "0.01"}, shortfall(PROFIT, 0.01)),
    ({"tails__lookback": 300}, shortfall(PROFIT[-298:])),
    ({"tails__stress_share": "0.3", "tests__stress_windows": (f"{WINDOW[0]}..{WINDOW[1]}",)},
     shortfall(MIXED, 0.025, WEIGHTS)),
    (FILTER, shortfall(FILTERED)),
    ({**FILTER, "floor__long_run": 1}, max(shortfall(FILTERED), shortfall(PROFIT))),
    ({"offsets__product_group": "0.6", "offsets__book": "0.3"}, shortfall(
        counted(counted(NET[0] * JOINT[0], 0.6) + counted(NET[1] * JOINT[1], 0.6), 0.3)[KNOWN]
        + counted(NET[2] * JOINT[2], 0.3)[KNOWN])),
])
def test_historical_shortfall(knobs, want):
    assert asked(**H, **knobs) == pytest.approx(want, rel=1e-6)


def test_each_class_over_its_own_closing_time():
    joint = np.array([moves(0, 1), moves(1, 1), moves(2, 3)])
    joint = joint[:, np.isfinite(joint).all(axis=0)]
    assert asked(**H, mpor__equity=1, mpor__crypto=3) == pytest.approx(
        shortfall(NET @ joint), rel=1e-6)


def test_the_two_model_rule_takes_the_greater():
    assert asked(method="two_model") == pytest.approx(max(FULL, shortfall(PROFIT)), rel=1e-6)


M = {"method": "simulated", "tails__share": "0.01", "copula__havens": ()}
LONG = np.array([SPY, IBIT])
PAIR = np.array([moves(0), moves(2)])
PAIR = PAIR[:, np.isfinite(PAIR).all(axis=0)]


def longs():
    return book([stock("A", "SPY", 1000, "etf"), stock("A", "IBIT", 2000, "etp")],
                history=HISTORY)


def read_off(ranks):
    past = (np.arange(PAIR.shape[1]) + 0.5) / PAIR.shape[1]
    return np.array([np.interp(u, past, np.sort(row))
                     for u, row in zip(ranks, PAIR, strict=True)])


def test_correlations_to_one_add_the_shortfalls_up():
    ranks = (np.arange(4000) + 0.5) / 4000
    want = sum(size * shortfall(row, 0.01)
               for size, row in zip(LONG, read_off([ranks, ranks]), strict=True))
    assert asked(longs(), **M, copula__draws=4000, copula__stress_weight=1,
                 copula__stress="to_one") == pytest.approx(want, rel=1e-9)


RHO = np.corrcoef(PAIR)[0, 1]


@pytest.mark.parametrize(("knobs", "rho"), [
    ({"copula__stress_weight": 0}, RHO),
    ({"copula__stress_weight": "0.5", "copula__stress": "to_one"}, 0.5 * RHO + 0.5),
    ({"copula__stress_weight": 0, "copula__pairs": ("SPX~BTC=-0.8",)}, -0.8),
])
def test_student_copula_agrees_with_plain_monte_carlo(knobs, rho):
    random, count = np.random.default_rng(1), 400_000
    normal = random.standard_normal((2, count))
    normal[1] = rho * normal[0] + np.sqrt(1 - rho**2) * normal[1]
    student = normal * np.sqrt(4 / random.chisquare(4, count))
    ranks = (np.argsort(np.argsort(student, axis=1), axis=1) + 0.5) / count
    want = shortfall(LONG @ read_off(ranks), 0.01)
    got = asked(longs(), **M, copula__draws=20_000, copula__degrees=4, **knobs)
    assert got == pytest.approx(want, rel=0.015)


# Tests of offsets ---------------------------------------------------------------------------


def correlation(first, second):
    return float(np.corrcoef(first, second)[0, 1])


def test_the_rate_follows_the_lowest_correlation():
    returns = np.log(LEVELS[:, 1:] / LEVELS[:, :-1])
    rolling = min(correlation(returns[0, i:i + 60], returns[1, i:i + 60])
                  for i in range(COUNT - 60))
    inside = np.array([WINDOW[0] <= d <= WINDOW[1] for d in DAYS[1:]])
    lowest = min(rolling, correlation(returns[0, inside], returns[1, inside]))
    pair = book([stock("A", "SPY", 1000, "etf"), stock("A", "QQQ", -1000, "etf")],
                history=HISTORY)
    longs_of, shorts = SPY * SP, -400_000.0 * ND
    for least in (0.5, 0.7, 0.95):
        rate = (lowest - least) / (1 - least)
        got = asked(pair, tests__required=True, tests__rho_min="0.7",
                    tests__rho_stress_min=least, tests__tail_min=0, offsets__rate="linear",
                    offsets__cap=1, tests__stress_windows=(f"{WINDOW[0]}..{WINDOW[1]}",))
        want = worst(counted(longs_of, rate) + counted(shorts, rate)) if rate > 0 else worst(
            longs_of, shorts)
        assert got == pytest.approx(want)
