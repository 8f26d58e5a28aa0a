"""Securities vectors: each case becomes a book as a user would enter it, and is margined."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from tests.vectors.runner import Case, Check, Header
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import OptionTerms
from workstation.market.market import Market, Underlying
from workstation.measures.cross_margin import cross_margined
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, read_edition
from workstation.rulebooks.finra_4210 import portfolio, strategy, triggers
from workstation.rulebooks.rbh_15c3_1a import haircuts
from workstation.rulebooks.reg_t import initial

ACCOUNT = "A1"
REGIMES: Mapping[str, tuple[AccountType, Callable[..., AccountMargin]]] = {
    "reg-t": (AccountType.REG_T, initial.margin),
    "finra-4210-strategy": (AccountType.REG_T, strategy.margin),
    "finra-4210-portfolio": (AccountType.PORTFOLIO_MARGIN, portfolio.margin),
}
CLASSES = {
    "equity": UnderlyingClass.EQUITY,
    "narrow": UnderlyingClass.NARROW_INDEX,
    "broad": UnderlyingClass.BROAD_INDEX_HIGH_CAP,
}
HOUSE_CLASSES = {"equity": "equity", "narrow": "narrow_index", "broad": "broad_index"}
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


def book_of(case: Case) -> Book:
    """Write the case's positions and market as one account of a book."""
    account = Account(ACCOUNT, REGIMES[case["regime"]][0])
    positions = tuple(position(row, n) for n, row in enumerate(case["positions"], start=2))
    market = Market({row.symbol: row for row in rows(case)})
    return Book(case["id"], date.fromisoformat(case["as_of"]), (account,), positions, market)


def rows(case: Case) -> list[Underlying]:
    market: Mapping[str, Any] = case["market"]
    symbols = {row["symbol"] for row in case["positions"]}
    prices = market.get("underlying_prices") or dict.fromkeys(
        symbols, market.get("underlying_price"))
    return [
        Underlying(
            symbol, decimal(price), underlying_class=CLASSES[market["class"]],
            leverage=decimal(market["leverage"]),
            rate=decimal(market["rate"]) if "rate" in market else None,
            dividend_yield=decimal(market["dividend_yield"]) if "dividend_yield" in market
            else None)
        for symbol, price in prices.items()
    ]


def position(row: Mapping[str, Any], line: int) -> Position:
    return Position(ACCOUNT, instrument(row), decimal(row["quantity"]), decimal(row["price"]),
                    f"Positions!A{line}")


def instrument(row: Mapping[str, Any]) -> Instrument:
    symbol, multiplier = row["symbol"], decimal(row["multiplier"])
    if row["product"] != "option":
        kind = AssetClass.EQUITY if row["product"] == "stock" else AssetClass(row["product"])
        return Instrument(symbol, kind, symbol, multiplier=multiplier)
    terms = OptionTerms(row["right"], decimal(row["strike"]), date.fromisoformat(row["expiry"]),
                        row["exercise_style"], row["settlement"])
    name = f"{symbol} {row['expiry']} {row['strike']} {row['right']}"
    return Instrument(name, AssetClass.LISTED_OPTION, symbol, multiplier=multiplier, terms=terms)


def margin_of(case: Case, overlays: tuple[Edition, ...] = ()) -> AccountMargin:
    book = book_of(case)
    holdings = resolve(book).of_account(ACCOUNT)
    rules = RuleSet(book.as_of, overlays)
    return REGIMES[case["regime"]][1](book.account(ACCOUNT), holdings, rules)


def compared(case: Case, answer: AccountMargin) -> tuple[bool, str]:
    if answer.excluded:
        return False, "excluded: " + "; ".join(item.what for item in answer.excluded)
    if case["measure"] != "maintenance":
        return close(case, answer.gross if case["basis"] == "gross" else answer.net)
    premium = answer.gross - answer.net if case["basis"] == "net" else 0
    return close(case, answer.maintenance.amount - premium)


def close(case: Case, amount: Decimal) -> tuple[bool, str]:
    difference = abs(amount - decimal(case["expected"]["requirement_usd"]))
    passed = difference <= decimal(case["tolerance_usd"])
    return passed, f"worst difference {difference:.4f}, requirement {amount:,.2f}"


def requirement(case: Case, header: Header) -> tuple[bool, str]:
    return compared(case, margin_of(case))


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


def scanned(case: Case, header: Header) -> tuple[bool, str]:
    """A portfolio requirement, and the profit at each point where the case states it."""
    answer = margin_of(case)
    passed, detail = compared(case, answer)
    expected = case["expected"].get("scenario_pnl_usd")
    if not passed or expected is None:
        return passed, detail
    book = book_of(case)
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
        return compared(case, margin_of(case, (read_edition(overlay),)))


def capital_haircut(case: Case, header: Header) -> tuple[bool, str]:
    """A coin of the firm's own under the staff position, from the day that position was taken.

    The case dates the position before it; the percentage it names must be the edition's.
    """
    taken = date.fromisoformat(re.search(r"\d{4}-\d{2}-\d{2}", case["rule"]).group())
    rules = RuleSet(taken)
    account = Account(ACCOUNT, AccountType.CRYPTO_SPOT)
    held = tuple(
        Position(ACCOUNT, Instrument(row["symbol"], AssetClass(row["product"]), row["symbol"]),
                 decimal(row["quantity"]), decimal(row["price"]), f"Positions!A{n}")
        for n, row in enumerate(case["positions"], start=2))
    book = Book(case["id"], taken, (account,), held)
    answer = haircuts.margin(account, resolve(book).of_account(ACCOUNT), rules)
    same = rules.edition("rbh_15c3_1a")["crypto_fraction"].value == decimal(
        case["market"]["haircut"])
    passed, detail = close(case, answer.maintenance.amount)
    return passed and same and answer.complete, detail


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
        "leveraged-etp", "cboe-2007-strategy-ibm", "cboe-2007-strategy-spx"), requirement),
    **dict.fromkeys(("portfolio-stock", "cboe-2007-pm-spx", "cboe-2007-pm-ibm"), scanned),
    "stock": stock,
    "house-uncovered": house,
    "capital-haircut": capital_haircut,
    "cross-margin": cross_margin,
}
