"""One amount in words: its rule, its inputs, and why not the other branch."""

from __future__ import annotations

from decimal import Decimal
from html import escape

from workstation.base.explain import Explained
from workstation.base.money import accounting
from workstation.results.formats import percent_text
from workstation.ui.tokens import Tokens

CENTS = 2
MOST_BRANCHES = 6
MOST_PARTS = 8
STANDING_IN_WORDS = {
    "sourced": "taken from the source named",
    "computed": "computed from the source named",
    "unverified": "to confirm: not checked against its source",
    "house": "house parameter, not a rule",
}
MADE_IN_WORDS = {"sum": "Sum of {} parts.", "max": "Greatest of {} branches.",
                 "min": "Least of {} branches.", "leaf": ""}


def made(node: Explained) -> str:
    """Say how the amount was made from its parts."""
    sentence = MADE_IN_WORDS[node.combine].format(len(node.parts))
    return sentence.removesuffix("s.") + "." if len(node.parts) == 1 else sentence


def largest(node: Explained) -> list[tuple[str, str, str]]:
    """Return the largest parts of a sum: name, amount and share, and what the rest come to."""
    if node.combine != "sum":
        return []
    ranked = sorted(node.parts, key=lambda part: -abs(part.amount))
    shown, rest = ranked[:MOST_PARTS], ranked[MOST_PARTS:]
    lines = [(" ".join(part.label.split()), part.amount) for part in shown]
    if rest:
        lines.append((f"{len(rest)} further", sum((part.amount for part in rest), Decimal(0))))
    return [(label, _money(amount), _share(amount, node.amount)) for label, amount in lines]


def _share(amount: Decimal, whole: Decimal) -> str:
    return percent_text(amount / whole) if whole else ""


def why(node: Explained, holder: Explained | None) -> list[str]:
    """Say which branch binds, by how much the others fall short, and what share a part has."""
    sentences = []
    if holder is not None:
        sentences += _inside(node, holder)
    if node.binding is not None:
        sentences += _branches(node, node.binding)
    return sentences


def _inside(node: Explained, holder: Explained) -> list[str]:
    binding = holder.binding
    if binding is None:
        if not holder.amount:
            return []
        return [f"{percent_text(node.amount / holder.amount)} of {holder.label}."]
    extreme = "greatest" if holder.combine == "max" else "least"
    if node is binding:
        return [f"This branch binds: it is the {extreme} of {len(holder.parts)} in {holder.label}."]
    return [f"This branch does not bind: {binding.label}, {_money(binding.amount)}, is "
            f"{_compared(binding.amount, node.amount)}."]


def _branches(node: Explained, binding: Explained) -> list[str]:
    others = [part for part in node.parts if part is not binding]
    others.sort(key=lambda part: abs(part.amount - binding.amount))
    sentences = [f"{binding.label} binds with {_money(binding.amount)}."]
    sentences += [f"Not {part.label}: {_money(part.amount)} is "
                  f"{_compared(part.amount, binding.amount)}."
                  for part in others[:MOST_BRANCHES]]
    rest = len(others) - MOST_BRANCHES
    return [*sentences, f"And {rest} further branches."] if rest > 0 else sentences


def _compared(one: Decimal, other: Decimal) -> str:
    if one == other:
        return "the same; the first branch is taken"
    word = "greater" if one > other else "smaller"
    return f"{_money(abs(one - other))} {word}"


def _money(amount: Decimal) -> str:
    return accounting(amount, CENTS)


def detail(node: Explained, holder: Explained | None, currency: str, tokens: Tokens) -> str:
    """Write the whole detail of one amount as rich text."""
    head = (f"<p style='font-weight:600;margin:0'>{escape(node.label)}</p>"
            f"<p style='font-size:large;font-weight:600;margin:2px 0'>{_money(node.amount)} "
            f"<span style='color:{tokens.muted}'>{escape(currency)}</span></p>")
    blocks = [_parts(node, tokens), _rule(node, tokens), _inputs(node, tokens),
              _why(node, holder, tokens)]
    return head + _line(made(node)) + "".join(blocks)


def _parts(node: Explained, tokens: Tokens) -> str:
    rows = "".join(
        f"<tr><td align='right' style='white-space:nowrap;padding-right:8px'>{share}</td>"
        f"<td>{escape(label)}<br><span style='color:{tokens.muted}'>{amount}</span></td></tr>"
        for label, amount, share in largest(node))
    table = f"<table cellspacing='0' cellpadding='1'>{rows}</table>"
    return f"{_title('Largest first', tokens)}{table}" if rows else ""


def _rule(node: Explained, tokens: Tokens) -> str:
    cite = node.cite
    if cite is None:
        return ""
    doubtful = cite.standing == "unverified"
    mark = f"<span style='color:{tokens.partial};font-weight:600'>◐ " if doubtful else "<span>"
    return (_title("Rule", tokens)
            + _line(f"{cite.rule}{cite.paragraph}")
            + f"<p style='margin:0'>Edition {escape(cite.edition)}; {mark}"
              f"{escape(STANDING_IN_WORDS[cite.standing])}</span></p>")


def _inputs(node: Explained, tokens: Tokens) -> str:
    if not node.inputs:
        return ""
    rows = "".join(
        f"<tr><td style='color:{tokens.muted};padding-right:16px'>{escape(name)}</td>"
        f"<td align='right'>{escape(value)}</td></tr>" for name, value in node.inputs)
    return f"{_title('Inputs', tokens)}<table cellspacing='0' cellpadding='1'>{rows}</table>"


def _why(node: Explained, holder: Explained | None, tokens: Tokens) -> str:
    sentences = why(node, holder)
    is_branch = holder is not None and holder.binding is not None
    title = "Why not the other branch?" if is_branch or node.binding else "Share"
    return _title(title, tokens) + "".join(map(_line, sentences)) if sentences else ""


def _title(text: str, tokens: Tokens) -> str:
    return f"<p style='color:{tokens.muted};margin:8px 0 0 0'>{escape(text)}</p>"


def _line(text: str) -> str:
    return f"<p style='margin:0'>{escape(text)}</p>" if text else ""
