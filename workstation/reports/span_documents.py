"""The `crossmargin.span/1` document and its text: requirement and every component by portfolio."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from workstation import __version__
from workstation.base.money import accounting
from workstation.base.problem import Problem
from workstation.parameters.store import Edition
from workstation.reports.margin_documents import (
    Document,
    exclusion_body,
    explain_body,
    number,
    offset_body,
    problem_body,
)
from workstation.rulebooks.span.outcome import ESTIMATE, FILE, CommodityRisk, PortfolioRisk
from workstation.rulebooks.span.parameters import RiskParameters
from workstation.rulebooks.span.scan import TierScan
from workstation.rulebooks.span.spread_log import LegTaken, SpreadDenied, SpreadFormed, Unmatched

SCHEMA = "crossmargin.span/1"


def span_document(files: Sequence[RiskParameters], positions: tuple[str, str, str],
                  answers: Sequence[PortfolioRisk], edition: Edition,
                  problems: Iterable[Problem] = ()) -> Document:
    """Return every portfolio; `positions` is name, digest and layout of the position file."""
    name, digest, layout = positions
    return {
        "schema": SCHEMA,
        "as_of": _as_of(files),
        "product_version": __version__,
        "mode": _mode(answers),
        "inputs": {**{file.name: file.sha256 for file in files}, name: digest},
        "parameters": {edition.rule: edition.edition},
        "files": {"params": [_file(file) for file in files],
                  "positions": {"name": name, "sha256": digest, "layout": layout}},
        "complete": all(answer.complete for answer in answers)
        and not any(p.severity == "error" for p in problems),
        "portfolios": [portfolio_body(answer) for answer in answers],
        "problems": [problem_body(p) for file in files for p in file.problems]
        + [problem_body(p) for p in problems],
    }


def _mode(answers: Sequence[PortfolioRisk]) -> str:
    """Say whether the figures are the files', estimates, or some of each."""
    modes = {item.mode for answer in answers for item in answer.commodities}
    return " and ".join(mode for mode in (FILE, ESTIMATE) if mode in modes) or FILE


def _as_of(files: Sequence[RiskParameters]) -> str | None:
    days: list[date] = [item.business_date for file in files for item in file.organisations
                        if item.business_date is not None]
    return max(days).isoformat() if days else None


def _file(file: RiskParameters) -> Document:
    return {
        "name": file.name, "sha256": file.sha256, "layout": file.layout,
        "records": file.records, "skipped": dict(file.skipped), "complete": file.complete,
        "organisations": [
            {"code": item.code, "cycle": item.cycle, "time": item.time,
             "business_date": item.business_date.isoformat() if item.business_date else None,
             "commodities": len(item.commodities), "families": len(item.families),
             "contracts": len(item.contracts), "inter_spreads": len(item.inter_spreads)}
            for item in file.organisations],
    }


def portfolio_body(answer: PortfolioRisk) -> Document:
    """Return one portfolio; requirements are after net option value, never below zero."""
    held = answer.portfolio
    return {
        "account_id": held.account_id,
        "account_class": held.account_class,
        "account_type": held.code,
        "currency": answer.currency,
        "segregation": held.segregation,
        "gross": held.omnibus,
        "maintenance": number(answer.maintenance.amount),
        "initial": number(answer.initial.amount),
        "net_option_value": number(answer.net_option_value),
        "excess_long_option_value": number(answer.excess_initial),
        "excess_long_option_value_maintenance": number(answer.excess_maintenance),
        "maintenance_risk": number(answer.maintenance_risk),
        "initial_risk": number(answer.initial_risk),
        "account_excess": number(answer.account_excess),
        "complete": answer.complete,
        "snapshots": list(answer.snapshots),
        "commodities": [commodity_body(item) for item in answer.commodities],
        "spreads_formed": [_formed(item) for item in answer.formed],
        "spreads_denied": [_denied(item) for item in answer.denied],
        "unmatched_deltas": [_unmatched(item) for item in answer.unmatched],
        "explain": explain_body(answer.maintenance),
        "explain_initial": explain_body(answer.initial),
        "offsets": [offset_body(item) for item in answer.offsets],
        "excluded": [exclusion_body(item) for item in answer.excluded],
        "problems": [problem_body(item) for item in answer.problems],
    }


