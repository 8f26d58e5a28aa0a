"""The lab on small books: replay against figures worked out here, documents, determinism."""

import csv
import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal
from io import StringIO

import numpy as np
import pytest

from tests.unit.harmonised.books import AS_OF, account, assessed, book, correlated, future, stock
from workstation.base.progress import CancelledError
from workstation.book.resolve import resolve
from workstation.harmonised.design import shipped, with_knob
from workstation.harmonised.underlyings import RiskMap
from workstation.lab.experiment import Settings, experiment
from workstation.lab.replay import Replay
from workstation.lab.sample_history import DAYS, LAST, sample_history
from workstation.lab.tables import lab_tables
from workstation.market.history import History
from workstation.measures.backtest import kupiec
from workstation.parameters.ruleset import RuleSet
from workstation.pricing.volatility import implied_volatilities
from workstation.reports.lab_documents import evidence_csv, lab_document
from workstation.reports.lab_text import lab_text
from workstation.reports.lines import WIDTH
from workstation.rulebooks.span.margin_history import MarginChange, MarginHistories, products_of

RULES = RuleSet(AS_OF)
HISTORY = correlated({"SPX": 0.97, "QQQ": 0.95, "BTC": 0.5}, 700)
TEN = tuple(shipped().values())


def macro(history=HISTORY):
    accounts = [account("PM", cash=Decimal(100_000)),
                account("F", "futures", cash=Decimal(50_000))]
    of = book([stock("PM", "SPY", 1000, "etf"), stock("PM", "QQQ", -900, "etf"),
               stock("PM", "IBIT", 2000, "etp"), future("F", "ES", "SPX", -1, 50, "5000")],
              accounts, history)
    return replace(of, name="Macro")


def replayed(design, days=150, of=None):
    of = of or macro()
    a = assessed(of, design)
    replay = Replay(a, implied_volatilities(resolve(of)), RiskMap.of_rules(RULES), days)
    losses = replay.losses(a.design)
    return replay.requirements(a, losses, lambda done, doing: None), losses, a


def test_losses_are_the_books_own_over_the_closing_time():
    _, losses, _ = replayed("today")
    spx, qqq, btc = (np.array(HISTORY.of(name)) for name in ("SPX", "QQQ", "BTC"))
    place = losses.places[10]
    move = [levels[place + 2] / levels[place] - 1 for levels in (spx, qqq, btc)]
    profit = (500_000 - 250_000) * move[0] - 360_000 * move[1] + 100_000 * move[2]
    assert losses.losses[10] == pytest.approx(-profit, rel=1e-9)
    assert losses.dates[10] == HISTORY.dates[place]
    assert losses.left_out == ()
    assert len(losses.dates) == 150


def test_a_fixed_design_asks_for_the_same_every_day():
    required, _, a = replayed("single-account-scan")
    assert set(required) == {float(a.margin.requirement.amount)}


def test_a_requirement_knows_nothing_of_later_days():
    required, losses, _ = replayed("filtered-hs-apc")
    cut = losses.places[60]
    levels = [np.array(column) for column in HISTORY.levels]
    for column in levels:
        waves = np.where(np.arange(len(column) - cut - 1) % 2, 0.2, -0.2)
        column[cut + 1:] *= np.exp(np.cumsum(waves))
    wild = History(HISTORY.dates, HISTORY.factors, tuple(tuple(c) for c in levels))
    other, _, _ = replayed("filtered-hs-apc", of=macro(wild))
    assert other[:60] == pytest.approx(required[:60], rel=1e-6)
    assert not np.allclose(other[80:], required[80:])


def test_the_last_day_replayed_agrees_with_the_answer_of_that_day():
    chosen = with_knob(with_knob(shipped()["full-netting"], "method", "historical"),
                       "offsets.cap", 1)
    required, losses, _ = replayed(chosen)
    day = losses.dates[-1]
    until = losses.places[-1] + 1
    past = History(HISTORY.dates[:until], HISTORY.factors,
                   tuple(column[:until] for column in HISTORY.levels))
    of = replace(macro(past), as_of=day)
    assert required[-1] == pytest.approx(float(assessed(of, chosen).margin.requirement.amount),
                                         rel=1e-5)


