"""Documents of one regime and of an import, as plain text."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from workstation.base.wording import regime_words
from workstation.reports.lines import NAME_WIDTH, counted, money_text, row, wrapped

Plain = Mapping[str, Any]
MOST_LISTED = 20


def margin_text(document: Plain) -> str:
    """Return one regime as a table by account, with what was left out."""
    lines = wrapped(f"{_regime(document)}, as of {document['as_of']} ({document['currency']})")
    lines.append(row("Account", "regime", "initial", "maintenance"))
    lines += [row(f"  {a['account_id']}", regime_words(a["regime"]), money_text(a["initial"]),
                  money_text(a["maintenance"])) for a in document["accounts"]]
    lines.append(row("  Total", "", money_text(document["initial"]),
                     money_text(document["maintenance"])))
    lines.append(row("  Gross and net", "of option premium", money_text(document["gross"]),
                     money_text(document["net"])))
    excluded = document["excluded"]
    if excluded:
        noun = "position" if len(excluded) == 1 else "positions"
        lines += [f"INCOMPLETE: {len(excluded)} {noun} excluded", *sentences(excluded)]
    return "\n".join([*lines, *sentences(document.get("problems", ()))])


def _regime(document: Plain) -> str:
    """Return the regime by its name in the field, with the design's where there is one."""
    said = regime_words(document["regime"])
    return f"{said[:1].upper()}{said[1:]} {document.get('design', '')}".strip()


def import_text(document: Plain) -> str:
    """Return what an import understood: counts, control totals, problems."""
    counts = ", ".join(counted(len(document[part]), noun) for part, noun in (
        ("positions", "position"), ("accounts", "account"), ("cash", "cash line"))
        if part in document)
    lines = wrapped(f"{document['outcome']}: {document['kind']}, as of "
                    f"{document['as_of'] or 'an unknown date'}, "
                    f"{counted(document['rows_read'], 'row')} read, {counts}")
    if document["control_totals"]:
        lines.append(row("CONTROL TOTALS", "", "stated", "loaded"))
    for total in document["control_totals"]:
        verdict = "agrees" if total["agrees"] else "DISAGREES"
        lines += _total(total["where"], verdict, money_text(total["stated"]),
                        money_text(total["computed"]))
    return "\n".join([*lines, *sentences(document["problems"])])


def _total(where: str, verdict: str, stated: str, loaded: str) -> list[str]:
    """Return a control total; a place too long for its column stands on a line of its own."""
    if len(where) + 2 <= NAME_WIDTH:
        return [row(f"  {where}", verdict, stated, loaded)]
    return [*wrapped(where, "  "), row("", verdict, stated, loaded)]


def sentences(items: Sequence[Plain]) -> list[str]:
    """Return problems or exclusions as sentences, the first of them when there are many."""
    lines: list[str] = []
    for item in items[:MOST_LISTED]:
        severity = f"{item['severity']}: " if "severity" in item else ""
        remedy = f"; {item['remedy']}" if item["remedy"] else ""
        lines += wrapped(f"{severity}{item['where']}: {item['what']}{remedy}", "  ")
    if len(items) > MOST_LISTED:
        lines.append(f"  and {len(items) - MOST_LISTED} more, all listed with --json")
    return lines
