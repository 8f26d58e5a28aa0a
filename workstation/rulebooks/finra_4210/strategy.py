"""Strategy-based margin of one account: paragraphs (c), (e) and (f)(2) of FINRA 4210.

Amounts are in the reporting currency and on the gross basis; `net` is after the premium of every
short option.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from operator import itemgetter

from workstation.base.explain import Explained, total
from workstation.base.threads import in_order
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.resolve import ResolvedBook
from workstation.measures.requirement import AccountMargin, AgainstEquity, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.rulebooks.finra_4210 import (
    c_maintenance,
    e_exempted_and_debt,
    exact_spreads,
    f_options,
)
from workstation.rulebooks.finra_4210.charges import Inputs, amount, dollars, with_inputs
from workstation.rulebooks.finra_4210.d_house import with_house
from workstation.rulebooks.finra_4210.exchangeable import exchanged
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.f_protected import f_2_h_protected
from workstation.rulebooks.finra_4210.forms import SAME_SECURITY, Legs
from workstation.rulebooks.finra_4210.intake import Intake, in_exempt_account, take_in
from workstation.rulebooks.finra_4210.pairs import Formed, Pairing, denied, granted, paired
from workstation.rulebooks.finra_4210.securities import Debt, Option, Stock
from workstation.rulebooks.finra_4210.spread_search import Series

REGIME = "finra-4210-strategy"
FOLDER = "finra_4210"
ZERO, ONE = Decimal(0), Decimal(1)
VALUED_AT_STRIKE = frozenset({"covered call", "collar", "conversion"})
_MOST_SIZES = 3  # contract sizes of one underlying tried first against the stock
_PAIRABLE = frozenset({AssetClass.EQUITY, AssetClass.ETF, AssetClass.ETP})


@dataclass(frozen=True, slots=True)
class Requirement:
    """The requirement of one account on one basis, its offsets, and the premium of its shorts."""

    node: Explained
    offsets: tuple[Offset, ...]
    short_premium: Decimal
    options_only: Mapping[str, Explained]
    """Underlyings held in options alone: their amounts are the same on every basis."""
    valued_down: Decimal = ZERO
    """How far stock covering calls in the money stands above their strikes."""
    boxed: Decimal = ZERO
    """Market value of shares sold short against the same shares held long."""

    @property
    def on_equity(self) -> AgainstEquity:
        """Return what equity has already been charged with, and what is taken off it."""
        return AgainstEquity(self.short_premium, self.valued_down)


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Return the strategy-based requirement; initial equals maintenance by (b)(2).

    What Regulation T asks above it is in the regime `reg-t`.
    """
    intake = in_exempt_account(take_in(holdings, account.account_id), account)
    basis = maintenance_basis(holdings, rules)
    found = required(intake, basis, account.account_id)
    node = with_house(found.node, holdings, basis.rule)
    initial = replace(node, label=f"{account.account_id}: initial, (b)(2)")
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency, initial, node,
        node.amount, node.amount - found.short_premium, found.offsets,
        intake.excluded, found.on_equity, found.on_equity)


def alone(account: Account, holdings: ResolvedBook, rules: RuleSet) -> tuple[Decimal | None, ...]:
    """Return the maintenance requirement of each position as if it were the account's only one.

    None stands for a position that is not margined.
    """
    basis = maintenance_basis(holdings, rules)
    found = list[Decimal | None]()
    for row in range(len(holdings)):
        single = holdings.take([row])
        intake = take_in(single, account.account_id)
        own = replace(basis, memo={})
        found.append(None if intake.excluded else with_house(
            required(intake, own, account.account_id).node, single, basis.rule).amount)
    return tuple(found)


def maintenance_basis(holdings: ResolvedBook, rules: RuleSet) -> Basis:
    """Return the basis of maintenance margin on the review date."""
    rule = rules.edition(FOLDER)
    return Basis("maintenance", lambda stock: c_maintenance.maintenance(stock, rule), True, rule,
                 holdings.as_of,
                 lambda long, short: e_exempted_and_debt.e_1_exchangeable(long, short, rule),
                 recent=rules.recent)


