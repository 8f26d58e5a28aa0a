"""`crossmargin span`: requirements from risk-parameter and position files."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.cli.printed import json_text
from workstation.importers.span_parameters import read_risk_parameters
from workstation.importers.span_positions import read_span_positions
from workstation.parameters.ruleset import RuleSet
from workstation.reports.csv_export import write_csv
from workstation.reports.span_documents import span_document, span_text
from workstation.results.spreads import spread_table
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.requirement import SpanCalculator
from workstation.rulebooks.span.rounding import FOLDER, Conventions
from workstation.workspace.risk_sources import compiled_folders

DONE, INCOMPLETE = 0, 1


def arguments(sub: argparse.ArgumentParser) -> None:
    """Declare the arguments of the command."""
    sub.add_argument("--params", type=Path, action="append", required=True, metavar="FILE",
                     help="risk-parameter file (.pa2, .spn, or zipped); again for each further "
                          "clearing organisation")
    sub.add_argument("--positions", type=Path, required=True, metavar="FILE",
                     help="positions (.pos, CSV with the SpanPosConv columns, or a workbook)")
    sub.add_argument("--approximation", action="store_true",
                     help="the file approximates a value-at-risk model: label figures estimates")
    sub.add_argument("--log", type=Path, metavar="CSV",
                     help="write the spread log, formed and denied, to a CSV file")
    sub.add_argument("--json", action="store_true", help="print the document instead of text")


def span(chosen: argparse.Namespace) -> int:
    """Print the scan-based requirement of each portfolio."""
    positions = read_span_positions(chosen.positions)
    compiled = compiled_folders(None)
    files = [read_risk_parameters(path, compiled) for path in chosen.params]
    if chosen.approximation:
        files = [file.as_approximation() for file in files]
    _refuse_twice(files)
    as_of = _as_of(files)
    edition = RuleSet(as_of or date.today()).edition(FOLDER)
    calculator = SpanCalculator(files, Conventions.of(edition))
    answers = [calculator.risk(portfolio) for portfolio in positions.portfolios]
    if chosen.log is not None:
        with writing(chosen.log):
            write_csv(spread_table(answers), chosen.log)
    document = span_document(
        files, (positions.name, positions.sha256, positions.layout), answers, edition,
        (*positions.problems, *positions.other_dates(as_of)))
    print(json_text(document) if chosen.json
          else span_text(document))
    return DONE if document["complete"] and all(file.complete for file in files) else INCOMPLETE


def _refuse_twice(files: Sequence[RiskParameters]) -> None:
    """Refuse two files of one clearing organisation: which one would stand is nobody's guess."""
    codes: dict[str, str] = {}
    for file in files:
        for item in file.organisations:
            if item.code in codes:
                raise UnusableInputError(Problem(
                    file.name, f"{codes[item.code]} holds the organisation {item.code} already",
                    "give one file of each clearing organisation"))
            codes[item.code] = file.name


def _as_of(files: Sequence[RiskParameters]) -> date | None:
    days = [item.business_date for file in files for item in file.organisations
            if item.business_date is not None]
    return max(days) if days else None
