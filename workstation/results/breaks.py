"""Where a broker's stated margin and ours part, how much, and what most likely explains it.

Causes are tested, not guessed: each is a figure of ours under one changed assumption (the broker's
price or quantity, no offsets, another basis, a round house multiplier), and it explains as much
of the difference as that change moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from workstation.base.identifiers import plain_symbol
from workstation.book.positions import Position
from workstation.measures.requirement import AccountMargin
from workstation.results.run import Run

Basis = Literal["initial", "maintenance"]
Status = Literal["agrees", "differs", "only stated", "only ours"]
ZERO = Decimal(0)
LEAST, SHARE = Decimal(1), Decimal("0.001")
"""A figure agrees within one unit of currency or a tenth of a percent."""
EXACT = Decimal("0.02")
"""A cause that leaves less than this share of the difference explains all of it."""
WORTH_NAMING = Decimal("0.1")
MULTIPLIERS = tuple(Decimal(text) for text in (
    "1.05", "1.1", "1.15", "1.2", "1.25", "1.3", "1.35", "1.4", "1.5", "1.75", "2"))
MULTIPLIER_NEAR = Decimal("0.002")
COARSE_STEP, FINE_STEP, FINE_BELOW = Decimal("0.05"), Decimal("0.01"), Decimal("0.12")
RATE_NEAR = Decimal("0.0005")
PRICE_NEAR = Decimal("0.001")
MOST_OFFSETS = 200


@dataclass(frozen=True, slots=True)
class StatedFigure:
    """One requirement somebody else states; `symbol` is empty for the account's own total."""

    account_id: str
    amount: Decimal
    basis: Basis = "maintenance"
    symbol: str = ""
    quantity: Decimal | None = None
    price: Decimal | None = None
    currency: str = ""
    where: str = ""
    column: str = ""


@dataclass(frozen=True, slots=True)
class Cause:
    """A tested explanation: what differs, and how much of the difference it explains."""

    kind: str
    what: str
    explains: Decimal


@dataclass(frozen=True, slots=True)
class Break:
    """One figure of theirs beside ours; a position's own figure is what it requires alone."""

    account_id: str
    symbol: str
    basis: Basis
    status: Status
    ours: Decimal | None
    stated: Decimal | None
    causes: tuple[Cause, ...] = ()
    where: str = ""
    ours_where: str = ""
    regime: str = ""

    @property
    def difference(self) -> Decimal:
        """Return stated less ours; what is missing counts as nothing."""
        return (self.stated or ZERO) - (self.ours or ZERO)

    @property
    def share(self) -> Decimal | None:
        """Return the difference as a share of our figure."""
        return self.difference / self.ours if self.ours else None

    @property
    def unexplained(self) -> Decimal:
        """Return what the first cause leaves of the difference."""
        return self.difference - (self.causes[0].explains if self.causes else ZERO)

    @property
    def likely(self) -> str:
        """Return the first cause in words."""
        return self.causes[0].what if self.causes else ""


@dataclass(frozen=True, slots=True)
class Reconciliation:
    """Every figure stated and ours, the largest break first, figures that agree last."""

    currency: str
    breaks: tuple[Break, ...]

    @property
    def agrees(self) -> bool:
        """Say whether nothing differs."""
        return all(each.status == "agrees" for each in self.breaks)

    @property
    def totals(self) -> tuple[Decimal, Decimal]:
        """Return the sums of the accounts' own figures: ours, stated."""
        accounts = [each for each in self.breaks if not each.symbol]
        return (sum((each.ours or ZERO for each in accounts), ZERO),
                sum((each.stated or ZERO for each in accounts), ZERO))


Alternatives = Mapping[str, Mapping[str, Decimal]]
"""By account: what it would post under another rulebook or edition, by its name."""


