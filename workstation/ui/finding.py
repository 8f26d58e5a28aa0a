"""What can be searched for, and which of it fits what was typed."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice

WEAKEST = 45
FEW = 4
"""With fewer names than this that hold the words typed, misspelt ones are looked for too."""
MOST_OF_A_KIND = 12


@dataclass(frozen=True, slots=True)
class Entry:
    """One thing that can be found: what kind it is, its name, a hint, and what choosing it does."""

    kind: str
    name: str
    hint: str
    run: Callable[[], object]
    keys: str = ""
    is_enabled: bool = True

    @property
    def words(self) -> str:
        """Return what is searched, in lower case."""
        return f"{self.name} {self.hint}".casefold()


Source = Callable[[str], Iterable[Entry]]
"""Takes what was typed, in lower case, and gives what may fit, at best only what does."""


def found(sources: Sequence[Source], typed: str) -> list[Entry]:
    """Return what fits, source by source; with nothing typed, all of the first source."""
    wanted = typed.casefold().split()
    if not wanted:
        return list(sources[0](""))
    best: list[Entry] = []
    rest: list[Entry] = []
    for source in sources:
        offered = source(" ".join(wanted))
        fitting = list(islice(_holding(offered, wanted), MOST_OF_A_KIND))
        best += [entry for entry in fitting if _starts(entry.name, wanted)]
        rest += [entry for entry in fitting if not _starts(entry.name, wanted)]
    hits = best + rest
    if len(hits) >= FEW:
        return hits
    known = {(entry.kind, entry.name) for entry in hits}
    others = {f"{number}": entry for number, entry in enumerate(sources[0](""))
              if (entry.kind, entry.name) not in known}
    alike = ranked({key: f"{e.name} {e.hint}" for key, e in others.items()}, typed)
    return hits + [others[key] for key in alike]


def _holding(offered: Iterable[Entry], wanted: Sequence[str]) -> Iterator[Entry]:
    return (entry for entry in offered if all(word in entry.words for word in wanted))


def _starts(name: str, wanted: Sequence[str]) -> bool:
    return any(word.startswith(wanted[0]) for word in name.casefold().split())


def ranked(names: Mapping[str, str], typed: str) -> list[str]:
    """Return the keys whose names fit what was typed, the best first; all of them for nothing."""
    if not typed.strip():
        return list(names)
    from rapidfuzz import fuzz, process, utils

    matches = process.extract(typed, names, scorer=fuzz.WRatio, processor=utils.default_process,
                              limit=None, score_cutoff=WEAKEST)
    starts = {key for key, name in names.items()
              if any(w.startswith(typed.casefold()) for w in name.casefold().split())}
    best = sorted(matches, key=lambda match: (match[2] not in starts, -match[1]))
    return [key for _, _, key in best]
