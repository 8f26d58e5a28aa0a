"""The call of an uncleared swaps account: threshold and minimum transfer amount taken off.

required = max(0, initial margin - threshold); moved only where what is short reaches the minimum
transfer amount. One threshold serves a pair of consolidated groups, so accounts at one firm share
it in proportion to their margins. Which regulator's numbers apply is read from the regulations
that the account's CRIF rows name, else taken from the edition.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from decimal import Decimal

from workstation.base.explain import Explained, greater_of, leaf, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.netting_runs import regulations_named
from workstation.measures.account_status import MAINTENANCE, AccountStatus, AccountTest
from workstation.measures.requirement import AccountMargin, Margin
from workstation.parameters.store import Edition, Parameter

FOLDER = "uncleared_regimes"
REGIMES = frozenset({"simm", "schedule"})
ZERO = Decimal(0)


@dataclass(frozen=True, slots=True)
class Regulator:
    """One regulator's numbers for one account, in the reporting currency."""

    name: str
    threshold: Decimal
    minimum_transfer: Decimal
    dealer_posts: bool
    threshold_from: Parameter
    transfer_from: Parameter
    posting: Parameter


def regulator_of(account: Account, book: Book, edition: Edition) -> Regulator:
    """Return the regulator of an account; of several the one with the lowest threshold."""
    known = {str(row["name"]).casefold(): str(row["regime"])
             for row in edition["regulations"].rows}
    named = {name.casefold() for row in book.crif if row.portfolio == account.account_id
             for name in regulations_named(row.post)}
    regimes = sorted({known[name] for name in named if name in known}) or [
        edition["default_regime"].text]
    usd = book.market.fx_rate("USD") or Decimal(1)
    thresholds = {name: _of(edition["threshold"], name) * usd for name in regimes}
    name = min(regimes, key=lambda regime: (thresholds[regime], regime))
    return Regulator(name, thresholds[name], _of(edition["minimum_transfer"], name) * usd,
                     bool(_of(edition["dealer_posts"], name)), edition["threshold"],
                     edition["minimum_transfer"], edition["dealer_posts"])


def _of(parameter: Parameter, regime: str) -> Decimal:
    row = next(row for row in parameter.rows if row["regime"] == regime)
    return Decimal(row["usd"] if "usd" in row else row["yes"])


def share_of_threshold(account: Account, threshold: Decimal, book: Book, silos: Margin) -> Decimal:
    """Return the account's part of the threshold it shares with others at its firm."""
    own = _margin_of(account.account_id, silos)
    if not account.firm or not own:
        return threshold
    together = sum((_margin_of(other.account_id, silos) for other in book.accounts
                    if other.firm.casefold() == account.firm.casefold()), ZERO)
    return threshold * own / together


def _margin_of(account_id: str, silos: Margin) -> Decimal:
    margin = silos.of_account(account_id)
    return margin.initial.amount if margin is not None and margin.regime in REGIMES else ZERO


def called(status: AccountStatus, margin: AccountMargin, book: Book, silos: Margin,
           edition: Edition, collected: Decimal | None = None) -> AccountStatus:
    """Return the standing of an account with the test that its regulator's rules make.

    `collected` is what the client could collect by the model, before its own threshold.
    """
    account = book.account(status.account_id)
    regulator = regulator_of(account, book, edition)
    share = share_of_threshold(account, regulator.threshold, book, silos)
    required = total(f"{MAINTENANCE}: initial margin above the threshold",
                     Explained("initial margin", margin.initial.amount, margin.initial.cite),
                     _threshold_line(margin.initial.amount, share, account, regulator))
    held = status.equity.amount
    test = AccountTest(MAINTENANCE, required, _call(required.amount, held, regulator),
                       held - required.amount, status.tests[0].condition)
    return replace(status, tests=(test,),
                   notes=(*status.notes, *_notes(regulator, collected)))


def _threshold_line(margin: Decimal, share: Decimal, account: Account, regulator: Regulator
                    ) -> Explained:
    shared = f"shared with other accounts at {account.firm}" if (
        share != regulator.threshold) else "this account alone"
    return leaf("threshold, not called", -min(margin, share), regulator.threshold_from.cite,
                regulator=regulator.name, threshold=accounting(regulator.threshold),
                of_which_here=accounting(share), scope=shared)


def _call(required: Decimal, held: Decimal, regulator: Regulator) -> Explained:
    short = required - held
    parts = [leaf("required less held", short, required=accounting(required),
                  held=accounting(held))]
    if 0 < short < regulator.minimum_transfer:
        parts.append(leaf("below the minimum transfer amount, not moved", -short,
                          regulator.transfer_from.cite, regulator=regulator.name,
                          minimum=accounting(regulator.minimum_transfer)))
    return greater_of(f"{MAINTENANCE} call", total("to be moved", *parts),
                      leaf("nothing to call", ZERO))


def _notes(regulator: Regulator, collected: Decimal | None) -> list[str]:
    if not regulator.dealer_posts:
        return [f"{regulator.name} rules: the dealer need not post initial margin, "
                f"the client collects none ({regulator.posting.cite})"]
    if collected is None:
        return []
    due = max(ZERO, collected - regulator.threshold)
    return [f"{regulator.name} rules: the dealer posts {accounting(due)} to the client "
            f"({accounting(collected)} by the model, less its own threshold)"]
