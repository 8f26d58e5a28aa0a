"""Families of the futures vectors that published rates and haircut arithmetic cover."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.vectors.runner import Case, Check, Header
from workstation.base.explain import Citation
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.collateral.pool import report
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.span.published import margin

TODAY = date(2026, 11, 20)


def published_rate(case: Case, header: Header) -> tuple[bool, str]:
    """Margin each position in an account of its own, at the rates the case states."""
    given, expected = case["parameters"], case["expected"]
    worst = 0.0
    for position in case["positions"]:
        answer = _margined(position, given)
        maintenance = expected["maintenance"]
        if isinstance(maintenance, dict):
            maintenance = maintenance[position["case"]]
        worst = max(worst, abs(float(answer.maintenance.amount) - maintenance))
        if "initial_HRP" in expected:
            worst = max(worst, abs(float(answer.initial.amount) - expected["initial_HRP"]))
    return worst <= case["tolerance"]["usd"], f"worst difference {worst:.6g}"


def _margined(position, given):
    product = position["product"]
    instrument = Instrument(product, AssetClass.FUTURE, product, "USD",
                            Decimal(str(given.get("multiplier", 1))), FutureTerms(product))
    price = Decimal(str(given["price"])) if "price" in given else None
    held = Position("F", instrument, Decimal(position["quantity"]), price, "Positions!A2")
    account = Account("F", AccountType.FUTURES, risk_profile="hrp")
    book = Book("vector", TODAY, (account,), (held,))
    return margin(account, resolve(book), RuleSet(TODAY, (_stated(product, given),)))


def _stated(product, given):
    """Return the case's rates as an overlay edition."""
    if "maintenance_pct_of_notional" in given:
        share = Decimal(str(given["maintenance_pct_of_notional"]))
        row = {"long": share, "short": share, "basis": "notional"}
    else:
        row = {side: Decimal(str(given[f"{side}_maintenance"])) for side in ("long", "short")}
    cite = Citation("Published futures margin", ", as stated in the case", "vector")
    values = {product: Parameter(product, [row], "USD per contract", cite)}
    if "HRP_ratio" in given:
        values["initial_ratio_hrp"] = Parameter(
            "initial_ratio_hrp", Decimal(str(given["HRP_ratio"])), "times maintenance", cite)
    return Edition("Published futures margin", "vector", TODAY, "vector", values, Path("vector"))


def collateral(case: Case, header: Header) -> tuple[bool, str]:
    """Value each asset of the case as a free lot with its stated haircut."""
    lots = tuple(
        CollateralLot(name, "F", name, "crypto", Decimal(1), Decimal(str(given["market_value"])),
                      haircut=Decimal(str(given["haircut"])))
        for name, given in case["parameters"].items())
    answer = report(Book("vector", TODAY, lots=lots), RuleSet(TODAY))
    values = {lot.lot: lot.free_value for lot in answer.lots} | {"total": answer.free_value}
    worst = max(abs(float(values[name]) - value) for name, value in case["expected"].items())
    return worst <= case["tolerance"]["usd"], f"worst difference {worst:.6g}"


FAMILIES: dict[str, Check] = {"published-rate": published_rate, "collateral": collateral}