def reconcile(run: Run, stated: Iterable[StatedFigure],
              alternatives: Alternatives | None = None) -> Reconciliation:
    """Match what is stated with a run, account by account and position by position."""
    figures = tuple(stated)
    accounts = {account.account_id: account for account in run.silos.accounts}
    positions = list(_positions(run, figures))
    found = [_with_positions(each, positions)
             for each in _accounts(run, figures, accounts, alternatives or {})] + positions

    def order(each: Break) -> tuple[bool, bool, Decimal]:
        return each.status == "agrees", bool(each.symbol), -abs(each.difference)

    return Reconciliation(run.currency, tuple(sorted(found, key=order)))


def _with_positions(account: Break, positions: list[Break]) -> Break:
    """Add to an account's break what its positions' own breaks explain of it."""
    own = [each for each in positions if each.account_id == account.account_id
           and each.status != "agrees"]
    if account.status != "differs" or not own:
        return account
    most = max(own, key=lambda each: abs(each.difference))
    cause = Cause("positions", f"its positions differ ({len(own)} of them), {most.symbol} most: "
                  f"{most.likely}", sum((each.difference for each in own), ZERO))
    causes = tuple(each for each in account.causes if each.kind != "unknown")
    return replace(account, causes=_ranked((*causes, cause), account.difference))


# Accounts -------------------------------------------------------------------------------


def _accounts(run: Run, figures: tuple[StatedFigure, ...],
              accounts: Mapping[str, AccountMargin],
              alternatives: Alternatives) -> Iterator[Break]:
    totals = _account_totals(figures, run)
    for account_id, figure in totals.items():
        ours = accounts.get(_matched(account_id, accounts))
        if ours is None:
            yield Break(account_id, "", figure.basis, "only stated", None, figure.amount,
                        (Cause("account", "the book has no such account", figure.amount),),
                        figure.where)
            continue
        amount = _amount(ours, figure.basis)
        difference = figure.amount - amount
        agrees = _agree(figure.amount, amount)
        causes = () if agrees else (
            *_account_causes(run, ours, figure, difference),
            *_alternatives(alternatives.get(ours.account_id, {}), figure, amount))
        yield Break(ours.account_id, "", figure.basis, "agrees" if agrees else "differs", amount,
                    figure.amount, () if agrees else _ranked(causes, difference), figure.where,
                    regime=ours.regime)
    named = {_matched(account_id, accounts) for account_id in totals}
    for account_id, ours in accounts.items():
        if account_id not in named and (ours.maintenance.amount or ours.excluded):
            yield Break(account_id, "", "maintenance", "only ours", ours.maintenance.amount, None,
                        (Cause("account", "nothing is stated for this account",
                               -ours.maintenance.amount),), regime=ours.regime)


def _account_totals(figures: tuple[StatedFigure, ...], run: Run) -> dict[str, StatedFigure]:
    """Return the account figures stated, or the sums of their positions' where none is."""
    only = run.book.accounts[0].account_id if len(run.book.accounts) == 1 else ""
    totals: dict[str, StatedFigure] = {}
    sums: dict[str, StatedFigure] = {}
    for figure in figures:
        account_id = figure.account_id or only
        if not figure.symbol:
            known = totals.get(account_id)
            if known is None or figure.basis == "maintenance":
                totals[account_id] = figure
            continue
        earlier = sums.get(account_id)
        amount = figure.amount + (earlier.amount if earlier else ZERO)
        sums[account_id] = StatedFigure(account_id, amount, figure.basis, where=(
            earlier.where if earlier else figure.where))
    return {**sums, **totals}


def _matched(account_id: str, accounts: Mapping[str, AccountMargin]) -> str:
    """Return our name of an account the broker may write without dashes or leading zeros."""
    if account_id in accounts:
        return account_id
    bare = {_bare(name): name for name in accounts}
    return bare.get(_bare(account_id), "")


def _bare(account_id: str) -> str:
    return "".join(c for c in account_id.casefold() if c.isalnum()).lstrip("0")


def _amount(margin: AccountMargin, basis: Basis) -> Decimal:
    return margin.initial.amount if basis == "initial" else margin.maintenance.amount


