"""Interactive Brokers' Flex query in XML: the elements OpenPosition, read as the CSV would be."""

from __future__ import annotations

from typing import Any
from xml.etree.ElementTree import ParseError

from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.imported import CashLine
from workstation.importers.layouts.grids import table_of
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Source
from workstation.importers.words import CURRENCIES
from workstation.importers.workbooks import refusal

KIND = "ibkr flex positions"
HEAD = 2000
FIELDS = {
    "accountId": "account_id", "currency": "currency", "fxRateToBase": "fx_rate",
    "assetCategory": "asset_class", "symbol": "symbol", "description": "description",
    "cusip": "cusip", "isin": "isin", "underlyingSymbol": "underlying",
    "multiplier": "multiplier", "strike": "strike", "expiry": "expiry", "putCall": "put_call",
    "position": "quantity", "markPrice": "price", "positionValue": "market_value", "side": "side",
    "listingExchange": "exchange", "reportDate": "as_of"}


def matches(source: Source) -> bool:
    """Say whether the XML is the answer to a Flex query."""
    return source.sort == "xml" and "<flexqueryresponse" in source.text[:HEAD].casefold()


def read(source: Source, draft: Draft) -> None:
    """Read the open positions and the ending cash of every account."""
    draft.kind = KIND
    root = _root(source)
    records = [dict(element.attrib) for element in root.iter("OpenPosition")]
    if not records:
        raise refusal(source.path.name, "this Flex query has no open positions",
                      "run it again with the section Open Positions")
    table = table_of(records, source.path.name)
    read_table(table, draft, "Account", given={
        i: FIELDS[name] for i, name in enumerate(table.headers) if name in FIELDS})
    for element in root.iter("CashReportCurrency"):
        amount, currency = figure(element.get("endingCash", "")), element.get("currency", "")
        if currency in CURRENCIES and isinstance(amount, Figure) and amount.value:
            draft.cash.append(CashLine(element.get("accountId", "Account"), currency, amount.value,
                                       f"{source.path.name}, cash {currency}"))


def _root(source: Source) -> Any:
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    try:
        return fromstring(source.text)
    except (ParseError, DefusedXmlException, ValueError) as error:
        raise refusal(source.path.name, "the XML text is damaged or unsafe",
                      "export it again") from error
