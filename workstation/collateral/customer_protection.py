"""Rule 15c3-3: what the broker must lock up of a client's securities, and what it may re-pledge.

Securities carried on a debit are margin securities up to a multiple (140 %) of the debit; what
stands above it is excess margin. Fully paid securities and excess margin go to possession or
control; the rest the broker may pledge on. Options lie at their clearing house and are neither.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from workstation.base.explain import Explained, greater_of, leaf, lesser_of, total
from workstation.base.money import accounting
from workstation.base.vocabulary import AccountType, AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.positions import Position
from workstation.collateral.report import AccountProtection
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition

FOLDER = "customer_protection"
ZERO = Decimal(0)
COVERED = frozenset({AccountType.REG_T, AccountType.PORTFOLIO_MARGIN})
SECURITIES = frozenset({
    AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP, AssetClass.CONVERTIBLE,
    AssetClass.CORPORATE_BOND, AssetClass.TREASURY, AssetClass.AGENCY, AssetClass.MUNICIPAL,
    AssetClass.MUTUAL_FUND, AssetClass.MONEY_MARKET_FUND,
})
_NO = frozenset({"no", "n", "false", "0", "non-margin", "nonmargin"})
_MARGIN_COLUMNS = ("marginable", "margin_eligible")


def protection(book: Book, rules: RuleSet) -> tuple[AccountProtection, ...]:
    """Return the split of every securities account that holds securities, in file order."""
    covered = [account for account in book.accounts if account.account_type in COVERED]
    if not covered or not rules.has(FOLDER):
        return ()
    rule = rules.edition(FOLDER)
    by_account: dict[str, list[Position]] = {}
    for position in book.positions:
        if position.instrument.asset_class in SECURITIES:
            by_account.setdefault(position.account_id, []).append(position)
    return tuple(account_protection(account, by_account[account.account_id], book, rule)
                 for account in covered if account.account_id in by_account)


def account_protection(account: Account, positions: Sequence[Position], book: Book,
                       rule: Edition) -> AccountProtection:
    """Split the securities of one account.

    may be re-pledged = min(margin securities, multiple * debit)
    locked up = fully paid + margin securities - what may be re-pledged
    """
    margined, paid, short = (_value(positions, book, side) for side in (
        _is_margined, _is_not_marginable, _is_short))
    debit = debit_balance(account, book, short)
    multiple = rule["excess_margin_multiple"]
    fully_paid = leaf("fully paid: not margin-eligible", paid, multiple.cite)
    if not debit.amount:
        fully_paid = total("fully paid", fully_paid,
                           leaf("fully paid: the account owes nothing", margined))
        margined = ZERO
    margin = leaf("margin securities", margined)
    limit = leaf("limit of the debit", multiple.value * debit.amount, multiple.cite,
                 debit=accounting(debit.amount), multiple=f"{multiple.value:.0%}")
    pledgeable = lesser_of("May be re-pledged by the broker", margin, limit, cite=multiple.cite)
    excess = leaf("excess margin securities", margined - pledgeable.amount, multiple.cite,
                  margin_securities=accounting(margined),
                  may_be_repledged=accounting(pledgeable.amount))
    locked = total("Locked up: possession or control", fully_paid, excess, cite=multiple.cite)
    return AccountProtection(account.account_id, debit, pledgeable, locked, fully_paid.amount,
                             excess.amount)


def debit_balance(account: Account, book: Book, short: Decimal) -> Explained:
    """Return what the client owes: short sales' proceeds are not the client's to set against it.

    debit = max(0, market value short - cash balance)
    """
    cash = sum((amount * (book.market.fx_rate(currency) or ZERO) for currency, amount in (
        (account.currency, account.cash), *account.other_cash)), ZERO)
    return greater_of("Debit balance", leaf(
        "short market value less cash", short - cash, None, short_market_value=accounting(short),
        cash=accounting(cash)), leaf("nothing owed", ZERO))


def _value(positions: Sequence[Position], book: Book, chosen: Callable[[Position], bool]
           ) -> Decimal:
    return sum((abs(p.value) * (book.market.fx_rate(p.instrument.currency) or ZERO)
                for p in positions if chosen(p)), ZERO)


def _is_margined(position: Position) -> bool:
    return position.quantity > 0 and not _refuses_margin(position)


def _is_not_marginable(position: Position) -> bool:
    return position.quantity > 0 and _refuses_margin(position)


def _is_short(position: Position) -> bool:
    return position.quantity < 0


def _refuses_margin(position: Position) -> bool:
    return any(name.strip().lower().replace(" ", "_") in _MARGIN_COLUMNS
               and text.strip().lower() in _NO for name, text in position.extras)
