"""The requirement of a portfolio from risk-parameter files.

requirement = sum over currencies of max(0, commodity requirements - net option value), converted
to the portfolio's currency; gross (omnibus) accounts add the long and the short side up without
offset, option value included, and without inter-commodity credits unless the conventions grant
them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from decimal import Decimal

from workstation.base.problem import Problem
from workstation.book.book import Exclusion
from workstation.rulebooks.span.calculation import Calculated, calculated
from workstation.rulebooks.span.commodity import InterSpread
from workstation.rulebooks.span.explanation import offsets_of, requirement_tree
from workstation.rulebooks.span.holdings import Held, locator_of
from workstation.rulebooks.span.outcome import ESTIMATE, FILE, CommodityRisk, PortfolioRisk
from workstation.rulebooks.span.parameters import RiskParameters, any_conversion
from workstation.rulebooks.span.portfolio import Portfolio, SpanPosition
from workstation.rulebooks.span.rounding import Conventions
from workstation.rulebooks.span.spread_evidence import SpreadEvidence
from workstation.rulebooks.span.state import CommodityState

ZERO, ONE = Decimal(0), Decimal(1)
LONG_SIDE, SHORT_SIDE = "long side", "short side"


class SpanCalculator:
    """Calculates portfolios against the same loaded files.

    `market_rates` convert a commodity's requirement where no file has a rate, by currency pair.
    """

    def __init__(self, files: Sequence[RiskParameters], conventions: Conventions,
                 market_rates: Mapping[tuple[str, str], Decimal] | None = None) -> None:
        self._market_rates = market_rates or {}
        self._organisations = tuple(item for file in files for item in file.organisations)
        self._by_code = {item.code: item for item in self._organisations}
        self._locator = locator_of(self._organisations)
        self._file_problems = tuple(p for file in files for p in file.problems
                                    if p.severity == "error")
        self._conventions = conventions

    def risk(self, portfolio: Portfolio, evidence: SpreadEvidence | None = None
             ) -> PortfolioRisk:
        """Return the requirement of one portfolio, component by component.

        `evidence` is what is known of the products behind its credits; nothing where not given.
        """
        located = self._locator.locate(portfolio)
        sides = [(name, self._calculated(held, portfolio))
                 for name, held in _sides(portfolio, located.held)]
        commodities = [self._commodity(state, portfolio, name)
                       for name, answer in sides for state in answer.states.values()]
        kept, unconverted = self._convertible(commodities, portfolio)
        answer = self._totals(portfolio, kept, [calculation for _, calculation in sides])
        return replace(
            answer, excluded=(*portfolio.rejected, *located.excluded, *unconverted),
            problems=(*self._file_problems, *_labelled(kept)),
            offsets=offsets_of(answer, evidence or SpreadEvidence(self._conventions.evidence)))

    def knows(self, position: SpanPosition) -> bool:
        """Say whether a loaded file holds the contract."""
        return self._locator.held(position) is not None

    def has_left_arrays(self, position: SpanPosition) -> bool:
        """Say whether the exchange no longer margins the product by scan arrays."""
        held = self._locator.held(position)
        if held is None:
            return False
        organisation = self._by_code[held.commodity.organisation]
        return self._conventions.moved_on(
            organisation.code, held.family.code, organisation.business_date) is not None

    def _calculated(self, held: Sequence[Held], portfolio: Portfolio) -> Calculated:
        return calculated(held, self._organisations,
                          lambda spread: _barred(spread, portfolio, self._conventions),
                          self._conventions)

    def _commodity(self, state: CommodityState, portfolio: Portfolio, side: str) -> CommodityRisk:
        """Floor the risk at the short option minimum and apply the account's ratios."""
        commodity = state.commodity
        before = state.scan_risk + state.intra + state.spot - state.credit - state.clearing_credit
        risk = max(before, state.short_option_minimum)
        name = portfolio.account_class
        mode, label = self._mode(state)
        return CommodityRisk(
            commodity.code, commodity.organisation, commodity.currency, side, state.scans,
            state.active, state.scan_risk, state.time_risk, state.volatility_risk,
            state.price_risk, tuple(sorted(state.deltas.start.items())), state.deltas.net,
            state.price_risk_of_one, state.intra, state.spot, state.spot_detail, state.credit,
            state.clearing_credit, state.short_option_minimum, state.option_value, risk,
            self._conventions.money(risk * commodity.adjustment.get(name, ONE)),
            self._conventions.money(risk * commodity.initial.get(name, ONE)),
            mode, label, state.absorbed_by, tuple(state.absorbed),
            commodity.caps_option_value
            or self._by_code[commodity.organisation].caps_option_value)

    def _mode(self, state: CommodityState) -> tuple[str, str]:
        """Say whether the figure is the exchange's, and from which file and time."""
        organisation = self._by_code[state.commodity.organisation]
        moved = [(item.family.code, since) for item in state.held
                 if (since := self._conventions.moved_on(
                     organisation.code, item.family.code, organisation.business_date))]
        if moved:
            product, since = moved[0]
            return ESTIMATE, (
                f"estimate, not an exchange figure: {product} left scan arrays on {since}; "
                f"scanned from the file of {organisation.snapshot}")
        if organisation.approximation:
            return ESTIMATE, f"estimate from an approximation file, {organisation.snapshot}"
        return FILE, f"from the file of {organisation.snapshot}"

    def _convertible(self, commodities: Sequence[CommodityRisk], portfolio: Portfolio
                     ) -> tuple[list[CommodityRisk], list[Exclusion]]:
        """Keep commodities whose currency can be brought to the portfolio's."""
        kept, left_out = [], []
        for item in commodities:
            if self._rate(item.currency, portfolio.currency) is None:
                left_out.append(Exclusion(
                    portfolio.where, f"{item.code}: no exchange rate from {item.currency} to "
                    f"{portfolio.currency} in any loaded file",
                    "load a file with the currency's conversion record, or add the pair to the "
                    "Market sheet", portfolio.account_id))
            else:
                kept.append(item)
        return kept, left_out

    def _rate(self, source: str, target: str) -> Decimal | None:
        rate = any_conversion(self._organisations, source, target)
        return self._market_rates.get((source, target)) if rate is None else rate

    def _totals(self, portfolio: Portfolio, commodities: Sequence[CommodityRisk],
                sides: Sequence[Calculated]) -> PortfolioRisk:
        rates = {item.currency: self._rate(item.currency, portfolio.currency) or ONE
                 for item in commodities}

        def total(name: str) -> Decimal:
            return sum((getattr(item, name) * rates[item.currency] for item in commodities), ZERO)

        maintenance = requirement_tree("maintenance", commodities, rates, self._conventions.cite)
        initial = requirement_tree("initial", commodities, rates, self._conventions.cite)
        return PortfolioRisk(
            portfolio, portfolio.currency, tuple(commodities),
            tuple(item for side in sides for item in side.formed),
            tuple(item for side in sides for item in side.denied),
            tuple(item for side in sides for item in side.unmatched),
            total("maintenance"), total("initial"), total("net_option_value"),
            maintenance, initial, _excess("maintenance", commodities, rates),
            _excess("initial", commodities, rates),
            snapshots=tuple(item.snapshot for item in self._organisations))


