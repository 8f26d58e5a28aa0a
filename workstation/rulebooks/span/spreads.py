"""Calendar spreads: formed where a rate is published, refused and listed where none is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import combinations

from workstation.base.explain import Explained, leaf
from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.rulebooks.span.months import ContractMonth
from workstation.rulebooks.span.rates import CENTS, ProductRates, SpreadRate

LOAD_FILE = "load the exchange's risk-parameter file"


def formed(months: tuple[ContractMonth, ...], rates: ProductRates, account_id: str
           ) -> tuple[tuple[ContractMonth, ...], list[Explained], list[Offset]]:
    """Pair long against short months at published spread rates, in the order published."""
    left = {month.month: month for month in months}
    charges: list[Explained] = []
    granted: list[Offset] = []
    for spread in rates.spreads:
        near = _first(left.values(), spread.near)
        far = _first(left.values(), spread.far)
        if near is None or far is None or near.contracts * far.contracts >= 0:
            continue
        count = min(abs(near.contracts), abs(far.contracts))
        charge = _charge(near, far, count, spread)
        after = near.reduced(count), far.reduced(count)
        outright = sum((rates.outright_charge(m).amount for m in (near, far)), Decimal(0)) - sum(
            (rates.outright_charge(m).amount for m in after if m.contracts), Decimal(0))
        if charge.amount >= outright:
            continue
        left |= {month.month: month for month in after}
        charges.append(charge)
        granted.append(Offset(
            "inter-month spread", (near.label, far.label), "granted",
            f"published spread rate, {count:,f} spreads", charge.amount - outright,
            (account_id,), "product"))
    kept = tuple(m for m in left.values() if m.contracts)
    return kept, charges, granted


def _first(months: Iterable[ContractMonth], rank: int) -> ContractMonth | None:
    held = [m for m in months if m.rank == rank and m.contracts]
    return held[0] if len(held) == 1 else None


def _charge(near: ContractMonth, far: ContractMonth, count: Decimal, spread: SpreadRate
            ) -> Explained:
    label = f"{near.product} {near.month} against {far.month}, {count:,f} spreads"
    return leaf(label, count * spread.rate * near.fx, spread.cite,
                spreads=f"{count:,f}", rate=accounting(spread.rate))


def refused_months(outright: list[tuple[ContractMonth, Explained]], account_id: str
                   ) -> list[Offset]:
    """List long months left beside short months of the same product, without a spread rate."""
    long = [(m, e) for m, e in outright if m.contracts > 0]
    short = [(m, e) for m, e in outright if m.contracts < 0]
    if not long or not short:
        return []
    at_most = min(sum((e.amount for _, e in side), Decimal(0)) for side in (long, short))
    return [Offset(
        "inter-month spread", tuple(m.label for m, _ in (*long, *short)), "denied",
        "inter-month spread rate not published in this edition; both sides are charged outright",
        Decimal(0), (account_id,), "product",
        tests=(("charged on the smaller side, an upper bound of the saving",
                accounting(at_most, CENTS)),),
        would_save=at_most, barrier=LOAD_FILE)]


@dataclass(frozen=True, slots=True)
class ProductNet:
    """One product's net contracts and charge, its group and the underlying it shares."""

    product: str
    contracts: Decimal
    charge: Decimal
    group: str
    underlying: str


def refused_products(nets: Sequence[ProductNet], account_id: str) -> list[Offset]:
    """List opposite products of one group: published rates net within a product only."""
    return [
        _refused_pair(first, second, account_id)
        for first, second in combinations(nets, 2)
        if first.group == second.group and first.contracts * second.contracts < 0
    ]


def _refused_pair(first: ProductNet, second: ProductNet, account_id: str) -> Offset:
    nets = tuple((f"net {held.product}", f"{held.contracts:,f}") for held in (first, second))
    if first.underlying != second.underlying:
        return Offset(
            "inter-commodity credit", (first.product, second.product), "denied",
            "no inter-commodity credit table in published-rate mode", Decimal(0), (account_id,),
            "product group", tests=(("group", first.group), *nets), barrier=LOAD_FILE)
    at_least = min(first.charge, second.charge)
    return Offset(
        "contract sizes", (first.product, second.product), "denied",
        "two sizes of one underlying are charged apart in published-rate mode", Decimal(0),
        (account_id,), "underlying",
        tests=(("underlying", first.underlying), *nets,
               ("charged on the smaller one", accounting(at_least, CENTS))),
        would_save=at_least, barrier=LOAD_FILE)
