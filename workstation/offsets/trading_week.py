"""Which holdings of a coin trade all week, and what may move while their account cannot settle."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.money import money
from workstation.base.vocabulary import AccountType, UnderlyingClass
from workstation.market.market import Market
from workstation.measures.perpetual import unsettled_move
from workstation.parameters.ruleset import RuleSet

FOLDER = "us_perpetuals"
ALL_WEEK, EXCHANGE_HOURS = "all week", "exchange hours"
AT_ONCE, BUSINESS_DAYS = "all week", "business days"


@dataclass(frozen=True, slots=True)
class TradingWeek:
    """Wrappers that trade around the clock, accounts that settle so, days without settlement."""

    wrappers: frozenset[str]
    accounts: frozenset[str]
    days: float

    @classmethod
    def of(cls, rules: RuleSet) -> TradingWeek | None:
        """Return the edition in force, None where there is none."""
        if not rules.has(FOLDER):
            return None
        edition = rules.edition(FOLDER)
        return cls(frozenset(str(name) for name in edition["all_week_wrappers"].raw),
                   frozenset(str(name) for name in edition["settles_all_week"].raw),
                   float(edition["weekend_days"].value))

    def trades(self, root: str, wrapper: str, market: Market) -> str:
        """Return when a holding of a coin trades; empty for what is no coin."""
        row = market.underlying(root)
        if row is None or row.underlying_class is not UnderlyingClass.CRYPTO:
            return ""
        return ALL_WEEK if wrapper in self.wrappers else EXCHANGE_HOURS

    def settles(self, account_type: AccountType) -> str:
        """Return when margin moves in and out of an account."""
        return AT_ONCE if account_type.value in self.accounts else BUSINESS_DAYS

    def gap(self, root: str, delta: Decimal, market: Market) -> Decimal | None:
        """Return one standard deviation of the profit between settlements; None without one.

        |delta| x volatility x sqrt(days / 365)
        """
        row = market.underlying(root)
        volatility = None if row is None else row.annual_volatility or row.iv
        if volatility is None:
            return None
        return money(abs(float(delta)) * unsettled_move(float(volatility), self.days))
