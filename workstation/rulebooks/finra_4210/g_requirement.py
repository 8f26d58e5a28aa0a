"""FINRA 4210(g)(7): from profits at ten points to one requirement, as a tree.

A class group nets in full. Its gain counts at the product offset against other class groups of
its product group, a product group's gain at the portfolio offset; points meet by position, not by
percentage. Every portfolio group pays the greater of its worst point and its contract minimums.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, cast

import numpy as np

from workstation.base.explain import Explained, greater_of, total
from workstation.base.money import money
from workstation.base.recent import Recent
from workstation.book.resolve import Floats
from workstation.measures.scan import gains_by_group
from workstation.parameters.store import Edition, Parameter
from workstation.pricing.dividends import inputs_of
from workstation.rulebooks.finra_4210.charges import amount, cited, dollars, per_cent, plain
from workstation.rulebooks.finra_4210.g_scan import Scan

ZERO = Decimal(0)
ACCOUNT_LEVEL = "account"


@dataclass(frozen=True, slots=True)
class Aggregate:
    """Profits by level: class groups, then product groups, then portfolio groups.

    `product_of[c]` and `portfolio_of[g]` are places in `products` and `portfolios`.
    """

    classes: Floats
    products: tuple[str, ...]
    product_of: tuple[int, ...]
    product_profits: Floats
    portfolios: tuple[str, ...]
    portfolio_of: tuple[int, ...]
    portfolio_profits: Floats
    product_offsets: tuple[Parameter, ...]
    portfolio_offsets: tuple[Parameter, ...]
    """What share of a gain counts in each product group and each portfolio group."""

    def binding(self, portfolio: int) -> int:
        """Return the point at which a portfolio group loses most; the first of equals."""
        return int(np.argmin(self.portfolio_profits[portfolio]))


def aggregated(scan: Scan, rule: Edition) -> Aggregate:
    """Add profits up the tree with the offsets each level grants."""
    names = {group.product_group: group.portfolio_group for group in scan.classes}
    products = tuple(sorted(names))
    portfolios = tuple(sorted(set(names.values())))
    product_of = tuple(products.index(group.product_group) for group in scan.classes)
    portfolio_of = tuple(portfolios.index(names[name]) for name in products)
    classes = scan.class_profits
    in_product = {group.product_group: group.product_offset for group in scan.classes
                  if group.product_offset is not None}
    in_portfolio = {group.portfolio_group: group.portfolio_offset for group in scan.classes
                    if group.portfolio_offset is not None}
    of_products = tuple(in_product.get(name, rule["product_offset"]) for name in products)
    of_portfolios = tuple(in_portfolio.get(name, rule["portfolio_offset"]) for name in portfolios)
    by_product = _counted(classes, of_products, product_of)
    by_portfolio = _counted(by_product, of_portfolios, portfolio_of)
    return Aggregate(classes, products, product_of, by_product, portfolios, portfolio_of,
                     by_portfolio, of_products, of_portfolios)


def _counted(profits: Floats, offsets: Sequence[Parameter], place: Sequence[int]) -> Floats:
    """Add rows up by group: losses whole, gains at the offset of the group they stand in."""
    share = np.array([float(offsets[group].value) for group in place], dtype=np.float64)
    return gains_by_group(profits, share, np.array(place, dtype=np.intp), len(offsets))


def g_7_requirement(scan: Scan, levels: Aggregate, rule: Edition, account_id: str,
                    name: str = "portfolio margin", recent: Recent[Any] | None = None
                    ) -> Explained:
    """Return the portfolio requirement of the account.

    requirement = sum over portfolio groups of max(loss at the worst point, contract minimums)

    `recent` keeps the lines of class groups that stand as they stood.
    """
    tree = _Tree(scan, levels, rule, Recent() if recent is None else recent)
    label = f"{account_id}: {name}"
    if rule["minimum_level"].text != ACCOUNT_LEVEL:
        return total(label, *(tree.portfolio(p) for p in range(len(levels.portfolios))))
    losses = [greater_of(name, tree.loss(p), amount("no loss at any point", ZERO))
              for p, name in enumerate(levels.portfolios)]
    least = tree.minimum(range(len(scan.classes)))
    return greater_of(label, total("scan", *losses), least, cite=rule["minimum_level"].cite)


class _Tree:
    """Builds the nodes of one scan, level by level."""

    def __init__(self, scan: Scan, levels: Aggregate, rule: Edition, recent: Recent[Any]
                 ) -> None:
        self._scan, self._levels, self._rule, self._recent = scan, levels, rule, recent
        self._rows: list[list[int]] = [[] for _ in scan.classes]
        for row, place in enumerate(scan.class_of):
            self._rows[place].append(row)
        self._cite = cited(rule, rule["scan_points_a_side"].cite.paragraph)

    def portfolio(self, p: int) -> Explained:
        """Return the greater of loss and minimum of one portfolio group."""
        classes = [c for g in self._products(p) for c in self._classes(g)]
        name, loss, least = self._levels.portfolios[p], self.loss(p), self.minimum(classes)
        if not least.parts and loss.amount >= 0:
            return total(name, loss, cite=self._cite)
        return greater_of(name, loss, least, cite=self._cite)

    def loss(self, p: int) -> Explained:
        """Return the loss at the point at which the portfolio group loses most."""
        point = self._levels.binding(p)
        products = [self._product(g, point) for g in self._products(p)]
        count = self._scan.profits.shape[1]
        shown = (("binding point", f"{point + 1} of {count}"),
                 ("moves at this point", self._moves_at(p, point)))
        label = f"scan loss at point {point + 1} of {count}"
        if len(products) == 1 and products[0].label == self._levels.portfolios[p]:
            return replace(products[0], label=label, inputs=shown)
        return replace(total(label, *products, cite=self._cite), inputs=shown)

    def minimum(self, classes: list[int] | range) -> Explained:
        """Return the contract minimums of some class groups."""
        rate = self._rule["contract_minimum"]
        parts = []
        for c in classes:
            least = sum((self._scan.minimum[row] for row in self._rows[c]), ZERO)
            if least:
                parts.append(amount(f"{self._scan.classes[c].class_group}: contracts", least,
                                    rate.cite, (("rate", f"{rate.value} {rate.unit}"),)))
        return total("minimum per contract", *parts, cite=rate.cite)

    def _products(self, p: int) -> list[int]:
        return [g for g, of in enumerate(self._levels.portfolio_of) if of == p]

    def _classes(self, g: int) -> list[int]:
        return [c for c, of in enumerate(self._levels.product_of) if of == g]

    def _product(self, g: int, point: int) -> Explained:
        """Return a product group's loss, negative where it gains; a lone class is its group."""
        classes = [self._class(c, point) for c in self._classes(g)]
        portfolio = self._levels.portfolio_of[g]
        shared = len(self._products(portfolio)) > 1
        own, above = self._levels.product_offsets[g], self._levels.portfolio_offsets[portfolio]
        if len(classes) == 1:
            kept = self._kept(classes[0], own) if shared else classes[0]
            return self._kept(kept, above) if shared else kept
        parts = [self._kept(node, own) for node in classes]
        node = total(self._levels.products[g], *parts, cite=own.cite)
        return self._kept(node, above) if shared else node

    def _kept(self, node: Explained, offset: Parameter) -> Explained:
        """Count a gain at the offset rate: the part not counted is a line of its own."""
        if node.amount >= 0 or offset.value == 1:
            return node
        lost = amount("gain not counted", -node.amount * (1 - offset.value), offset.cite,
                      (("counted", per_cent(offset.value)),))
        return total(node.label, *node.parts, lost, cite=node.cite) if node.parts else total(
            node.label, node, lost)

    def _class(self, c: int, point: int) -> Explained:
        """Return a class group's loss; the same positions at the same profits read the same."""
        scan, rows, group = self._scan, self._rows[c], self._scan.classes[c]
        held = [scan.holdings.positions[row] for row in rows]
        at = np.concatenate([scan.profits[rows, point], scan.moves[rows, point],
                             scan.volatility[rows], scan.holdings.spot[rows]])
        market = scan.holdings.market
        question = ("class group", group, self._cite, point, at.tobytes(), id(market),
                    tuple(map(id, held)))

        def answer() -> tuple[object, Explained]:
            leaves = [self._position(row, point) for row in rows]
            node = total(group.class_group, *leaves, cite=group.cite or self._cite)
            return (market, held), node  # held on to, so that no other has their identity

        return cast("Explained", self._recent.of(question, answer)[1])

    def _position(self, row: int, point: int) -> Explained:
        holdings, position = self._scan.holdings, self._scan.holdings.positions[row]
        move = per_cent(money(round(float(self._scan.moves[row, point]), 10)))
        inputs = [("quantity", plain(position.quantity)),
                  ("price", "" if position.price is None else dollars(position.price)),
                  ("move", move)]
        if self._scan.volatility[row]:
            inputs.append(("volatility", f"{self._scan.volatility[row]:.2%}"))
        inputs += inputs_of(position, holdings.market, holdings.as_of)
        inputs.append(("underlying", dollars(money(float(holdings.spot[row])))))
        loss = -money(float(self._scan.profits[row, point]))
        return Explained(position.instrument.symbol, loss or ZERO, self._scan.ranges[row],
                         tuple(inputs))

    def _moves_at(self, p: int, point: int) -> str:
        classes = {c for g in self._products(p) for c in self._classes(g)}
        moves = sorted({round(float(self._scan.moves[row, point]), 10)
                        for c in classes for row in self._rows[c]})
        return ", ".join(per_cent(money(move)) for move in moves)
