"""FINRA 4210(f)(2)(H), protected options: index options against a fund on the same index.

A short index call is protected by a fund held long, a short index put by a fund sold short, if the
fund is worth the index value of the contracts when they are written and never falls below a share
of it. The table `protected_funds` says which fund follows which index; leveraged funds protect
nothing. What the classes' own pairing leaves over is met here, the contract that saves most first.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import ROUND_FLOOR, Decimal

from workstation.base.explain import Explained, greater_of
from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.rulebooks.finra_4210.charges import amount, dollars, plain, with_inputs
from workstation.rulebooks.finra_4210.f_hedges import Basis
from workstation.rulebooks.finra_4210.f_options import uncovered_amount
from workstation.rulebooks.finra_4210.securities import Option, Stock

ZERO, ONE = Decimal(0), Decimal(1)


@dataclass(frozen=True, slots=True)
class Protected:
    """Contracts of a short option that a fund protects, and what they require."""

    option: Option
    fund: str
    node: Explained
    saving: Decimal

    def offset(self, account_id: str) -> Offset:
        """Return the ledger row of the protection."""
        cost = self.node.amount
        return Offset(
            "protected option", (self.option.symbol, self.fund), "granted",
            f"{self.node.label}; {self.node.cite}", -self.saving, (account_id,), "same index",
            (("contracts", plain(self.option.contracts)),
             ("apart", accounting(cost + self.saving, 2)), ("together", accounting(cost, 2))))


def f_2_h_protected(options: list[Option], funds: list[Stock], basis: Basis) -> list[Protected]:
    """Return what funds protect of short index options.

    requirement = max(in-the-money amount, index value - value of the fund)
    """
    follows = {str(row["fund"]): tuple(row["indices"])
               for row in basis.rule["protected_funds"].rows}
    values = {n: fund.market_value for n, fund in enumerate(funds)}
    left = {n: option.contracts for n, option in enumerate(options)}
    found = []
    for n, f in _pairs(options, funds, follows, basis):
        made = _protected(options[n].resized(left[n]), funds[f], values[f], basis)
        if made is not None:
            found.append(made)
            left[n] -= made.option.contracts
            values[f] -= min(values[f], _index_value(made.option))
    return found


def _pairs(options: list[Option], funds: list[Stock], follows: Mapping[str, tuple[str, ...]],
           basis: Basis) -> Iterator[tuple[int, int]]:
    """Yield options that a fund may protect, by place, the largest saving a contract first."""
    def saving(n: int) -> Decimal:
        return uncovered_amount(options[n].resized(ONE), basis.rule)

    for n in sorted(range(len(options)), key=lambda n: (-saving(n), options[n].symbol)):
        option = options[n]
        for f, fund in enumerate(funds):
            if (option.underlying in follows.get(fund.symbol, ())
                    and option.short and option.terms.settlement == "cash"
                    and fund.short != option.is_call
                    and fund.leverage == ONE == option.leverage):
                yield n, f


def _protected(option: Option, fund: Stock, value: Decimal, basis: Basis) -> Protected | None:
    kept = basis.rule["protected_maintenance_share" if basis.hedge_relief
                      else "protected_initial_share"]
    one = _index_value(option.resized(ONE))
    most = value / (kept.value * one)
    whole = option.contracts == option.contracts.to_integral_value()
    contracts = min(option.contracts, most.to_integral_value(ROUND_FLOOR) if whole else most)
    if contracts <= 0:
        return None
    covered = option.resized(contracts)
    short = max(_index_value(covered) - value, ZERO)
    inside = covered.in_the_money * covered.multiplier * contracts
    node = greater_of(
        f"{option.symbol}: protected by {fund.symbol}",
        amount("in the money", inside, kept.cite, (("index", dollars(option.spot)),)),
        amount("index value the fund falls short of", short, kept.cite,
               (("index value", dollars(_index_value(covered))), ("fund", dollars(value)))),
        cite=kept.cite)
    node = with_inputs(node, (("contracts", plain(contracts)),))
    saving = uncovered_amount(covered, basis.rule) - node.amount
    return Protected(covered, fund.symbol, node, saving) if saving > 0 else None


def _index_value(option: Option) -> Decimal:
    return option.spot * option.multiplier * option.contracts
