"""The charts of a cascade beside its price paths: margin, chain, contagion, calls, tipping."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal

from workstation.base.money import accounting
from workstation.cascade.result import CascadeResult
from workstation.results.cascade_chain import named
from workstation.ui.plots import (
    causal_tree,
    matrix_map,
    stacked_bars,
    step_lines,
    tipping_gauge,
)
from workstation.ui.plots.canvas import Drawing
from workstation.ui.plots.paths import Shade
from workstation.ui.plots.stacked_bars import Bar, Part
from workstation.ui.plots.state_key import Look
from workstation.ui.plots.style import Pattern, compact

Chart = tuple[Drawing, str]
"""A drawing and what it shows in one sentence."""
PRICES = "prices"
CHARTS = (("Prices", PRICES), ("Margin and equity", "margin"), ("Causal tree", "tree"),
          ("Contagion", "contagion"), ("Calls and sources", "calls"), ("Tipping", "tipping"),
          ("Regimes", "regimes"), ("Shock x liquidity", "liquidity"))
LOOKS = {
    "excess": Look("granted", Pattern.SOLID),
    "free collateral": Look("granted", Pattern.DIAGONAL),
    "recalled collateral": Look("partial", Pattern.BACK_DIAGONAL),
    "credit line": Look("accent", Pattern.DIAGONAL),
    "forced sale": Look("denied", Pattern.CROSS),
    "not met": Look("excluded", Pattern.DOTS),
    "direct loss": Look("partial", Pattern.SOLID),
    "loss through sales": Look("denied", Pattern.CROSS),
    "no loss": Look("granted", Pattern.SOLID),
}
ZERO = Decimal(0)


def chart_of(kind: str, cascade: CascadeResult, currency: str, shades: tuple[Shade, ...],
             step: int | None = None) -> Chart | None:
    """Return a chart of a cascade, None where it has nothing to show."""
    if kind == "margin":
        return _margin(cascade, shades, step, currency)
    makers: dict[str, Callable[[CascadeResult, str], Chart | None]] = {
        "tree": _tree, "contagion": _contagion, "calls": _calls, "tipping": _tipping,
        "regimes": _regimes, "liquidity": _liquidity}
    return makers[kind](cascade, currency) if kind in makers else None


def _margin(cascade: CascadeResult, shades: tuple[Shade, ...], step: int | None, unit: str,
            ) -> Chart | None:
    if not cascade.steps or not cascade.steps[0].margins:
        return None
    equity = tuple(s.equity[0] for s in cascade.steps)
    margin = tuple(s.margins[0] if s.margins else 0.0 for s in cascade.steps)
    shown = step_lines.StepLines(
        (step_lines.Line("equity", equity, "text"), step_lines.Line("margin", margin, "accent")),
        shades, tuple(n for n, s in enumerate(cascade.steps) if s.calls[0] > 1), step, unit)
    return (lambda sheet: step_lines.draw(sheet, shown)), step_lines.summary(shown)


def _tree(cascade: CascadeResult, currency: str) -> Chart | None:
    is_traced = bool(cascade.causes) or not cascade.calls
    if not cascade.participants or not is_traced:
        return None
    nodes = tuple(causal_tree.Node(
        named(c), f"step {c.step}, call {compact(c.call)}", f"{c.factor} {c.move:+.1%}", c.parent,
        "denied" if c.sold > 1 else "partial",
        f"called for {accounting(c.call)} {currency}; then sells {accounting(c.sold)}")
        for c in cascade.causes)
    line = cascade.scenario if nodes else "calls nobody"
    return (lambda sheet: causal_tree.draw(sheet, "Shock", line, nodes),
            causal_tree.summary("Shock", nodes))


def _contagion(cascade: CascadeResult, currency: str) -> Chart | None:
    if not cascade.contagion:
        return None
    rows = tuple(dict.fromkeys(c.shocked for c in cascade.contagion))
    columns = tuple(dict.fromkeys(c.moved for c in cascade.contagion))
    found = {(c.shocked, c.moved): c for c in cascade.contagion}
    worst = max(abs(c.move) for c in cascade.contagion)
    cells = tuple(tuple(
        None if (c := found.get((row, column))) is None else matrix_map.Figure(
            f"{c.move:+.2%}", abs(c.move) / worst, f"after {c.shock:+.1%} in {row} alone",
            marked=row == column) for column in columns) for row in rows)
    matrix = matrix_map.Matrix(rows, columns, cells, "moved by forced sales", "shocked alone",
                               "Hatched: what sales did to the shocked factor itself.")
    return (lambda sheet: matrix_map.draw(sheet, matrix)), matrix_map.summary(matrix)


def _liquidity(cascade: CascadeResult, currency: str) -> Chart | None:
    if not cascade.liquidity:
        return None
    rows = tuple(dict.fromkeys(c.multiple for c in cascade.liquidity))
    columns = tuple(dict.fromkeys(c.volume_left for c in cascade.liquidity))
    found = {(c.multiple, c.volume_left): c for c in cascade.liquidity}
    worst = max(abs(float(c.client_loss)) for c in cascade.liquidity) or 1.0
    cells = tuple(tuple(
        None if (c := found.get((row, column))) is None else matrix_map.Figure(
            compact(c.client_loss), max(float(c.client_loss), 0.0) / worst,
            "client left without equity" if c.defaulted else "", marked=c.defaulted)
        for column in columns) for row in rows)
    matrix = matrix_map.Matrix(
        tuple(f"{row:g} x the shock" for row in rows), tuple(f"{c:.0%}" for c in columns), cells,
        "of today's volume left", "client loses",
        f"The client's loss, {currency}. Hatched: left without equity.")
    return (lambda sheet: matrix_map.draw(sheet, matrix)), matrix_map.summary(matrix)


def _calls(cascade: CascadeResult, currency: str) -> Chart | None:
    bars = []
    own = [call for call in cascade.calls if call.participant == cascade.participants[0]]
    # Others are often a thousand times the client, whose bars would not be seen beside theirs.
    for call in own or cascade.calls:
        parts = [Part(_layer(s.source), min(s.amount, call.call)) for s in call.sources]
        left = call.call - sum((p.amount for p in parts), ZERO)
        if left > 1:
            parts.append(Part("not met", left))
        who = call.participant if call.account in ("", call.participant) else (
            f"{call.participant} {call.account}")
        bars.append(Bar(f"step {call.step}, {who}", tuple(parts), call.met_by))
    return _bars(tuple(bars), currency)


def _layer(source: str) -> str:
    return "excess" if source.startswith("excess") else source


def _regimes(cascade: CascadeResult, currency: str) -> Chart | None:
    bars = []
    for row in cascade.comparison:
        direct = max(row.direct_loss, ZERO)
        through = max(row.total_loss - direct, ZERO)
        parts = tuple(Part(name, amount) for name, amount in (
            ("direct loss", min(direct, max(row.total_loss, ZERO))),
            ("loss through sales", through)) if amount > 0)
        bars.append(Bar(row.title, parts or (Part("no loss", ZERO),),
                        f"requirement {accounting(row.requirement)}, called "
                        f"{accounting(row.called)}, forced sales {accounting(row.sold)}"))
    return _bars(tuple(bars), currency)


def _bars(bars: tuple[Bar, ...], currency: str) -> Chart | None:
    bars = tuple(bar for bar in bars if bar.parts)
    if not any(bar.total for bar in bars):
        return None
    return (lambda sheet: stacked_bars.draw(sheet, bars, LOOKS, currency),
            stacked_bars.summary(bars, currency))


def _tipping(cascade: CascadeResult, currency: str) -> Chart | None:
    if not cascade.tipping:
        return None
    marks = tuple(tipping_gauge.Mark(t.event, t.multiple) for t in cascade.tipping)
    most = max(t.searched for t in cascade.tipping)
    return (lambda sheet: tipping_gauge.draw(sheet, marks, most),
            tipping_gauge.summary(marks, most))
