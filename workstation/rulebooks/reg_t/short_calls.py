"""Long calls that would cover a short sale, were the price of the sale known: 220.12(c)(2)."""

from __future__ import annotations

from decimal import Decimal

from workstation.measures.requirement import Offset
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import dollars, plain
from workstation.rulebooks.finra_4210.intake import Intake
from workstation.rulebooks.finra_4210.securities import Option, Stock

ZERO = Decimal(0)


def untold(intake: Intake, reg_t: Edition, account_id: str) -> list[Offset]:
    """Return one denied offset for each short without a sale price that a long call may cover."""
    by_underlying: dict[str, list[Option]] = {}
    for option in intake.options:
        by_underlying.setdefault(option.underlying, []).append(option)
    found = []
    for stock in intake.stocks:
        if not stock.short or stock.sold_at is not None:
            continue
        calls = [o for o in by_underlying.get(stock.symbol, ()) if _may_cover(o, stock)]
        if calls:
            found.append(_denied(stock, calls, reg_t, account_id))
    return found


def _may_cover(call: Option, stock: Stock) -> bool:
    return (call.is_call and not call.short and not call.otc and call.terms.style == "american"
            and call.strike <= stock.price)


def _denied(stock: Stock, calls: list[Option], reg_t: Edition, account_id: str) -> Offset:
    covering = sum((call.contracts * call.multiplier for call in calls), ZERO)
    apart = reg_t["short_nonexempt_equity_fraction"].value - reg_t[
        "short_with_convertible_fraction"].value
    saved = apart * min(covering, stock.shares) * stock.price
    return Offset(
        "strategy", (calls[0].symbol, stock.symbol), "denied",
        "initial margin: the file does not say at what price the stock was sold; "
        f"{reg_t['short_with_convertible_fraction'].cite} covers it by a long call struck at that "
        "price or below", ZERO, (account_id,), "same underlying",
        (("shares", plain(stock.shares)), ("price", dollars(stock.price)),
         ("lowest strike", dollars(min(call.strike for call in calls)))), saved,
        "the price of the sale in a column sale_price")
