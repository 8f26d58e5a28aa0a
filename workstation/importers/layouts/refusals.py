"""Files that are recognised but hold no positions we can margin, each with its way out."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from workstation.importers.draft import Draft
from workstation.importers.layouts.protocol import Layout
from workstation.importers.layouts.tabular import MAIN_SHEETS
from workstation.importers.sheets import Source, text_of
from workstation.importers.vocabulary import normal
from workstation.importers.workbooks import refusal

CRIF_COLUMNS = frozenset({"producttype", "productclass", "risktype", "qualifier", "bucket",
                          "label1", "label2", "amount", "amountusd"})
CRIF_HITS = 5
SEARCHED = 10
USE_CRIF = "send the trades as CRIF sensitivities, or list them as swaps in the template"
_TENOR = re.compile(r"\d+[DWMY]|ON|TN|SN")
TRANSACTIONS = (frozenset({"action", "date"}), frozenset({"action", "time"}),
                frozenset({"transactiontype", "date"}), frozenset({"tradedate", "settledate"}),
               frozenset({"contract", "fillqty"}), frozenset({"fillqty", "price"}))
OTC_TRADES = (frozenset({"stratatradetype"}), frozenset({"internaltradeid", "tradetype"}))
SENSITIVITIES = (frozenset({"sensitivitytype", "sensitivitytenor"}),)


def headers(source: Source) -> list[frozenset[str]]:
    """Return the words of the first rows of every visible sheet; a Positions sheet is a table."""
    if any(normal(sheet.name) in MAIN_SHEETS for sheet in source.visible):
        return []
    return [frozenset(normal(text_of(cell)) for cell in row)
            for sheet in source.visible for row in sheet.rows[:SEARCHED]]


def _has_any(*wanted: Iterable[frozenset[str]]) -> Callable[[Source], bool]:
    def matches(source: Source) -> bool:
        return any(words <= row for group in wanted for words in group for row in headers(source))

    return matches


def is_crif(source: Source) -> bool:
    """Say whether a row of headers has five or more of the CRIF's columns."""
    return any(len(row & CRIF_COLUMNS) >= CRIF_HITS for row in headers(source))


def _is_curve_matrix(source: Source) -> bool:
    """Say whether the first column holds tenors beside a matrix of curves."""
    for sheet in source.visible:
        first = [text_of(row[0]).upper() for row in sheet.rows[1:SEARCHED] if row]
        head = [text_of(cell) for cell in sheet.rows[0]] if sheet.rows else []
        if len(first) > 1 and all(_TENOR.fullmatch(text) for text in first) and any(
                "." in text for text in head[1:]):
            return True
    return False


def _is_transactions(source: Source) -> bool:
    """Say whether rows are dated actions, and no row is a table of positions."""
    return _has_any(TRANSACTIONS)(source)


def _is_otc_trades(source: Source) -> bool:
    if not _has_any(OTC_TRADES)(source):
        return False
    return not any("stratapositiontype" in row for row in headers(source))


def _is_broker_records(source: Source) -> bool:
    """Say whether a text begins as the 750-byte records of a clearing broker do."""
    return source.text[:40].startswith("BOF") and "PERSHING" in source.text[:200]


def _is_flat_positions(source: Source) -> bool:
    """Say whether the first line is record 1 of the flat PC-SPAN position file."""
    line = source.text[:40]
    return source.sort == "text" and line[:1] == "1" and line[3:11].isdigit() and "," not in line


def _is_scan_file(source: Source) -> bool:
    """Say whether an XML text is a SPAN parameter file."""
    return source.sort == "xml" and "<spanfile" in source.text[:2000].casefold()


def _is_other_json(source: Source) -> bool:
    return source.sort == "json"


def _is_other_xml(source: Source) -> bool:
    return source.sort == "xml"


def _refusing(name: str, matches: Callable[[Source], bool], what: str, remedy: str) -> Layout:
    def read(source: Source, draft: Draft) -> None:
        raise refusal(source.path.name, what, remedy)

    return Layout(name, matches, read)


BEFORE_TABLES: tuple[Layout, ...] = (
    _refusing("clearing broker records", _is_broker_records,
              "these are the broker's fixed-width records, whose layout only its clients have",
              "export the positions as .csv or .xlsx"),
    _refusing("flat span positions", _is_flat_positions, "this is the flat PC-SPAN position "
              "layout, which is not read",
              "save the positions as XML (.pos) or as a CSV with the SpanPosConv columns"),
    _refusing("crif", is_crif, "this looks like a CRIF file of sensitivities, but RiskType or the "
              "amounts are missing", "export it with RiskType and AmountUSD"),
    _refusing("otc trades", _is_otc_trades, "this is an OTC trade file, not a list of positions",
              USE_CRIF),
    _refusing("sensitivities", _has_any(SENSITIVITIES),
              "these are sensitivities in a layout other than CRIF", "export them as CRIF"),
    _refusing("curve sensitivities", _is_curve_matrix,
              "this is a matrix of curve sensitivities, not positions", "export them as CRIF"),
    _refusing("transactions", _is_transactions, "these are transactions, not positions",
              "export the positions as of the review date"),
    _refusing("span file", _is_scan_file, "these are risk parameters, not positions",
              "open the positions, then load this file (Risk-parameter files, --params-file)"),
    _refusing("other json", _is_other_json, "the JSON text is not a position export we know",
              "export the positions as .xlsx or .csv"),
    _refusing("other xml", _is_other_xml, "the XML text is not a position export we know",
              "export the positions as .xlsx or .csv"),
)
"""Tried before tables in general, after the layouts that can be read."""
