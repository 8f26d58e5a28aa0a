"""Long convertibles against the stock they may be exchanged for, sold short.

What the options of the class leave over is met here, the convertible that saves most first. The
ratio comes from the column conversion_ratio (shares a thousand of principal); whether the exchange
is within ninety days and unrestricted the file does not say, and the row marks it so.
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained
from workstation.base.money import accounting
from workstation.base.vocabulary import AssetClass
from workstation.measures.requirement import Offset
from workstation.rulebooks.finra_4210.charges import plain
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.securities import Stock

ZERO = Decimal(0)
Rest = dict[tuple[str, bool], Stock]


def exchanged(rest: Rest, basis: Basis, account_id: str) -> tuple[list[Explained], list[Offset]]:
    """Meet convertibles with shorts of their underlying; takes what it uses from `rest`."""
    longs = [key for key, stock in rest.items() if not stock.short and stock.converts
             and stock.asset_class is AssetClass.CONVERTIBLE]
    nodes, offsets = list[Explained](), list[Offset]()
    for key in longs:
        short_key = (rest[key].underlying, True)
        if short_key not in rest:
            continue
        long, short = _matched(rest[key], rest[short_key])
        if not short.shares:
            continue
        node = basis.exchangeable(long, short)
        saved = basis.stock(long).amount + basis.stock(short).amount - node.amount
        if saved <= 0:
            continue
        nodes.append(node)
        offsets.append(_granted(long, short, node, saved, account_id))
        for used_key, used in ((key, long), (short_key, short)):
            rest[used_key] = rest[used_key].resized(rest[used_key].shares - used.shares)
    return nodes, offsets


def _matched(long: Stock, short: Stock) -> tuple[Stock, Stock]:
    """Return the part of each that the other meets; the whole convertible where it can be used."""
    into = long.shares * long.converts
    if into <= short.shares:
        return long, short.resized(into)
    return long.resized(short.shares / long.converts), short


def _granted(long: Stock, short: Stock, node: Explained, saved: Decimal, account_id: str) -> Offset:
    return Offset(
        "exchangeable", (long.symbol, short.symbol), "granted",
        f"{node.label}; {node.cite}; the exchange must be open within ninety days, on payment of "
        "money alone: the file does not say", -saved, (account_id,), "same underlying",
        (("principal", plain(long.shares)), ("shares", plain(short.shares)),
         ("apart", accounting(node.amount + saved, 2)), ("together", accounting(node.amount, 2))))