def _barred(spread: InterSpread, portfolio: Portfolio, conventions: Conventions) -> str:
    """Say why a spread between commodities is closed to a portfolio; empty where it is open."""
    if portfolio.customer and spread.eligibility in conventions.not_for_customers:
        return f"eligibility code {spread.eligibility}: not for customer accounts"
    if portfolio.omnibus and not conventions.omnibus_credits:
        return "the positions of an omnibus account may belong to different customers"
    return ""


def _excess(level: str, commodities: Sequence[CommodityRisk], rates: Mapping[str, Decimal]
            ) -> Decimal:
    """Return the long option value beyond the risk of its own currency and side."""
    beyond: dict[tuple[str, str], Decimal] = {}
    for item in commodities:
        amount: Decimal = item.net_option_value - getattr(item, level)
        key = item.currency, item.side
        beyond[key] = beyond.get(key, ZERO) + amount
    return sum((max(ZERO, amount) * rates[currency]
                for (currency, _), amount in beyond.items()), ZERO)


def _sides(portfolio: Portfolio, held: Sequence[Held]) -> list[tuple[str, list[Held]]]:
    """Return one netted side, or the long and the short side of a gross account."""
    if not portfolio.omnibus:
        return [("", list(held))]
    sides = ((LONG_SIDE, [item for item in held if item.quantity > 0]),
             (SHORT_SIDE, [item for item in held if item.quantity < 0]))
    return [(name, items) for name, items in sides if items]


def _labelled(commodities: Sequence[CommodityRisk]) -> list[Problem]:
    return [Problem(item.code, item.label, "use the exchange's published rate where there is one")
            for item in commodities if item.mode == ESTIMATE]
