"""An account's futures and options on futures from risk-parameter files, where some are loaded.

Options need a file. Futures are margined from it when it has them, unless the exchange no longer
margins their product by scan arrays and a published rate exists: that rate is used instead.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained, total
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, NoParametersInForceError
from workstation.rulebooks.span.book_positions import SIZE_FROM, span_position
from workstation.rulebooks.span.outcome import PortfolioRisk
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.portfolio import (
    SPECULATOR,
    Portfolio,
    SpanPosition,
    account_class,
    is_house,
    is_omnibus,
)
from workstation.rulebooks.span.rates import ProductRates
from workstation.rulebooks.span.requirement import SpanCalculator
from workstation.rulebooks.span.rounding import FOLDER, Conventions
from workstation.rulebooks.span.spread_evidence import SpreadEvidence

PUBLISHED_FOLDER = "futures_rates"


@dataclass(frozen=True, slots=True)
class FromFiles:
    """What the files margined, and the rows of the account's positions left to other rates."""

    risk: PortfolioRisk
    left: tuple[int, ...]
    sized: tuple[str, ...] = ()
    """Products whose contract size is from the files too."""

    def with_rest(self, rest: AccountMargin) -> AccountMargin:
        """Add the positions margined at published rates.

        Net leaves out what short options were sold for; gross keeps it.
        """
        risk = self.risk
        short_premium = max(-risk.net_option_value, Decimal(0))
        maintenance = self._joined("maintenance", risk.maintenance, rest.maintenance)
        return AccountMargin(
            rest.account_id, rest.regime, rest.currency,
            self._joined("initial", risk.initial, rest.initial), maintenance,
            maintenance.amount, maintenance.amount - min(short_premium, risk.maintenance.amount),
            (*risk.offsets, *rest.offsets),
            (*self._damage(), *risk.excluded, *rest.excluded))

    def _damage(self) -> tuple[Exclusion, ...]:
        """Return what was wrong with the files, which leaves the requirement incomplete."""
        return tuple(
            Exclusion(problem.where, problem.what, problem.remedy, self.risk.portfolio.account_id)
            for problem in self.risk.problems if problem.severity == "error")

    def _joined(self, level: str, scanned: Explained, published: Explained) -> Explained:
        sizes = f", which size {', '.join(self.sized)} too" if self.sized else ""
        files = total(f"From risk-parameter files: {'; '.join(self.risk.snapshots)}{sizes}",
                      scanned)
        return total(f"Futures, {level}", files, published)


def margined_from_files(account: Account, holdings: ResolvedBook, rules: RuleSet
                        ) -> FromFiles | None:
    """Margin what the loaded files can; None where no file is loaded or none of it is theirs."""
    files = [item for item in rules.risk_files if isinstance(item, RiskParameters)]
    if not files:
        return None
    conventions = Conventions.of(rules.edition(FOLDER))
    market = holdings.market
    calculator = SpanCalculator(files, conventions, {
        (currency, market.currency): rate for currency, rate in market.fx.items()})
    rates = _published(rules)
    taken: list[SpanPosition] = []
    sizes: set[str] = set()
    left: list[int] = []
    for row, position in enumerate(holdings.positions):
        found = span_position(position)
        if isinstance(found, SpanPosition) and _from_file(found, calculator, rates):
            taken.append(found)
            if SIZE_FROM in dict(position.extras):
                sizes.add(found.family)
        else:
            left.append(row)
    if not taken:
        return None
    return FromFiles(calculator.risk(Portfolio(
        account.account_id, account_class(account.risk_profile) or SPECULATOR, tuple(taken),
        account.risk_profile, holdings.market.currency, not is_house(account.risk_profile),
        is_omnibus(account.risk_profile), firm=account.firm, ledger=account.cash,
        where=account.where), _evidence(conventions, holdings, rules)), tuple(left),
        tuple(sorted(sizes)))


def _evidence(conventions: Conventions, holdings: ResolvedBook, rules: RuleSet) -> SpreadEvidence:
    """Return what the book's history and the contract table say of the products held."""
    rows = rules.edition("contracts")["contracts"].rows if rules.has("contracts") else ()
    factors = {row["product"]: (row["underlying"],) for row in rows}
    for position in holdings.positions:
        found = span_position(position)
        if isinstance(found, SpanPosition):
            factors[found.family] = (position.instrument.underlying,
                                     *factors.get(found.family, ()))
    return SpreadEvidence(conventions.evidence, holdings.market.history, factors,
                          {row["product"]: row["group"] for row in rows})


def _from_file(position: SpanPosition, calculator: SpanCalculator, rates: Edition | None) -> bool:
    """Say whether a position is margined from a file."""
    if position.right:
        return True
    if not calculator.knows(position):
        return False
    has_rate = rates is not None and ProductRates.of(rates, position.family) is not None
    return not (has_rate and calculator.has_left_arrays(position))


def _published(rules: RuleSet) -> Edition | None:
    try:
        return rules.edition(PUBLISHED_FOLDER)
    except NoParametersInForceError:
        return None
