"""Read XML position files (.pos): portfolios with net positions by commodity."""

from __future__ import annotations

from collections.abc import Iterator

from workstation.base.problem import Problem
from workstation.importers.span_files import SpanFile
from workstation.importers.span_portfolios import PortfolioDrafts
from workstation.importers.span_xml import Element, XmlStream
from workstation.importers.workbooks import refusal
from workstation.rulebooks.span.portfolio import Portfolio

WANTED = (("ccPort", "np"), ("ccPort", "gp"), ("ccPort", "gcp"),
          ("pointInTime", "portfolio"))
ACCOUNT_FIELDS = ("acctId", "acctType", "isCust", "seg", "firm", "currency", "ledgerBal", "ote",
                  "securities")


def read_pos(file: SpanFile) -> tuple[list[Portfolio], list[Problem], set[str]]:
    """Return the portfolios of a file, what broke while reading it, and its dates."""
    stream = XmlStream(file.name, WANTED)
    drafts = PortfolioDrafts()
    for element in stream.elements_of(file.blocks()):
        if element.tag == "portfolio":
            drafts.account(_account(element), f"{file.name} line {element.line}")
        else:
            _positions(element, drafts, f"{file.name} line {element.line}")
    if stream.root == "spanFile" and not drafts.finished():
        raise refusal(file.name, "these are risk parameters, not positions",
                      "give the file as --params")
    portfolios = drafts.finished()
    return portfolios, [*drafts.problems, *stream.problems], drafts.dates


def _account(portfolio: Element) -> dict[str, str]:
    return {name.casefold(): portfolio.text(name) for name in ACCOUNT_FIELDS}


def _positions(element: Element, drafts: PortfolioDrafts, where: str) -> None:
    for fields in position_lines(element):
        drafts.add(fields, where)


def position_lines(element: Element) -> Iterator[dict[str, str]]:
    """Yield the lines a position element states, by SpanPosConv names in lower case.

    A gross position (gp, gcp) makes one line for its long and one for its short side.
    """
    commodity, complex_, portfolio = (
        element.up("ccPort"), element.up("ecPort"), element.up("portfolio"))
    if portfolio is None:
        return
    fields = _account(portfolio)
    fields |= {name.casefold(): value for name, value in element.leaves}
    fields["cc"] = commodity.text("cc") if commodity is not None else ""
    point = element.up("pointInTime")
    fields["date"] = point.text("date") if point is not None else ""
    fields["ec"] = complex_.text("ec") if complex_ is not None else ""
    if "net" in fields:
        yield fields
        return
    for name, sign in (("long", ""), ("lng", ""), ("short", "-"), ("shrt", "-")):
        size = fields.get(name, "").lstrip("+-")
        if size.strip("0."):
            yield {**fields, "net": sign + size}
