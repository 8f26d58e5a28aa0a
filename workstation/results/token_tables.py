"""Tables of token collateral: what each regime takes, and what a de-peg at one venue costs."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.collateral.tokens import TokenEligibility
from workstation.results.formats import money, percent, price, quantity, words, yes_no
from workstation.results.run import Run
from workstation.results.table import Column, Table


@dataclass(frozen=True, slots=True)
class TokenRow:
    """One token lot under one regime."""

    lot: str
    symbol: str
    location: str
    regime: str
    taken: bool
    quantity: Decimal
    counted_price: Decimal
    haircut: Decimal
    value: Decimal
    reason: str
    citation: str


def tokens_table(run: Run) -> Table:
    """Return every token lot under every regime, with the reason where it counts nothing."""
    columns = (
        words("Lot", "lot"), words("Symbol", "symbol"), words("Location", "location"),
        words("As", "regime"), Column("Taken", "taken", yes_no),
        quantity("Quantity", "quantity"),
        price("Counted price", "counted_price", "the lower of the venue's mark and redemption"),
        percent("Haircut (%)", "haircut"),
        money(f"Counts for ({run.currency})", "value"), words("Reason", "reason"),
        words("Citation", "citation"))
    return Table("Token collateral", columns, tuple(_token_row(item) for item in run.tokens),
                 "Coins, stablecoins and tokens: what each regime takes, and at what haircut.")


def _token_row(item: TokenEligibility) -> TokenRow:
    token = item.token
    return TokenRow(item.lot, item.symbol, token.venue, item.regime, token.eligible,
                    token.quantity, token.counted_price, token.haircut, item.value, item.reason,
                    str(item.cite))


def depegs_table(run: Run) -> Table:
    """Return what each lot loses if its own venue alone marks it as in October 2025."""
    columns = (
        words("Lot", "lot"), words("Symbol", "symbol"), words("Location", "location"),
        price("Mark", "mark"), price("Stressed mark", "stressed"),
        money(f"Loss ({run.currency})", "loss", total=True), words("Citation", "citation"))
    return Table("De-peg at one venue", columns, run.depegs,
                 "Loss on token lots if the venue they lie at alone marks them as in October "
                 "2025.")
