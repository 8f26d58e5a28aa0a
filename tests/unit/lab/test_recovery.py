"""Margin and what comes back of it, by account class; exhibits and the audit tables."""

import csv
from dataclasses import replace
from decimal import Decimal
from io import StringIO

import pytest

from tests.unit.harmonised.books import AS_OF, account, book, correlated, future, stock
from workstation.harmonised.design import shipped
from workstation.lab.audit_tables import recovery_table, replay_table
from workstation.lab.experiment import Settings, experiment
from workstation.parameters.ruleset import RuleSet
from workstation.reports.lab_documents import TOPICS, evidence_csv, lab_document
from workstation.reports.lab_exhibits import ELSEWHERE, exhibits
from workstation.reports.lab_workbook import write_evidence

RULES = RuleSet(AS_OF)
CLAIMS = {row["account_type"]: row["recovery"] for row in
          RULES.edition("insolvency")["claims"].rows}


@pytest.fixture(scope="module")
def findings():
    accounts = [account("PM", cash=Decimal(100_000)),
                account("F", "futures", cash=Decimal(50_000)),
                account("V", "crypto_venue", cash=Decimal(9_000))]
    of = book([stock("PM", "SPY", 1000, "etf"), future("F", "ES", "SPX", -1, 50, "5000")],
              accounts, correlated({"SPX": 0.97}, 600))
    designs = [shipped()[n] for n in ("today", "single-account-scan", "two-model")]
    return experiment([replace(of, name="Two")], designs, Settings(days=60), rules=RULES)


def test_margin_by_account_adds_up_to_the_requirement_and_comes_back_by_class(findings):
    for found in findings.books[0].designs:
        back = found.protection.recoveries
        assert back.margin == found.requirement
        by_account = {a.account_id: a for a in back.accounts}
        assert by_account["F"].recovery == CLAIMS["futures"]
        assert by_account["PM"].recovered == (
            by_account["PM"].margin * CLAIMS["portfolio_margin"]).quantize(Decimal("0.01"))
        assert back.low <= sum(a.recovered for a in back.accounts) + Decimal("0.01")
        assert back.low <= back.high


def test_only_joined_accounts_make_the_class_matter(findings):
    today, scan, _ = findings.books[0].designs
    assert not any(a.joined for a in today.protection.recoveries.accounts)
    assert today.protection.recoveries.low == today.protection.recoveries.high
    joined = {a.account_id for a in scan.protection.recoveries.accounts if a.joined}
    assert joined == {"PM", "F"}
    pooled = sum(a.margin for a in scan.protection.recoveries.accounts if a.joined)
    assert scan.protection.recoveries.high - scan.protection.recoveries.low == pytest.approx(
        pooled * (CLAIMS["portfolio_margin"] - CLAIMS["futures"]), abs=Decimal("0.02"))


def test_the_counts_can_be_made_again_by_hand_from_the_replay(findings):
    rows = replay_table(findings).rows
    for found in findings.books[0].designs:
        mine = [r for r in rows if r.design == found.design]
        counted = [r for r in mine if r.counted == "yes"]
        assert len(counted) == found.coverage.days
        assert sum(r.loss > r.requirement for r in counted) == found.coverage.exceedances
        assert max(r.requirement for r in mine) / min(r.requirement for r in mine) == (
            pytest.approx(found.cyclicality.peak_to_trough))
        assert max(r.loss for r in mine) == found.coverage.worst_loss


def test_every_figure_stands_in_one_exhibit_and_every_topic_in_the_index(findings):
    index, *sheets = exhibits(findings)
    assert {r.topic for r in index.rows} == {*TOPICS.values(), *ELSEWHERE}
    assert [s.about for s in sheets] == list(dict.fromkeys(TOPICS.values()))
    replayed = sum(2 * len(d.coverage.replayed) for d in findings.books[0].designs)
    rows = list(csv.DictReader(StringIO(evidence_csv(findings))))
    assert sum(len(s.rows) for s in sheets) + replayed == len(rows)
    assert all(len(s.rows) for s in sheets)


def test_document_and_workbook_hold_recoveries_and_replay(findings, tmp_path):
    document = lab_document(findings)["books"][0]["designs"][1]
    accounts = document["protection"]["recovery"]["accounts"]
    assert sum(a["margin"] for a in accounts) == pytest.approx(document["requirement"])
    assert "replayed" not in document["coverage"]
    assert len(recovery_table(findings).rows) == 3 * 3
    path = tmp_path / "evidence.xlsx"
    write_evidence(findings, path)
    assert path.stat().st_size > 10_000
