"""Read ICE-style batch lines: P, account, exchange, contract, type, date, strike, quantity, origin.

Types F (future), C and P (options) are read; the date's day is 00 for a monthly contract.
"""

from __future__ import annotations

from collections.abc import Iterable

from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.importers.span_portfolios import PortfolioDrafts
from workstation.rulebooks.span.portfolio import Portfolio

MARK = "P"
FEWEST = 9
KINDS = {"F": "FUT", "C": "OOF", "P": "OOF"}
HOUSE = "H"


def is_ice_line(text: str) -> bool:
    """Say whether a line is a batch position line."""
    fields = text.split(",")
    return len(fields) >= FEWEST and fields[0].strip() == MARK and fields[5].strip().isdigit()


def read_ice(lines: Iterable[str], name: str) -> tuple[list[Portfolio], list[Problem]]:
    """Return the portfolios of a batch; a line that cannot be read is named with its number."""
    drafts = PortfolioDrafts()
    for number, line in enumerate(lines, start=1):
        fields = [field.strip() for field in line.split(",")]
        if not any(fields):
            continue
        where = f"{name} line {number}"
        if fields[0] != MARK or len(fields) < FEWEST:
            drafts.problems.append(Problem(
                where, "the line is no batch position (P, account, exchange, contract, ...)",
                "correct the line and load the file again", "error"))
            continue
        _, account, exchange, contract, kind, day, strike, quantity, origin = fields[:FEWEST]
        given = {"acctid": account, "iscust": "0" if origin == HOUSE else "1", "exch": exchange,
                 "pfcode": contract, "pftype": KINDS.get(kind, ""),
                 "pe": day[:6] if day.endswith("00") else day, "net": quantity,
                 "o": kind if kind in ("C", "P") else "", "k": strike}
        if kind in KINDS:
            drafts.add(given, where)
        else:
            drafts.account(given, where).rejected.append(Exclusion(
                where, f"contracts of type {kind!r} are not read", "give the position in a .pos "
                "file or a CSV with the SpanPosConv columns", account))
    return drafts.finished(), drafts.problems
