"""What changed between two reviews, and the exceptions of one, as JSON and as lines."""

from __future__ import annotations

from decimal import Decimal

from workstation.base.money import accounting
from workstation.reports.lines import counted, wrapped
from workstation.reports.margin_documents import Document, number
from workstation.results.changes import ChangeLine, Changes
from workstation.results.exceptions import ExceptionRow

NAME, AMOUNT = 30, 16
HALF = Decimal("0.5")  # less of a cause prints as nothing


def exception_body(row: ExceptionRow) -> Document:
    """Return one exception with its age in days and its owner."""
    return {"kind": row.kind, "where": row.where, "what": row.what, "amount": number(row.amount),
            "remedy": row.remedy, "since": row.since.isoformat(), "age_days": row.age,
            "owner": row.owner, "key": row.key}


def changes_document(changes: Changes) -> Document:
    """Return a comparison of two reviews (`crossmargin.change/1`)."""
    return {"schema": "crossmargin.change/1", **changes_body(changes)}


def changes_body(changes: Changes) -> Document:
    """Return bridges and lists; `steps` of a bridge and `before` add up to `after`."""
    return {
        "client": changes.client, "currency": changes.currency,
        "before": {"as_of": changes.before_as_of.isoformat(),
                   "inputs_sha256": changes.before_sha256},
        "after": {"as_of": changes.after_as_of.isoformat()},
        "causes": list(changes.causes),
        "bridges": [_bridge(line) for line in changes.lines],
        "positions": [{"account_id": p.account, "symbol": p.symbol, "what": p.what,
                       "before": number(p.before), "after": number(p.after)}
                      for p in changes.positions],
        "market": [{"what": m.what, "symbol": m.symbol, "before": number(m.before),
                    "after": number(m.after), "move": number(m.move)} for m in changes.market],
        "rules": [{"kind": r.kind, "name": r.name, "before": r.before, "after": r.after}
                  for r in changes.rules],
        "notes": list(changes.notes),
    }


def _bridge(line: ChangeLine) -> Document:
    return {"measure": line.name, "account_id": line.account or None,
            "before": number(line.before),
            "steps": {step.cause.lower(): number(step.amount) for step in line.steps},
            "after": number(line.after), "change": number(line.change),
            "residual": number(line.residual)}


def changes_text(changes: Changes) -> str:
    """Return the bridges of the book as lines, one a cause."""
    lines = wrapped(f"{changes.client}: {changes.before_as_of} to {changes.after_as_of} "
                    f"({changes.currency})")
    for line in changes.of_book:
        lines.append(f"\n{line.name:<{NAME}}{accounting(line.before):>{AMOUNT}}")
        lines += [f"  {step.cause:<{NAME - 2}}{accounting(step.amount):>{AMOUNT}}"
                  for step in line.steps if abs(step.amount) >= HALF]
        lines.append(f"  {'after':<{NAME - 2}}{accounting(line.after):>{AMOUNT}}")
    counts = (f"{counted(len(changes.positions), 'position')} changed, "
              f"{counted(len(changes.market), 'market figure')} moved, "
              f"{counted(len(changes.rules), 'rule')} changed.")
    return "\n".join([*lines, "", counts, *(line for note in changes.notes
                                            for line in wrapped(note))])
