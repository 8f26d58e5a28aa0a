"""The risk matrix's answer as a tree: worst bucket by instrument, then each shock."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from workstation.base.explain import ZERO, Explained, leaf, total
from workstation.base.money import accounting, money
from workstation.parameters.store import Edition
from workstation.rulebooks.crypto.deribit_groups import MatrixGroup
from workstation.rulebooks.crypto.deribit_matrix import PairMatrix
from workstation.rulebooks.crypto.pmrm import ranked

NEAR_MISSES = 4
Notes = Mapping[str, tuple[str, ...]]


def explained(group: MatrixGroup, edition: Edition, factor: float, notes: Notes) -> Explained:
    """Return one group's requirement: factor x (worst case + roll + delta + correlation)."""
    parts = [_worst(group, edition, factor, notes), *_rounding(group, factor),
             _roll(group, edition, factor), _delta(group, edition, factor),
             leaf("Correlation contingency",
                  edition["correlation_contingency"].value * money(factor * group.unit),
                  edition["correlation_contingency"].cite)]
    if not all(m.pair.inverse for m in group.matrices):
        parts.append(leaf("Linear contracts take their coin's constants", ZERO,
                          edition["dollar_settled"].cite))
    return total(f"Portfolio settled in {group.currency}", *parts)


def _worst(group: MatrixGroup, edition: Edition, factor: float, notes: Notes) -> Explained:
    place = group.worst
    bucket = group.matrices[0].pair.pack.buckets[place]
    leaves = tuple(node for matrix, rate in zip(group.matrices, group.rates, strict=True)
                   for node in _contributions(matrix, place, rate * group.unit * factor))
    cite = edition["extended_moves" if bucket.extended else "price_range"].cite
    inputs = (
        ("bucket", f"{place}: {bucket.name}"),
        ("result", f"{float(group.totals[place]):,.9f} {group.currency}"),
        ("factor", f"{factor:.4g}"),
        *((f"index of {m.pair.coin}", f"{m.pair.index:,.2f}") for m in group.matrices),
        *_near_misses(group),
        *(("note", note) for m in group.matrices for note in notes.get(m.pair.coin, ())))
    amount = sum((node.amount for node in leaves), ZERO)
    return Explained(f"Worst bucket: {bucket.name}", amount, cite, inputs, leaves, "sum")


def _near_misses(group: MatrixGroup) -> Iterator[tuple[str, str]]:
    buckets = group.matrices[0].pair.pack.buckets
    others = [place for place in ranked(group.totals) if place != group.worst]
    for rank, place in enumerate(others[:NEAR_MISSES], start=2):
        yield (f"{rank}. worst", f"{buckets[place].name}: "
               f"{float(group.totals[place]):,.6f} {group.currency}")


def _contributions(matrix: PairMatrix, place: int, scale: float) -> Iterator[Explained]:
    """Yield what each instrument asks for in a bucket, at the share the venue counts."""
    whole = float(matrix.totals[place])
    share = float(matrix.counted[place]) / whole if whole else 0.0
    for name, profit in zip(matrix.pair.names, matrix.profits[:, place], strict=True):
        if profit:
            yield leaf(name, money(-float(profit) * share * scale), None,
                       profit=f"{float(profit):,.9f} {matrix.pair.settlement}",
                       counted=f"{share:.0%}")


def _rounding(group: MatrixGroup, factor: float) -> Iterator[Explained]:
    exact = max(0.0, -float(group.totals[group.worst]))
    if group.loss != exact:
        yield leaf("Worst case rounded to nine decimals",
                   money((group.loss - exact) * group.unit * factor))


def _roll(group: MatrixGroup, edition: Edition, factor: float) -> Explained:
    scale = group.unit * factor
    return total("Roll shock", *(
        leaf(f"{m.pair.coin}, {expiry}", money(amount * rate * scale), None,
             shock=f"{amount:,.9f} {m.pair.settlement}")
        for m, rate in zip(group.matrices, group.rates, strict=True)
        for expiry, amount in m.roll_shock), cite=edition["least_annual_move"].cite)


def _delta(group: MatrixGroup, edition: Edition, factor: float) -> Explained:
    scale = group.unit * factor
    return total("Delta shock", *(
        leaf(m.pair.coin, money(m.delta_shock * rate * scale), None,
             net_delta=f"{m.delta:,.6f} {m.pair.coin}",
             threshold=f"{accounting(m.pair.pack.delta_threshold_usd)} USD")
        for m, rate in zip(group.matrices, group.rates, strict=True)),
        cite=edition["delta_slope"].cite)
