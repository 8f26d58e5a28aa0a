"""A book's profit at every scan point, position by position, placed in the tree of risk roots.

Scan points of all roots pair by position: point i is the same step of the market for every root,
so a root that rises as its group falls has its points turned round.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from workstation.base.explain import Citation, Explained
from workstation.base.recent import Recent
from workstation.base.vocabulary import AssetClass, Wrapper
from workstation.base.wording import asset_class_words
from workstation.book.book import Exclusion
from workstation.book.positions import Position
from workstation.book.resolve import Bools, Floats, ResolvedBook, Valuation
from workstation.harmonised.design import Design
from workstation.harmonised.kept import counted_twice
from workstation.harmonised.underlyings import RiskMap, RiskRoot
from workstation.measures.scan import by_group
from workstation.pricing.grid import scenario_pnl
from workstation.pricing.volatility import Volatilities

Index = NDArray[np.intp]

FORMS = {
    Wrapper.SPOT: "cash", Wrapper.FUND: "cash", Wrapper.LISTED_OPTION: "cash",
    Wrapper.BOND: "cash", Wrapper.CASH: "cash", Wrapper.CRYPTO_OPTION: "cash",
    Wrapper.FUTURE: "future", Wrapper.FUTURE_OPTION: "future", Wrapper.SWAP: "swap",
    Wrapper.SECURITY_BASED_SWAP: "security-based swap", Wrapper.PERPETUAL: "perpetual",
    Wrapper.TOKEN: "token",
}
"""Legal forms between which a basis can open; an option shares the form of what it delivers."""

NOT_REVALUED = (AssetClass.CDS, AssetClass.CDS_INDEX, AssetClass.CLEARED_SWAP)
NEEDS_MARKET_ROW = (AssetClass.SWAP, AssetClass.SECURITY_BASED_SWAP, AssetClass.FX_FORWARD)


@dataclass(frozen=True)
class Scan:
    """Profit of n positions at s paired points and where each position stands in the tree.

    Names are sorted, so nothing depends on the order of positions. `root[i]`, `leg[i]` and
    `account[i]` are positions' indices into `roots`, `legs` and `accounts`; `exposure` is profit
    per unit of relative move of the root around today's price. Positions left out, and cash,
    earn zero and are not `included`.
    """

    holdings: ResolvedBook
    pnl: Floats
    moves: Floats
    exposure: Floats
    included: Bools
    root: Index
    leg: Index
    account: Index
    roots: tuple[str, ...]
    legs: tuple[tuple[str, str], ...]
    """(symbol, form) of the wrappers found; a leg is one of them under one root."""
    leg_root: Index
    accounts: tuple[str, ...]
    group: Index
    groups: tuple[str, ...]
    asset_class: Index
    asset_classes: tuple[str, ...]
    signs: tuple[int, ...]
    excluded: tuple[Exclusion, ...]

    leverage: Floats
    scan_classes: tuple[str, ...] = ()
    """Scan class of every root."""
    recent: Recent[Any] = field(default_factory=Recent, compare=False, repr=False)
    """Lines of wrappers told for this book or the one before an edit."""

    @cached_property
    def alone(self) -> Floats:
        """Worst loss of every position on its own."""
        return np.asarray(np.maximum(-self.pnl.min(axis=1, initial=0.0), 0.0))

    @cached_property
    def gross(self) -> float:
        """Sum of the worst losses of every position on its own."""
        return float(self.alone.sum())

    @property
    def points(self) -> int:
        """Number of scan points."""
        return int(self.pnl.shape[1])

    @cached_property
    def root_net(self) -> Floats:
        """Profit of every root at every scan point: (roots, points)."""
        return by_group(self.pnl, self.root, len(self.roots))

    @cached_property
    def root_exposure(self) -> Floats:
        """Profit of every root per unit of its relative move."""
        return np.asarray(np.bincount(self.root, weights=self.exposure * self.included,
                                      minlength=len(self.roots)))

    @cached_property
    def convexity(self) -> Floats:
        """Share of every root's largest profit or loss that its exposure does not explain."""
        moves = np.zeros_like(self.root_net)
        moves[self.root] = self.moves
        curved = np.abs(self.root_net - self.root_exposure[:, None] * moves).max(axis=1)
        whole = np.abs(self.root_net).max(axis=1)
        share = np.divide(curved, whole, out=np.zeros_like(whole), where=whole > 0)
        return np.asarray(np.minimum(share, 1.0))

    @cached_property
    def simulated(self) -> dict[object, object]:
        """Joint outcomes and revaluations made on this scan so far, by the knobs they hang on."""
        return {}

    @cached_property
    def told(self) -> dict[Citation, dict[tuple[int, int], Explained]]:
        """Lines of single positions told so far, by citation, row and scan point."""
        return {}


def scan_points(down: float, up: float, count: int) -> Floats:
    """Return equidistant relative moves, half down and half up, ascending, without zero."""
    half = count // 2
    steps = np.arange(1, half + 1) / half
    return np.concatenate((-down * steps[::-1], up * steps))