def required(intake: Intake, basis: Basis, account_id: str,
             debt: Callable[[Debt], Explained] | None = None,
             known: Mapping[str, Explained] | None = None) -> Requirement:
    """Return what the securities of an account require on a basis, underlying by underlying.

    `known` are amounts of underlyings held in options alone, from another basis. Underlyings are
    paired side by side: most of that time is the solver's.
    """
    asked = [held for held in _by_underlying(intake) if not (known and held[0] in known)]
    longest = sorted(range(len(asked)), key=lambda place: _work(asked[place][2]))
    found = in_order(lambda place: _class(*asked[place], basis, account_id), longest)
    classes = [one for _, one in sorted(zip(longest, found, strict=True), key=itemgetter(0))]
    _protect(classes, basis, account_id)
    made = {one.underlying: one.node() for one in classes}
    nodes = {**(known or {}), **made}
    parts = [nodes[name] for name, *_ in _by_underlying(intake)]
    offsets = [offset for one in classes for offset in one.offsets]
    options_only = {one.underlying: made[one.underlying] for one in classes if not one.held}
    formed = [strategy for one in classes for strategy in one.formed]
    charge = debt or (lambda d: e_exempted_and_debt.requirement(d, basis.on, basis.rule))
    parts += [charge(item) for item in intake.debts]
    parts += [amount(f"{currency}: cash, no requirement", ZERO) for currency in intake.cash]
    premium = sum((o.premium_value for o in intake.options if o.short), ZERO)
    return Requirement(total(f"{account_id}: {basis.name}", *parts), tuple(offsets), premium,
                       options_only, *_on_equity(formed))


def _work(options: Sequence[Option]) -> tuple[bool, int]:
    """Order classes by the solver's time, longest first: no thread then ends on a long one."""
    return len(options) > exact_spreads.MOST_OPTIONS, -len(options)


def _on_equity(formed: Sequence[Formed]) -> tuple[Decimal, Decimal]:
    """Return how far covering stock is valued down, and the value of stock sold against itself."""
    down = sum((call.in_the_money * call.multiplier * call.contracts
                for strategy in formed if strategy.kind in VALUED_AT_STRIKE
                for call in strategy.options if call.short), ZERO)
    boxed = sum((strategy.stock_value for strategy in formed
                 if strategy.kind == SAME_SECURITY), ZERO)
    return down, boxed


def _by_underlying(intake: Intake
                   ) -> list[tuple[str, tuple[Stock, ...], tuple[Option, ...]]]:
    stocks: dict[str, list[Stock]] = {}
    options: dict[str, list[Option]] = {}
    for stock in intake.stocks:
        stocks.setdefault(stock.underlying, []).append(stock)
    for option in intake.options:
        options.setdefault(option.underlying, []).append(option)
    return [(name, tuple(stocks.get(name, ())), tuple(options.get(name, ())))
            for name in sorted(stocks.keys() | options.keys())]


@dataclass(slots=True)
class _Class:
    """One underlying while it is margined: what was formed of it and what is left alone.

    `lone` are options and `rest` stock that no strategy uses; `held` says that stock stands beside
    or against the options.
    """

    underlying: str
    basis: Basis
    held: bool
    formed: list[Formed] = field(default_factory=list)
    lone: list[Option] = field(default_factory=list)
    rest: dict[tuple[str, bool], Stock] = field(default_factory=dict)
    other: list[Explained] = field(default_factory=list)
    offsets: list[Offset] = field(default_factory=list)
    saved: Decimal = ZERO
    greedy: list[Decimal | None] = field(default_factory=list)

    def node(self) -> Explained:
        """Return the requirement of the class: strategies, options alone, other stock."""
        node = total(
            self.underlying, *(strategy.node for strategy in self.formed),
            *(_alone(option, self.basis) for option in self.lone), *self.other,
            *(self.basis.stock(stock) for stock in self.rest.values() if stock.shares))
        return with_inputs(node, _compared(node.amount, self.saved, self.greedy))


def _class(underlying: str, stocks: tuple[Stock, ...], options: tuple[Option, ...],
           basis: Basis, account_id: str) -> _Class:
    """Pair one underlying: strategies first, then convertibles; the rest stands alone."""
    made = _Class(underlying, basis, bool(stocks),
                  rest={(stock.symbol, stock.short): stock for stock in stocks})
    for legs, pairing in _by_size(made, options, stocks):
        made.formed += pairing.formed
        made.saved += pairing.saving
        made.greedy += [pairing.greedy] if pairing.formed else []
        made.offsets += granted(pairing.formed, account_id)
        made.offsets += denied(legs, pairing.left, account_id)
        made.lone += [option.resized(left) for option, left in zip(
            legs.options, pairing.left, strict=False) if left]
        _use_stock(made.rest, legs, pairing.left)
    nodes, found = exchanged(made.rest, basis, account_id)
    made.other += nodes
    made.offsets += found
    return made


def _by_size(made: _Class, options: tuple[Option, ...], stocks: tuple[Stock, ...]
             ) -> list[tuple[Legs, Pairing]]:
    """Pair the series of each contract size; the size that saves most by it meets the stock first.

    Sizes differ where contracts are adjusted. Of orders that save the same the first stays.
    """
    sized = _by_multiplier(options, stocks)
    if len(sized) == 1 or not any(_pairs(stock, made.underlying) for stock in stocks):
        return _in_turn(made, sized)
    orders = [[one, *(other for other in sized if other is not one)]
              for one in sized[:_MOST_SIZES] if one[1]]
    found = [_in_turn(made, order) for order in orders or [sized]]
    return max(found, key=lambda pairings: sum((p.saving for _, p in pairings), ZERO))


