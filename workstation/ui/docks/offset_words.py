"""One offset in words: the decision, its figures, and what would change it."""

from __future__ import annotations

from html import escape

from workstation.base.money import accounting
from workstation.measures.requirement import Offset
from workstation.ui.plots.style import SYMBOL_OF, WORD_OF, tone
from workstation.ui.tokens import Tokens


def title(offset: Offset) -> str:
    """Return the legs of an offset as one name."""
    return " / ".join(offset.between)


def detail(offset: Offset, currency: str, tokens: Tokens) -> str:
    """Write an offset as rich text: decision, effect, reason, tests, barrier."""
    colour = tone(tokens, offset.status)
    decision = f"{SYMBOL_OF.get(offset.status, '')} {WORD_OF.get(offset.status, offset.status)}"
    effects = [(f"effect, {currency}", accounting(offset.amount))]
    if offset.would_save:
        effects.append((f"denied part would save, {currency}", accounting(offset.would_save)))
    where = [("accounts", ", ".join(offset.accounts))] if offset.accounts else []
    level = [("level", offset.level)] if offset.level else []
    blocks = (
        f"<p style='font-weight:600;margin:0'>{escape(title(offset))}</p>",
        f"<p style='font-weight:600;margin:0;color:{colour}'>{escape(decision)}</p>",
        _lines(effects + where + level, tokens),
        _block("Reason", offset.reason, tokens),
        _heading("Tests", tokens) + _lines(list(offset.tests), tokens) if offset.tests else "",
        _block("What would change it", offset.barrier, tokens),
    )
    return "".join(blocks)


def _block(heading: str, text: str, tokens: Tokens) -> str:
    return f"{_heading(heading, tokens)}<p style='margin:0'>{escape(text)}</p>" if text else ""


def _heading(text: str, tokens: Tokens) -> str:
    return f"<p style='color:{tokens.muted};margin:8px 0 0 0'>{escape(text)}</p>"


def _lines(rows: list[tuple[str, str]], tokens: Tokens) -> str:
    cells = "".join(
        f"<tr><td style='color:{tokens.muted};padding-right:16px'>{escape(name)}</td>"
        f"<td align='right'>{escape(value)}</td></tr>" for name, value in rows)
    return f"<table cellspacing='0' cellpadding='1'>{cells}</table>"
