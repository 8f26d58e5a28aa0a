"""Commands about a CRIF: sensitivity-based margin and the regulatory schedule."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path

from workstation import __version__
from workstation.base.files import writing
from workstation.base.problem import Problem, UnusableInputError
from workstation.book.crif import Crif
from workstation.book.crif_read import CrifRead
from workstation.cli.printed import json_text
from workstation.importers.crif import CrifOptions, is_schedule, read_crif
from workstation.importers.crif_words import CURRENCIES
from workstation.importers.write_crif import write_crif
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import read_edition
from workstation.reports.csv_export import write_csv
from workstation.reports.margin_documents import Document
from workstation.reports.simm_documents import (
    calibration_used,
    edition_used,
    schedule_document,
    schedule_text,
    simm_document,
    simm_text,
    stamp_of,
)
from workstation.results.simm_tables import (
    comparison_table,
    factors_table,
    netting_sets_table,
)
from workstation.rulebooks.schedule_grid.margin import margin_schedule, schedule_notes
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.calibration import Calibration, CalibrationError
from workstation.rulebooks.simm.engine import Setup
from workstation.rulebooks.simm.margin import SimmMargins, margin_crif
from workstation.rulebooks.simm.whatif import calibration_bridge

DONE, INCOMPLETE = 0, 1


def simm_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare the arguments of `simm`."""
    _common(sub)
    sub.add_argument("--version", metavar="V", dest="simm_version",
                     help="calibration by name (the one in force on the review date unless given)")
    sub.add_argument("--calibration", type=Path, metavar="FILE",
                     help="your own calibration: edition file, JSON tables or ORE XML")
    sub.add_argument("--compare", metavar="V",
                     help="calibration to bridge each portfolio's margin to")
    sub.add_argument("--mpor", choices=("10d", "1d"), default="10d",
                     help="margin period of risk")
    sub.add_argument("--side", choices=("call", "post"), default="call",
                     help="call: what the other side posts; post: what the client posts")
    sub.add_argument("--currency", default="USD",
                     type=_currency, help="calculation currency: has no FX delta of its own")
    sub.add_argument("--csv", type=Path, metavar="DIR",
                     help="write netting sets, factors and calibrations compared as CSV tables")
    sub.add_argument("--write", type=Path, metavar="CRIF",
                     help="write the rows margined, in normal form, as a CRIF")


def schedule_arguments(sub: argparse.ArgumentParser) -> None:
    """Declare the arguments of `schedule`."""
    _common(sub)
    sub.add_argument("--params", type=Path, action="append", default=[], metavar="PATH",
                     help="edition file of your own numbers, laid over the shipped ones")


def _common(sub: argparse.ArgumentParser) -> None:
    sub.add_argument("file", type=Path, metavar="CRIF",
                     help="sensitivities: delimited text or a workbook")
    sub.add_argument("--as-of", type=_iso_date, metavar="YYYY-MM-DD",
                     help="review date (the file's valuation date, else today)")
    sub.add_argument("--rate", action="append", default=[], metavar="CCY=USD", type=_rate,
                     help="USD per unit of a currency, for amounts without AmountUSD")
    sub.add_argument("--dates", choices=("dmy", "mdy"), default="",
                     help="how end dates with slashes are meant")
    sub.add_argument("--skip-refused-rows", action="store_true",
                     help="margin the other rows of a portfolio with refused rows; recorded")
    sub.add_argument("--json", action="store_true", help="print the document instead of text")


def _currency(text: str) -> str:
    if text.upper() not in CURRENCIES:
        raise argparse.ArgumentTypeError(f"{text!r} is not a currency code")
    return text.upper()


