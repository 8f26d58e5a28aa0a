"""Claims on one lot: which are accepted, and how they partition its quantity.

A lien without a parent is given by the client; a lien with a parent re-uses what the parent's
secured party received. Claims are taken by seniority, then in the order stated, parents first;
one that does not fit is refused whole, with the quantity that was available. What a refused
claim leaves of an over-claimed lot is taken as claimed: nothing of it is free.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.report import LotState

ZERO = Decimal(0)
ONE = Decimal(1)


@dataclass(frozen=True, slots=True)
class Refusal:
    """A claim that cannot stand; `available` is the quantity it could have taken."""

    lien: Lien
    what: str
    remedy: str
    available: Decimal


@dataclass(frozen=True, slots=True)
class Aside:
    """Quantities of a lot no claim rests on and that are not free either."""

    in_transit: Decimal = ZERO
    ineligible: Decimal = ZERO
    segregated: Decimal = ZERO

    @property
    def quantity(self) -> Decimal:
        """Return all of it."""
        return self.in_transit + self.ineligible + self.segregated


@dataclass(frozen=True, slots=True)
class Partition:
    """A lot's quantity by state (adds up exactly), the claims accepted and those refused."""

    states: tuple[tuple[LotState, Decimal], ...]
    accepted: tuple[Lien, ...]
    refused: tuple[Refusal, ...]

    def quantity_in(self, state: LotState) -> Decimal:
        """Return the quantity in one state."""
        return dict(self.states)[state]


def by_lot(liens: Sequence[Lien]) -> dict[str, list[Lien]]:
    """Return the claims on each lot, in the order stated."""
    found: dict[str, list[Lien]] = {}
    for lien in liens:
        found.setdefault(lien.lot, []).append(lien)
    return found


@dataclass(slots=True)
class _Claim:
    """An accepted lien with what its holder has re-used, and the parties it came through."""

    lien: Lien
    chain: tuple[str, ...]
    reused: Decimal = ZERO

    @property
    def cap(self) -> Decimal:
        """Quantity the holder may re-use; locked segregation allows none."""
        if self.lien.type == "seg_lock" or not ZERO <= self.lien.reuse <= ONE:
            return ZERO
        return self.lien.quantity * self.lien.reuse


@dataclass(slots=True)
class _Ledger:
    lot: CollateralLot
    available: Decimal
    contested: Decimal = ZERO
    claims: list[_Claim] = field(default_factory=list)
    refused: list[Refusal] = field(default_factory=list)

    def refuse(self, lien: Lien, what: str, remedy: str, available: Decimal = ZERO) -> None:
        self.refused.append(Refusal(lien, what, remedy, available))

    def take(self, lien: Lien) -> None:
        """Accept a claim given by the client itself, if the quantity is there.

        One that asks for more leaves nothing: somebody holds a right to what is left.
        """
        if lien.quantity > self.available:
            self.refuse(
                lien, f"claim of {lien.secured_party} on {lien.quantity:,f} exceeds available "
                f"{self.available:,f}; the whole lot is taken as claimed",
                "reduce the claim or correct the lot's quantity", self.available)
            self.contested += self.available
            self.available = ZERO
            return
        self.available -= lien.quantity
        self.claims.append(_Claim(lien, (self.lot.account_id, lien.secured_party)))

    def reuse(self, lien: Lien) -> bool:
        """Accept or refuse a re-use; False while its parent is not known yet."""
        parents = [c for c in self.claims if c.lien.secured_party == lien.parent]
        if not parents:
            return False
        parent = max(parents, key=lambda c: c.cap - c.reused)
        room = parent.cap - parent.reused
        if lien.secured_party in parent.chain:
            self.refuse(
                lien, f"re-use by {lien.parent} back to {lien.secured_party} is a cycle",
                "a returning lot releases the earlier re-use: remove both claims")
        elif lien.quantity > room:
            self.refuse(
                lien, f"re-use of {lien.quantity:,f} by {lien.parent} is above re-use cap "
                f"{parent.cap:,f}, of which {room:,f} is left",
                "reduce the re-use or correct the re-use right", room)
        else:
            parent.reused += lien.quantity
            self.claims.append(_Claim(lien, (*parent.chain, lien.secured_party)))
        return True


def partition(lot: CollateralLot, liens: Sequence[Lien], aside: Aside | None = None,
              ) -> Partition:
    """Partition a lot's quantity into states under the claims made on it.

    re-used = sum of re-uses made by the client's own secured parties; re-usable = reuse x claim
    less re-used; the rest of a claim is not re-usable. Later hops of a chain change no state.
    """
    apart = aside or Aside()
    ledger = _Ledger(lot, lot.quantity - apart.quantity)
    ordered = sorted(liens, key=lambda lien: lien.seniority)
    sound = [lien for lien in ordered if _is_sound(ledger, lien)]
    for lien in sound:
        if not lien.parent:
            ledger.take(lien)
    _reuses(ledger, [lien for lien in sound if lien.parent])
    return _partitioned(ledger, apart)


def _is_sound(ledger: _Ledger, lien: Lien) -> bool:
    if lien.quantity > 0:
        return True
    ledger.refuse(lien, f"claim of {lien.secured_party} has quantity {lien.quantity:,f}",
                  "state a positive quantity")
    return False


def _reuses(ledger: _Ledger, waiting: list[Lien]) -> None:
    """Place re-uses below their parents, one hop a round, until none can be placed."""
    while waiting:
        left = [lien for lien in waiting if not ledger.reuse(lien)]
        if len(left) == len(waiting):
            for lien in left:
                ledger.refuse(
                    lien, f"re-use by {lien.parent}, which holds no accepted claim on the lot",
                    "name the secured party of an existing claim as parent")
            return
        waiting = left


def _partitioned(ledger: _Ledger, apart: Aside) -> Partition:
    own = [claim for claim in ledger.claims if not claim.lien.parent]
    locked = [claim for claim in own if claim.lien.type == "seg_lock"]
    pledged = [claim for claim in own if claim.lien.type != "seg_lock"]
    reused = sum((claim.reused for claim in pledged), ZERO)
    caps = sum((claim.cap for claim in pledged), ZERO)
    amounts = {
        LotState.FREE: ledger.available,
        LotState.PLEDGED: sum((claim.lien.quantity for claim in pledged), ledger.contested) - caps,
        LotState.REUSABLE: caps - reused,
        LotState.REUSED: reused,
        LotState.SEGREGATED: sum((c.lien.quantity for c in locked), apart.segregated),
        LotState.IN_TRANSIT: apart.in_transit,
        LotState.INELIGIBLE: apart.ineligible,
    }
    return Partition(tuple(amounts.items()), tuple(claim.lien for claim in ledger.claims),
                     tuple(ledger.refused))
