"""Further add-ons of a design, each off until its knob is set.

minimum per contract, gap on the largest name, wrong-way collateral, currency mismatch, de-peg,
weekend gap, model risk.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

import numpy as np

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting, money
from workstation.base.vocabulary import AssetClass, Wrapper
from workstation.book.book import Book
from workstation.book.collateral import CollateralLot
from workstation.book.valuation import VARIATION_MARGINED
from workstation.harmonised.amounts import crossed, settled
from workstation.harmonised.design import Design
from workstation.harmonised.explanation import nothing_due
from workstation.harmonised.scan import Scan

SINGLE_NAMES = ("single_stock", "crypto_large", "crypto_other")
PEGGED = (AssetClass.STABLECOIN, AssetClass.WRAPPED_TOKEN, AssetClass.TOKENISED_SECURITY)
ALWAYS_OPEN = (Wrapper.PERPETUAL, Wrapper.CRYPTO_OPTION, Wrapper.TOKEN)
Charge = Callable[[Design, Scan, Book], Iterator[Explained]]


def further_charges(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Yield the lines of every add-on that the design switches on."""
    for knob, (label, charge) in CHARGES.items():
        if design.rate(knob) <= 0:
            continue
        found = [line for line in charge(design, scan, book) if line.amount]
        cite = design.cite(knob)
        yield total(label, *found, cite=cite) if found else nothing_due(
            label, "nothing in the book it applies to", cite)


