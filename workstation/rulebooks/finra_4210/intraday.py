"""Day trading until 3 June 2026, the intraday standard from 4 June 2026; firms phase in.

Which of the two holds is a matter of the review date and, until the phase-in ends, of the firm.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained, greater_of
from workstation.base.money import accounting
from workstation.measures.account_status import AccountTest
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210.charges import amount, dollars, per_cent

ZERO = Decimal(0)
PATTERN, INTRADAY = "Pattern day trader minimum", "Intraday margin"


def intraday_standard(rule: Edition, on: date) -> bool:
    """Say whether the intraday standard holds for the firm on a day."""
    if not rule["intraday_standard"].value:
        return False
    phased_in = rule["house_intraday_phased_in"]
    return bool(phased_in.value) or on > date.fromisoformat(rule["intraday_phase_in_end"].text)


def day_trading(maintenance: AccountTest, equity: Decimal, rule: Edition, on: date, usd: Decimal
                ) -> AccountTest:
    """Return the day-trading or intraday test of an account on a day."""
    if not intraday_standard(rule, on):
        return f_8_pattern_day_trader(equity, rule, usd)
    required = maintenance.required
    call = d_2_intraday_deficit([(required.amount, equity)], rule, usd)
    return AccountTest(INTRADAY, required, call, maintenance.excess,
                       "measured after every transaction of the day; the file shows one moment")


def f_8_pattern_day_trader(equity: Decimal, rule: Edition, usd: Decimal) -> AccountTest:
    """Return the minimum equity of a pattern day trader."""
    least = rule["pattern_day_trader_minimum"]
    required = amount(PATTERN, least.value * usd, least.cite,
                      (("minimum", f"{accounting(least.value)} {least.unit}"),))
    short = required.amount - equity
    call = greater_of(f"{PATTERN} call", amount("required less equity", short, least.cite),
                      amount("nothing to call", ZERO), cite=least.cite)
    return AccountTest(PATTERN, required, call, -short,
                       "only if the account is a pattern day trader's; the file does not say")


def d_2_intraday_deficit(levels: Sequence[tuple[Decimal, Decimal]], rule: Edition, usd: Decimal
                         ) -> Explained:
    """Return the intraday margin deficit of a day, 0 where it is too small to call.

    deficit = max over events of max(0, requirement - equity), disregarded up to
    min(fraction * equity, amount)

    Parameters
    ----------
    levels
        (requirement to be met by equity, equity) after each level-reducing transaction, in order.
    """
    shortfalls = [(required - equity, n) for n, (required, equity) in enumerate(levels, start=1)]
    deficit, event = max(shortfalls, default=(ZERO, 0), key=lambda item: (item[0], -item[1]))
    fraction, fixed = rule["intraday_de_minimis_fraction"], rule["intraday_de_minimis"]
    last = max(levels[-1][1], ZERO) if levels else ZERO
    ignored = min(fraction.value * last, fixed.value * usd)
    shown = (("events", str(len(levels))), ("largest after event", str(event)),
             ("deficit", dollars(max(deficit, ZERO))),
             ("disregarded up to", f"{dollars(ignored)}: lesser of {per_cent(fraction.value)} of "
                                   f"equity and {dollars(fixed.value * usd)}"))
    called = deficit if deficit > ignored else ZERO
    return Explained("Intraday margin deficit", max(called, ZERO), fraction.cite, shown)
