"""SEC Form 13F information tables: long holdings by CUSIP, options without strike and expiry."""

from __future__ import annotations

from decimal import Decimal
from typing import Any
from xml.etree.ElementTree import ParseError

from workstation.base.vocabulary import AssetClass
from workstation.book.positions import Position
from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.layouts.grids import table_of
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source
from workstation.importers.workbooks import refusal
from workstation.instruments.instrument import Instrument

KIND, ACCOUNT = "form 13f", "13F"
HEAD = 4000
GIVEN = {"cusip": "symbol", "sshPrnamt": "quantity", "price": "price", "value": "market_value",
         "nameOfIssuer": "description", "asset_class": "asset_class"}


def matches(source: Source) -> bool:
    """Say whether the XML is an information table."""
    return source.sort == "xml" and "informationtable" in source.text[:HEAD].casefold()


def read(source: Source, draft: Draft) -> None:
    """Read share lines as positions; name option lines as what cannot be margined."""
    draft.kind = KIND
    lines = _lines(source)
    draft.say(source.path.name, "a Form 13F lists long holdings only: no futures, swaps, shorts "
              "or cash; prices are value divided by shares", "ask the client for a position file",
              "warning")
    shares = [line for line in lines if not line.get("putCall")]
    if shares:
        table = table_of(shares, source.path.name)
        read_table(table, draft, ACCOUNT, given={
            i: GIVEN[name] for i, name in enumerate(table.headers) if name in GIVEN})
    for number, line in enumerate(lines, start=1):
        if line.get("putCall"):
            _hold_option(line, f"{source.path.name}, line {number}", draft)


def _lines(source: Source) -> list[dict[str, Any]]:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        root = fromstring(source.text.encode())
    except (ParseError, DefusedXmlException) as error:
        raise refusal(source.path.name, "the XML text is damaged or unsafe",
                      "export it again") from error
    return [_line(entry) for entry in root.iter() if entry.tag.endswith("infoTable")]


def _line(entry: Any) -> dict[str, Any]:
    record = {part.tag.rsplit("}", 1)[-1]: (part.text or "").strip()
              for part in entry.iter() if len(part) == 0}
    value, shares = figure(record.get("value", "")), figure(record.get("sshPrnamt", ""))
    if isinstance(value, Figure) and isinstance(shares, Figure) and shares.value:
        record["price"] = str(value.value / shares.value)
    principal = record.get("sshPrnamtType") == "PRN"
    record["asset_class"] = "corporate_bond" if principal else "equity"
    return record


def _hold_option(line: dict[str, Any], where: str, draft: Draft) -> None:
    draft.rows_read += 1
    name = f"{line.get('nameOfIssuer', '')} {line['putCall']}".strip()
    draft.exclude(where, f"the option {name} has no strike and expiry, so it cannot be margined",
                  "ask the client for the option's terms", ACCOUNT)
    shares = figure(line.get("sshPrnamt", ""))
    instrument = Instrument(f"{line.get('cusip', '')} {line['putCall']}", AssetClass.LISTED_OPTION,
                            line.get("cusip", ""), description=name)
    if isinstance(shares, Figure):
        draft.hold_back(Position(ACCOUNT, instrument, Decimal(shares.value), None, where))
