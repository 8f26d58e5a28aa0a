"""Stresses, reverse stress and attribution as JSON documents and as text."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from workstation.base.money import accounting
from workstation.measures.stressed import AfterShock, ReverseStress
from workstation.offsets.attribution import Attributed, Contribution
from workstation.offsets.bridge import Bridge
from workstation.reports.lines import WIDTH, cut, money_text, wrapped
from workstation.reports.margin_documents import Document, number
from workstation.results.attribution_table import (
    Attribution,
    AttributionRow,
    LeverRow,
    attribution_table,
    levers_table,
)
from workstation.results.beneath import Beneath
from workstation.results.formats import percent_text
from workstation.results.stress_tables import moves_text, reverse_sentence, verdict
from workstation.results.table import Table

ZERO = Decimal(0)
NAME, AMOUNT, WIDEST = 44, 13, 20


def beneath_body(beneath: Beneath) -> Document:
    """Return attribution by design and the events along the review's stress."""
    return {
        "attribution": [attribution_body(item) for item in beneath.attribution],
        "reverse_stress": [reverse_body(found) for found in beneath.reverse],
        "left_out": beneath.note or None,
    }


def attribution_body(item: Attribution) -> Document:
    """Return one design's holdings, positions and levers."""
    return {"design": item.design, "holdings": [_attributed_body(row) for row in item.holdings],
            "positions": [_contribution_body(row) for row in item.positions],
            "shapley": [{"lever": share.label, "amount": number(share.amount)}
                        for share in item.levers]}


def _attributed_body(row: Attributed) -> Document:
    """Return one holding with its Euler share and what it would release."""
    return {"holding": row.name, "account_id": row.account or None,
            "underlying": row.underlying or None, "positions": row.positions,
            "euler": number(row.euler), "released_if_it_goes": number(row.marginal)}


def _contribution_body(row: Contribution) -> Document:
    """Return one position's Euler share and what it would release; null where not scanned."""
    return {"where": row.where, "account_id": row.account, "symbol": row.symbol,
            "euler": number(row.euler), "released_if_it_goes": number(row.released)}


def reverse_body(found: ReverseStress) -> Document:
    """Return one event with the multiple from which it happens."""
    return {"direction": found.direction, "event": found.event, "regime": found.regime or None,
            "account_id": found.account or None, "multiple": number(found.multiple),
            "searched_to": number(found.searched), "verdict": verdict(found),
            "moves": {name: number(move) for name, move in found.moves},
            "figures": found.why or None}


def after_body(after: AfterShock) -> Document:
    """Return the book after one stress."""
    return {
        "stress": after.shock, "kind": after.kind, "loss": number(after.loss),
        "equity_before": number(after.equity_before) if after.cash_stated else None,
        "equity": number(after.equity) if after.cash_stated else None,
        "silos_before": number(after.silos_before), "silos": number(after.silos),
        "designs": {name: number(amount) for name, amount in after.designs},
        "calls": number(after.calls), "free_collateral": number(after.free),
        "accounts": [{"account_id": a.account_id, "regime": a.regime, "test": a.test,
                      "equity": number(a.equity), "required": number(a.required),
                      "excess": number(a.excess), "call": number(a.call)}
                     for a in after.accounts]}


def stresses_text(after: Sequence[AfterShock], reverse: Sequence[ReverseStress], currency: str
                  ) -> str:
    """Return the stresses and the reverse stress to read on a terminal."""
    return "\n".join((*_after_lines(after, currency), *_design_lines(after, currency),
                      *reverse_lines(reverse))) + "\n"


def _after_lines(after: Sequence[AfterShock], currency: str) -> Iterator[str]:
    heads = ("loss", "equity after", "today after", "called")
    yield _line(f"AFTER EACH STRESS ({currency})", heads)
    for row in after:
        yield _line(f"  {row.shock}", [money_text(v) for v in (
            row.loss, row.equity if row.cash_stated else None, row.silos, row.calls)])


def _design_lines(after: Sequence[AfterShock], currency: str) -> Iterator[str]:
    names = list(dict.fromkeys(name for row in after for name, _ in row.designs))
    most = (WIDTH - NAME) // (AMOUNT + 1)
    for start in range(0, len(names), most):
        some = names[start:start + most]
        yield ""
        yield _line(f"REQUIRED AFTER ({currency})", some)
        for row in after:
            asked = dict(row.designs)
            yield _line(f"  {row.shock}", [money_text(asked.get(name)) for name in some])


def _line(name: str, cells: Sequence[str]) -> str:
    width = min(WIDEST, (WIDTH - NAME) // max(1, len(cells)) - 1)
    return f"{cut(name, NAME):<{NAME}}" + "".join(f" {cut(c, width):>{width}}" for c in cells)


def reverse_lines(found: Sequence[ReverseStress]) -> Iterator[str]:
    """Yield the nearest event in a sentence, then every event with its multiple."""
    if not found:
        return
    yield ""
    yield f"REVERSE STRESS ALONG {found[0].direction}"
    yield from wrapped(reverse_sentence(found), "  ")
    for row in found[1:]:
        if row.multiple is not None:
            yield from wrapped(f"{_event(row)}: {row.multiple:.3f} x, {moves_text(row)}: {row.why}",
                               "  ")
    never = [_event(row) for row in found if row.multiple is None]
    if never and len(never) < len(found):
        yield from wrapped(f"Not up to {found[0].searched:g} times: {'; '.join(never)}", "  ")


def _event(row: ReverseStress) -> str:
    whom = row.account or row.regime
    return f"{row.event} ({whom})" if whom else row.event


# Attribution ------------------------------------------------------------------------------


def attribution_text(item: Attribution, bridge: Bridge, currency: str) -> str:
    """Return one design's holdings and levers to read on a terminal."""
    return "\n".join((
        *_holding_lines(attribution_table(item.holdings, item.design, currency), item, currency),
        "", *_lever_lines(levers_table(item.levers, bridge, currency), currency)))


def _holding_lines(table: Table, item: Attribution, currency: str) -> Iterator[str]:
    yield _line(f"{item.design.upper()} ({currency})",
                ("Euler share", "of the risk", "released", ""))
    rows: Sequence[AttributionRow] = table.rows
    for row in rows:
        name = f"  {row.name}{f' in {row.account}' if row.account else ''}"
        yield _line(name, (accounting(row.euler),
                           "" if row.share is None else percent_text(row.share),
                           money_text(row.marginal), row.hedge))
    yield _line("  Risk, before add-ons and floors",
                (accounting(sum((row.euler for row in rows), ZERO)), "", "", ""))
    yield from wrapped("Euler shares add up to the risk; released is what leaving the holding out "
                       "alone would free, and does not add up.", "  ")


def _lever_lines(table: Table, currency: str) -> Iterator[str]:
    yield _line(f"LEVERS ({currency})", ("in order", "Shapley", "due to order", ""))
    rows: Sequence[LeverRow] = table.rows
    for row in rows:
        yield _line(f"  {row.lever}", (accounting(row.in_order), accounting(row.shapley),
                                       accounting(row.difference), ""))
    yield _line("  Together", (accounting(sum((row.in_order for row in rows), ZERO)),
                               accounting(sum((row.shapley for row in rows), ZERO)), "", ""))
