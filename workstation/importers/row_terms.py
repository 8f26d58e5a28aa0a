"""What one row states: its terms, its signed quantity, and the cells that cannot be read."""

from __future__ import annotations

import re
from dataclasses import replace
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.importers import words
from workstation.importers.cells import Columns
from workstation.importers.described import Described, Desk, RowError
from workstation.importers.figures import Fault
from workstation.importers.treasuries import treasury_in_words
from workstation.importers.vocabulary import normal

SWAPS = frozenset({AssetClass.CLEARED_SWAP, AssetClass.SWAP, AssetClass.SECURITY_BASED_SWAP,
                   AssetClass.CDS, AssetClass.CDS_INDEX, AssetClass.FX_FORWARD})
BY_FACE = frozenset({AssetClass.TREASURY, AssetClass.CORPORATE_BOND, AssetClass.AGENCY,
                     AssetClass.MUNICIPAL, AssetClass.CONVERTIBLE})
"""Securities held by face amount: a column called Face or Notional is their quantity."""
STYLES = {"": "", "a": "american", "american": "american", "amer": "american",
          "e": "european", "european": "european", "euro": "european"}
NO_SIDE = frozenset({"--", "n/a", "none", "nan", "flat", "null", "—", "–"})
PAYS = frozenset({"pay", "receive", "payer", "receiver", "p", "r", "rec"})
ANY_BOND = frozenset({"bond", "bonds", "fixedincome"})
TO_BE_ANNOUNCED = re.compile(r"\btba\b|to[- ]be[- ]announced", re.IGNORECASE)
TREASURY_ISSUES = ("912", "US912")
"""How the CUSIP and the ISIN of every US Treasury security begin."""
SAVE_IN_EXCEL = "open the file in Excel and save it, so that formulas carry their values"


def check_cells(columns: Columns, k: int) -> None:
    """Refuse a row with an unreadable cell or a formula without a stored value."""
    if not columns.faults and not columns.sheet.unread:
        return
    row = columns.table.body[k]
    for name, i in columns.map.fields.items():
        fault = columns.faults.get((name, k))
        if fault is not None and name != "market_value":
            raise RowError(f"{name} in {columns.where(k, name)}: {fault.what}",
                           _remedy(name, fault))
        if (row, i) in columns.sheet.unread and name != "market_value":
            raise RowError(f"{name} in {columns.where(k, name)} is a formula without a stored "
                           "value", SAVE_IN_EXCEL)


def _remedy(name: str, fault: Fault) -> str:
    if "error" in fault.what:
        return f"correct the formula or write the {name}, and save the file again"
    return "use YYYY-MM-DD" if name in ("expiry", "maturity", "as_of") else f"correct the {name}"


def signed_quantity(columns: Columns, k: int, row: Described, signed: bool) -> Decimal:
    """Return the quantity with its sign; `signed` says that the column itself carries signs."""
    quantity = _net(columns, k)
    if quantity is None and row.asset_class in SWAPS | BY_FACE:
        quantity = row.notional
    if quantity is None:
        raise RowError(f"{row.symbol or 'the row'} has no quantity", "fill in the quantity")
    text = columns.text("side", k)
    side = words.side(text) if text else None
    if side is None and _unknown_side(text) and quantity > 0 and not signed:
        raise RowError(f"side “{text}” means neither long nor short", "write Long or Short")
    if side is None or quantity == 0 or (side > 0) == (quantity > 0):
        return quantity
    if quantity < 0 or signed:
        raise RowError(f"quantity {quantity} contradicts the side “{text}”",
                       "correct the quantity or the side")
    return -quantity


def _net(columns: Columns, k: int) -> Decimal | None:
    """Return the quantity stated, or long less short; where a row states both they must agree."""
    quantity = columns.number("quantity", k)
    long, short = columns.number("qty_long", k), columns.number("qty_short", k)
    if (long is None and short is None) or (quantity is not None and _is_activity(columns)):
        return quantity
    net = (long or Decimal(0)) - abs(short or Decimal(0))
    if quantity is not None and abs(quantity) != abs(net):
        raise RowError(f"quantity {quantity:f} contradicts {long or 0:f} long and "
                       f"{abs(short or 0):f} short", "correct the three, or leave one out")
    return net


