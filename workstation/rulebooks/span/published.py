"""Futures at dated published rates: outright per net contract month, spreads where published.

Exchanges that margin with a value-at-risk model publish outright rates, long and short apart;
those rates are used as they stand and are never presented as the exchange's figure of today.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.vocabulary import AssetClass
from workstation.book.accounts import Account
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import ResolvedBook
from workstation.instruments.terms import FutureTerms
from workstation.measures.requirement import AccountMargin, Offset
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import Edition, NoParametersInForceError, Parameter
from workstation.rulebooks.span.estimate import FOLDER as ESTIMATE_FOLDER
from workstation.rulebooks.span.estimate import Exposure, estimated, returns_of
from workstation.rulebooks.span.from_files import margined_from_files
from workstation.rulebooks.span.months import ContractMonth, contract_months
from workstation.rulebooks.span.portfolio import HEDGER, MEMBER, account_class, is_omnibus
from workstation.rulebooks.span.rates import ProductRates
from workstation.rulebooks.span.security_futures import joint_minimum
from workstation.rulebooks.span.spreads import (
    ProductNet,
    formed,
    refused_months,
    refused_products,
)

REGIME = "span"
FOLDER = "futures_rates"
LOAD_FILE = "load the exchange's risk-parameter file, or margin the position by hand"
MOVE = "list it on the Collateral sheet, or under the account that margins it"
ADD_RATE = "add the rate in an overlay edition (--params FILE)"


@dataclass(slots=True)
class _Sorted:
    """An account's positions: futures by product with their exchange rate, and the rest."""

    by_product: dict[str, list[tuple[Position, Decimal]]] = field(default_factory=dict)
    excluded: list[Exclusion] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _ProductMargin:
    maintenance: Explained
    net: Decimal
    offsets: tuple[Offset, ...]


