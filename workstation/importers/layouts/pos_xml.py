"""XML position files of PC-SPAN (.pos) as a book: each position a row at its own line."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.layouts import clearing
from workstation.importers.sheets import Cell, Sheet, Source
from workstation.importers.span_pos import WANTED, position_lines
from workstation.importers.span_xml import Element, XmlStream
from workstation.importers.workbooks import refusal

KIND = "span position xml"
HEADER = ("firm", "acctId", "acctType", "isCust", "seg", "currency", "ec", "cc", "exch", "pfCode",
          "pfType", "pe", "undPe", "o", "k", "net")
MONEY = ("ledgerBal", "ote")
SHOWN = 400


def matches(source: Source) -> bool:
    """Say whether an XML text is a position file."""
    return source.sort == "xml" and "<posfile" in source.text[:SHOWN].casefold()


def read(source: Source, draft: Draft) -> None:
    """Read net and gross positions of every portfolio; ledger and trade equity are cash."""
    stream = XmlStream(source.path.name, WANTED)
    rows: list[list[Cell]] = [list(HEADER)]
    accounts: list[Element] = []
    for element in stream.elements_of([source.text.encode()]):
        if element.tag == "portfolio":
            accounts.append(element)
            continue
        for fields in position_lines(element):
            # A row stands at the line of its element, so that places name the file's own lines.
            rows += [[] for _ in range(element.line - 1 - len(rows))]
            rows.append([fields.get(name.casefold(), "") for name in HEADER])
    if len(rows) == 1:
        raise refusal(source.path.name, "the position file holds no positions",
                      "export it again with positions")
    clearing.read(replace(source, sort="text", sheets=(Sheet(source.path.name, rows),)), draft)
    draft.kind = KIND
    for problem in stream.problems:
        draft.exclude(problem.where, problem.what, problem.remedy)
    for account in accounts:
        _cash_of(account, draft, f"{source.path.name} line {account.line}")


def _cash_of(portfolio: Element, draft: Draft, where: str) -> None:
    """Take ledger balance and open trade equity as cash; noughts throughout state nothing."""
    account = draft.account(portfolio.text("acctId"), where)
    found = [figure(portfolio.text(name) or "0") for name in MONEY]
    amounts = [one.value if isinstance(one, Figure) else Decimal(0) for one in found]
    if any(amounts):
        account.cash = sum((Decimal(amount) for amount in amounts), Decimal(0))
        draft.say(where, f"account {account.account_id}: ledger balance and open trade equity were "
                  "taken as its cash")
    securities = figure(portfolio.text("securities") or "0")
    if isinstance(securities, Figure) and securities.value:
        draft.say(where, f"account {account.account_id}: securities on deposit of "
                  f"{securities.value:,} are not part of the book",
                  "list them on the Collateral sheet of a workbook", "warning")
