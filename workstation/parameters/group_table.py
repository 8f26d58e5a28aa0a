"""A clearing corporation's group table (CSV) as an edition laid over FINRA 4210(g).

Columns, in any order and case: underlying (or symbol), class_group, product_group,
portfolio_group, product_offset, portfolio_offset. An empty group is a group of its own; an offset
is the share of a group's gain that counts, as a fraction or a percentage, and belongs to the whole
group it stands in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping
from decimal import Decimal, InvalidOperation

RULE, PARAMETER = "FINRA 4210", "class_groups"
NAMES = {"underlying": "underlying", "symbol": "underlying", "class": "class_group",
         "classgroup": "class_group", "product": "product_group", "productgroup": "product_group",
         "portfolio": "portfolio_group", "portfoliogroup": "portfolio_group",
         "productoffset": "product_offset", "portfoliooffset": "portfolio_offset"}
LEVELS = (("product_group", "product_offset"), ("portfolio_group", "portfolio_offset"))
PER_CENT = 100


class GroupTableError(ValueError):
    """The table cannot be used; says where, what, and what to do."""


def edition_text(text: str, name: str) -> str:
    """Return the table as the text of an edition; raises GroupTableError with a sentence."""
    rows = list(_rows(text, name))
    if not rows:
        raise GroupTableError(f"{name}: no row names an underlying; add rows below the header")
    _agree(rows, name)
    body = "\n".join(f"    {{ {', '.join(f'{k} = {_quoted(v)}' for k, v in row.items())} }},"
                     for row in rows)
    return (f'rule = "{RULE}"\nedition = "{_escaped(name)}"\neffective = 2000-01-01\n'
            f'source = "{_escaped(name)}, a group table of the user"\n\n'
            f"[parameter.{PARAMETER}]\nvalue = [\n{body}\n]\n"
            'unit = "underlying to groups"\nparagraph = "(g)(7)"\nstanding = "house"\n')


Row = dict[str, str | Decimal]


def _rows(text: str, name: str) -> Iterator[Row]:
    lines = csv.reader(io.StringIO(text.lstrip("\N{ZERO WIDTH NO-BREAK SPACE}")))
    header = [NAMES.get("".join(c for c in cell.casefold() if c.isalpha()), "")
              for cell in next(lines, [])]
    if "underlying" not in header or "class_group" not in header:
        raise GroupTableError(
            f"{name}, line 1: the columns underlying and class_group are missing; name them in the "
            "first line")
    for number, cells in enumerate(lines, start=2):
        read = {column: cell.strip() for column, cell in zip(header, cells, strict=False) if column}
        if read.get("underlying"):
            yield _row(read, f"{name}, line {number}")


def _row(read: Mapping[str, str], where: str) -> Row:
    """Return a row with every group named: an empty one takes the name of the level below."""
    row: Row = {"underlying": read["underlying"].upper()}
    below = row["underlying"]
    for group in ("class_group", "product_group", "portfolio_group"):
        below = row[group] = read.get(group) or below
    for _, offset in LEVELS:
        if read.get(offset):
            row[offset] = _share(read[offset], offset, where)
    return row


def _share(text: str, column: str, where: str) -> Decimal:
    try:
        found = Decimal(text.rstrip("% ").strip())
    except InvalidOperation:
        found = Decimal(-1)
    share = found / PER_CENT if text.rstrip().endswith("%") or found > 1 else found
    if not 0 <= share <= 1:
        raise GroupTableError(f"{where}: {column} “{text}” is not a share; write 0.90 or 90 %")
    return share


def _agree(rows: list[Row], name: str) -> None:
    """Refuse an underlying in two classes, and a group with two offsets."""
    seen: dict[tuple[str, object], object] = {}
    for row in rows:
        facts = [("underlying", row["underlying"], row["class_group"])]
        facts += [(offset, row[group], row[offset]) for group, offset in LEVELS if offset in row]
        for kind, key, value in facts:
            if seen.setdefault((kind, key), value) != value:
                raise GroupTableError(
                    f"{name}: {key} has two values for {kind.replace('_', ' ')}, "
                    f"{seen[kind, key]} and {value}; keep one")


def _quoted(value: str | Decimal) -> str:
    return f'"{_escaped(value)}"' if isinstance(value, str) else f"{value:f}"


def _escaped(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