def _agree(stated: Decimal, ours: Decimal) -> bool:
    return abs(stated - ours) <= max(LEAST, SHARE * abs(ours))


def _account_causes(run: Run, ours: AccountMargin, figure: StatedFigure,
                    difference: Decimal) -> Iterator[Cause]:
    yield from _other_basis(ours, figure)
    yield from _missing_offsets(ours, difference)
    yield from _house(run, ours, figure)
    if ours.excluded:
        yield Cause("incomplete", f"our figure leaves out {len(ours.excluded)} positions",
                    ZERO)


def _other_basis(ours: AccountMargin, figure: StatedFigure) -> Iterator[Cause]:
    """Test whether theirs is another figure of the same account."""
    amount = _amount(ours, figure.basis)
    for name, other in (("initial margin", ours.initial.amount),
                        ("maintenance margin", ours.maintenance.amount),
                        ("the requirement with option premium inside (gross)", ours.gross),
                        ("the requirement after option premium (net)", ours.net)):
        if other != amount and _agree(figure.amount, other):
            yield Cause("basis", f"theirs is {name}", other - amount)


def _alternatives(known: Mapping[str, Decimal], figure: StatedFigure,
                  amount: Decimal) -> Iterator[Cause]:
    """Test whether theirs is the account's figure under another rulebook or edition."""
    for name, other in known.items():
        if not _agree(other, amount) and _agree(figure.amount, other):
            yield Cause("edition" if "edition" in name else "rulebook",
                        f"theirs is the requirement under {name}", other - amount)


def _missing_offsets(ours: AccountMargin, difference: Decimal) -> Iterator[Cause]:
    """Test whether theirs leaves out offsets we grant: one of them, or all."""
    granted = [offset for offset in ours.offsets[:MOST_OFFSETS] if offset.amount < 0]
    for offset in granted:
        if abs(difference + offset.amount) <= max(LEAST, EXACT * abs(difference)):
            yield Cause("offset", f"the offset {offset.kind} between "
                        f"{' and '.join(offset.between)} is not granted", -offset.amount)
    every = -sum((offset.amount for offset in granted), ZERO)
    if every and len(granted) > 1:
        yield Cause("offset", f"none of {len(granted)} offsets is granted", every)
    denied = [offset for offset in ours.offsets[:MOST_OFFSETS] if offset.would_save > 0]
    for offset in denied:
        if abs(difference + offset.would_save) <= max(LEAST, EXACT * abs(difference)):
            yield Cause("offset", f"the offset {offset.kind} between "
                        f"{' and '.join(offset.between)} is granted, which we deny: "
                        f"{offset.reason}", -offset.would_save)


def _house(run: Run, ours: AccountMargin, figure: StatedFigure) -> Iterator[Cause]:
    """Test whether theirs is ours times a round house multiplier, or our figure before it."""
    amount = _amount(ours, figure.basis)
    status = run.status(ours.account_id)
    if status is not None and status.regulatory is not None and _agree(
            figure.amount, status.regulatory):
        yield Cause("house", "theirs is the regulatory minimum, without our house edition",
                    status.regulatory - amount)
    multiple = next((each for each in MULTIPLIERS if amount and abs(
        figure.amount / amount - each) <= MULTIPLIER_NEAR * each), None)
    if multiple is not None:
        yield Cause("house", f"a house multiplier of {multiple} on our figure",
                    amount * (multiple - 1))


# Positions ------------------------------------------------------------------------------


def _positions(run: Run, figures: tuple[StatedFigure, ...]) -> Iterator[Break]:
    held: dict[tuple[str, str], list[Position]] = {}
    for position in run.book.positions:
        for name in {plain_symbol(position.instrument.symbol), *_identifiers(position)}:
            held.setdefault((_bare(position.account_id), name), []).append(position)
    alone = {row.where: row.amount for row in run.stand_alone}
    only = _bare(run.book.accounts[0].account_id) if len(run.book.accounts) == 1 else ""
    for figure in figures:
        if figure.symbol:
            key = (_bare(figure.account_id) or only, plain_symbol(figure.symbol))
            yield _position_break(figure, held.get(key, []), alone, run)