def largest_gap(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Raise the largest single name or token to a gap move: max(0, gap x exposure - its scan)."""
    _ = book
    gap = design.rate("gap.single_name")
    exposure, net = scan.root_exposure, scan.root_net
    names = [r for r, kind in enumerate(scan.scan_classes) if kind in SINGLE_NAMES]
    if not names:
        return
    largest = max(names, key=lambda r: (abs(exposure[r]), scan.roots[r]))
    alone = max(0.0, -float(net[largest].min()))
    yield leaf(f"Gap, {scan.roots[largest]}",
               crossed(max(0.0, gap * abs(exposure[largest]) - alone)),
               design.cite("gap.single_name"), exposure=accounting(float(exposure[largest])),
               gap=f"{gap:.0%}", scan=accounting(alone))


def wrong_way(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Charge collateral that falls when it is needed.

    charge = rate x value of a lot issued by the account's own firm, or of the risk root that the
    account is long of (no more than that exposure).
    """
    rate = design.number("wrong_way.rate")
    firms = {a.account_id: a.firm.strip().casefold() for a in book.accounts}
    root_of = {p.instrument.symbol: int(scan.root[i])
               for i, p in enumerate(scan.holdings.positions)}
    long_of = _long_by_account(scan)
    for lot in book.lots:
        value = _value(lot, book)
        if lot.issuer and lot.issuer.strip().casefold() == firms.get(lot.account_id):
            yield _tied(design, lot, settled(rate * value), value, "issued by the carrying firm")
        elif (root := root_of.get(lot.symbol)) is not None:
            met = min(value, money(max(0.0, long_of.get((lot.account_id, root), 0.0))))
            yield _tied(design, lot, settled(rate * met), met,
                        f"the account is long {scan.roots[root]} as well")


def _tied(design: Design, lot: CollateralLot, amount: Decimal, value: Decimal, why: str
          ) -> Explained:
    return leaf(f"Wrong-way, {lot.symbol} lot {lot.lot}", amount, design.cite("wrong_way.rate"),
                value=accounting(value), account=lot.account_id, why=why)


def _value(lot: CollateralLot, book: Book) -> Decimal:
    return lot.quantity * lot.price * (book.market.fx_rate(lot.currency) or Decimal(0))


def _long_by_account(scan: Scan) -> Mapping[tuple[str, int], float]:
    """Return derivative exposure by account and root; lots stand beside it, not inside it."""
    out: dict[tuple[str, int], float] = {}
    for i in np.flatnonzero(scan.included):
        position = scan.holdings.positions[i]
        if position.instrument.wrapper in VARIATION_MARGINED:
            key = (position.account_id, int(scan.root[i]))
            out[key] = out.get(key, 0.0) + float(scan.exposure[i])
    return out


def currency_mismatch(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Charge net value and cash in other currencies than the reporting one: rate x |net|."""
    rate, net = design.rate("fx.mismatch"), _net_by_currency(scan, book)
    for currency in sorted(net):
        if currency != book.market.currency:
            yield leaf(f"Currency mismatch, {currency}", crossed(rate * abs(net[currency])),
                       design.cite("fx.mismatch"), net=accounting(net[currency]),
                       rate=f"{rate:.1%}")


def _net_by_currency(scan: Scan, book: Book) -> dict[str, float]:
    net: dict[str, float] = {}
    for value, position in zip(scan.holdings.value, scan.holdings.positions, strict=True):
        if position.instrument.wrapper not in VARIATION_MARGINED:
            currency = position.instrument.currency
            net[currency] = net.get(currency, 0.0) + float(value)
    for account in book.accounts:
        for currency, amount in ((account.currency, account.cash), *account.other_cash):
            fx = book.market.fx_rate(currency)
            net[currency] = net.get(currency, 0.0) + float(amount * (fx or 0))
    return net


def de_peg(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Charge stablecoins and wrapped or tokenised holdings that are owned: rate x value."""
    _ = book
    rate, held = design.rate("depeg.rate"), dict[str, float]()
    for value, position in zip(scan.holdings.value, scan.holdings.positions, strict=True):
        if position.instrument.asset_class in PEGGED and value > 0:
            symbol = position.instrument.symbol
            held[symbol] = held.get(symbol, 0.0) + float(value)
    for symbol in sorted(held):
        yield leaf(f"De-peg, {symbol}", crossed(rate * held[symbol]), design.cite("depeg.rate"),
                   value=accounting(held[symbol]), rate=f"{rate:.1%}")


def weekend_gap(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Charge what legs trading all week offset of legs that close: rate x matched exposure."""
    _ = book
    rate = design.rate("weekend.gap")
    always = np.array([p.instrument.wrapper in ALWAYS_OPEN
                       or p.instrument.asset_class is AssetClass.CRYPTO
                       for p in scan.holdings.positions], dtype=bool)
    for r, root in enumerate(scan.roots):
        rows = scan.included & (scan.root == r)
        one = float(scan.exposure[rows & always].sum())
        other = float(scan.exposure[rows & ~always].sum())
        matched = min(abs(one), abs(other)) if one * other < 0 else 0.0
        yield leaf(f"Weekend gap, {root}", crossed(rate * matched), design.cite("weekend.gap"),
                   trading_all_week=accounting(one), closing=accounting(other),
                   matched=accounting(matched), rate=f"{rate:.1%}")


def model_risk(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Charge roots whose profit is mostly curvature: rate x the root's own scan."""
    _ = book
    rate, threshold = design.rate("model_risk.rate"), design.rate("model_risk.convex_share")
    for r, root in enumerate(scan.roots):
        convex = float(scan.convexity[r])
        if convex > threshold:
            alone = max(0.0, -float(scan.root_net[r].min()))
            yield leaf(f"Model risk, {root}", crossed(rate * alone),
                       design.cite("model_risk.rate"), convex_share=f"{convex:.0%}",
                       threshold=f"{threshold:.0%}", scan=accounting(alone), rate=f"{rate:.0%}")


def contract_minimum(design: Design, scan: Scan, book: Book) -> Iterator[Explained]:
    """Raise an underlying to so much a derivative contract: max(0, minimum x contracts - scan)."""
    _ = book
    least = design.rate("contract_minimum")
    held = np.array([p.instrument.option is not None or p.instrument.wrapper in VARIATION_MARGINED
                     for p in scan.holdings.positions], dtype=bool)
    contracts = np.bincount(scan.root, minlength=len(scan.roots), weights=np.where(
        held & scan.included, np.abs(scan.holdings.quantity), 0.0))
    for r, root in enumerate(scan.roots):
        alone = max(0.0, -float(scan.root_net[r].min()))
        yield leaf(f"Contract minimum, {root}",
                   crossed(max(0.0, least * float(contracts[r]) - alone)),
                   design.cite("contract_minimum"), contracts=f"{contracts[r]:,.0f}",
                   minimum=f"{least:g} a contract", scan=accounting(alone))


CHARGES: Mapping[str, tuple[str, Charge]] = {
    "contract_minimum": ("Minimum per contract above the scan", contract_minimum),
    "gap.single_name": ("Gap on the largest single name", largest_gap),
    "wrong_way.rate": ("Wrong-way collateral", wrong_way),
    "fx.mismatch": ("Currency mismatch", currency_mismatch),
    "depeg.rate": ("Stablecoin and wrapper de-peg", de_peg),
    "weekend.gap": ("Weekend gap between markets", weekend_gap),
    "model_risk.rate": ("Model risk of convex books", model_risk),
}
