"""The CRIF sheet of a position workbook: sensitivities of accounts, by PortfolioID."""

from __future__ import annotations

from workstation.importers.crif import CrifOptions, crif_of
from workstation.importers.crif_columns import crif_sheet
from workstation.importers.draft import Draft
from workstation.importers.sheets import Sheet, is_blank


def read_crif_sheet(sheet: Sheet, draft: Draft) -> None:
    """Keep the rows of every portfolio without refused rows; list the others as left out."""
    if not any(not is_blank(cell) for row in sheet.rows[1:] for cell in row):
        return
    source = crif_sheet(sheet, draft.file_name)
    if source is None:
        draft.say(sheet.where(0), "the CRIF sheet has no RiskType and amount columns, and was not "
                  "read", "use the columns of the template", "warning")
        return
    read = crif_of(source, CrifOptions())
    for finding in read.findings:
        problem = finding.problem(sheet.name)
        if finding.refuses:
            draft.exclude(problem.where, problem.what, problem.remedy, finding.portfolio)
        else:
            draft.say(problem.where, problem.what, problem.remedy, "warning")
    for problem in read.problems:
        draft.say(problem.where, problem.what, problem.remedy, problem.severity)
    for portfolio in read.refused_portfolios:
        draft.exclude(sheet.where(0), f"the sensitivities of {portfolio} were not used, since some "
                      "of its rows are refused", "mend or delete the refused rows", portfolio)
    draft.crif += read.crif.rows()
    draft.rows_read += read.rows_read