def margin(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    """Margin an account of futures: from loaded risk-parameter files, else at published rates.

    Security futures are charged the joint minimum.
    """
    single = joint_minimum(account, holdings, rules)
    if single is not None:
        return single.with_rest(_plain_futures(account, holdings.take(list(single.left)), rules))
    return _plain_futures(account, holdings, rules)


def _plain_futures(account: Account, holdings: ResolvedBook, rules: RuleSet) -> AccountMargin:
    from_files = margined_from_files(account, holdings, rules)
    if from_files is None:
        return _at_published_rates(account, holdings, rules)
    rest = holdings.take(list(from_files.left))
    return from_files.with_rest(_at_published_rates(account, rest, rules))


def _at_published_rates(account: Account, holdings: ResolvedBook, rules: RuleSet
                        ) -> AccountMargin:
    """Margin futures at the published rates in force.

    maintenance = sum over products of (outright charges + spread charges)
    initial     = maintenance x ratio of the account's risk profile
    """
    edition = _edition(rules)
    found = _sorted(account, holdings)
    margins: dict[str, _ProductMargin] = {}
    for product in sorted(found.by_product):
        positions = found.by_product[product]
        answer = _product(account, product, positions, holdings, edition)
        if isinstance(answer, str) and edition is not None:
            answer = _estimate(answer, product, positions, holdings, rules)
        if isinstance(answer, str):
            found.excluded.extend(_exclude(account, p, answer, ADD_RATE) for p, _ in positions)
        else:
            margins[product] = answer
    maintenance = total("Futures at published rates", *(m.maintenance for m in margins.values()))
    offsets = [offset for m in margins.values() for offset in m.offsets]
    offsets += refused_products(_nets(margins, rules), account.account_id)
    return AccountMargin(
        account.account_id, REGIME, holdings.market.currency,
        _initial(account, margins, edition), maintenance,
        maintenance.amount, maintenance.amount, tuple(offsets), tuple(found.excluded))


def _edition(rules: RuleSet) -> Edition | None:
    try:
        return rules.edition(FOLDER)
    except NoParametersInForceError:
        return None


def _sorted(account: Account, holdings: ResolvedBook) -> _Sorted:
    """Sort positions into futures by product and what published rates cannot margin."""
    found = _Sorted()
    for position in holdings.positions:
        instrument = position.instrument
        fx = holdings.market.fx_rate(instrument.currency)
        refusal = _not_chargeable(position, holdings.as_of)
        if instrument.asset_class is AssetClass.CASH:
            continue
        if refusal is not None:
            found.excluded.append(_exclude(account, position, *refusal))
        elif fx is None:
            found.excluded.append(_exclude(
                account, position, f"no exchange rate from {instrument.currency}",
                f"add {instrument.currency}{holdings.market.currency} to the Market sheet"))
        elif isinstance(instrument.terms, FutureTerms):
            product = instrument.terms.product
            found.by_product.setdefault(product, []).append((position, fx))
    return found


def _not_chargeable(position: Position, as_of: date) -> tuple[str, str] | None:
    """Say why published rates do not cover a position, and the remedy; None where they do."""
    terms = position.instrument.terms
    match position.instrument.asset_class:
        case AssetClass.FUTURE if not isinstance(terms, FutureTerms) or not terms.product:
            return "a future without a product code", "name the contract by its exchange symbol"
        case AssetClass.FUTURE:
            expiry = position.instrument.expiry
            # Some files state the month alone, so only an earlier month is surely over.
            if expiry is None or (expiry.year, expiry.month) >= (as_of.year, as_of.month):
                return None
            return f"expired on {expiry}, before {as_of}", "remove it or correct the expiry"
        case AssetClass.FUTURE_OPTION:
            return ("an option on a future needs a risk-parameter file; published rates have none",
                    LOAD_FILE)
        case other:
            return f"a position of class {other} is not margined at published futures rates", MOVE


def _product(account: Account, product: str, positions: list[tuple[Position, Decimal]],
             holdings: ResolvedBook, edition: Edition | None) -> _ProductMargin | str:
    """Charge one product, or say why it cannot be charged."""
    rates = ProductRates.of(edition, product) if edition is not None else None
    if edition is None or rates is None:
        return f"no published margin rate for {product} on {holdings.as_of}"
    roll_day = int(edition["front_month_roll_day"].value)
    sides = [contract_months(product, side, holdings.as_of, roll_day)
             for side in _netted_together(account, positions)]
    months = [month for side in sides for month in side]
    if rates.on_notional and any(m.notional is None and m.contracts for m in months):
        return f"{product} is charged in percent of notional and has no price"
    charged = [_side(account, side, rates) for side in sides]
    label = product if len(sides) == 1 else f"{product}, long and short sides without offset"
    return _ProductMargin(
        total(label, *(part for parts, _ in charged for part in parts)),
        sum((m.contracts for m in months), Decimal(0)),
        tuple(offset for _, offsets in charged for offset in offsets))


def _netted_together(account: Account, positions: list[tuple[Position, Decimal]]
                     ) -> list[list[tuple[Position, Decimal]]]:
    """Return the positions that net; an omnibus account's long and short sides do not."""
    if not is_omnibus(account.risk_profile):
        return [positions]
    sides = [[(p, fx) for p, fx in positions if (p.quantity > 0) is is_long]
             for is_long in (True, False)]
    return [side for side in sides if side]


def _side(account: Account, months: tuple[ContractMonth, ...], rates: ProductRates
          ) -> tuple[list[Explained], list[Offset]]:
    """Charge the months of one side, spreads first, and list the offsets considered."""
    left, charges, granted = formed(months, rates, account.account_id)
    outright = [(month, rates.outright_charge(month)) for month in left]
    flat = [leaf(month.label, Decimal(0)) for month in months if not month.contracts]
    refused = refused_months(outright, account.account_id)
    return [*charges, *(charge for _, charge in outright), *flat], [*granted, *refused]


def _estimate(refusal: str, product: str, positions: list[tuple[Position, Decimal]],
              holdings: ResolvedBook, rules: RuleSet) -> _ProductMargin | str:
    """Estimate a product from its price history, or return why it stays without margin.

    Months are not netted: the larger of the long and the short side is estimated.
    """
    underlying = positions[0][0].instrument.underlying
    returns = returns_of(holdings.market.history, (product, underlying))
    if returns is None or any(position.price is None for position, _ in positions):
        return refusal
    sides = [[(p, fx) for p, fx in positions if (p.quantity > 0) is is_long]
             for is_long in (True, False)]
    row = holdings.market.underlying(product) or holdings.market.underlying(underlying)
    exposures = [Exposure(
        product, sum((p.quantity for p, _ in side), Decimal(0)),
        sum((p.value * fx for p, fx in side), Decimal(0)), row.adv if row else None)
        for side in sides]
    larger = max(exposures, key=lambda item: abs(item.notional))
    tree = estimated(larger, returns, rules.edition(ESTIMATE_FOLDER))
    if isinstance(tree, str):
        return f"{refusal}; {tree}"
    net = sum((item.contracts for item in exposures), Decimal(0))
    return _ProductMargin(tree, net, ())


def _initial(account: Account, margins: dict[str, _ProductMargin], edition: Edition | None
             ) -> Explained:
    """Scale maintenance by the risk profile's ratio, product by product."""
    if edition is None:
        return total("Initial requirement of futures")
    ratio, profile = _ratio(account, edition)
    parts = [
        leaf(product, held.maintenance.amount * ratio.value, ratio.cite,
             maintenance=held.maintenance.amount, ratio=f"{ratio.value} {ratio.unit}",
             risk_profile=profile)
        for product, held in margins.items()
    ]
    return total("Initial requirement of futures", *parts, cite=ratio.cite)


def _ratio(account: Account, edition: Edition) -> tuple[Parameter, str]:
    found = account_class(account.risk_profile)
    if found in (HEDGER, MEMBER):
        return edition["initial_ratio_non_hrp"], "not heightened" if found == HEDGER else found
    stated = "heightened" if account.risk_profile else "not stated, taken as heightened"
    return edition["initial_ratio_hrp"], stated


def _nets(margins: dict[str, _ProductMargin], rules: RuleSet) -> list[ProductNet]:
    """Describe each product by its group and underlying, by which offsets are looked for."""
    rows = rules.edition("contracts")["contracts"].rows if rules.has("contracts") else ()
    known = {row["product"]: row for row in rows if row["kind"] == "future"}
    return [
        ProductNet(product, held.net, held.maintenance.amount,
                   known[product]["group"] if product in known else product,
                   known[product]["underlying"] if product in known else product)
        for product, held in margins.items()
    ]


def _exclude(account: Account, position: Position, reason: str, remedy: str) -> Exclusion:
    return Exclusion(
        position.where, f"{position.instrument.symbol}: {reason}", remedy, account.account_id)
