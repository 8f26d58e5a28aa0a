"""The book after moves and over its history, as JSON."""

from __future__ import annotations

from workstation.reports.margin_documents import Document, number
from workstation.results.stressed_book import PastMove, Replayed, StressedBook


def stressed_body(found: StressedBook) -> Document:
    """Return grid, past moves and replays; `unmoved` names moves that touch no risk of the book."""
    return {"design": found.design or None,
            "grid": [{"move": cell.move, "volatility": cell.volatility, "profit": cell.profit,
                      "silos": cell.silos} for cell in found.grid],
            "moves": [_move(row) for row in found.moves], "unmoved": list(found.still),
            "replays": [_replay(row) for row in found.replays], "notes": list(found.notes)}


def _move(row: PastMove) -> Document:
    return {"scenario": row.scenario, "profit": number(row.profit), "equity": number(row.equity),
            "silos": number(row.silos), "rise": number(row.rise), "called": number(row.called),
            "accounts_called": list(row.accounts),
            "design": number(row.design)}


def _replay(row: Replayed) -> Document:
    return {"requirement": row.title, "window": row.window, "days": row.days,
            "exceedances": row.exceedances, "kupiec": row.likelihood, "zone": row.zone,
            "worst_loss": row.worst_loss, "worst_day": row.worst_day.isoformat(),
            "not_covered": row.uncovered, "peak_to_trough": row.peak_to_trough,
            "largest_rise_in_5": row.rise}
