"""JSON documents and text of sensitivity-based and schedule margin."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.book.crif_read import CrifRead
from workstation.parameters.store import Edition
from workstation.reports.margin_documents import (
    Document,
    envelope,
    explain_body,
    number,
    problem_body,
)
from workstation.results.run import EditionUsed, InputFile
from workstation.rulebooks.schedule_grid.grid import GridMargin
from workstation.rulebooks.schedule_grid.margin import ScheduleMargin
from workstation.rulebooks.simm.calibration import Calibration
from workstation.rulebooks.simm.explain import explained
from workstation.rulebooks.simm.margin import PortfolioMargin, SimmMargins
from workstation.rulebooks.simm.notice import LICENCE_NOTICE
from workstation.rulebooks.simm.whatif import calibration_bridge

USD = "USD"
SIDES = {"call": "collect", "post": "post"}


@dataclass(frozen=True, slots=True)
class CrifStamp:
    """What a document of a CRIF says about its making."""

    as_of: date
    product_version: str
    inputs: tuple[InputFile, ...]
    editions: tuple[EditionUsed, ...]


def stamp_of(read: CrifRead, as_of: date, product_version: str,
             editions: Iterable[EditionUsed]) -> CrifStamp:
    """Return the stamp of a file and the editions used on it."""
    return CrifStamp(as_of, product_version, (InputFile(read.name, read.sha256),),
                     tuple(editions))


def calibration_used(calibration: Calibration, as_of: date) -> EditionUsed:
    """Return a calibration as an edition of a document."""
    doubtful = tuple(n for n, standing in calibration.standings.items()
                     if standing == "unverified")
    return EditionUsed("ISDA SIMM", calibration.version, calibration.effective or as_of,
                       calibration.origin, doubtful)


def edition_used(edition: Edition) -> EditionUsed:
    """Return a rule edition of a document."""
    doubtful = tuple(n for n, p in edition.values.items() if p.cite.standing == "unverified")
    return EditionUsed(edition.rule, edition.edition, edition.effective, edition.source, doubtful)


def simm_document(margins: SimmMargins, read: CrifRead, stamp: CrifStamp,
                  problems: Iterable[Problem] = (), other: Calibration | None = None) -> Document:
    """Return the margin of every portfolio (`crossmargin.simm/1`), explanations included.

    Where `other` is given each portfolio carries the bridge from this calibration to that one.
    """
    calibration = margins.setup.calibration
    return {
        **envelope("simm/1", stamp),
        "version": calibration.version, "mpor": margins.setup.mpor, "side": margins.side,
        "currency": USD, "calculation_currency": margins.setup.currency,
        "calibration": {"version": calibration.version, "origin": calibration.origin,
                        "built_in": calibration.built_in, "sha256": calibration.sha256,
                        "to_confirm": list(stamp.editions[0].unverified)},
        "licence_notice": LICENCE_NOTICE,
        **_reading(read),
        "portfolios": [{**_portfolio(item), **_compared(item, other)}
                       for item in margins.portfolios],
        "problems": [*_problems(read), *(problem_body(p) for p in (*margins.problems, *problems))],
    }


def _portfolio(margin: PortfolioMargin) -> Document:
    return {
        "portfolio_id": margin.portfolio,
        "total": number(margin.total), "simm": number(margin.simm),
        "delta": number(margin.delta), "vega": number(margin.vega),
        "curvature": number(margin.curvature), "base_corr": number(margin.base_corr),
        "add_on": number(margin.add_on),
        "product_classes": {name: number(v) for name, v in margin.product_classes.items()},
        "risk_classes": {name: dict(zip(("delta", "vega", "curvature", "base_corr"),
                                        map(number, values), strict=True))
                         for name, values in margin.risk_classes.items()},
        "regulations": list(margin.regulations),
        "by_regulation": {name: number(v) for name, v in margin.by_regulation.items()},
        "explain": explain_body(explained(margin)),
    }


def _compared(margin: PortfolioMargin, other: Calibration | None) -> Document:
    if other is None:
        return {}
    bridge = calibration_bridge(margin, other)
    return {"comparison": {
        "from": bridge.start_version, "start": number(bridge.start), "to": bridge.end_version,
        "end": number(bridge.end),
        "steps": [{"label": label, "amount": number(amount)} for label, amount in bridge.steps]}}


def schedule_document(sides: Mapping[str, tuple[ScheduleMargin, ...]], read: CrifRead,
                      stamp: CrifStamp, problems: Iterable[Problem] = ()) -> Document:
    """Return the schedule margin of every netting agreement, both sides."""
    portfolios: dict[str, Document] = {}
    for side, margins in sides.items():
        for item in margins:
            body = portfolios.setdefault(item.portfolio, {"portfolio_id": item.portfolio})
            body[SIDES[side]] = {
                **_grid(item.margin), "regulations": list(item.regulations),
                "by_regulation": {n: number(v) for n, v in item.by_regulation.items()},
                "explain": explain_body(item.margin.margin)}
    return {**envelope("schedule/1", stamp), "currency": USD, **_reading(read),
            "portfolios": list(portfolios.values()),
            "problems": [*_problems(read), *(problem_body(p) for p in problems)]}


def _grid(margin: GridMargin) -> Document:
    return {"gross": number(margin.gross),
            "gross_replacement_cost": number(margin.gross_replacement_cost),
            "net_replacement_cost": number(margin.net_replacement_cost),
            "ngr": number(margin.net_to_gross), "im": number(margin.margin.amount)}


def _reading(read: CrifRead) -> Document:
    return {"rows_read": read.rows_read, "rows_refused": read.rows_refused,
            "refused_rows_skipped": read.skipped_rows,
            "refused_portfolios": list(read.refused_portfolios)}


def _problems(read: CrifRead) -> list[Document]:
    findings = sorted(read.findings, key=lambda f: (not f.refuses, f.line))
    return [{**problem_body(f.problem(read.name)), "line": f.line, "trade_id": f.trade,
             "portfolio_id": f.portfolio, "column": f.column, "value": f.value, "code": f.code}
            for f in findings] + [problem_body(p) for p in read.problems]


def simm_text(document: Document) -> str:
    """Return the document as a table for the terminal."""
    lines = [f"SIMM {document['version']}, {document['mpor']}, {document['side']} side, USD"]
    heads = ("total", "delta", "vega", "curvature", "base_corr", "add_on")
    lines.append(f"{'portfolio':<24}" + "".join(f"{head.replace('_', ' '):>18}" for head in heads))
    lines += [f"{item['portfolio_id']:<24}" + "".join(f"{accounting(item[h], 2):>18}"
                                                      for h in heads)
              for item in document["portfolios"]]
    lines += [line for item in document["portfolios"] for line in _comparison_lines(item)]
    return "\n".join([*lines, *_closing(document), document["licence_notice"]])


def _comparison_lines(portfolio: Document) -> list[str]:
    found = portfolio.get("comparison")
    if found is None:
        return []
    return [f"{portfolio['portfolio_id']}: {found['from']} {accounting(found['start'], 2)}",
            *(f"  {step['label']:<44}{accounting(step['amount'], 2):>20}"
              for step in found["steps"]),
            f"  {found['to']} {accounting(found['end'], 2)}"]


def schedule_text(document: Document) -> str:
    """Return the document as a table for the terminal."""
    lines = [f"{'portfolio':<24}{'side':>8}{'gross':>18}{'NGR':>10}{'margin':>18}"]
    lines += [f"{item['portfolio_id']:<24}{side:>8}{accounting(item[side]['gross'], 2):>18}"
              f"{item[side]['ngr']:>10.6f}{accounting(item[side]['im'], 2):>18}"
              for item in document["portfolios"] for side in SIDES.values() if side in item]
    return "\n".join([*lines, *_closing(document)])


def _closing(document: Document) -> list[str]:
    lines = [f"{item['severity']:<8} {item['where']}: {item['what']}"
             for item in document["problems"]]
    if document["refused_rows_skipped"]:
        lines.append(f"computed without {document['rows_refused']} refused rows, as chosen")
    return lines
