"""JSON document and text of a client's cross-margin programmes."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from workstation.base.money import accounting
from workstation.reports.lines import wrapped
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
        lines += ["", f"{row['programme']}: {row['houses']}; {row['eligible']} positions eligible"
                      + (f", from {row['accounts']}" if row["accounts"] else "")]
        if row["saving"] is not None:
            amounts = (f"{name} {accounting(row[name], 0)}"
                       for name in ("apart", "together", "saving"))
            lines += [f"  {', '.join(amounts)}; {row['fixed_by']}",
                      f"  margin would lie in: {row['location']}"]
        lines += [f"  {line}" for line in wrapped(row["note"])]
        lines += [f"  not eligible: {item['symbol']} ({item['where']}): {item['reason']}"
                  for item in row["not_eligible"][:MOST_REFUSED]]
        left = len(row["not_eligible"]) - MOST_REFUSED
        lines += [f"  and {left} more not eligible"] if left > 0 else []
    return "\n".join(lines)
