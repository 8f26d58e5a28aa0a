"""The stresses a book is put through: every kind the design asks for, each window once."""

from collections import Counter

from tests.unit.harmonised.books import account, book, option, stock
from workstation.lab.scenarios import custom, historical
from workstation.lab.stress_set import (
    DE_PEG,
    FIVE_DAYS,
    INTRADAY,
    ONE_DAY,
    OWN,
    VARIANT,
    VOLATILITY,
    stress_set,
)

COVID = historical("2020-03-12 Covid A")


def kinds(of, first=COVID):
    return Counter(kind for kind, _ in stress_set(of, first, 1.5))


def test_every_kind_is_there():
    of = book([stock("V", "USDC", 100, "stablecoin"), stock("W", "USDC", 5, "stablecoin"),
               option("PM", "SPX", "P", "4900", 2, "120")],
              [account("PM"), account("V", "crypto_venue"), account("W", "crypto_spot")])
    found = kinds(of)
    assert found[ONE_DAY] == 21
    assert 0 < found[FIVE_DAYS] < 21  # two windows are the same days under two names
    assert found[INTRADAY] == 4
    assert found[VARIANT] == 5  # severe, bonds too, weekend gap, correlations to one twice
    assert found[VOLATILITY] == 2
    assert found[DE_PEG] == 2  # everywhere, and at the one venue
    assert not found[OWN]
    names = [shock.name for _, shock in stress_set(of, COVID, 1.5)]
    assert len(set(names)) == len(names)
    venue = next(s for k, s in stress_set(of, COVID, 1.5) if k == DE_PEG and s.accounts)
    assert venue.accounts == ("V",)
    assert venue.moves == {"USDC": -0.12}


def test_what_the_book_does_not_hold_is_not_stressed():
    found = kinds(book([stock("A", "SPY", 1, "etf")]))
    assert not found[VOLATILITY]
    assert not found[DE_PEG]


def test_a_shock_of_ones_own_comes_first():
    first = custom({"SPX": -0.1}, "mine")
    kind, shock = stress_set(book([stock("A", "SPY", 1, "etf")]), first, 2.0)[0]
    assert (kind, shock) == (OWN, first)
