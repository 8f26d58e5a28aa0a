from dataclasses import replace
from decimal import Decimal

from tests.unit.results.made_run import made_run
from workstation.base.explain import leaf
from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.measures.account_status import MAINTENANCE
from workstation.reports.documents import design_margin_document, margin_document
from workstation.reports.lines import amounts_row, row
from workstation.reports.summary import WIDTH, import_text, margin_text, summary_text
from workstation.workspace.session import Session, sample_books


def test_the_summary_names_what_matters():
    text = summary_text(made_run())
    assert "PB-1 Prime brokerage" in text
    assert "1,250,000" in text
    assert "20.0 %" in text
    assert "INCOMPLETE: 2 positions excluded" in text
    assert "  Positions!A7: BTC: no price; fill in the price column" in text
    assert "582,120 by T+1" in text
    assert "amplification 1.24" in text
    assert "Parameters to confirm: 2 in Clearing margin (2)." in text


def test_lines_fit_the_terminal_however_long_the_names_and_amounts():
    run = made_run()
    accounts = tuple(replace(a, name="A name that goes on and on " * 5)
                     for a in run.book.accounts)
    large = replace(run.silos, maintenance=leaf("x", Decimal("-123456789012.75")))
    excluded = tuple(Exclusion(f"Positions!A{i}", "why " * 60, "mend " * 40) for i in range(40))
    text = summary_text(replace(
        run, book=replace(run.book, accounts=accounts, name="Client " * 30),
        silos=replace(large, excluded=excluded)))
    assert max(map(len, text.splitlines())) <= WIDTH
    assert "and 20 more" in text
    assert "(123,456,789,013)" in text, "names are cut, numbers never"


def test_a_complete_review_does_not_say_incomplete():
    run = made_run(with_cascade=False)
    calm = replace(run, silos=replace(run.silos, excluded=()), designs=(), editions=())
    text = summary_text(calm)
    assert "INCOMPLETE" not in text
    assert "CASCADE: none was run." in text
    assert "HARMONISED" not in text
    assert "Parameters to confirm: 0." in text


def test_one_regime_is_listed_by_account_with_what_is_missing():
    run = made_run()
    text = margin_text(margin_document(run.silos, run, run.problems))
    assert text.startswith("Each account's own rulebook, as of 2026-03-02 (USD)")
    assert "  PB-1                       FINRA 4210 strategies" in text
    assert "INCOMPLETE: 2 positions excluded" in text
    assert "info: Accounts!C5: no account type; fill in account_type" in text
    design = margin_text(design_margin_document(run, run.designs[1]))
    assert design.startswith("Harmonised design single-account-scan")


def test_an_import_is_told_in_a_few_lines():
    problems = [{"where": f"Positions!A{i}", "what": "odd", "remedy": "", "severity": "warning"}
                for i in range(25)]
    text = import_text({
        "outcome": "partial", "kind": "workbook", "as_of": None, "rows_read": 30,
        "positions": [1, 2], "accounts": [1], "cash": [],
        "control_totals": [{"where": "Positions!F9", "stated": 10.0, "computed": None,
                            "agrees": False}],
        "problems": problems})
    assert text.startswith("partial: workbook, as of an unknown date, 30 rows read, 2 positions")
    assert "DISAGREES" in text
    assert "and 5 more" in text


def test_a_shock_that_helps_the_client_is_a_gain():
    run = made_run()
    cascade = replace(run.cascade, direct_loss=Decimal(-500), amplification=None)
    text = summary_text(replace(run, cascade=cascade))
    assert ("direct gain 500, total loss 620,000, margin calls on the client: 1, on others: 0"
            in " ".join(text.split()))


def test_amounts_never_run_into_each_other():
    wide = "90,000,000,000,000,000"
    assert row("Total", "", wide, wide).split() == ["Total", wide, wide]
    assert amounts_row("A", "b", wide, wide, wide).split() == ["A", "b", wide, wide, wide]
    assert len(row("Total", "x", "1", "2", "3 %")) == WIDTH
    assert len(amounts_row("Total", "x", "1", "2", "3")) == WIDTH - 1


def test_equity_less_what_is_asked_of_it_is_the_excess_shown():
    run = Session.from_file(sample_books()[0]).review()
    text = summary_text(run)
    for status in run.statuses:
        kept = status.test(MAINTENANCE)
        line = next(line for line in text.splitlines()
                    if line.startswith(f"  {status.account_id} ") and line.count(",") > 2
                    and "Regulation T" not in line and "4210" not in line)
        shown = [accounting(a) for a in (status.equity.amount, kept.required.amount, status.excess)]
        assert line.split()[-3:] == shown
        assert status.equity.amount - kept.required.amount == status.excess


def test_errors_and_warnings_are_told_and_exclusions_not_twice():
    run = made_run()
    gone = run.excluded[0]
    problems = (Problem("Market!A2", "a rate is odd", "mend it", "warning"),
                Problem("Accounts!A2", "no such type", "", "error"),
                Problem(gone.where, gone.what, gone.remedy, "error"),
                Problem("Positions!A1", "taken from the file", "", "info"))
    text = summary_text(replace(run, problems=problems))
    listed = text[text.index("Problems: "):]
    assert listed.index("  error: Accounts!A2: no such type.") < listed.index(
        "  warning: Market!A2: a rate is odd; mend it.")
    assert gone.where not in listed
    assert "taken from the file" not in listed
