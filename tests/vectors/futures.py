"""Families of the futures vectors: scan-based, published rates, decoding, histories, programmes."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

from tests.shared import SHARED
from tests.vectors.runner import Case, Check, Header, accepts
from tests.vectors.span import Compared, span
from workstation.base.explain import Citation
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.book.positions import Position
from workstation.book.resolve import resolve
from workstation.collateral.pool import report
from workstation.importers.span_prices import decoded_price
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import FutureTerms
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, Parameter
from workstation.rulebooks.span.margin_history import read_margin_history, replayed
from workstation.rulebooks.span.model_arrays import (
    OptionOnFuture,
    ScanRanges,
    black_76,
    option_array,
)
from workstation.rulebooks.span.published import margin
from workstation.rulebooks.span.two_house import HouseMargin, cross_margined

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


def file_decode(case: Case, header: Header) -> tuple[bool, str]:
    """Decode settlement fields by decimals, alignment and sign."""
    compared = Compared(case["tolerance"]["absolute"])
    rows = zip(case["parameters"]["cases"], case["expected"]["values"], strict=True)
    for row, wanted in rows:
        got = decoded_price(row["raw"], row["decimals"], row["alignment"], row.get("sign", "+"))
        compared.number(row["raw"], got if got is not None else "nan", wanted)
    return compared.outcome()


def array_generation(case: Case, header: Header) -> tuple[bool, str]:
    """Reprice an option's array and compare its worst short loss with model and file."""
    given, expected = case["parameters"], case["expected"]
    option = OptionOnFuture(given["right"], given["F"], given["K"], given["T_years"],
                            given["vol"], given["rate"], given["contract_value_factor"])
    losses = option_array(option, ScanRanges(
        given["price_scan_points"], given.get("volatility_scan_range", 0.0),
        given["extreme_multiplier"], given["extreme_cover"], given["lookahead_years"]))
    short = [-loss for loss in losses]
    worst = max(short)
    compared = Compared(case["tolerance"]["model_worst_short_loss"])
    compared.number("model_price", black_76(option), expected["model_price"],
                    case["tolerance"]["model_price"])
    compared.number("model_worst_short_loss", worst, expected["model_worst_short_loss"])
    compared.same("active_scenario", short.index(worst) + 1, expected["active_scenario"])
    compared.number("relative_error", worst / expected["file_worst_short_loss"] - 1,
                    expected["relative_error"], 5e-5)
    return compared.outcome()


@accepts(lambda case: "standalone_musd" in case.get("parameters", {}))
def cross_margin(case: Case, header: Header) -> tuple[bool, str]:
    """Reduce two houses' margins, both by what the case says of the whole book."""
    given = case["parameters"]
    alone, combined = (Decimal(str(given[name])) / 2
                       for name in ("standalone_musd", "cross_margined_musd"))
    houses = [HouseMargin(name, alone, combined) for name in ("first house", "second house")]
    answer = cross_margined(*houses)
    compared = Compared(case["tolerance"]["pct"])
    compared.number("reduction_pct", answer.reduction * 100, case["expected"]["reduction_pct"])
    compared.number("margin after", answer.margins.amount, given["cross_margined_musd"])
    return compared.outcome()


@accepts(lambda case: "file" in case.get("parameters", {}))
def margin_history(case: Case, header: Header) -> tuple[bool, str]:
    """Replay the published margins of the file the case names, between its two dates."""
    path = SHARED / case["parameters"]["file"]
    if not path.exists():
        return False, f"{path.name} is not beside this checkout"
    with path.open(encoding="utf-8") as lines:
        histories, _ = read_margin_history(lines)
    money = Compared(case["tolerance"]["usd"])
    for symbol, wanted in case["expected"].items():
        first, last = (date.fromisoformat(text) for text in wanted["dates"])
        replay = replayed(histories[symbol], first, last)
        if replay is None:
            return False, f"{symbol} has no margin on {first}"
        money.number(f"{symbol} before", replay.start, wanted["before"])
        money.number(f"{symbol} after", replay.end, wanted["after"])
        money.number(f"{symbol} ratio", replay.ratio, wanted["ratio"], case["tolerance"]["ratio"])
    return money.outcome()


FAMILIES: dict[str, Check] = {
    "published-rate": published_rate, "collateral": collateral, "span": span,
    "file-decode": file_decode, "array-generation": array_generation,
    "cross-margin": cross_margin, "procyclicality": margin_history,
}
