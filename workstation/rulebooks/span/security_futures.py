"""Single-stock and narrow-based index futures in a futures account: the joint minimum.

requirement = fraction x current market value of the net contracts of each month, long or short.
The offsets the joint rules allow between strategies are not applied.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet

FOLDER = "security_futures"
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class JointMinimum:
    """The charge on an account's security futures, and the rows of everything else."""

    requirement: Explained
    left: tuple[int, ...]
    excluded: tuple[Exclusion, ...]

    def with_rest(self, rest: AccountMargin) -> AccountMargin:
        """Add the account's other positions; the minimum is initial and maintenance alike."""
        amount = self.requirement.amount
        return replace(
            rest, initial=total("Futures and security futures, initial", rest.initial,
                                self.requirement),
            maintenance=total("Futures and security futures, maintenance", rest.maintenance,
                              self.requirement),
            gross=rest.gross + amount, net=rest.net + amount,
            excluded=(*rest.excluded, *self.excluded))


def joint_minimum(account: Account, holdings: ResolvedBook, rules: RuleSet
                  ) -> JointMinimum | None:
    """Charge the security futures of an account; None where it holds none."""
    rows = [row for row, position in enumerate(holdings.positions)
            if position.instrument.asset_class is AssetClass.SECURITY_FUTURE]
    if not rows or not rules.has(FOLDER):
        return None
    minimum = rules.edition(FOLDER)["minimum"]
    months: dict[tuple[str, str], Decimal] = {}
    excluded = []
    for row in rows:
        position = holdings.positions[row]
        value = _value(position, holdings)
        if isinstance(value, Exclusion):
            excluded.append(replace(value, account_id=account.account_id))
            continue
        key = position.instrument.symbol, str(position.instrument.expiry or "")
        months[key] = months.get(key, ZERO) + value
    charges = [leaf(f"{symbol} {month}".strip(), abs(value) * minimum.value, minimum.cite,
                    market_value=accounting(value, 2), minimum=f"{minimum.value:.0%}")
               for (symbol, month), value in sorted(months.items())]
    left = tuple(i for i in range(len(holdings.positions)) if i not in set(rows))
    return JointMinimum(total("Security futures at the joint minimum", *charges), left,
                        tuple(excluded))


def _value(position: Position, holdings: ResolvedBook) -> Decimal | Exclusion:
    """Return the signed market value in the reporting currency, or why there is none."""
    instrument = position.instrument
    expiry, fx = instrument.expiry, holdings.market.fx_rate(instrument.currency)
    if expiry is not None and expiry < holdings.as_of:
        what, remedy = f"expired on {expiry}", "remove it or correct the expiry"
    elif position.price is None:
        what, remedy = "a security future without a price", "fill in the price"
    elif fx is None:
        what = f"no exchange rate from {instrument.currency}"
        remedy = f"add {instrument.currency}{holdings.market.currency} to the Market sheet"
    else:
        return position.value * fx
    return Exclusion(position.where, f"{instrument.symbol}: {what}", remedy)
