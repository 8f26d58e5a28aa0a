"""FINRA 4210(g)(7): ten price points, volatility held where the market put it.

Scenario arithmetic is float64; profits cross into Decimal position by position, at the binding
point, in `g_requirement`.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

import numpy as np

from workstation.base.explain import Citation
from workstation.base.vocabulary import AssetClass, UnderlyingClass
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import Floats, ResolvedBook
from workstation.market.market import Market
from workstation.measures.scan import Index, by_group, points
from workstation.parameters.store import Edition, Parameter
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import implied_volatilities
from workstation.rulebooks.finra_4210.groups import Groups, group_table, groups_of, scan_range
from workstation.rulebooks.finra_4210.intake import factor

_PAYING_MINIMUM = frozenset({AssetClass.LISTED_OPTION, AssetClass.SECURITY_FUTURE})


@dataclass(frozen=True, slots=True)
class Scan:
    """Profits of n positions at ten points, in a stable order, with their groups.

    `moves[i]` are the relative moves of position i's underlying; `minimum` the least charge of
    each position, `ranges` what fixes its moves; `class_of[i]` its place in `classes`, the class
    groups in name order.
    """

    holdings: ResolvedBook
    moves: Floats
    profits: Floats
    volatility: Floats
    minimum: tuple[Decimal, ...]
    ranges: tuple[Citation, ...]
    class_of: Index
    classes: tuple[Groups, ...]

    @property
    def class_profits(self) -> Floats:
        """Profits of each class group at each point: every position nets in full."""
        return by_group(self.profits, self.class_of, len(self.classes))


def scanned(holdings: ResolvedBook, rule: Edition) -> tuple[Scan, tuple[Exclusion, ...]]:
    """Revalue eligible positions at the ten points; without a volatility one is left out."""
    ordered = holdings.take(sorted(range(len(holdings)), key=lambda i: _key(holdings, i)))
    solved = implied_volatilities(ordered)
    bad = [p is not None and p.severity == "error" for p in solved.problems]
    left_out = tuple(Exclusion(p.where, p.what, p.remedy)
                     for p, refused in zip(solved.problems, bad, strict=True) if p and refused)
    kept = np.flatnonzero(~np.array(bad, dtype=np.bool_))
    chosen, volatility = ordered.take(kept), solved.volatility[kept]
    moves = _moves(chosen, rule)
    table = group_table(rule)
    placed = [groups_of(name, table) for name in chosen.underlyings]
    classes = {group.class_group: group for group in sorted(set(placed), key=_by_standing)}
    by_name = {name: place for place, name in enumerate(classes)}
    return Scan(
        chosen, moves, scenario_pnl(chosen, volatility, moves), volatility,
        tuple(_minimum(position, chosen.market, rule) for position in chosen.positions),
        _ranges(chosen, rule),
        np.array([by_name[group.class_group] for group in placed], dtype=np.intp),
        tuple(classes.values()),
    ), left_out


def _by_standing(group: Groups) -> tuple[str, bool]:
    """Order groups by name; of one name the least certain comes last, and is the one kept."""
    return group.class_group, group.cite is not None and group.cite.standing == "unverified"


def _key(holdings: ResolvedBook, row: int) -> tuple[str, str, str]:
    position = holdings.positions[row]
    return position.instrument.underlying, position.instrument.symbol, position.where


def _moves(holdings: ResolvedBook, rule: Edition) -> Floats:
    """Return each position's ten moves: those of its class times the fund's leverage.

    An inverse fund rises where its index falls: its points stand in the order of the index's.
    """
    a_side = int(rule["scan_points_a_side"].value)
    known: dict[str, Floats] = {}
    for name in set(holdings.underlyings):
        row = holdings.market.underlying(name)
        low, high = _range(holdings.market, name, rule).numbers
        times = factor(row).copy_sign(row.leverage) if row else Decimal(1)
        known[name] = float(times) * points(float(low), float(high), a_side)
    rows = [known[name] for name in holdings.underlyings]
    return np.array(rows) if rows else np.zeros((0, 2 * a_side))


def _range(market: Market, name: str, rule: Edition) -> Parameter:
    row = market.underlying(name)
    return scan_range(row.underlying_class if row else UnderlyingClass.EQUITY, rule, name)


def _ranges(holdings: ResolvedBook, rule: Edition) -> tuple[Citation, ...]:
    known = {name: _range(holdings.market, name, rule).cite for name in set(holdings.underlyings)}
    return tuple(known[name] for name in holdings.underlyings)


def _minimum(position: Position, market: Market, rule: Edition) -> Decimal:
    """Return the least charge of a contract, long or short: amount x multiplier x contracts."""
    if position.instrument.asset_class not in _PAYING_MINIMUM:
        return Decimal(0)
    usd = market.fx_rate("USD") or Decimal(1)
    contracts = abs(position.quantity) * position.instrument.multiplier
    return rule["contract_minimum"].value * usd * contracts
