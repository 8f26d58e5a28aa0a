"""Small words the paragraphs share: a fraction of a base, with its parameter shown."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.explain import Citation, Explained, Standing
from workstation.base.money import accounting
from workstation.parameters.store import Edition, Parameter

Inputs = tuple[tuple[str, str], ...]
_CENTS = 2
_PER_CENT = 100


def per_cent(fraction: Decimal) -> str:
    """Write a fraction as people read it: 0.075 is 7.5 %."""
    return f"{(fraction * _PER_CENT).normalize():f} %"


def dollars(amount: Decimal) -> str:
    """Write an input amount with its cents."""
    return accounting(amount, _CENTS)


def plain(size: Decimal) -> str:
    """Write a size without trailing zeros: 100, not 1E+2 or 100.00."""
    whole = size == size.to_integral_value()
    return f"{size:,.0f}" if whole else f"{size.normalize():,f}"


def charge(label: str, rate: Parameter, base: Decimal, shown: Inputs = ()) -> Explained:
    """Return a fraction of a base; requirement = rate x base."""
    return fraction_of(label, rate, rate.value, base, shown)


def fraction_of(label: str, source: Parameter, fraction: Decimal, base: Decimal,
                shown: Inputs = ()) -> Explained:
    """Return fraction x base where the fraction was derived from a parameter."""
    own = (("rate", f"{per_cent(fraction)} {source.unit}"), ("base", dollars(base)))
    return Explained(label, fraction * base, source.cite, (*shown, *own))


def per_unit(label: str, rate: Parameter, units: Decimal, usd: Decimal) -> Explained:
    """Return a dollar amount a unit; requirement = amount x units."""
    shown = (("rate", f"{plain(rate.value)} {rate.unit}"), ("units", plain(units)))
    return Explained(label, rate.value * usd * units, rate.cite, shown)


def amount(label: str, value: Decimal, cite: Citation | None = None,
           shown: Inputs = ()) -> Explained:
    """Return an amount that no fraction made, with its inputs."""
    return Explained(label, value, cite, shown)


def cited(rule: Edition, paragraph: str, standing: Standing = "sourced") -> Citation:
    """Return a citation of a paragraph that fixes an amount without a number of its own."""
    return Citation(rule.rule, paragraph, rule.edition, standing)


def with_inputs(node: Explained, shown: Inputs) -> Explained:
    """Return the same amount with further inputs shown on it."""
    return Explained(node.label, node.amount, node.cite, (*shown, *node.inputs), node.parts,
                     node.combine)
