"""A firm's template: who writes the pack, with which words, read from a small TOML file."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any

from workstation.base.identifiers import lei_is_valid
from workstation.base.problem import Problem, UnusableInputError

LOGO_KINDS = (b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff")
LOGO_LIMIT = 2_000_000
MOST_PIXELS = 4_000_000
TOO_LARGE = f"save it with {MOST_PIXELS:,} pixels at most"
TEXTS = ("firm", "reviewer", "disclaimer", "contact", "recommendation")
TABLES = ("relationship", "lei", "owners", "call")
CALL_AMOUNTS = ("minimum_transfer", "rounding", "threshold")
CALL_TEXTS = ("delivery", "cut_off", "agreement")
CALL_DATE = "agreement_date"


@dataclass(frozen=True, slots=True)
class CallTerms:
    """How a firm calls margin; amounts in the reporting currency, None where not agreed."""

    minimum_transfer: Decimal | None = None
    rounding: Decimal | None = None
    threshold: Decimal | None = None
    delivery: str = ""
    cut_off: str = ""
    agreement: str = ""
    agreement_date: date | None = None


@dataclass(frozen=True, slots=True)
class Template:
    """What a pack says that no position file holds.

    `relationship` is printed as it stands (net asset value, agreements, lock-ups); `owners` names
    who deals with exceptions of a kind; `lei` is by name of client or carrying firm.
    """

    firm: str = ""
    reviewer: str = ""
    disclaimer: str = ""
    contact: str = ""
    recommendation: str = ""
    conditions: tuple[str, ...] = ()
    logo: bytes = b""
    relationship: Mapping[str, str] = field(default_factory=dict)
    lei: Mapping[str, str] = field(default_factory=dict)
    owners: Mapping[str, str] = field(default_factory=dict)
    call: CallTerms = CallTerms()


def read_template(path: Path) -> Template:
    """Read a template; raises UnusableInputError with a sentence where it cannot be used."""
    try:
        text = path.read_text("utf-8-sig")
    except OSError as error:
        raise _refusal(path, f"the template cannot be read ({error.strerror})",
                       "check its name and that you may read it") from error
    except UnicodeDecodeError as error:
        raise _refusal(path, "the template is not UTF-8 text",
                       "save it as UTF-8") from error
    if not text.strip():
        raise _refusal(path, "the template is empty", 'write firm = "NAME" into it, or leave the '
                       "template out")
    try:
        found = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _refusal(path, f"the template is not TOML: {error}",
                       "mend that line, or leave the template out") from error
    return _template(path, found)


def _template(path: Path, found: dict[str, Any]) -> Template:
    unknown = sorted(set(found) - {*TEXTS, *TABLES, "conditions", "logo"})
    if unknown:
        raise _refusal(path, f"{unknown[0]!r} is not a setting of a template",
                       f"use {', '.join((*TEXTS, 'conditions', 'logo', *TABLES))}")
    texts = {name: _text(path, name, found.get(name, "")) for name in TEXTS}
    conditions = found.get("conditions", [])
    if not isinstance(conditions, list):
        raise _refusal(path, "conditions is not a list", 'write conditions = ["one", "two"]')
    tables = {name: _texts(path, name, found.get(name, {})) for name in TABLES if name != "call"}
    for name, lei in tables["lei"].items():
        if not lei_is_valid(lei):
            raise _refusal(path, f"lei: {lei!r} of {name} is no legal entity identifier: it has 18 "
                           "letters and digits and two check digits that fit", "correct it")
    return Template(
        texts["firm"], texts["reviewer"], texts["disclaimer"], texts["contact"],
        texts["recommendation"], tuple(_text(path, "conditions", c) for c in conditions),
        _logo(path, found["logo"]) if "logo" in found else b"",
        tables["relationship"], tables["lei"], tables["owners"], _call(path, found.get("call", {})))


def _text(path: Path, name: str, value: object) -> str:
    if not isinstance(value, str):
        raise _refusal(path, f"{name} is not a text", f'write {name} = "..."')
    return value


def _texts(path: Path, name: str, table: object) -> dict[str, str]:
    if not isinstance(table, dict):
        raise _refusal(path, f"{name} is not a table", f"write [{name}] and its lines below it")
    return {key: value if isinstance(value, str) else str(value) for key, value in table.items()}


def _call(path: Path, table: object) -> CallTerms:
    lines = _texts(path, "call", table)
    unknown = sorted(set(lines) - {*CALL_AMOUNTS, *CALL_TEXTS, CALL_DATE})
    if unknown:
        raise _refusal(path, f"call.{unknown[0]} is not a term of a call",
                       f"use {', '.join((*CALL_AMOUNTS, *CALL_TEXTS, CALL_DATE))}")
    least, rounding, threshold = (
        _amount(path, name, lines[name]) if name in lines else None for name in CALL_AMOUNTS)
    delivery, cut_off, agreement = (lines.get(name, "") for name in CALL_TEXTS)
    signed = _date(path, lines[CALL_DATE]) if CALL_DATE in lines else None
    return CallTerms(least, rounding, threshold, delivery, cut_off, agreement, signed)


def _date(path: Path, text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise _refusal(path, f"call.{CALL_DATE} is not a date: {text!r}",
                       f"write {CALL_DATE} = 2024-01-31") from error


def _amount(path: Path, name: str, text: str) -> Decimal:
    try:
        amount = Decimal(text.replace("_", ""))
    except InvalidOperation:
        amount = Decimal("NaN")
    if not amount.is_finite() or amount < 0:
        raise _refusal(path, f"call.{name} is not an amount of 0 or more: {text!r}",
                       f"write {name} = 100000")
    return amount


def _logo(path: Path, name: object) -> bytes:
    file = path.parent / _text(path, "logo", name)
    try:
        content = file.read_bytes()
    except OSError as error:
        raise _refusal(path, f"the logo {file.name} cannot be read ({error.strerror})",
                       "give its path from the folder of the template") from error
    if not content.startswith(LOGO_KINDS) or len(content) > LOGO_LIMIT:
        raise _refusal(path, f"the logo {file.name} is not a PNG or JPEG below 2 MB",
                       "save it as PNG")
    _check_picture(path, file.name, content)
    return content


def _check_picture(path: Path, name: str, content: bytes) -> None:
    import io

    from PIL import Image

    try:
        with Image.open(io.BytesIO(content)) as picture:
            size = picture.width * picture.height
            picture.verify()
    except Image.DecompressionBombError as error:
        raise _refusal(path, f"the logo {name} has too many pixels", TOO_LARGE) from error
    except (OSError, SyntaxError, ValueError) as error:
        raise _refusal(path, f"the logo {name} is damaged", "save it as PNG again") from error
    if size > MOST_PIXELS:
        raise _refusal(path, f"the logo {name} has {size:,} pixels", TOO_LARGE)


def _refusal(path: Path, what: str, remedy: str) -> UnusableInputError:
    return UnusableInputError(Problem(str(path), what, remedy, "error"))