def _identifiers(position: Position) -> set[str]:
    return {plain_symbol(text) for name, text in position.extras
            if name.casefold() in ("cusip", "isin", "sedol", "figi")}


def _position_break(figure: StatedFigure, positions: list[Position],
                    alone: Mapping[str, Decimal | None], run: Run) -> Break:
    if not positions:
        return Break(figure.account_id, figure.symbol, figure.basis, "only stated", None,
                     figure.amount, (Cause("position", "the book does not hold it",
                                           figure.amount),), figure.where)
    position = positions[0]
    amounts = [alone.get(each.where) for each in positions]
    where = position.where
    if any(amount is None for amount in amounts):
        return Break(position.account_id, figure.symbol, figure.basis, "only stated", None,
                     figure.amount, (Cause("incomplete", "we could not margin it", ZERO),),
                     figure.where, where)
    ours = sum((amount for amount in amounts if amount is not None), ZERO)
    difference = figure.amount - ours
    agrees = _agree(figure.amount, ours)
    causes = () if agrees else tuple(_position_causes(figure, positions, ours, run))
    return Break(position.account_id, figure.symbol, figure.basis,
                 "agrees" if agrees else "differs", ours, figure.amount,
                 () if agrees else _ranked(causes, difference), figure.where, where)


def _position_causes(figure: StatedFigure, positions: list[Position], ours: Decimal,
                     run: Run) -> Iterator[Cause]:
    held = sum((position.quantity for position in positions), ZERO)
    price = positions[0].price
    if figure.quantity is not None and held and abs(figure.quantity) != abs(held):
        yield Cause("position", f"they hold {figure.quantity:,f}, the book {held:,f}",
                    ours * (abs(figure.quantity) / abs(held) - 1))
    if figure.price is not None and price and abs(figure.price - price) > PRICE_NEAR * abs(price):
        yield Cause("price", f"they price it at {figure.price:,f}, the book at {price:,f}",
                    ours * (figure.price / price - 1))
    value = sum((abs(position.value) for position in positions if position.price), ZERO)
    if value and ours:
        their_value = value * (abs(figure.price / price) if figure.price and price else 1)
        theirs, our_rate = figure.amount / their_value, ours / value
        if _is_round(theirs) and theirs <= 1:
            yield Cause("parameter", f"they ask {theirs:.1%} of market value, we "
                        f"{our_rate:.1%}", figure.amount - ours)
    if figure.amount < ours and not figure.amount:
        yield Cause("offset", "they ask nothing for it: it is carried inside an offset", -ours)
    multiple = next((each for each in MULTIPLIERS if ours and abs(
        figure.amount / ours - each) <= MULTIPLIER_NEAR * each), None)
    if multiple is not None:
        yield Cause("house", f"a house multiplier of {multiple} on our figure",
                    ours * (multiple - 1))


def _is_round(share: Decimal) -> bool:
    """Say whether a share is one margin rates take: steps of 5 %, or whole percents below 12."""
    step = FINE_STEP if share < FINE_BELOW else COARSE_STEP
    steps = share / step
    return share > 0 and abs(steps - round(steps)) * step < RATE_NEAR


def _ranked(causes: tuple[Cause, ...], difference: Decimal) -> tuple[Cause, ...]:
    """Return causes that move the figure the right way, those that leave least first."""
    useful = [cause for cause in causes if not cause.explains or (
        cause.explains * difference > 0
        and abs(cause.explains) >= WORTH_NAMING * abs(difference))]
    ranked = sorted(useful, key=lambda cause: abs(difference - cause.explains))
    return tuple(ranked) or (Cause(
        "unknown", "no single change of price, position, offset, basis or house rate explains "
        "it: compare editions and parameters", ZERO),)
