"""Regulation T, 12 CFR 220.12: initial margin, with FINRA 4210 maintenance beside it.

Paragraph (f)(1) takes the amounts of the exchange and FINRA for listed options, and (b) their
amounts for exempted and non-equity securities; hence the import. `gross` and `net` are of the
initial requirement. Short sales stand at the whole 150 %, proceeds of the sale included, on both.
"""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, greater_of, leaf, total
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, AgainstEquity
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition
from workstation.rulebooks.finra_4210 import c_maintenance, f_options, strategy
from workstation.rulebooks.finra_4210 import e_exempted_and_debt as e
from workstation.rulebooks.finra_4210.charges import charge, dollars, plain, with_inputs
from workstation.rulebooks.finra_4210.d_house import with_house
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.intake import Intake, in_exempt_account, take_in
from workstation.rulebooks.finra_4210.securities import Debt, Option, Stock
from workstation.rulebooks.finra_4210.strategy import maintenance_basis, required
from workstation.rulebooks.reg_t.short_calls import untold

REGIME = "reg-t"
FOLDER = "reg_t"
_GOOD_FAITH = frozenset({AssetClass.MONEY_MARKET_FUND, AssetClass.SECURITY_FUTURE})


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return initial margin by 220.12 and maintenance margin by FINRA 4210."""
    intake = in_exempt_account(take_in(holdings, account.account_id), account)
    maintenance = maintenance_basis(holdings, rules)
    reg_t = rules.edition(FOLDER)
    basis = Basis("initial", lambda stock: initial(stock, reg_t, maintenance.rule), False,
                  maintenance.rule, holdings.as_of,
                  lambda long, short: c_2_short_with_convertible(long, short, reg_t,
                                                                 maintenance.rule),
                  lambda call, stock: c_2_short_with_call(call, stock, reg_t, maintenance.rule),
                  maintenance.memo, rules.recent)
    kept = required(intake, maintenance, account.account_id)
    first = required(intake, basis, account.account_id,
                     lambda debt: debt_initial(debt, basis, reg_t), kept.options_only)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, first.node,
        with_house(kept.node, holdings, maintenance.rule),
        first.node.amount, first.node.amount - first.short_premium,
        (*kept.offsets, *untold(intake, reg_t, account.account_id)), intake.excluded,
        AgainstEquity(first.short_premium + proceeds(intake) - first.boxed, first.valued_down),
        kept.on_equity)


def alone(account: Account, holdings: ResolvedBook, rules: RuleSet) -> tuple[Decimal | None, ...]:
    """Return the maintenance requirement of each position alone, None where it is excluded."""
    rules.edition(FOLDER)  # without Regulation T in force nothing is margined here
    return strategy.alone(account, holdings, rules)


def proceeds(intake: Intake) -> Decimal:
    """Return the proceeds of short sales, which (c) and (d) count inside the requirement."""
    stocks = (stock.market_value for stock in intake.stocks
              if stock.short and stock.asset_class not in _GOOD_FAITH)
    debts = (debt.market_value for debt in intake.debts if debt.short)
    return sum((*stocks, *debts), Decimal(0))


def initial(stock: Stock, reg_t: Edition, finra: Edition) -> Explained:
    """Return the initial margin of one stock holding, never below its maintenance."""
    if stock.asset_class in _GOOD_FAITH:
        return b_good_faith(stock, finra)
    if stock.short:
        return c_1_short(stock, reg_t, finra)
    if not stock.marginable:
        return e_nonmargin(stock, reg_t)
    return a_long(stock, reg_t, finra)


def a_long(stock: Stock, reg_t: Edition, finra: Edition) -> Explained:
    """Margin equity held long.

    requirement = max(fraction * market value, amount of the exchange rule)
    """
    name = f"{stock.symbol}: long"
    own = charge(name, reg_t["long_margin_equity_fraction"], stock.market_value)
    exchange = c_maintenance.maintenance(stock, finra)
    if exchange.amount <= own.amount:
        return _shown(own, stock)
    return greater_of(name, own, exchange, cite=own.cite)


def b_good_faith(stock: Stock, finra: Edition) -> Explained:
    """Money market funds and security futures: the amount of FINRA 4210."""
    return c_maintenance.maintenance(stock, finra)


def c_1_short(stock: Stock, reg_t: Edition, finra: Edition) -> Explained:
    """Non-exempt equity sold short, proceeds included.

    requirement = max(fraction * market value, market value + amount of the exchange rule)

    The second binds for low-priced and leveraged stock, whose maintenance is above half its value.
    """
    name = f"{stock.symbol}: short, proceeds included"
    own = charge(name, reg_t["short_nonexempt_equity_fraction"], stock.market_value)
    exchange = c_maintenance.maintenance(stock, finra)
    proceeds = leaf("market value, held as proceeds", stock.market_value, own.cite)
    least = total("proceeds and the exchange rule", proceeds, exchange, cite=exchange.cite)
    if least.amount <= own.amount:
        return _shown(own, stock)
    return greater_of(name, own, least, cite=own.cite)


def c_2_short_with_convertible(long: Stock, short: Stock, reg_t: Edition, finra: Edition
                               ) -> Explained:
    """Stock sold short against a security that may be exchanged for it.

    requirement = 100 % of the short, proceeds included, + initial margin of the long

    """
    covered = charge(f"{short.symbol}: short, proceeds included",
                     reg_t["short_with_convertible_fraction"], short.market_value)
    return total(f"{long.symbol}: exchangeable for the short {short.symbol}",
                 initial(long, reg_t, finra), _shown(covered, short), cite=covered.cite)


def c_2_short_with_call(call: Option, short: Stock, reg_t: Edition, finra: Edition) -> Explained:
    """Stock sold short against a listed American call struck at the sale price or below.

    requirement = 100 % of the short, proceeds included, + the call in full

    The sale price comes from the column sale_price; without it the sale is charged by (c)(1).
    """
    covered = charge(f"{short.symbol}: short, proceeds included",
                     reg_t["short_with_convertible_fraction"], short.market_value,
                     (("sold at", "" if short.sold_at is None else dollars(short.sold_at)),
                      ("strike of the call", dollars(call.strike))))
    return total(f"{short.symbol}: short covered by call {plain(call.terms.strike)}",
                 f_options.f_2_d_paid_in_full(call, finra), _shown(covered, short),
                 cite=covered.cite)


def debt_initial(debt: Debt, basis: Basis, reg_t: Edition) -> Explained:
    """Return (b) for debt held long, (d) for debt sold short."""
    good_faith = e.requirement(debt, basis.on, basis.rule)
    return d_short_exempted(debt, good_faith, reg_t) if debt.short else good_faith


def d_short_exempted(debt: Debt, good_faith: Explained, reg_t: Edition) -> Explained:
    """Exempted and non-equity securities sold short: requirement = 100 % + good faith."""
    proceeds = charge("market value", reg_t["short_exempted_fraction"], debt.market_value)
    return total(f"{debt.symbol}: short, proceeds included", proceeds, good_faith,
                 cite=proceeds.cite)


def e_nonmargin(stock: Stock, reg_t: Edition) -> Explained:
    """Securities that are not margin-eligible: the whole market value."""
    return _shown(charge(f"{stock.symbol}: long, not margin-eligible",
                         reg_t["nonmargin_equity_fraction"], stock.market_value), stock)


def _shown(node: Explained, stock: Stock) -> Explained:
    return with_inputs(node, (("shares", plain(stock.shares)), ("price", dollars(stock.price))))


PARAGRAPHS = {
    ".12(a)": a_long,
    ".12(b)": b_good_faith,
    ".12(c)(1)": c_1_short,
    ".12(c)(2)": c_2_short_with_convertible,
    ".12(c)(2) against a call": c_2_short_with_call,
    ".12(d)": d_short_exempted,
    ".12(e)": e_nonmargin,
    ".12(f)": "listed options: the amounts of FINRA 4210(f)(2)",
    ".4(b)": "covered positions: valued in FINRA 4210(f)(2)(H)",
    ".4(d)": "a deficiency the creditor may ignore: no requirement of its own",
    ".5": "special memorandum account: a balance, not a requirement",
}


