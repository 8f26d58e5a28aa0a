"""Stream an XML file of the SPAN family: whole elements of interest, the rest of the tree dropped.

Document type and entity declarations are refused outright, so nothing can be expanded.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from xml.parsers import expat

from workstation.base.problem import Problem
from workstation.importers.workbooks import refusal

DEEPEST = 64
LONGEST_OPTION = 1024 * 1024
_OPTION = re.compile(rb"<opt>(.*?)</opt>", re.DOTALL)
# Sixteen array values in one element parse twice as fast; line breaks stay, so lines stay right.
_VALUES_ON_ONE_LINE = re.compile(rb"</a>[ \t]*<a>")
_VALUES_ON_LINES = re.compile(rb"</a>[ \t\r]*\n[ \t]*<a>")


class Element:
    """One element: its leaves as (tag, text), its branches, its parent and line."""

    __slots__ = ("branches", "leaves", "line", "parent", "raw", "tag")

    def __init__(self, tag: str, parent: Element | None, line: int) -> None:
        self.tag = tag
        self.parent = parent
        self.line = line
        self.leaves: list[tuple[str, str]] = []
        self.branches: list[Element] = []
        self.raw = b""

    def text(self, tag: str, default: str = "") -> str:
        """Return the first leaf of a tag."""
        for name, value in self.leaves:
            if name == tag:
                return value
        return default

    def words(self, tag: str) -> list[str]:
        """Return the words of every leaf of a tag."""
        return " ".join([value for name, value in self.leaves if name == tag]).split()

    def number(self, tag: str, default: str = "0") -> Decimal:
        """Return a leaf as a number; raises ValueError naming element and text."""
        text = self.text(tag) or default
        try:
            value = Decimal(text)
        except InvalidOperation:
            raise ValueError(f"<{tag}> of <{self.tag}> holds {text!r}, not a number") from None
        if not value.is_finite():
            raise ValueError(f"<{tag}> of <{self.tag}> holds {text!r}, not a number")
        return value

    def all(self, tag: str) -> list[Element]:
        """Return every branch of a tag."""
        return [branch for branch in self.branches if branch.tag == tag]

    def up(self, tag: str) -> Element | None:
        """Return the nearest enclosing element of a tag."""
        found = self.parent
        while found is not None and found.tag != tag:
            found = found.parent
        return found

    def says(self, tag: str) -> bool:
        """Say whether a leaf means yes."""
        return self.text(tag).upper() in {"1", "Y", "YES", "TRUE"}


class XmlStream:
    """Yields elements of some (parent, tag) pairs as they close; keeps their open ancestors."""

    def __init__(self, name: str, wanted: Iterable[tuple[str, str]]) -> None:
        self.problems: list[Problem] = []
        self.root = ""
        self.elements = 0
        self._name = name
        self._wanted = frozenset(wanted)
        self._kept: list[bytes] = []
        self._open: list[Element] = []
        self._ready: list[Element] = []
        self._text: list[str] = []
        self._leaf: str | None = None
        parser = self._parser = expat.ParserCreate()
        parser.buffer_text = True
        parser.StartElementHandler = self._start
        parser.EndElementHandler = self._end
        parser.CharacterDataHandler = self._text.append
        parser.StartDoctypeDeclHandler = self._refuse_declarations
        parser.EntityDeclHandler = self._refuse_declarations

    def elements_of(self, blocks: Iterable[bytes]) -> Iterator[Element]:
        """Yield wanted elements; a file cut short ends the stream with a problem."""
        try:
            for block in self._without_options(blocks):
                self._parser.Parse(block, False)
                yield from self._ready
                self._ready.clear()
                self._kept.clear()
            self._parser.Parse(b"", True)
        except expat.ExpatError as error:
            yield from self._ready
            self._ready.clear()
            self._broken(error)
        except (LookupError, ValueError) as error:
            raise refusal(f"{self._name} line 1", f"the text encoding cannot be read ({error})",
                          "save the file as UTF-8") from error

    def _without_options(self, blocks: Iterable[bytes]) -> Iterator[bytes]:
        """Put a number in place of what each option holds; a file is options for the most part.

        Line breaks stay, so lines stay right; the reader finds the text in `raw`.
        """
        rest = b""
        for block in blocks:
            text = _VALUES_ON_LINES.sub(b"\n", _VALUES_ON_ONE_LINE.sub(b" ", rest + block))
            cut = text.rfind(b"<opt>")
            rest = b""
            if cut >= 0 and len(text) - cut < LONGEST_OPTION and text.find(b"</opt>", cut) < 0:
                text, rest = text[:cut], text[cut:]
            yield _OPTION.sub(self._keep, text)
        if rest:
            yield rest

    def _keep(self, found: re.Match[bytes]) -> bytes:
        body = found[1]
        self._kept.append(body)
        return b"<opt>%d%b</opt>" % (len(self._kept) - 1, b"\n" * body.count(b"\n"))

    def _option(self, text: str, parent: Element) -> None:
        if not text.isdigit() or int(text) >= len(self._kept):
            raise refusal(f"{self._name} line {self._parser.CurrentLineNumber}",
                          "an option element is out of place", "download the file again")
        element = Element("opt", parent, self._parser.CurrentLineNumber)
        element.raw = self._kept[int(text)]
        self._ready.append(element)

    def _broken(self, error: expat.ExpatError) -> None:
        where = f"{self._name} line {error.lineno}"
        inside = f" inside <{self._open[-1].tag}>" if self._open else ""
        what = expat.ErrorString(error.code)
        self.problems.append(Problem(
            where, f"the XML breaks off{inside} ({what}); what came before was read",
            "download or export the file again", "error"))

    def _refuse_declarations(self, *_: object) -> None:
        raise refusal(f"{self._name} line {self._parser.CurrentLineNumber}",
                      "the file declares a document type or entities, which honest files do not",
                      "download the file again from the exchange")

    def _start(self, tag: str, _: dict[str, str]) -> None:
        if self._leaf is not None:
            self._branch(self._leaf)
        self._leaf = tag
        self._text.clear()

    def _branch(self, tag: str) -> None:
        """Begin an element known to hold others; leaves never become elements."""
        if len(self._open) >= DEEPEST:
            raise refusal(f"{self._name} line {self._parser.CurrentLineNumber}",
                          "the elements are nested too deeply", "download the file again")
        parent = self._open[-1] if self._open else None
        self._open.append(Element(tag, parent, self._parser.CurrentLineNumber))
        self.root = self.root or tag

    def _end(self, tag: str) -> None:
        self.elements += 1
        if self._leaf is not None:
            self._leaf = None
            text = "".join(self._text).strip()
            self._text.clear()
            if tag == "opt" and self._open and (self._open[-1].tag, tag) in self._wanted:
                self._option(text, self._open[-1])
            elif self._open:
                self._open[-1].leaves.append((tag, text))
            return
        done = self._open.pop()
        parent = done.parent
        if parent is None:
            return
        if (parent.tag, tag) in self._wanted:
            self._ready.append(done)
        else:
            parent.branches.append(done)