def _in_turn(made: _Class, sized: Sequence[tuple[Decimal, tuple[Option, ...]]]
             ) -> list[tuple[Legs, Pairing]]:
    """Pair the series of each size with the stock that the sizes before it left."""
    rest, found = dict(made.rest), []
    for multiplier, series in sized:
        legs = _legs(series, [stock for stock in rest.values()
                              if _pairs(stock, made.underlying)], multiplier, made.basis)
        pairing = paired(legs, made.basis)
        _use_stock(rest, legs, pairing.left)
        found.append((legs, pairing))
    return found


def _protect(classes: Sequence[_Class], basis: Basis, account_id: str) -> None:
    """Meet short index options left alone with funds on the same index, class by class."""
    funds = [stock for one in classes for stock in one.rest.values() if stock.shares]
    alone = [option for one in classes for option in one.lone if option.short]
    for made in f_2_h_protected(alone, funds, basis):
        owner = next(one for one in classes if one.underlying == made.option.underlying)
        owner.lone = [option.resized(option.contracts - made.option.contracts)
                      if option.symbol == made.option.symbol and option.short else option
                      for option in owner.lone]
        owner.lone = [option for option in owner.lone if option.contracts]
        owner.other.append(made.node)
        owner.offsets.append(made.offset(account_id))
        owner.saved += made.saving
        owner.held = True


def _compared(charged: Decimal, saved: Decimal, greedy: Sequence[Decimal | None]) -> Inputs:
    """Show what the class would cost without pairing, and paired largest saving first."""
    if not greedy:
        return ()
    alone = ("every leg alone", dollars(charged + saved))
    known = [saving for saving in greedy if saving is not None]
    if len(known) < len(greedy):
        return (alone,)
    return alone, ("largest saving first", dollars(charged + saved - sum(known, ZERO)))


def _pairs(stock: Stock, underlying: str) -> bool:
    return (stock.asset_class in _PAIRABLE and stock.symbol == underlying and stock.shares > 0)


def _by_multiplier(options: tuple[Option, ...], stocks: tuple[Stock, ...]
                   ) -> list[tuple[Decimal, tuple[Option, ...]]]:
    """Return series by contract size, the size with most contracts first: it meets the stock.

    Without options, long and short stock still meet share by share.
    """
    groups: dict[Decimal, list[Option]] = {}
    for option in options:
        groups.setdefault(option.multiplier, []).append(option)
    ordered = sorted(groups.items(), key=lambda item: (
        -sum((option.contracts for option in item[1]), ZERO), item[0]))
    sized = [(multiplier, tuple(series)) for multiplier, series in ordered]
    return [*sized, (ONE, ())] if len(stocks) > 1 else sized


def _legs(options: Sequence[Option], stocks: Sequence[Stock], multiplier: Decimal,
          basis: Basis) -> Legs:
    long = next((stock for stock in stocks if not stock.short), None)
    short = next((stock for stock in stocks if stock.short), None)
    sides = [side and side.resized(multiplier) for side in (long, short)]
    whole = all(option.contracts == option.contracts.to_integral_value() for option in options)
    lots = [ZERO if side is None else side.shares // multiplier if whole
            else side.shares / multiplier for side in (long, short)]
    key = ("options", options[0].underlying if options else "", multiplier)
    if key not in basis.memo:
        basis.memo[key] = _single(options, basis)
    single, charges, series = basis.memo[key]
    alone = [*charges]
    alone += [ZERO if side is None else basis.stock(side).amount for side in sides]
    return Legs(single, sides[0], sides[1],
                (*(option.contracts for option in options), *lots), tuple(alone), series)


def _single(options: Sequence[Option], basis: Basis
            ) -> tuple[tuple[Option, ...], tuple[Decimal, ...], Series]:
    """Return one contract of each series, what it costs alone, and both as columns."""
    single = tuple(option.resized(ONE) for option in options)
    charges = tuple(_alone_amount(option, basis) for option in single)
    return single, charges, Series.of(single, tuple(float(cost) for cost in charges))


def _use_stock(rest: dict[tuple[str, bool], Stock], legs: Legs, left: Sequence[Decimal]) -> None:
    for side, place in ((legs.long_stock, legs.long_at), (legs.short_stock, legs.short_at)):
        if side is not None:
            key = (side.symbol, side.short)
            used = (legs.supply[place] - left[place]) * side.shares
            rest[key] = rest[key].resized(rest[key].shares - used)


def _alone(option: Option, basis: Basis) -> Explained:
    if option.short:
        return f_options.f_2_e_uncovered(option, basis.rule)
    return f_options.f_2_d_long(option, basis.on, basis.rule)


def _alone_amount(option: Option, basis: Basis) -> Decimal:
    if option.short:
        return f_options.uncovered_amount(option, basis.rule)
    return f_options.f_2_d_long(option, basis.on, basis.rule).amount
