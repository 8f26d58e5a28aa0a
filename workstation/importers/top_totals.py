"""Totals a file states above its table, as European brokers do, compared with what was loaded."""

from __future__ import annotations

from decimal import Decimal

from workstation.importers.draft import Draft
from workstation.importers.figures import Figure, figure
from workstation.importers.labels import label
from workstation.importers.sheets import is_blank, text_of
from workstation.importers.tables import Table
from workstation.importers.vocabulary import normal

VALUES = frozenset({"depotwert", "gesamtwert", "portfoliovalue", "totalvalue", "accountvalue",
                    "totalmarketvalue", "valeurtotale", "valortotal", "valoretotale"})


def compare_with_titles(table: Table, draft: Draft, first: int, first_cash: int, *,
                        comma: bool) -> None:
    """Compare each total above a table with the value of its positions and cash.

    `first` and `first_cash` count what was loaded before it. Totals over several currencies are
    left alone: nobody says in which one they are.
    """
    positions, cash = draft.positions[first:], draft.cash[first_cash:]
    currencies = {p.instrument.currency for p in positions} | {line.currency for line in cash}
    if len(currencies) != 1:
        return
    held = sum((p.value for p in positions if p.price is not None), Decimal(0))
    both = held + sum((line.amount for line in cash), Decimal(0))
    for row in table.titles:
        filled = [(i, cell) for i, cell in enumerate(table.sheet.rows[row]) if not is_blank(cell)]
        if len(filled) < 2 or not _names_total(text_of(filled[0][1])):  # noqa: PLR2004 - a pair
            continue
        for column, cell in filled[1:]:
            stated = figure(cell, comma)
            if isinstance(stated, Figure) and not stated.unit:
                computed = min((held, both), key=lambda value: abs(value - stated.value))
                draft.control(f"{table.sheet.where(row, column)} market value", stated.value,
                              computed)
                break


def _names_total(text: str) -> bool:
    return normal(text) in VALUES or label(text) in ("total", "weak total")
