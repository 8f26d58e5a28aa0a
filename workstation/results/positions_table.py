"""The positions table: the book as reported, with what each position asks for alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.base.vocabulary import AssetClass
from workstation.book.book import Book, Exclusion
from workstation.book.positions import Position
from workstation.book.remarks import Remark
from workstation.instruments.terms import PerpetualTerms, SwapTerms
from workstation.market.market import Market
from workstation.results.formats import asset_class, money, price, quantity, regime, words
from workstation.results.run import Run
from workstation.results.silos import silo_of
from workstation.results.table import Column, Table

NOTIONAL_CLASSES = frozenset({
    AssetClass.FUTURE, AssetClass.SECURITY_FUTURE, AssetClass.PERPETUAL,
    AssetClass.CLEARED_SWAP, AssetClass.SWAP, AssetClass.SECURITY_BASED_SWAP,
    AssetClass.CDS, AssetClass.CDS_INDEX, AssetClass.FX_FORWARD,
})

REMARKS = (words("Flag", "flag", "check, query or agreed"), words("Comment", "comment"))


@dataclass(frozen=True, slots=True)
class PositionRow:
    """One position as the table shows it; money is in the reporting currency.

    `market_value` is None for contracts that are not paid for (futures, perpetuals, swaps), whose
    size is `notional`; both are None where a price or an exchange rate is missing.
    """

    account: str
    silo: str
    regime: str
    symbol: str
    asset_class: str
    underlying: str
    description: str
    quantity: Decimal
    price: Decimal | None
    currency: str
    multiplier: Decimal
    market_value: Decimal | None
    notional: Decimal | None
    stand_alone: Decimal | None
    status: str
    where: str
    flag: str = ""
    comment: str = ""


@dataclass(frozen=True, slots=True)
class _Answers:
    """What a run says about positions, by cell and by account."""

    stand_alone: Mapping[str, Decimal | None] = field(default_factory=dict)
    excluded: Mapping[str, str] = field(default_factory=dict)
    regimes: Mapping[str, str] = field(default_factory=dict)
    margined: str = "not computed yet"


def positions_table(run: Run, *, with_remarks: bool = False) -> Table:
    """Return every position of the book with its stand-alone requirement and its status.

    Flags and comments have columns where the book has any, or where they are asked for.
    """
    answers = _Answers(
        {item.where: item.amount for item in run.stand_alone},
        reasons_by_cell(run.excluded),
        {account.account_id: account.regime for account in run.silos.accounts},
        "margined",
    )
    return _table(run.book, answers, with_remarks=with_remarks)


def positions_of(book: Book, *, with_remarks: bool = False) -> Table:
    """Return every position of a book that has not been margined yet."""
    return _table(book, _Answers(), with_remarks=with_remarks)


def reasons_by_cell(excluded: tuple[Exclusion, ...]) -> dict[str, str]:
    """Return why each cell's position was left out; several reasons are joined."""
    reasons: dict[str, str] = {}
    for item in excluded:
        earlier = reasons.get(item.where)
        reasons[item.where] = f"{earlier}; {item.what}" if earlier else item.what
    return reasons


def _table(book: Book, answers: _Answers, *, with_remarks: bool) -> Table:
    silos = {a.account_id: str(silo_of(a.account_type)) for a in book.accounts}
    remarks = {remark.where: remark for remark in book.remarks}
    rows = tuple(
        _row(position, book.market, answers, silos.get(position.account_id, ""),
             remarks.get(position.where))
        for position in book.positions
    )
    said = REMARKS if with_remarks or remarks else ()
    return Table("Positions", (*_columns(book.market.currency), *said), rows,
                 "Every position as reported, and what it would require on its own.")


def _row(position: Position, market: Market, answers: _Answers, silo: str,
         remark: Remark | None) -> PositionRow:
    instrument = position.instrument
    size = _in_reporting_currency(position, market)
    is_notional = instrument.asset_class in NOTIONAL_CLASSES
    return PositionRow(
        account=position.account_id,
        silo=silo,
        regime=answers.regimes.get(position.account_id, ""),
        symbol=instrument.symbol,
        asset_class=str(instrument.asset_class),
        underlying=instrument.underlying,
        description=instrument.description,
        quantity=position.quantity,
        price=position.price,
        currency=instrument.currency,
        multiplier=instrument.multiplier,
        market_value=None if is_notional else size,
        notional=size if is_notional else None,
        stand_alone=answers.stand_alone.get(position.where),
        status=_status(position, answers),
        where=position.where,
        flag="" if remark is None else remark.flag,
        comment="" if remark is None else remark.text,
    )


def _status(position: Position, answers: _Answers) -> str:
    if position.where in answers.excluded:
        return f"excluded: {answers.excluded[position.where]}"
    if position.price is None and position.instrument.asset_class is not AssetClass.CASH:
        return "price missing"
    return answers.margined


def _in_reporting_currency(position: Position, market: Market) -> Decimal | None:
    """Return market value or notional in the reporting currency, None where it is unknown."""
    terms = position.instrument.terms
    currency, size = position.instrument.currency, position.value
    if isinstance(terms, PerpetualTerms) and terms.settlement == "inverse":
        currency, size = "USD", position.quantity * position.instrument.multiplier
    elif isinstance(terms, SwapTerms) and terms.notional is not None:
        size = terms.notional
    elif position.price is None:
        if position.instrument.asset_class is not AssetClass.CASH:
            return None
        size = position.quantity
    rate = market.fx_rate(currency)
    return None if rate is None else size * rate


def _columns(currency: str) -> tuple[Column, ...]:
    return (
        words("Account", "account"),
        words("Silo", "silo", "the body of law the account stands under"),
        regime("Regime", "regime", "the rulebook that margins the account today"),
        words("Symbol", "symbol"),
        asset_class("Asset class", "asset_class"),
        words("Underlying", "underlying"),
        words("Description", "description"),
        quantity("Quantity", "quantity", "short positions are negative"),
        price("Price", "price"),
        words("Currency", "currency"),
        quantity("Multiplier", "multiplier"),
        money(f"Market value ({currency})", "market_value",
              "quantity x price x multiplier; blank for contracts that are not paid for",
              total=True),
        money(f"Notional ({currency})", "notional", "size of futures, perpetuals and swaps"),
        money(f"Stand-alone requirement ({currency})", "stand_alone",
              "maintenance requirement of this position on its own", total=True),
        words("Status", "status"),
        words("Cell", "where", "where the position stands in the input file"),
    )
