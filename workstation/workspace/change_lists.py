"""What moved between two reviews: positions and cash, market, and rules, as lists."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal

from workstation.book.book import Book
from workstation.market.market import Market
from workstation.results.changes import MarketChange, PositionChange, RuleChange
from workstation.workspace.previous import Reviewed

ZERO = Decimal(0)
CASH = "cash"
Held = Mapping[tuple[str, str], Decimal]


def position_changes(before: Book, after: Book) -> tuple[PositionChange, ...]:
    """Return positions and cash opened, closed and changed, by account."""
    one, other = _held(before), _held(after)
    rows = []
    for key in sorted({*one, *other}):
        old, new = one.get(key), other.get(key)
        if old == new:
            continue
        what = "opened" if old is None else "closed" if new is None else "changed"
        rows.append(PositionChange(*key, what, old, new))
    return tuple(rows)


def _held(book: Book) -> Held:
    held: dict[tuple[str, str], Decimal] = defaultdict(Decimal)
    for position in book.positions:
        held[position.account_id, position.instrument.symbol] += position.quantity
    for account in book.accounts:
        for currency, amount in ((account.currency, account.cash), *account.other_cash):
            if amount:
                held[account.account_id, f"{CASH} {currency}"] += amount
    return dict(held)


def market_changes(before: Book, after: Book) -> tuple[MarketChange, ...]:
    """Return prices, volatilities and exchange rates that moved, largest moves first."""
    moves = (*_moves(before.market, after.market), *_marks(before, after))
    rows = [row for row in moves if row.before != row.after]
    return tuple(sorted(rows, key=lambda row: -abs(row.move or ZERO)))


def _moves(before: Market, after: Market) -> Iterator[MarketChange]:
    for symbol in sorted({*before.underlyings, *after.underlyings}):
        old, new = before.underlyings.get(symbol), after.underlyings.get(symbol)
        yield _moved("price", symbol, old.price if old else None, new.price if new else None)
        yield _moved("volatility", symbol, old.iv if old else None, new.iv if new else None)
    for currency in sorted({*before.fx, *after.fx}):
        yield _moved("exchange rate", currency, before.fx.get(currency), after.fx.get(currency))


def _marks(before: Book, after: Book) -> Iterator[MarketChange]:
    """Yield the marks of positions held in both reviews."""
    old = {p.instrument.symbol: p.price for p in before.positions}
    new = {p.instrument.symbol: p.price for p in after.positions}
    for symbol in sorted(old.keys() & new.keys()):
        yield _moved("position's mark", symbol, old[symbol], new[symbol])


def _moved(what: str, symbol: str, old: Decimal | None, new: Decimal | None) -> MarketChange:
    move = None if not old or new is None else new / old - 1
    return MarketChange(what, symbol, old, new, move)


def rule_changes(before: Reviewed, after: Reviewed) -> tuple[RuleChange, ...]:
    """Return editions, overlays, designs and risk-parameter files that differ."""
    kinds = (
        ("edition", {f: e.edition for f, e in before.pinned.items()},
         {f: e.edition for f, e in after.pinned.items()}),
        ("overlay", {o.path.name: o.edition for o in before.overlays},
         {o.path.name: o.edition for o in after.overlays}),
        ("design", {d.name: d.version for d in before.designs},
         {d.name: d.version for d in after.designs}),
        ("risk parameters", {f.name: f.sha256[:16] for f in before.risk_files},
         {f.name: f.sha256[:16] for f in after.risk_files}))
    return tuple(RuleChange(kind, name, old.get(name, ""), new.get(name, ""))
                 for kind, old, new in kinds for name in sorted({*old, *new})
                 if old.get(name) != new.get(name))