def _iso_date(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date; write YYYY-MM-DD") from None


def _rate(text: str) -> tuple[str, float]:
    currency, _, rate = text.partition("=")
    try:
        value = float(rate)
    except ValueError:
        value = 0.0
    if not currency or not value > 0:
        raise argparse.ArgumentTypeError(f"{text!r} is not CCY=USD, such as EUR=1.08")
    return currency.upper(), value


def simm(arguments: argparse.Namespace) -> int:
    """Print the sensitivity-based margin of every portfolio in a CRIF."""
    read = _read(arguments, arguments.currency)
    on = _review_date(arguments, read)
    calibration = _calibration(arguments, on)
    sensitivities = read.crif.take(~is_schedule(read.crif))
    try:
        margins = margin_crif(sensitivities, Setup(calibration, arguments.mpor,
                                                   arguments.currency), arguments.side)
    except CalibrationError as error:
        raise UnusableInputError(Problem("Calibration", str(error),
                                         "choose another --version")) from error
    _write_tables(arguments, margins, sensitivities)
    notice = editions.outdated(calibration, on)
    other = editions.by_name(arguments.compare) if arguments.compare else None
    stamp = stamp_of(read, on, __version__, [calibration_used(calibration, on)])
    document = simm_document(margins, read, stamp, [notice] if notice else [],
                             other)
    return _finish(arguments, read, document, simm_text(document))


def _write_tables(arguments: argparse.Namespace, margins: SimmMargins, rows: Crif) -> None:
    """Write what `--csv` and `--write` ask for."""
    if arguments.write is not None:
        with writing(arguments.write):
            write_crif(rows, arguments.write)
    if arguments.csv is None:
        return
    tables = {"netting-sets": netting_sets_table(margins)}
    for number, item in enumerate(margins.portfolios, start=1):
        tables[f"factors-{number}"] = factors_table(item)
    if arguments.compare:
        other = editions.by_name(arguments.compare)
        tables["calibrations"] = comparison_table(
            [(item.portfolio, calibration_bridge(item, other)) for item in margins.portfolios])
    with writing(arguments.csv, "the tables"):
        arguments.csv.mkdir(parents=True, exist_ok=True)
        for name, table in tables.items():
            write_csv(table, arguments.csv / f"{name}.csv")


def schedule(arguments: argparse.Namespace) -> int:
    """Print the regulatory schedule margin of every netting agreement in a CRIF."""
    read = _read(arguments, "USD")
    on = _review_date(arguments, read)
    edition = RuleSet(on, [read_edition(p) for p in arguments.params]).edition("schedule")
    rows = read.crif.take(is_schedule(read.crif))
    margins = {"call": margin_schedule(rows, edition, on, "call"),
               "post": margin_schedule(rows, edition, on, "post")}
    stamp = stamp_of(read, on, __version__, [edition_used(edition)])
    document = schedule_document(margins, read, stamp, schedule_notes(rows, on))
    return _finish(arguments, read, document, schedule_text(document))


def _read(arguments: argparse.Namespace, currency: str) -> CrifRead:
    return read_crif(arguments.file, CrifOptions(
        currency, dict(arguments.rate), arguments.skip_refused_rows, arguments.dates))


def _review_date(arguments: argparse.Namespace, read: CrifRead) -> date:
    if arguments.as_of is not None:
        chosen: date = arguments.as_of
        return chosen
    return date.fromisoformat(read.as_of) if read.as_of else date.today()


def _calibration(arguments: argparse.Namespace, on: date) -> Calibration:
    if arguments.calibration is not None:
        return editions.from_file(arguments.calibration)
    if arguments.simm_version:
        return editions.by_name(arguments.simm_version)
    return editions.in_force(on)


def _finish(arguments: argparse.Namespace, read: CrifRead, document: Document, text: str) -> int:
    """Print the outcome; nothing margined is an unusable file, something left out incomplete."""
    nothing = not document["portfolios"]
    if arguments.json:
        print(json_text(document))
    elif not nothing:
        print(text)
    if nothing:
        refused = [f.problem(read.name) for f in read.refused]
        raise UnusableInputError(*(refused or [Problem(
            read.name, "the file holds no rows for this method",
            "use `simm` for sensitivities and `schedule` for PV and Notional rows")]))
    return INCOMPLETE if read.rows_refused else DONE
