"""Buffers, floors and caps of a design, each a line of its own on top of scan and add-ons."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Explained, leaf, total
from workstation.base.money import accounting
from workstation.harmonised.amounts import crossed, settled
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import Slots
from workstation.measures.requirement import Margin


def limits(design: Design, slots: Slots, silos: Margin, before: Decimal,
           kept: tuple[Explained, ...] = ()) -> Explained:
    """Return buffer, cap on the reduction and floors, applied in this order to `before`.

    `kept` are requirements of today that stand as they are beside what the design asks.
    """
    buffer = _buffer(design, before)
    cap = _cap_on_reduction(design, slots, before + buffer.amount)
    reached = before + buffer.amount + cap.amount
    long_run = _long_run_floor(design, slots, reached)
    floor = _floor(design, silos, reached + sum((f.amount for f in long_run), Decimal(0)))
    stands = (total("Kept from today: margined from sensitivities", *kept),) if kept else ()
    return total("Buffers, floors and caps", buffer, cap, *long_run, floor, *stands,
                 cite=design.cite())


def _buffer(design: Design, before: Decimal) -> Explained:
    """Hold a share of scan risk and add-ons on top."""
    rate = design.number("buffer.rate")
    return leaf("Anti-procyclicality buffer", settled(rate * before), design.cite("buffer.rate"),
                rate=f"{rate:%}", of=accounting(before))


def _cap_on_reduction(design: Design, slots: Slots, before: Decimal) -> Explained:
    """Raise the requirement to (1 - cap) x that of every position on its own."""
    cap, gross = design.number("cap.reduction"), crossed(slots.gross)
    least = settled((1 - cap) * gross)
    return leaf("Cap on the reduction", max(Decimal(0), least - before),
                design.cite("cap.reduction"), largest_reduction=f"{cap:%}",
                every_position_alone=accounting(gross), least=accounting(least),
                before=accounting(before))


def _long_run_floor(design: Design, slots: Slots, before: Decimal) -> tuple[Explained, ...]:
    """Raise the requirement to a share of what the whole unfiltered history asks for."""
    share = design.number("floor.long_run")
    if not share:
        return ()
    whole = crossed(slots.long_run)
    least = settled(share * whole)
    return (leaf("Floor at the long run", max(Decimal(0), least - before),
                 design.cite("floor.long_run"), share=f"{share:%}",
                 whole_history_unfiltered=accounting(whole), before=accounting(before)),)


def _floor(design: Design, silos: Margin, before: Decimal) -> Explained:
    """Raise the requirement to a share of the largest account's requirement of today."""
    share = design.number("floor.largest_silo")
    largest = max((a.maintenance.amount for a in silos.accounts), default=Decimal(0))
    least = settled(share * largest)
    return leaf("Floor at the largest silo", max(Decimal(0), least - before),
                design.cite("floor.largest_silo"), share=f"{share:%}",
                largest_account=accounting(largest), before=accounting(before))