@pytest.fixture(scope="module")
def findings():
    return experiment([macro()], TEN, Settings(days=120), rules=RULES)


def test_every_design_is_measured_on_every_count(findings):
    [found] = findings.books
    assert [d.design for d in found.designs] == list(shipped())
    assert all(d.coverage and d.cyclicality and d.dynamics for d in found.designs)
    by_name = {d.design: d for d in found.designs}
    today = by_name["today"]
    assert today.saving == 0
    assert by_name["full-netting"].saving > by_name["single-account-scan"].saving
    assert by_name["filtered-hs-apc"].cyclicality.peak_to_trough > 1
    assert by_name["single-account-scan"].cyclicality.peak_to_trough > 1  # marks are rolled
    held = experiment([macro()], TEN[:3], Settings(days=120, rolled=False), rules=RULES)
    assert all(d.cyclicality.peak_to_trough == 1 for d in held.books[0].designs)
    assert {d.stress for d in today.dynamics} == {"2020-03-12 Covid A, 1d",
                                                  "correlations to one, 1d"}
    assert not any(d.released for d in today.dynamics)
    assert len(today.stressed) == 5
    assert all(s.requirement == today.requirement + s.rise for s in today.stressed)
    assert any(d.released for d in by_name["full-netting"].dynamics)


def test_coverage_counts_days_that_do_not_overlap(findings):
    for found in findings.books[0].designs:
        coverage = found.coverage
        assert coverage.days == 60
        assert coverage.kupiec == pytest.approx(
            kupiec(60, coverage.exceedances, 0.01).p_value)
        assert coverage.worst_uncovered == pytest.approx(
            max(0.0, coverage.worst_loss - float(found.requirement)), rel=0.5, abs=1e5)
        assert "every 2 dates" in coverage.window


def test_using_freed_margin_keeps_the_ratio_of_equity_and_tips_sooner(findings):
    net = next(d for d in findings.books[0].designs if d.design == "full-netting")
    kept, used = net.dynamics[:2]
    silos = findings.books[0].silos
    assert float(used.equity / kept.equity) == pytest.approx(float(net.requirement / silos))
    assert used.tipping is not None
    assert kept.tipping is None or used.tipping <= kept.tipping


def test_the_lab_repeats_itself_and_can_be_cancelled(findings):
    again = experiment([macro()], TEN, Settings(days=120), rules=RULES)
    assert again == findings

    def stop(done, doing):
        if done > 0.3:
            raise CancelledError

    with pytest.raises(CancelledError):
        experiment([macro()], TEN, Settings(days=40), stop, RULES)


def test_progress_never_runs_back():
    seen = []
    experiment([macro(), macro()], TEN[:2], Settings(days=20),
               lambda done, doing: seen.append(done), RULES)
    assert seen == sorted(seen)
    assert 0 <= seen[0] <= seen[-1] <= 1


def test_a_book_without_history_has_no_coverage_and_refused_designs():
    found = experiment([macro(History())], TEN, rules=RULES).books[0]
    refused = {d.design for d in found.designs if d.refusal}
    assert refused == {"stressed-es", "filtered-hs-apc", "two-model"}
    assert all(d.coverage is None for d in found.designs)
    assert "too few" in found.problems[0].what
    helped = experiment([macro(History())], TEN[:1], Settings(history=HISTORY, days=20),
                        rules=RULES)
    assert helped.books[0].designs[0].coverage is not None


def test_documents_text_and_evidence_agree(findings):
    document = lab_document(findings)
    json.dumps(document, allow_nan=False)
    point = document["books"][0]["frontier"][2]
    design = findings.books[0].designs[2]
    assert point["design"] == "full-netting"
    assert point["saving_share"] == pytest.approx(float(design.saving_share))
    text = lab_text(findings)
    assert all(name in text for name in shipped())
    assert max(map(len, text.splitlines())) <= WIDTH
    rows = list(csv.DictReader(StringIO(evidence_csv(findings))))
    own = [r for r in rows if r["design"] == "stressed-es" and r["figure"] == "requirement"]
    assert Decimal(own[0]["value"]) == next(
        d.requirement for d in findings.books[0].designs if d.design == "stressed-es")
    assert "seed 1" in own[0]["basis"]
    assert all(r["topic"] for r in rows)


