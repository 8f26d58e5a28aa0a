"""A written pack, read back by other programs and held against the run it came from."""

import re
import shutil
import subprocess
from decimal import Decimal

from tests.unit.reports.pdf_text import pages
from workstation.base.money import accounting

CENT = Decimal("0.005")


def held_against(run, standing, folder):
    """Return how many figures of memo and workbook were found equal to the run's."""
    return workbook_against(run, standing, folder / "review.xlsx") + memo_against(
        run, standing, memo_text(folder / "memo.pdf"))


def memo_text(path):
    """Return the words of a PDF, by poppler where it is there."""
    if shutil.which("pdftotext") is None:
        return " ".join(pages(path.read_bytes()))
    done = subprocess.run(["pdftotext", "-layout", str(path), "-"], capture_output=True, check=True)
    return " ".join(done.stdout.decode("utf-8").split())


def headline(run):
    """Return every amount a committee reads first, by name."""
    amounts = {"silos, maintenance": run.silos.maintenance.amount,
               "silos, initial": run.silos.initial.amount,
               "direct loss": run.cascade.direct_loss, "total loss": run.cascade.total_loss}
    for outcome in run.designs:
        amounts[f"design {outcome.margin.name}"] = outcome.margin.requirement.amount
        if outcome.margin.status != "current law":
            amounts[f"saving of {outcome.margin.name}"] = outcome.saving
    for account in run.silos.accounts:
        amounts[f"{account.account_id}, maintenance"] = account.maintenance.amount
        amounts[f"{account.account_id}, initial"] = account.initial.amount
    if run.collateral.lots:
        amounts["free collateral"] = run.collateral.free_value
    return amounts


def memo_against(run, standing, text):
    """Hold the words of a memo against a run."""
    for name, amount in headline(run).items():
        assert re.search(rf"(?<![\d,.]){re.escape(accounting(amount))}(?![\d,.]*\d)", text), (
            name, accounting(amount))
    for position in run.book.positions:
        assert " ".join(position.instrument.symbol.split()) in text
    assert run.book.name in text
    assert f"As of {run.as_of:%Y-%m-%d}" in text
    said = [f"{decision.status} by {decision.author}" for decision in standing.decisions]
    assert all(words in text for words in said), said
    assert ("DRAFT" in text) == (standing.status != "Approved")
    return len(headline(run))


def workbook_against(run, standing, path):
    """Hold the cells of a workbook against a run, and its own check totals too."""
    from openpyxl import load_workbook

    book = load_workbook(path, data_only=True)
    silos = column(book, "Silos", "Account", "Maintenance"), column(
        book, "Silos", "Account", "Initial")
    designs = column(book, "Designs", "Design", "Requirement")
    pairs = [(silos[0]["Total"], run.silos.maintenance.amount),
             (silos[1]["Total"], run.silos.initial.amount)]
    for account in run.silos.accounts:
        pairs += [(silos[0][account.account_id], account.maintenance.amount),
                  (silos[1][account.account_id], account.initial.amount)]
    pairs += [(designs[o.margin.name], o.margin.requirement.amount) for o in run.designs]
    held = column(book, "Positions", "Symbol", "Quantity")
    pairs += [(held[p.instrument.symbol], p.quantity) for p in run.book.positions]
    alone = column(book, "Stand-alone", "Cell", "Stand-alone")
    pairs += [(alone[each.where], each.amount) for each in run.stand_alone]
    for cell, amount in pairs:
        assert abs(Decimal(repr(cell)) - amount) < CENT, (cell, amount)
    agrees = [row[-1] for row in rows(book, "Check totals")[1:]]
    assert agrees
    assert set(agrees) <= {"yes", "", None}, agrees
    about = {row[0]: row[1] for row in rows(book, "About")}
    assert about["Status"] == str(standing.status)
    return len(pairs)


def rows(book, sheet):
    return list(book[sheet].iter_rows(values_only=True))


def column(book, sheet, key, heading):
    """Return one column of a sheet by another."""
    first, *rest = rows(book, sheet)
    where, what = (next(n for n, name in enumerate(first) if str(name).startswith(wanted))
                   for wanted in (key, heading))
    return {row[where]: row[what] for row in rest if isinstance(row[what], (int, float))}
