"""JSON document and text of a client's cross-margin programmes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workstation.base.money import accounting
from workstation.reports.lines import counted, wrapped
from workstation.reports.margin_documents import Document, number
from workstation.results.programmes_table import ProgrammeRow

SCHEMA = "crossmargin.programmes/1"
MOST_REFUSED = 10


def programmes_document(rows: Sequence[ProgrammeRow], currency: str, as_of: date) -> Document:
    """Return every programme with the positions it leaves out and why."""
    return {"schema": SCHEMA, "as_of": as_of.isoformat(), "currency": currency,
            "programmes": [_body(row) for row in rows]}


def _body(row: ProgrammeRow) -> Document:
    return {
        "programme": row.programme, "houses": row.houses, "eligible": row.admitted,
        "accounts": row.accounts, "location": row.location,
        **{name: None if value is None else number(value) for name, value in (
            ("apart", row.apart), ("together", row.together), ("saving", row.saved))},
        "fixed_by": row.fixed_by, "note": row.note,
        "not_eligible": [{"where": where, "symbol": symbol, "reason": why}
                         for where, symbol, why in row.refused]}


def programmes_text(document: Document) -> str:
    """Return the document as lines for the terminal."""
    lines = [f"Cross-margin programmes, as of {document['as_of']} ({document['currency']})"]
    for row in document["programmes"]:
        lines += ["", f"{row['programme']}: {row['houses']}; "
                      f"{counted(row['eligible'], 'position')} eligible"
                      + (f", from {row['accounts']}" if row["accounts"] else "")]
        if row["saving"] is not None:
            amounts = (f"{name} {accounting(row[name], 0)}"
                       for name in ("apart", "together", "saving"))
            lines += [*wrapped(f"{', '.join(amounts)}; {row['fixed_by']}", "  "),
                      *wrapped(f"margin would lie in: {row['location']}", "  ")]
        lines += wrapped(row["note"], "  ")
        lines += _not_eligible(row["not_eligible"])
    return "\n".join(lines)


def _not_eligible(items: Sequence[Document]) -> list[str]:
    """Return the positions a programme does not take, together under each reason."""
    by_reason: dict[str, list[str]] = {}
    for item in items:
        by_reason.setdefault(item["reason"], []).append(f"{item['symbol']} ({item['where']})")
    lines = ["  not eligible:"] if items else []
    for reason, names in by_reason.items():
        left = len(names) - MOST_REFUSED
        more = f" and {left} more" if left > 0 else ""
        lines += wrapped(f"{reason}: {', '.join(names[:MOST_REFUSED])}{more}", "    ")
    return lines