def test_tables_show_every_design_and_write_every_cell(findings):
    tables = lab_tables(findings)
    assert [t.name for t in tables] == ["Frontier", "Coverage", "Margin under stress",
                                        "Liquidation dynamics", "Protection", "Published margin"]
    assert [row.design for row in tables[0].rows] == list(shipped())
    for table in tables:
        for row in range(len(table.rows)):
            assert all(isinstance(table.text(row, c), str) for c in range(len(table.columns)))
    money = [c for t in tables[:5] for c in t.columns if c.excel.startswith("#,##0_)")]
    assert money
    assert all(c.heading.endswith("(USD)") for c in money)
    refused = lab_tables(experiment([macro(History())], TEN, rules=RULES))[0]
    row = next(r for r in refused.rows if r.design == "stressed-es")
    assert row.requirement is None
    assert "refused" in row.note


def test_refusals_are_told_in_the_text():
    text = lab_text(experiment([macro(History())], TEN, rules=RULES))
    assert "refused" in text
    assert max(map(len, text.splitlines())) <= WIDTH


def test_the_sample_history_is_the_same_everywhere_and_follows_its_figures():
    history = sample_history()
    assert history is sample_history()
    assert len(history.dates) == DAYS
    assert history.dates[-1] == LAST
    gaps = zip(history.dates, history.dates[1:], strict=False)
    assert all(b - a <= timedelta(3) for a, b in gaps)
    spx = np.array(history.of("SPX"))
    moves = np.diff(np.log(spx))
    crash = [d.isoformat() for d in history.dates].index("2020-03-12")
    assert spx[crash] / spx[crash - 1] - 1 == pytest.approx(-0.0951, abs=0.0002)
    calm = np.array([d.year in (2017, 2019, 2021, 2023) for d in history.dates[1:]])
    assert moves[calm].std() * np.sqrt(252) == pytest.approx(0.12, abs=0.03)
    fund = np.diff(np.log(np.array(history.of("NDX"))))
    assert np.corrcoef(moves[calm], fund[calm])[0, 1] == pytest.approx(0.93, abs=0.03)
    assert [round(v, 3) for v in spx[:3]] == [round(v, 3) for v in history.of("SPX")[:3]]


def test_published_margins_of_the_contracts_held_stand_in_the_findings():
    held = macro(HISTORY)
    (product, *_) = products_of(held.positions)
    window = HISTORY.dates[-60:]
    changes = [MarginChange(product, day, Decimal(0), Decimal(amount)) for day, amount in (
        (HISTORY.dates[0], 800), (window[10], 1200), (window[40], 900))]
    other = MarginChange("NOT-HELD", HISTORY.dates[0], Decimal(0), Decimal(5))
    margins = MarginHistories("m.csv", (tuple(changes), (other,)))
    found = experiment([held], TEN[:1], Settings(days=60, margins=margins), rules=RULES)
    (replay,) = found.books[0].published
    assert (replay.first, replay.last, replay.start) == (window[0], window[-1], 800)
    assert replay.peak_to_trough == Decimal("1.5")
    assert [row.symbol for row in lab_tables(found)[-1].rows] == [product]
    (told,) = lab_document(found)["books"][0]["published_margin"]
    assert [item["after"] for item in told["changes"]] == [1200, 900]
    assert f"published margin of {product}" in lab_text(found)
    rows = {row["figure"]: row for row in csv.DictReader(StringIO(evidence_csv(found)))
            if row["design"] == "published margin"}
    assert Decimal(rows[f"{product}: peak to trough"]["value"]) == Decimal("1.5")
    assert rows[f"{product}: changes"]["value"] == "2"
    assert rows[f"{product}: maintenance from {window[40]} on"]["value"] == "900"
    assert rows[f"{product}: largest rise of one change"]["value"] == "0.5"
    assert rows[f"{product}: changes"]["basis"] == f"m.csv, {window[0]} to {window[-1]}"
    assert not any("NOT-HELD" in name for name in rows)
