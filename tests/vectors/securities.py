"""Securities vectors: a workbook as a user would fill it in goes in, the JSON answer comes out."""

from __future__ import annotations

import json
import re
import tempfile
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.vectors import securities_book
from tests.vectors.runner import Case, Check, Header
from tests.vectors.securities_book import ACCOUNT
from workstation.base.resources import resource_root
from workstation.book.resolve import resolve
from workstation.measures.cross_margin import cross_margined
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, editions, read_edition
from workstation.reports.account_documents import status_body
from workstation.reports.margin_documents import encode, margin_document
from workstation.rulebooks.finra_4210 import portfolio, triggers
from workstation.workspace.regime import one_regime
from workstation.workspace.session import Session

Document = dict[str, Any]
HOUSE_CLASSES = {"equity": "equity", "narrow": "narrow_index", "broad": "broad_index"}
HAIRCUTS = "rbh_15c3_1a"
FRACTIONS = ("crypto_fraction", "stablecoin_fraction")
QUALIFYING = """rule = "Rule 15c3-1a"
edition = "stated"
effective = 2000-01-01
source = "stated by the case"
[parameter.payment_stablecoins]
value = {names}
unit = "symbols"
paragraph = ", beside it Rule 15c3-1b"
standing = "house"
"""
HOUSE = """rule = "FINRA 4210"
edition = "house"
effective = 2000-01-01
source = "house schedule of the case"
"""
HOUSE_NUMBER = """
[parameter.{name}]
value = {value}
unit = "of underlying price"
paragraph = "(f)(2)(E)"
standing = "house"
"""


def decimal(number: object) -> Decimal:
    return Decimal(str(number))


def session_of(case: Case, overlays: tuple[Edition, ...] = ()) -> Session:
    """Open the case's workbook as the product opens a client's."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "case.xlsx"
        securities_book.write(case, path)
        opened = Session.from_file(path)
    opened.overlays = overlays
    return opened


def document_of(case: Case, overlays: tuple[Edition, ...] = ()) -> Document:
    """Return what `margin --regime ... --json` prints for the case's workbook."""
    answer, stamp = one_regime(session_of(case, overlays), case["regime"])
    document: Document = json.loads(encode(margin_document(answer, stamp)))
    return document


def compared(case: Case, document: Document) -> tuple[bool, str]:
    if document["excluded"]:
        return False, "excluded: " + "; ".join(item["what"] for item in document["excluded"])
    premium = document["gross"] - document["net"]
    if case["measure"] == "maintenance":
        return close(case, document["maintenance"] - (premium if case["basis"] == "net" else 0))
    return close(case, document["gross" if case["basis"] == "gross" else "net"])


def close(case: Case, amount: object) -> tuple[bool, str]:
    found = decimal(amount)
    difference = abs(found - decimal(case["expected"]["requirement_usd"]))
    passed = difference <= decimal(case["tolerance_usd"])
    return passed, f"worst difference {difference:.4f}, requirement {found:,.2f}"


def requirement(case: Case, header: Header) -> tuple[bool, str]:
    return compared(case, document_of(case))


def stock(case: Case, header: Header) -> tuple[bool, str]:
    """A stock requirement, or the market value at which a balance brings a maintenance call."""
    if not case["measure"].startswith("trigger"):
        return requirement(case, header)
    rule = RuleSet(date.fromisoformat(case["as_of"])).edition("finra_4210")
    market = case["market"]
    if "credit_balance" in market:
        credit = decimal(market["credit_balance"])
        return close(case, triggers.short_trigger_value(credit, rule).amount)
    debit = decimal(market["debit_balance"])
    return close(case, triggers.long_trigger_value(debit, rule).amount)


STANDING = ("equity", "excess", "sma", "buying power", "maintenance call", "reg t call", "call")


def standing(case: Case, header: Header) -> tuple[bool, str]:
    """A figure of the account's standing: equity, a call, excess, memorandum account, power."""
    run = session_of(case).review()
    status = status_body(run.statuses[0])
    calls = {test["name"].lower(): test["call"] for test in status["tests"]}
    figures = {"equity": status["equity"], "excess": status["excess"], "sma": status["sma"],
               "buying power": status["buying_power"], "maintenance call": calls["maintenance"],
               "reg t call": calls.get("regulation t"), "call": status["call"]}
    return close(case, figures[_standing_named(case)])


def _standing_named(case: Case) -> str:
    """Return which figure of the account's standing a measure names; empty where it names none."""
    named = case["measure"].lower().replace("regulation t", "reg t")
    return next((name for name in STANDING if named.startswith(name)), "")


