"""Undoable changes to an open review, independent of any window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING, Protocol

from workstation.book.positions import Position
from workstation.book.remarks import Remark, with_remark
from workstation.cascade.client import MODE as EQUILIBRIUM
from workstation.harmonised.design import with_knob
from workstation.market.market import with_underlying
from workstation.workspace.review import Stress

if TYPE_CHECKING:
    from workstation.rulebooks.span.parameters import RiskParameters
    from workstation.workspace.margin_sources import MarginSource
    from workstation.workspace.session import Session


class Edit(Protocol):
    """A reversible change with a label for the undo menu."""

    @property
    def label(self) -> str:
        """Return what the undo menu says."""

    def apply(self) -> None:
        """Make the change."""

    def revert(self) -> None:
        """Put the earlier state back."""


class _PositionEdit:
    """Swaps one position of the session's book for a changed one and back."""

    def __init__(self, session: Session, label: str, old: Position, new: Position) -> None:
        self.label = label
        self._session, self._old, self._new = session, old, new

    def apply(self) -> None:
        """Put the changed position in."""
        self._session.replace_position(self._new)

    def revert(self) -> None:
        """Put the earlier position back."""
        self._session.replace_position(self._old)


class SetQuantity(_PositionEdit):
    """Change one position's quantity (negative is short)."""

    def __init__(self, session: Session, where: str, quantity: Decimal) -> None:
        old = session.position(where)
        label = f"Change quantity of {old.instrument.symbol} to {quantity:,}"
        super().__init__(session, label, old, old.resized(quantity))


class SetPrice(_PositionEdit):
    """Change one position's price."""

    def __init__(self, session: Session, where: str, price: Decimal) -> None:
        old = session.position(where)
        label = f"Change price of {old.instrument.symbol} to {price:,}"
        super().__init__(session, label, old, replace(old, price=price))


class SetCells:
    """Change quantities, prices and accounts of many positions as one step.

    Parameters
    ----------
    cells
        The position's place in the file, the field (quantity, price, account), and its value.
    """

    def __init__(self, session: Session, cells: Sequence[tuple[str, str, object]]) -> None:
        known = {position.where: position for position in session.book.positions}
        changed: dict[str, Position] = {}
        for where, field, value in cells:
            changed[where] = _with(changed.get(where, known[where]), field, value)
        places = "1 position" if len(changed) == 1 else f"{len(changed):,} positions"
        self.label = f"Paste into {places}"
        self._session = session
        self._old = tuple(known[where] for where in changed)
        self._new = tuple(changed.values())

    def apply(self) -> None:
        """Put the changed positions in."""
        self._session.replace_positions(self._new)

    def revert(self) -> None:
        """Put the earlier positions back."""
        self._session.replace_positions(self._old)


def _with(position: Position, field: str, value: object) -> Position:
    """Return a position with one field changed; raises TypeError for a value it cannot take."""
    if field == "account" and isinstance(value, str):
        return replace(position, account_id=value)
    if isinstance(value, Decimal) and field == "quantity":
        return position.resized(value)
    if isinstance(value, Decimal) and field == "price":
        return replace(position, price=value)
    raise TypeError(f"{field}: {value!r}")


class MoveAccount(_PositionEdit):
    """Move one position to another account of the book; raises KeyError if it has none such."""

    def __init__(self, session: Session, where: str, account_id: str) -> None:
        old = session.position(where)
        session.book.account(account_id)
        label = f"Move {old.instrument.symbol} to {account_id}"
        super().__init__(session, label, old, replace(old, account_id=account_id))


class SetRemark:
    """Flag a position or comment on it; an empty remark takes both away.

    Raises KeyError where the book has no such position.
    """

    def __init__(self, session: Session, remark: Remark) -> None:
        symbol = session.position(remark.where).instrument.symbol
        self.label = (f"Remove the remark on {symbol}" if remark.is_empty
                      else f"Remark on {symbol}: {remark.text or remark.flag}")
        self._session = session
        self._old = session.book.remarks
        self._new = with_remark(self._old, remark)

    def apply(self) -> None:
        """Put the remark in."""
        self._session.book = replace(self._session.book, remarks=self._new)

    def revert(self) -> None:
        """Put the earlier remarks back."""
        self._session.book = replace(self._session.book, remarks=self._old)


