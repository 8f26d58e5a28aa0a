"""The scenario grid's answer as a tree: worst scenario by instrument, then contingencies."""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from workstation.base.explain import Citation, Explained, greater_of, leaf, total
from workstation.base.money import accounting, money
from workstation.book.resolve import Floats
from workstation.measures.requirement import Offset
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.contingencies import Contingency
from workstation.rulebooks.crypto.derive_intake import Portfolio
from workstation.rulebooks.crypto.pack import Pack
from workstation.rulebooks.crypto.pmrm import GridMargin, ranked

NEAR_MISSES = 4
_MAINTENANCE = {"perpetual": "perpetual_maintenance", "option": "option_maintenance",
                "oracle": "confidence_scale", "collateral": "collateral"}
_INITIAL = {"perpetual": "perpetual_initial_extra", "option": "option_initial_extra",
            "oracle": "confidence_scale", "collateral": "collateral"}


def explained(portfolio: Portfolio, pack: Pack, grid: GridMargin, edition: Edition, *,
              initial: bool) -> Explained:
    """Return one underlying's requirement as a tree.

    requirement = factor x max(loss in the worst scenario, basis loss) + contingencies
    """
    name = "initial_factor" if initial else "maintenance_factor"
    factor = grid.initial_factor if initial else grid.maintenance_factor
    scan = greater_of(
        "Worst of scenarios and basis",
        _scenario(portfolio, pack, grid, factor, edition[name].cite),
        _basis(portfolio, grid, factor, edition["basis_add"].cite))
    charges = [_charge(c, c.maintenance, edition[_MAINTENANCE[c.kind]].cite)
               for c in grid.contingencies if c.kind != "oracle"]
    if initial:
        charges += [
            _charge(c, c.initial_extra, edition[_INITIAL[c.kind]].cite,
                    "" if c.kind == "oracle" else ", added for initial margin")
            for c in grid.contingencies]
    return total(f"{portfolio.underlying} portfolio", scan, *charges)


def netting(portfolio: Portfolio, grid: GridMargin, alone: Iterable[float], account_id: str
            ) -> tuple[Offset, ...]:
    """Return what one grid over everything saves against each part on its own, in maintenance."""
    parts = tuple(portfolio.parts())
    if len(parts) < 2:  # noqa: PLR2004 - nothing nets with itself
        return ()
    saved = money(grid.maintenance - sum(alone))
    return (Offset(
        "scenario grid", parts, "granted",
        f"one portfolio of {portfolio.underlying}: every scenario nets across its contracts",
        saved, (account_id,), level="account",
        tests=(("requirement as one", accounting(grid.maintenance)),
               ("sum of the parts", accounting(sum(alone))))),)


def apart(portfolios: tuple[Portfolio, ...], account_id: str) -> tuple[Offset, ...]:
    """Return the netting between underlyings that the venue does not grant."""
    if len(portfolios) < 2:  # noqa: PLR2004 - an offset has two sides
        return ()
    return (Offset(
        "between underlyings", tuple(p.underlying for p in portfolios), "denied",
        "the venue margins every underlying as a portfolio of its own", Decimal(0),
        (account_id,), level="account", barrier="a grid that moves several underlyings at once"),)


def _scenario(portfolio: Portfolio, pack: Pack, grid: GridMargin, factor: float,
              cite: Citation) -> Explained:
    order = ranked(grid.scenario_pnl)
    place = order[0]
    lines = [*_nonzero(portfolio, grid, place)]
    nodes = tuple(leaf(name, _asked(profit, factor), None, profit=accounting(profit, 2))
                  for name, profit in lines)
    near = [(f"{rank}. worst", f"{pack.scenarios[s].name}: "
             f"{accounting(float(grid.scenario_pnl[s]))}")
            for rank, s in enumerate(order[1:1 + NEAR_MISSES], start=2)]
    inputs = (
        ("scenario", f"{place}: {pack.scenarios[place].name}"),
        ("profit", accounting(float(grid.scenario_pnl[place]), 2)),
        ("factor", f"{factor:.4g}"),
        ("spot", f"{portfolio.holdings.spot:,.2f}"),
        *_stable(portfolio), *near, *(("volatility", note) for note in portfolio.notes))
    amount = sum((node.amount for node in nodes), Decimal(0))
    return Explained(f"Scenario {pack.scenarios[place].name}", amount, cite, inputs, nodes, "sum")


def _basis(portfolio: Portfolio, grid: GridMargin, factor: float, cite: Citation) -> Explained:
    lines = zip(portfolio.holdings.options, grid.option_basis, strict=True)
    nodes = tuple(leaf(option.name, _asked(float(profit), factor), None,
                       profit=accounting(float(profit), 2))
                  for option, profit in lines if profit)
    return total("Basis between expiries", *nodes, cite=cite)


def _nonzero(portfolio: Portfolio, grid: GridMargin, place: int) -> Iterable[tuple[str, float]]:
    """Yield name and profit of everything that moves in a scenario."""
    held = portfolio.holdings
    columns: tuple[tuple[Iterable[str], Floats], ...] = (
        ((" + ".join(portfolio.perpetuals),), grid.perpetual_pnl[place:place + 1]),
        ((o.name for o in held.options), grid.option_pnl[:, place]),
        ((f"{c.name} collateral" for c in held.collateral), grid.collateral_pnl[:, place]),
    )
    for names, profits in columns:
        yield from ((name, float(profit))
                    for name, profit in zip(names, profits, strict=True) if profit)


def _charge(contingency: Contingency, amount: float, cite: Citation, suffix: str = ""
            ) -> Explained:
    return leaf(contingency.name + suffix, money(amount), cite,
                on=f"{contingency.on:,.6g} {contingency.unit}"
                if contingency.unit == "contracts"
                else f"{accounting(contingency.on)} {contingency.unit}")


def _stable(portfolio: Portfolio) -> tuple[tuple[str, str], ...]:
    price = portfolio.holdings.stable_price
    return () if price == 1.0 else (("stablecoin price", f"{price:.4f}"),)


def _asked(profit: float, factor: float) -> Decimal:
    return money(-profit * factor)