def _is_activity(columns: Columns) -> bool:
    """Say whether long and short are headed by words of trades: bought and sold beside a net."""
    named = [columns.table.headers[columns.map.fields[name]].casefold()
             for name in ("qty_long", "qty_short") if name in columns.map.fields]
    return not any("long" in text or "short" in text for text in named)


def _unknown_side(text: str) -> bool:
    """Say whether a side is stated that may mean short; pay and receive are legs of a swap."""
    word = text.casefold()
    return bool(word) and word not in NO_SIDE and word not in PAYS


def described(columns: Columns, k: int, symbol: str, venue: str, crypto: bool,
              desk: Desk) -> Described:
    """Return the terms row k states; raises RowError for a word that means nothing here."""
    strike = columns.number("strike", k) or None
    right = words.right(columns.text("put_call", k))
    if strike is None and columns.text("put_call", k) in ("0", "1"):
        right = None  # A code, not a right: files fill it in for futures too.
    row = Described(
        symbol, _asset_class(columns, k), expiry_is_month=k in columns.months, strike=strike,
        right=right, style=_style(columns, k),
        venue=columns.text("venue", k).casefold() or venue, crypto_account=crypto,
        **{name: column[k] for name, column in columns.stated})
    return row if symbol or row.underlying else _by_description(row, desk)


def _asset_class(columns: Columns, k: int) -> AssetClass | None:
    text = columns.text("asset_class", k)
    kind = words.asset_class(text) if text else None
    if text and kind is None:
        raise _unknown_class(text, columns.where(k, "asset_class"))
    return AssetClass.TREASURY if _is_treasury(columns, k, text, kind) else kind


def _unknown_class(text: str, where: str) -> RowError:
    if TO_BE_ANNOUNCED.search(text):
        return RowError(
            f"“{text}” in {where} is a to-be-announced mortgage contract: FINRA 4210(e)(2)(H) "
            "margins its unsettled loss alone, and no column states its trade price",
            "state the unsettled loss as negative cash of the account and take the row out")
    return RowError(f"asset class “{text}” in {where} is not one we know",
                    "use one of the asset classes of the template")


def _is_treasury(columns: Columns, k: int, text: str, kind: AssetClass | None) -> bool:
    """Say whether a row that is only called a bond carries an identifier of the US Treasury."""
    if kind is not AssetClass.CORPORATE_BOND or normal(text) not in ANY_BOND:
        return False
    return any(columns.text(name, k).upper().startswith(TREASURY_ISSUES)
               for name in ("cusip", "isin", "symbol"))


def _style(columns: Columns, k: int) -> str:
    text = columns.text("exercise_style", k)
    style = STYLES.get(text.casefold())
    if style is None:
        raise RowError(f"exercise style “{text}” is neither american nor european",
                       "correct the exercise_style")
    return style


def _by_description(row: Described, desk: Desk) -> Described:
    """Read the instrument from its description, where the row has no identifier."""
    text = row.description.upper()
    parsed = desk.parse(text)
    if text and (parsed is None or parsed.sort == "security"):
        issue = treasury_in_words(text)
        if issue is not None:
            return replace(row, symbol=text, asset_class=row.asset_class or AssetClass.TREASURY,
                           maturity=row.maturity or issue.maturity,
                           fixed_rate=issue.coupon if row.fixed_rate is None else row.fixed_rate)
        if row.asset_class in BY_FACE or (row.asset_class is None and row.maturity is not None
                                          and row.right is None):
            desk.assume("bonds without an identifier were named by their description", text,
                        "fill in the CUSIP or ISIN")
            return replace(row, symbol=text)
    if parsed is None or parsed.sort in ("security", "index"):
        said = f": “{row.description}” is no symbol" if row.description else ""
        raise RowError(f"the row names no instrument{said}", "fill in the symbol")
    return replace(row, symbol=text)