def by_measure(case: Case, header: Header) -> tuple[bool, str]:
    """A requirement, or a figure of the account's standing where the measure names one."""
    return standing(case, header) if _standing_named(case) else stock(case, header)


def scanned(case: Case, header: Header) -> tuple[bool, str]:
    """A portfolio requirement, and the profit at each point where the case states it."""
    passed, detail = compared(case, document_of(case))
    expected = case["expected"].get("scenario_pnl_usd")
    if not passed or expected is None:
        return passed, detail
    book = session_of(case).book
    found = portfolio.scan_profits(resolve(book).of_account(ACCOUNT), RuleSet(book.as_of))
    misses = [abs(a - b) - max(200.0, 0.01 * abs(b)) for a, b in zip(found, expected, strict=True)]
    return max(misses) <= 0, f"{detail}; scan points {'agree' if max(misses) <= 0 else 'differ'}"


def house(case: Case, header: Header) -> tuple[bool, str]:
    """A house schedule laid over the shipped edition, as a user's own edition file would be."""
    overrides = case["market"]["house_overrides"]
    kind = HOUSE_CLASSES[case["market"]["class"]]
    numbers = {f"uncovered_{kind}_fraction": overrides["pct_of_underlying"],
               f"uncovered_{kind}_floor": overrides["floor_pct_of_strike"]}
    text = HOUSE + "".join(HOUSE_NUMBER.format(name=n, value=v) for n, v in numbers.items())
    with tempfile.TemporaryDirectory() as folder:
        overlay = Path(folder) / "house.toml"
        overlay.write_text(text, "utf-8")
        return compared(case, document_of(case, (read_edition(overlay),)))


def capital_haircut(case: Case, header: Header) -> tuple[bool, str]:
    """A coin of the firm's own under the staff position, from the day that position was taken.

    Cases may date the position before it; the percentage they name must be the edition's. A
    stablecoin that the shipped list does not name is taken to qualify, as the case says it does.
    """
    days = [case["as_of"], *re.findall(r"\d{4}-\d{2}-\d{2}", case["rule"])]
    rule = _knowing(case["market"].get("haircut"), date.fromisoformat(max(days)))
    day = max(*days, rule.effective.isoformat())
    dated = {**case, "as_of": day, "regime": "rbh-15c3-1a"}
    symbols = [row["symbol"] for row in case["positions"] if row["product"] == "stablecoin"]
    if not symbols:
        return compared(dated, document_of(dated))
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "qualifying.toml"
        names = json.dumps([*rule["payment_stablecoins"].raw, *symbols])
        path.write_text(QUALIFYING.format(names=names), "utf-8")
        return compared(dated, document_of(dated, (read_edition(path),)))


def _knowing(haircut: object, on: date) -> Edition:
    """Return the edition in force, or the first after it, that has the percentage of the case."""
    later = [edition.effective for edition in editions(resource_root() / "parameters" / HAIRCUTS)
             if edition.effective > on]
    found = (RuleSet(day).edition(HAIRCUTS) for day in (on, *sorted(later)))
    return next(edition for edition in found if haircut is None or decimal(haircut) in {
        edition[name].value for name in FRACTIONS if name in edition})


def cross_margin(case: Case, header: Header) -> tuple[bool, str]:
    """The published sample: both organisations' models allow the reduction, the smaller applies."""
    share = decimal(case["market"]["margin_reduction"])
    standalone = decimal(case["market"]["standalone_margin_usd"])
    both = cross_margined(standalone, {"the clearing corporation": share, "the exchange": share})
    return close(case, both.amount)


FAMILIES: dict[str, Check] = {
    **dict.fromkeys((
        "uncovered", "uncovered-leveraged", "calendar-diagonal", "short-straddle",
        "vertical-spread", "butterfly-condor", "long-options", "long-over-9-months", "covered",
        "leveraged-etp", "cboe-2007-strategy-ibm", "cboe-2007-strategy-spx", "stock"),
        by_measure),
    **dict.fromkeys(("portfolio-stock", "cboe-2007-pm-spx", "cboe-2007-pm-ibm"), scanned),
    # Families that no domain knows are margined by the regime they name.
    **dict.fromkeys(("reg-t", "finra-4210-strategy"), by_measure),
    "finra-4210-portfolio": scanned,
    "house-uncovered": house,
    "capital-haircut": capital_haircut,
    "cross-margin": cross_margin,
}