class SetUnderlying:
    """Change the price or the volatility of an underlying, or give one that has no market row.

    Raises ValueError when there is neither a row nor a price to make one from.
    """

    def __init__(self, session: Session, symbol: str, *, price: Decimal | None = None,
                 iv: Decimal | None = None) -> None:
        self.label = f"Change the market of {symbol}"
        self._session = session
        self._old = session.book.market
        self._new = with_underlying(self._old, symbol, price=price, iv=iv)

    def apply(self) -> None:
        """Use the changed market."""
        self._session.replace_market(self._new)

    def revert(self) -> None:
        """Use the earlier market."""
        self._session.replace_market(self._old)


class SetUnderlyings:
    """Change prices and volatilities of many underlyings as one step.

    Parameters
    ----------
    cells
        The underlying's symbol, the field (price, iv), and its value; prices of new underlyings
        before their volatilities.
    """

    def __init__(self, session: Session, cells: Sequence[tuple[str, str, Decimal]]) -> None:
        self.label = f"Paste {len(cells):,} market figures"
        self._session = session
        self._old = self._new = session.book.market
        for symbol, field, value in cells:
            price, iv = (value, None) if field == "price" else (None, value)
            self._new = with_underlying(self._new, symbol, price=price, iv=iv)

    def apply(self) -> None:
        """Use the changed market."""
        self._session.replace_market(self._new)

    def revert(self) -> None:
        """Use the earlier market."""
        self._session.replace_market(self._old)


class SetRiskFiles:
    """Margin futures with other risk-parameter files, or with none."""

    def __init__(self, session: Session, files: Sequence[RiskParameters]) -> None:
        names = ", ".join(file.name for file in files)
        self.label = f"Use {names}" if names else "Use no risk-parameter files"
        self._session = session
        self._old, self._new = session.risk_files, tuple(files)

    def apply(self) -> None:
        """Use the files given."""
        self._session.use_risk_files(self._new)

    def revert(self) -> None:
        """Use the earlier files."""
        self._session.use_risk_files(self._old)


class SetMarginHistory:
    """Keep a file of published margin changes with the review, or none; no figure depends on it."""

    def __init__(self, session: Session, source: MarginSource | None) -> None:
        self.label = f"Load {source.histories.name}" if source else "Remove the margin history"
        self._session = session
        self._old, self._new = session.margin_source, source

    def apply(self) -> None:
        """Keep the file given."""
        self._session.margin_source = self._new

    def revert(self) -> None:
        """Keep the earlier file."""
        self._session.margin_source = self._old


class SetKnob:
    """Change one knob of a harmonised design; the shipped file is never touched.

    Raises ValueError with the allowed bounds when the value is outside them.
    """

    def __init__(self, session: Session, design: str, knob: str, value: object) -> None:
        self.label = f"Set {knob} of {design} to {value}"
        self._session = session
        self._old = session.design(design)
        self._new = with_knob(self._old, knob, value)

    def apply(self) -> None:
        """Use the changed design."""
        self._session.replace_design(self._new)

    def revert(self) -> None:
        """Use the earlier design."""
        self._session.replace_design(self._old)


class SetStress:
    """Run another cascade: scenario, multiplier, mode, regime and every assumption."""

    def __init__(self, session: Session, stress: Stress) -> None:
        way = "" if stress.mode == EQUILIBRIUM else f", {stress.mode} under {stress.under}"
        self.label = f"Stress {stress.label}{way}"
        self._session = session
        self._old, self._new = session.stress, stress

    def apply(self) -> None:
        """Use the scenario asked for."""
        self._session.stress = self._new

    def revert(self) -> None:
        """Use the earlier scenario."""
        self._session.stress = self._old
