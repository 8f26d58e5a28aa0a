"""Tests of an account's equity: maintenance, Regulation T, minimum equity, portfolio margin.

Equity is net liquidating value: cash and everything owned, less everything owed. Requirements are
brought to that footing by `AgainstEquity`, so a short option is charged once. Accounts outside
securities law get the maintenance test alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of, total
from workstation.base.money import accounting
from workstation.book.accounts import Account
from workstation.book.book import Book
from workstation.book.resolve import ResolvedBook
from workstation.book.valuation import unstated
from workstation.measures.account_status import (
    CASH_NOT_STATED,
    MAINTENANCE,
    AccountStatus,
    AccountTest,
)
from workstation.measures.requirement import AccountMargin, AgainstEquity, Margin
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210 import intraday, triggers
from workstation.rulebooks.finra_4210.charges import amount, cited, dollars, per_cent
from workstation.rulebooks.finra_4210.equity import equity_of, owes_securities

ZERO = Decimal(0)
FOLDER, REG_T_FOLDER = "finra_4210", "reg_t"
STRATEGY = frozenset({"reg-t", "finra-4210-strategy"})
PORTFOLIO = "finra-4210-portfolio"
FUTURES = "span"
NO_CASH = f"{CASH_NOT_STATED}: only if the account holds none and owes none"
REG_T_TEST, MINIMUM_TEST, PORTFOLIO_TEST = (
    "Regulation T", "Minimum equity", "Portfolio margin equity")
TIERS = (("other", "portfolio_equity_other"),
         ("monitored in real time", "portfolio_equity_monitored"),
         ("trades executed away", "portfolio_equity_away"),
         ("unlisted derivatives", "portfolio_equity_unlisted"))


def statuses(book: Book, holdings: ResolvedBook, silos: Margin, rules: RuleSet
             ) -> tuple[AccountStatus, ...]:
    """Return the standing of every account that a rulebook margins, in file order.

    An account of which nothing could be margined has no standing: it would look in order.
    """
    found = []
    for account in book.accounts:
        margin, held = silos.of_account(account.account_id), holdings.of_account(account.account_id)
        if margin is None or margin.regime == "none":
            continue
        if len(held) and len(margin.excluded) >= len(held):
            continue
        found.append(account_status(account, held, margin, rules, book))
    return tuple(found)


def account_status(account: Account, holdings: ResolvedBook, margin: AccountMargin,
                   rules: RuleSet, book: Book | None = None) -> AccountStatus:
    """Return the equity of one account, its tests, and the prices that would bring a call.

    `book` supplies collateral lots that are not positions; without it the account has none.
    """
    equity, notes = equity_of(account, holdings, book)
    status = AccountStatus(account.account_id, margin.regime, margin.currency, equity,
                           (maintenance_test(margin, equity.amount),), notes=notes)
    if not margin.complete:
        left_out = len(margin.excluded)
        status = replace(status, notes=(*status.notes, (
            f"{left_out} position{'s' if left_out != 1 else ''} in equity but not in the "
            "requirement: the tests are incomplete")))
    if margin.regime in STRATEGY:
        status = _strategy(status, account, holdings, margin, rules)
    elif margin.regime == PORTFOLIO:
        status = _portfolio(status, margin, rules)
    known = book is None or account.account_id not in unstated(book)
    return status if known else without_cash(status)


def without_cash(status: AccountStatus) -> AccountStatus:
    """Return the standing of an account whose cash the file does not state: nothing is called.

    The tests keep their amounts, on the condition that the account holds no cash at all.
    """
    tests = tuple(replace(test, condition="; ".join(filter(None, (NO_CASH, test.condition))))
                  for test in status.tests)
    triggers = tuple(replace(found, price=None, move=None, reason=CASH_NOT_STATED)
                     for found in status.triggers)
    note = (f"{CASH_NOT_STATED}: no call, excess or distance is claimed; state it on the Accounts "
            "sheet or as collateral lots")
    notes = tuple(known for known in status.notes if "special memorandum" not in known)
    return replace(status, tests=tests, triggers=triggers, sma=None, buying_power=None,
                   notes=(*notes, note), cash_stated=False)


def maintenance_test(margin: AccountMargin, equity: Decimal) -> AccountTest:
    """Return the maintenance test; a futures account in call must come back to initial."""
    required = met_by_equity(MAINTENANCE, margin.maintenance, margin.on_maintenance)
    test = _test(MAINTENANCE, required, equity)
    if margin.regime != FUTURES or not test.call.amount:
        return test
    restored = margin.initial.amount - equity
    call = total("Maintenance call", amount("shortfall to initial margin", restored),)
    return replace(test, call=call)


def met_by_equity(name: str, requirement: Explained, terms: AgainstEquity) -> Explained:
    """Return what equity must cover.

    required = requirement - premium and proceeds already charged to equity + valued down
    """
    parts = [Explained("requirement", requirement.amount, requirement.cite)]
    if terms.credited:
        parts.append(amount("premium and proceeds of short positions, already off equity",
                            -terms.credited))
    if terms.valued_down:
        parts.append(amount("stock covering calls in the money, counted at the strike",
                            terms.valued_down))
    return total(f"{name}: to be met by equity", *parts)


def _test(name: str, required: Explained, equity: Decimal, condition: str = "",
          cite: Citation | None = None) -> AccountTest:
    short = required.amount - equity
    call = greater_of(f"{name} call", amount("required less equity", short, cite, (
        ("required", dollars(required.amount)), ("equity", dollars(equity)))),
        amount("nothing to call", ZERO), cite=cite)
    return AccountTest(name, required, call, -short, condition)


def _strategy(status: AccountStatus, account: Account, holdings: ResolvedBook,
              margin: AccountMargin, rules: RuleSet) -> AccountStatus:
    rule, equity = rules.edition(FOLDER), status.equity.amount
    usd = holdings.market.fx_rate("USD") or Decimal(1)
    tests = list(status.tests)
    tests.append(b_4_minimum_equity(account, holdings, equity, rule, usd))
    day = intraday.day_trading(tests[0], equity, rule, holdings.as_of, usd)
    shown = replace(status, triggers=triggers.triggers_of(
        account.account_id, holdings, tests[0].excess, rule,
        tests[1].excess if tests[1].required.amount else None))
    if margin.regime != "reg-t":
        return replace(shown, tests=(*tests, day))
    reg_t = rules.edition(REG_T_FOLDER)
    first = reg_t_test(margin, equity, reg_t, usd)
    sma = greater_of("Special memorandum account, least", amount(
        "equity less Regulation T requirement", first.excess), amount("never below zero", ZERO),
        cite=cited(reg_t, ".5", "unverified"))
    fraction = reg_t["long_margin_equity_fraction"]
    power = Explained("Buying power in margin equity", sma.amount / fraction.value, fraction.cite,
                      (("special memorandum account", dollars(sma.amount)),
                       ("rate", per_cent(fraction.value))))
    note = "the special memorandum account may be larger: its past credits are not in the file"
    return replace(shown, tests=(*tests, first, day), sma=sma, buying_power=power,
                   notes=(*shown.notes, note))


def reg_t_test(margin: AccountMargin, equity: Decimal, reg_t: Edition, usd: Decimal
               ) -> AccountTest:
    """Return the Regulation T test: initial margin as if every position were opened today.

    The creditor may ignore a deficiency up to the amount of 220.4(d), which is shown.
    """
    required = met_by_equity(REG_T_TEST, margin.initial, margin.on_initial)
    ignored = reg_t["ignored_deficiency"]
    test = _test(REG_T_TEST, required, equity,
                 "only for positions opened today; older ones are merely restricted",
                 cited(reg_t, ".12"))
    small = 0 < test.call.amount <= ignored.value * usd
    shown = (("may be ignored up to", f"{accounting(ignored.value * usd)} ({ignored.cite})"),
             ("ignorable", "yes" if small else "no"))
    return replace(test, call=replace(test.call, inputs=shown))


def b_4_minimum_equity(account: Account, holdings: ResolvedBook, equity: Decimal, rule: Edition,
                       usd: Decimal) -> AccountTest:
    """Return the (b)(4) test: minimum equity where securities are carried on credit or short."""
    least = rule["minimum_equity"]
    on_credit = account.cash < 0 or owes_securities(holdings)
    if on_credit:
        required = amount(MINIMUM_TEST, least.value * usd, least.cite,
                          (("minimum", f"{accounting(least.value)} {least.unit}"),))
    else:
        required = amount(MINIMUM_TEST, ZERO, least.cite,
                          (("why none", "no debit and nothing short: fully paid"),))
    return _test(MINIMUM_TEST, required, equity, cite=least.cite) if on_credit else AccountTest(
        MINIMUM_TEST, required, amount("no call", ZERO, least.cite), equity)


def _portfolio(status: AccountStatus, margin: AccountMargin, rules: RuleSet) -> AccountStatus:
    rule, equity = rules.edition(FOLDER), status.equity.amount
    tier = g_1_minimum_equity(equity, rule)
    fraction = rule["scan_equity"].numbers[0]
    excess = greater_of("Excess equity", amount("equity less maintenance",
                                                status.tests[0].excess),
                        amount("never below zero", ZERO))
    power = Explained("Buying power in single stocks", excess.amount / abs(fraction),
                      rule["scan_equity"].cite,
                      (("excess equity", dollars(excess.amount)),
                       ("scan range", per_cent(abs(fraction)))))
    day = intraday.day_trading(status.tests[0], equity, rule, rules.as_of, Decimal(1))
    firm = g_1_net_capital(margin.maintenance.amount, rule)
    notes = () if firm is None else (_of_net_capital(firm),)
    return replace(status, tests=(*status.tests, tier, day), buying_power=power,
                   notes=(*status.notes, *notes))


def g_1_net_capital(requirement: Decimal, rule: Edition) -> Explained | None:
    """Return what the firm may still margin so: multiple x net capital less all requirements.

    Negative where the firm is over; None where the house does not state its net capital.
    `requirement` is this account's, the house states that of all others.
    """
    capital, multiple = rule["house_net_capital"], rule["net_capital_multiple"]
    if not capital.value:
        return None
    others = rule["house_other_portfolio_requirements"]
    return total(
        "Left of the multiple of net capital",
        amount("multiple of net capital", multiple.value * capital.value, multiple.cite,
               (("net capital", accounting(capital.value)), ("multiple", str(multiple.value)))),
        amount("requirements of the firm's other portfolio accounts", -others.value, others.cite),
        amount("requirement of this account", -requirement))


def _of_net_capital(left: Explained) -> str:
    cite = left.parts[0].cite
    if left.amount >= 0:
        return f"portfolio margin of the firm: {accounting(left.amount)} left under {cite}"
    return (f"portfolio margin of the firm exceeds {cite} by {accounting(-left.amount)}: no new "
            "accounts from the fourth business day above it")


def g_1_minimum_equity(equity: Decimal, rule: Edition) -> AccountTest:
    """Return the test of minimum equity for portfolio margin, every tier shown."""
    least = rule[TIERS[0][1]]
    shown = tuple((name, f"{accounting(rule[key].value)} ({rule[key].cite}): "
                         f"{'met' if equity >= rule[key].value else 'not met'}")
                  for name, key in TIERS)
    return _test(PORTFOLIO_TEST, amount(PORTFOLIO_TEST, least.value, least.cite, shown), equity,
                 "which tier applies depends on monitoring and products; the first is shown",
                 least.cite)


def tiers_of(status: AccountStatus, rule: Edition, usd: Decimal) -> list[tuple[str, Decimal]]:
    """Return the amounts equity must keep beside maintenance, largest first, with their names."""
    if status.regime in STRATEGY:
        least = status.test(MINIMUM_TEST)
        return [(MINIMUM_TEST, least.required.amount)] if least and least.required.amount else []
    if status.regime != PORTFOLIO:
        return []
    found = [(f"{PORTFOLIO_TEST}, {name}", rule[key].value * usd) for name, key in TIERS]
    return sorted(found, key=lambda tier: -tier[1])


def called(found: Sequence[AccountStatus]) -> tuple[AccountStatus, ...]:
    """Return the accounts in a call that holds now, the largest first."""
    owed = [status for status in found if status.call]
    return tuple(sorted(owed, key=lambda status: (-status.call, status.account_id)))