def commodity_body(item: CommodityRisk) -> Document:
    """Return every component of one combined commodity."""
    return {
        "code": item.code, "organisation": item.organisation, "currency": item.currency,
        "side": item.side, "mode": item.mode, "label": item.label,
        "scan": number(item.scan), "active_scenario": item.active_scenario,
        "time_risk": number(item.time_risk), "volatility_risk": number(item.volatility_risk),
        "futures_price_risk": number(item.price_risk),
        "net_delta": number(item.net_delta),
        "month_deltas": {month: number(delta) for month, delta in item.month_deltas},
        "weighted_futures_price_risk": number(item.weighted_price_risk),
        "intra": number(item.intra), "spot": number(item.spot),
        "spot_detail": [{"month": s.month, "in_spreads": number(s.in_spreads),
                         "left": number(s.left), "charge": number(s.charge)}
                        for s in item.spot_detail],
        "inter_credit": number(item.inter_credit),
        "inter_clearing_credit": number(item.clearing_credit),
        "short_option_minimum": number(item.short_option_minimum),
        "short_option_minimum_binds": item.minimum_binds,
        "net_option_value": number(item.net_option_value),
        "risk": number(item.risk), "maintenance": number(item.maintenance),
        "initial": number(item.initial),
        "absorbed_by": item.absorbed_by, "absorbed": list(item.absorbed),
        "scans": [_scan(scan) for scan in item.scans],
    }


def _scan(scan: TierScan) -> Document:
    return {"tier": scan.tier, "active_scenario": scan.active, "scan": number(scan.scan_risk),
            "losses": [number(loss) for loss in scan.losses]}


def _formed(item: SpreadFormed) -> Document:
    return {
        "priority": item.priority, "kind": item.kind, "method": item.method,
        "legs": [_leg(leg) for leg in item.legs], "count": number(item.count),
        "rate": number(item.rate),
        "rate_unit": "money per spread" if item.flat or not item.is_credit else "percent",
        "amount": number(item.amount), "is_credit": item.is_credit,
        "assumed_long": item.assumed_long or None,
    }


def _leg(leg: LegTaken) -> Document:
    return {"commodity": leg.commodity, "leg": leg.label, "side": leg.side,
            "ratio": number(leg.ratio), "delta_before": number(leg.before),
            "delta_after": number(leg.after), "rate": number(leg.rate),
            "price_risk": number(leg.price_risk), "credit": number(leg.credit)}


def _denied(item: SpreadDenied) -> Document:
    return {"priority": item.priority, "kind": item.kind, "reason": item.reason,
            "detail": item.detail, "commodities": list(item.commodities),
            "legs": list(item.legs)}


def _unmatched(item: Unmatched) -> Document:
    return {"commodity": item.commodity, "month": item.month, "delta": number(item.delta),
            "reason": item.reason}


def span_text(document: Mapping[str, Any]) -> str:
    """Write a document for reading."""
    lines = [f"{item['code']} {item['business_date']} {item['cycle']} {item['time']}: "
             f"{item['contracts']:,} contracts ({file['name']}, {file['layout']})"
             for file in document["files"]["params"] for item in file["organisations"]]
    for portfolio in document["portfolios"]:
        lines += _portfolio_lines(portfolio)
    lines += [f"problem: {p['where']}: {p['what']}; {p['remedy']}" for p in document["problems"]]
    return "\n".join(lines)


def _portfolio_lines(portfolio: Mapping[str, Any]) -> list[str]:
    mark = "" if portfolio["complete"] else "  INCOMPLETE"
    lines = ["", f"{portfolio['account_id']} ({portfolio['account_class']}, "
             f"{portfolio['currency']}): initial {_money(portfolio['initial'])}, maintenance "
             f"{_money(portfolio['maintenance'])}, net option value "
             f"{_money(portfolio['net_option_value'])}{mark}"]
    for item in portfolio["commodities"]:
        side = f" {item['side']}" if item["side"] else ""
        lines.append(
            f"  {item['code']}{side}: scan {_money(item['scan'])} (scenario "
            f"{item['active_scenario']}), intra {_money(item['intra'])}, spot "
            f"{_money(item['spot'])}, credit {_money(-item['inter_credit'])}, minimum "
            f"{_money(item['short_option_minimum'])}, risk {_money(item['risk'])}")
        if item["mode"] != "file":
            lines.append(f"    {item['label']}")
    lines += [f"  formed  {s['kind']:<7}{s['priority']:>5}  "
              f"{'/'.join(dict.fromkeys(leg['commodity'] for leg in s['legs']))}: "
              f"{s['count']:.4f} spreads, "
              f"{'credit' if s['is_credit'] else 'charge'} {_money(s['amount'])}"
              for s in portfolio["spreads_formed"]]
    lines += [f"  denied  {s['kind']:<7}{s['priority']:>5}  "
              f"{'/'.join(s['commodities'])}: {s['reason']} ({s['detail']})"
              for s in portfolio["spreads_denied"]]
    lines += [f"  left out  {x['where']}: {x['what']}; {x['remedy']}"
              for x in portfolio["excluded"]]
    lines += [f"  note  {p['where']}: {p['what']}" for p in portfolio["problems"]]
    return lines


def _money(value: float) -> str:
    return accounting(Decimal(repr(value)), 2)
