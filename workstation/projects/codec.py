"""Plain values as bytes and back, by their declared types.

msgspec writes the bytes; it does not read a union of dataclasses, which `Instrument.terms` is, so
the types are walked here: a dataclass is an array of its fields, a member of a union carries its
name, and the names of the fields stand once in front, so that a field added later with a default
still reads.
"""

from __future__ import annotations

import dataclasses
import types
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from enum import Enum
from typing import Any, Generic, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

T = TypeVar("T")
Step = Callable[[Any], Any]
Fields = Mapping[str, list[str]]


class UnreadableError(ValueError):
    """The bytes are not what this type was written as."""


class Codec(Generic[T]):
    """Writes values of one type and reads them back equal.

    Parameters
    ----------
    kind
        A dataclass made of plain values, tuples, mappings and other dataclasses.
    """

    def __init__(self, kind: type[T]) -> None:
        self._kind = kind
        self._writers = _Writers()
        self._write = self._writers.of(kind)

    def plain(self, value: T) -> dict[str, Any]:
        """Return the value as plain lists and texts, which JSON can hold as well."""
        body = self._write(value)
        return {"fields": self._writers.fields, "value": body}

    def encode(self, value: T) -> bytes:
        """Return the value as bytes."""
        return msgspec.msgpack.encode(self.plain(value))

    def decode(self, data: bytes) -> T:
        """Return the value; raises UnreadableError."""
        try:
            stored = msgspec.msgpack.decode(data)
        except msgspec.DecodeError as error:
            raise UnreadableError(f"{self._kind.__name__} cannot be read: {error}") from error
        return self.of_plain(stored)

    def of_plain(self, stored: Any) -> T:
        """Return the value written as `plain`; raises UnreadableError."""
        try:
            read = _Readers(stored["fields"]).of(self._kind)
            value: T = read(stored["value"])
        except (KeyError, IndexError, TypeError, ValueError,
                InvalidOperation) as error:
            raise UnreadableError(f"{self._kind.__name__} cannot be read: {error}") from error
        return value


class _Walk:
    """Turns a type into a function once; later uses of the same class share it."""

    def __init__(self) -> None:
        self._made: dict[Any, Step] = {}

    def of(self, kind: Any) -> Step:
        """Return the function for a type."""
        if kind not in self._made:
            # A class may hold itself (an explanation's parts): let the inner use find the outer.
            self._made[kind] = lambda value: self._made[kind](value)
            self._made[kind] = self._make(kind)
        return self._made[kind]

    def _make(self, kind: Any) -> Step:
        origin = get_origin(kind)
        if dataclasses.is_dataclass(kind):
            return self.record(kind)
        if origin in (Union, types.UnionType):
            return self._either(get_args(kind))
        if origin is tuple:
            return self._tuple(get_args(kind))
        if isinstance(origin, type) and issubclass(origin, Mapping):
            return self._mapping(*get_args(kind))
        return self.plain(str if origin is Literal else kind)

    def _either(self, kinds: tuple[Any, ...]) -> Step:
        present = tuple(kind for kind in kinds if kind is not type(None))
        inner = self.of(present[0]) if len(present) == 1 else self.union(present)
        return lambda value: None if value is None else inner(value)

    def _tuple(self, kinds: tuple[Any, ...]) -> Step:
        if len(kinds) == 2 and kinds[1] is Ellipsis:  # noqa: PLR2004 - tuple[X, ...]
            each = self.of(kinds[0])
            return lambda values: tuple([each(value) for value in values])
        steps = [self.of(kind) for kind in kinds]
        return lambda values: tuple(
            [step(value) for step, value in zip(steps, values, strict=True)])

    def _mapping(self, key: Any, value: Any) -> Step:
        keys, values = self.of(key), self.of(value)
        return lambda pairs: {keys(k): values(v) for k, v in pairs.items()}

    def record(self, kind: Any) -> Step:
        """Return the function for a dataclass."""
        raise TypeError(kind)

    def union(self, kinds: tuple[Any, ...]) -> Step:
        """Return the function for one of several dataclasses."""
        raise TypeError(kinds)

    def plain(self, kind: Any) -> Step:
        """Return the function for a value without parts."""
        raise TypeError(kind)


class _Writers(_Walk):
    """From values to what msgpack knows."""

    def __init__(self) -> None:
        super().__init__()
        self.fields: dict[str, list[str]] = {}

    def record(self, kind: Any) -> Step:
        hints = get_type_hints(kind)
        names = [field.name for field in dataclasses.fields(kind)]
        if self.fields.setdefault(kind.__name__, names) != names:
            raise TypeError(f"two classes of a saved review are called {kind.__name__}")
        steps = [(name, self.of(hints[name])) for name in names]
        return lambda value: [step(getattr(value, name)) for name, step in steps]

    def union(self, kinds: tuple[Any, ...]) -> Step:
        steps = {kind: (kind.__name__, self.of(kind)) for kind in kinds}

        def write(value: Any) -> list[Any]:
            name, step = steps[type(value)]
            return [name, step(value)]

        return write

    def plain(self, kind: Any) -> Step:
        if kind in (Decimal, str):
            return str
        if kind in (date, datetime):
            return lambda value: value.isoformat()
        if isinstance(kind, type) and issubclass(kind, Enum):
            return lambda value: value.value
        return _known(kind)


class _Readers(_Walk):
    """From what msgpack knows to values."""

    def __init__(self, stored: Fields) -> None:
        super().__init__()
        self._stored = stored

    def record(self, kind: Any) -> Step:
        hints = get_type_hints(kind)
        stored = self._stored[kind.__name__]
        known = {field.name for field in dataclasses.fields(kind)}
        steps = [(name, self.of(hints[name]) if name in known else None) for name in stored]

        def read(values: list[Any]) -> Any:
            return kind(**{
                name: step(value)
                for (name, step), value in zip(steps, values, strict=True)
                if step is not None
            })

        return read

    def union(self, kinds: tuple[Any, ...]) -> Step:
        steps = {kind.__name__: self.of(kind) for kind in kinds}
        return lambda pair: steps[pair[0]](pair[1])

    def plain(self, kind: Any) -> Step:
        if kind in (date, datetime):
            parse: Step = kind.fromisoformat
            return parse
        if isinstance(kind, type) and issubclass(kind, Enum):
            members: Mapping[Any, Any] = {member.value: member for member in kind}
            return members.__getitem__
        return Decimal if kind is Decimal else _known(kind)


def _known(kind: Any) -> Step:
    if kind not in (str, int, float, bool, bytes):
        raise TypeError(f"a saved review cannot hold {kind}")
    step: Step = kind
    return step
