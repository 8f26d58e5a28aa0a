"""The ten shipped designs: what they are, what they inherit, and the properties between them."""

from dataclasses import replace
from decimal import Decimal

import pytest

from tests.unit.harmonised.books import (
    AS_OF,
    account,
    assessed,
    book,
    correlated,
    future,
    perpetual,
    silos,
    stock,
)
from workstation.harmonised.design import (
    DesignFileError,
    differences,
    read_design,
    shipped,
    shipped_by_default,
)
from workstation.harmonised.design_text import design_text, parse_design
from workstation.offsets.ledger import is_across_silos, ledger
from workstation.offsets.waterfall import bridge
from workstation.parameters.ruleset import RuleSet

TEN = {"today", "today-plus-programmes", "single-account-scan", "stable-offsets-only",
       "full-netting", "stressed-es", "filtered-hs-apc", "two-model", "crypto-separate",
       "crypto-included"}
HISTORY = correlated({"SPX": 0.98, "QQQ": 0.98, "BTC": 0.6})
RULES = RuleSet(AS_OF)


def macro(history=HISTORY, programme=""):
    positions = [
        stock("PM", "SPY", 1000, "etf"), stock("PM", "QQQ", -900, "etf"),
        stock("PM", "IBIT", 2000, "etp"), future("F", "ES", "SPX", -1, 50, "5000"),
        future("F", "BTC", "BTC", -0.2, 5, "90000"), perpetual("V", "BTC", -0.5, "90000")]
    accounts = [account("PM", programme=programme), account("F", "futures", programme=programme),
                account("V", "crypto_venue")]
    return book(positions, accounts, history)


def amount(name, of=None):
    return assessed(of or macro(), name).margin.requirement.amount


def test_the_ten_are_shipped_and_three_are_compared_by_default():
    assert set(shipped()) == TEN
    assert [d.name for d in shipped_by_default()] == ["today", "single-account-scan",
                                                      "full-netting"]
    assert list(shipped())[:3] == [d.name for d in shipped_by_default()]


def test_an_overlay_says_what_it_changes():
    changed = differences(shipped()["crypto-separate"], shipped()["single-account-scan"])
    assert changed == (("listed.ineligible_classes", (), ("crypto",)),)


@pytest.mark.parametrize("name", sorted(TEN))
def test_every_design_answers_reconciles_and_reads_back(name):
    design = shipped()[name]
    a = assessed(macro(), name)
    waterfall = bridge(a, Decimal(0))
    offsets = sum(s.amount for s in waterfall.steps[1:6])
    assert waterfall.end == a.margin.requirement.amount
    assert sum(r.amount for r in ledger(a, RULES) if is_across_silos(r)) == offsets
    assert parse_design(design_text(design), name).knobs == design.knobs
    assert parse_design(design_text(design), name).default == design.default


@pytest.mark.parametrize("name", ["stressed-es", "filtered-hs-apc", "two-model"])
def test_designs_that_need_history_are_refused_without_it(name):
    a = assessed(without_history(macro()), name)
    assert a.refused
    assert not a.margin.complete


def without_history(of):
    empty = replace(of.market, history=type(of.market.history)())
    return replace(of, market=empty)


def test_more_offsets_ask_for_less():
    assert amount("full-netting") < amount("single-account-scan")
    assert amount("single-account-scan") <= amount("crypto-separate")
    assert amount("single-account-scan") <= amount("two-model")
    assert amount("crypto-included") <= amount("single-account-scan")


def test_programmes_save_only_where_accounts_share_one():
    today = amount("today")
    assert amount("today-plus-programmes") == today
    joined = assessed(macro(programme="Joint"), "today-plus-programmes")
    assert joined.margin.requirement.amount < today
    [row] = [r for r in ledger(joined, RULES) if r.kind == "cross-margin programme"]
    assert (row.status, row.accounts) == ("granted", ("PM", "F"))
    assert row.amount == joined.margin.requirement.amount - today


def test_a_programme_never_asks_for_more_than_its_accounts_apart():
    of = macro(programme="Joint")
    cheap = silos(of, "0.0001")
    joined = assessed(of, "today-plus-programmes", cheap)
    assert joined.margin.requirement.amount == cheap.maintenance.amount


def test_the_long_run_floor_holds_what_the_whole_history_asks_for():
    a = assessed(macro(), "filtered-hs-apc")
    lines = {n.label: n for _, n in a.limits.walk()}
    inputs = dict(lines["Floor at the long run"].inputs)
    whole = Decimal(inputs["whole history unfiltered"].replace(",", ""))
    assert a.margin.requirement.amount >= whole - 1


def test_a_misspelt_knob_is_refused_with_a_suggestion(tmp_path):
    path = tmp_path / "mine.toml"
    path.write_text('name="mine"\ntitle="Mine"\nversion="1"\neffective=2026-01-01\n'
                    'status="experiment"\ncitation="own"\n[knobs]\nofsets.book = 1\n', "utf-8")
    with pytest.raises(DesignFileError, match=r"a design; did you mean offsets\.book"):
        read_design(path)