def build_scan(design: Design, holdings: ResolvedBook, volatility: Volatilities,
               risk_map: RiskMap, already_excluded: Sequence[Exclusion] = (),
               recent: Recent[Any] | None = None) -> Scan:
    """Price every position at every scan point of the design and place it in the tree."""
    placed = risk_map.of_all(holdings)
    excluded = _exclusions(holdings, volatility, already_excluded)
    out = {item.where for item in excluded}
    included = np.array([p.where not in out for p in holdings.positions], dtype=np.bool_)
    moves = _moves(design, placed)
    pnl = np.zeros((len(holdings), moves.shape[1]))
    included &= holdings.valuation != Valuation.NONE
    rows = np.flatnonzero(included)
    if len(rows):
        pnl[rows] = priced(holdings.take(rows), volatility.volatility[rows], moves[rows],
                           np.array([placed[i].leverage for i in rows]))
    excluded = (*excluded, *counted_twice(holdings, included))
    return _placed(holdings, placed, pnl, moves, included, excluded,
                   Recent() if recent is None else recent)


def priced(holdings: ResolvedBook, volatility: Floats, moves: Floats, leverage: Floats) -> Floats:
    """Return the profit of positions at the moves of their roots, by full revaluation."""
    levered = np.maximum(moves * leverage[:, None], -1.0 + np.finfo(np.float64).eps)
    return scenario_pnl(holdings, volatility, levered)


def _moves(design: Design, placed: Sequence[RiskRoot]) -> Floats:
    count = design.count("scan.points")
    by_class = {
        (kind, sign): scan_points(design.rate(f"scan.{kind}.down"),
                                  design.rate(f"scan.{kind}.up"), count)[::sign]
        for kind, sign in {(root.scan, root.sign) for root in placed}}
    out = np.zeros((len(placed), count // 2 * 2))
    for i, root in enumerate(placed):
        out[i] = by_class[root.scan, root.sign]
    return out


def _placed(holdings: ResolvedBook, placed: Sequence[RiskRoot], pnl: Floats, moves: Floats,
            included: Bools, excluded: tuple[Exclusion, ...], recent: Recent[Any]) -> Scan:
    # Each kind of root once, where it stands last: of equal places the last one is kept.
    kinds = reversed(dict.fromkeys(reversed(placed)))
    by_root = {root.name: root for root in sorted(kinds, key=_place)}
    roots = tuple(sorted(by_root))
    groups = sorted({(by_root[r].asset_class, by_root[r].group) for r in roots})
    classes = tuple(sorted({c for c, _ in groups}))
    leg_keys = [(r.name, *_leg(p)) for r, p in zip(placed, holdings.positions, strict=True)]
    legs = sorted(set(leg_keys))
    accounts = tuple(sorted({p.account_id for p in holdings.positions}))
    return Scan(
        holdings, pnl, moves, _exposure(pnl, moves), included,
        root=_positions_of([r.name for r in placed], roots),
        leg=_positions_of(leg_keys, legs),
        account=_positions_of([p.account_id for p in holdings.positions], accounts),
        roots=roots, legs=tuple((symbol, form) for _, symbol, form in legs),
        leg_root=_positions_of([name for name, _, _ in legs], roots), accounts=accounts,
        group=_positions_of([(by_root[r].asset_class, by_root[r].group) for r in roots], groups),
        groups=tuple(g for _, g in groups),
        asset_class=_positions_of([c for c, _ in groups], classes), asset_classes=classes,
        signs=tuple(by_root[r].sign for r in roots), excluded=excluded,
        leverage=np.array([r.leverage for r in placed], dtype=np.float64),
        scan_classes=tuple(by_root[r].scan for r in roots), recent=recent)


def _place(root: RiskRoot) -> tuple[str, str, str]:
    return root.name, root.asset_class, root.group


def _leg(position: Position) -> tuple[str, str]:
    instrument = position.instrument
    form = FORMS[instrument.wrapper]
    if instrument.bond is not None:
        return instrument.asset_class.value, form
    return instrument.underlying or instrument.symbol, form


def _positions_of(keys: Sequence[object], ordered: Sequence[object]) -> Index:
    where = {key: i for i, key in enumerate(ordered)}
    return np.array([where[key] for key in keys], dtype=np.intp)


def _exposure(pnl: Floats, moves: Floats) -> Floats:
    half = moves.shape[1] // 2
    step = moves[:, half] - moves[:, half - 1]
    rise = pnl[:, half] - pnl[:, half - 1]
    return np.divide(rise, step, out=np.zeros_like(rise), where=step != 0)


def _exclusions(holdings: ResolvedBook, volatility: Volatilities,
                already: Sequence[Exclusion]) -> tuple[Exclusion, ...]:
    known = {item.where for item in already}
    added: list[Exclusion] = []
    for i, position in enumerate(holdings.positions):
        reason = _reason(holdings, volatility, i)
        if reason is not None and position.where not in known:
            added.append(Exclusion(position.where, reason[0], reason[1], position.account_id))
    return (*already, *added)


def _reason(holdings: ResolvedBook, volatility: Volatilities, i: int) -> tuple[str, str] | None:
    position = holdings.positions[i]
    instrument = position.instrument
    trouble = volatility.problems[i]
    if (unpriced := holdings.unpriced[i]) is not None:
        return unpriced.what, unpriced.remedy
    if trouble is not None and trouble.severity == "error":
        return trouble.what, trouble.remedy
    if instrument.asset_class in NOT_REVALUED:
        return (f"{instrument.symbol}: the scan does not revalue "
                f"{asset_class_words(instrument.asset_class)} positions",
                "leave it to its own silo or map it to a listed hedge")
    unknown = holdings.market.underlying(instrument.underlying) is None
    if instrument.asset_class in NEEDS_MARKET_ROW and unknown:
        return (f"{instrument.symbol}: no market row for its underlying {instrument.underlying}",
                "add the underlying to the Market sheet")
    return None
