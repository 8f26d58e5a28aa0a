"""A scan as a table: every part at every point."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.results.formats import money, words
from workstation.results.scans import ScanLine, ScanProfile
from workstation.results.table import Table

POINT = "at_"
TOTAL, PLAIN = "counted", "sum of parts"


@dataclass(frozen=True, slots=True)
class PointsRow:
    """One part of a scan; `at_0`, `at_1` and so on are its profit at each point."""

    name: str
    profits: tuple[float, ...]

    def __getattr__(self, field: str) -> float:
        """Return the profit at a point by its field name."""
        if not field.startswith(POINT):
            raise AttributeError(field)
        return self.profits[int(field.removeprefix(POINT))]



def scan_table(profile: ScanProfile) -> Table:
    """Return the parts of a scan as rows and its points as columns, what is counted first."""
    plain = tuple(sum(column) for column in zip(*(p.profits for p in profile.parts), strict=True))
    rows = [PointsRow(TOTAL, profile.total)]
    if len(profile.parts) > 1 and profile.note:
        rows.append(PointsRow(PLAIN, plain))
    rows += [PointsRow(part.name, part.profits) for part in profile.parts]
    columns = tuple(
        money(_heading(profile, place), f"{POINT}{place}", _hint(profile, place))
        for place in range(len(profile.points)))
    return Table(f"Scan {profile.account_id} {profile.portfolio}",
                 (words(f"Profit ({profile.currency})", "name"), *columns), tuple(rows),
                 "Profit of each part at each point, positive for the client.")


def _heading(profile: ScanProfile, place: int) -> str:
    shared = shared_moves(profile)
    name = f"{profile.points[place]}: {shared[place]}" if shared else profile.points[place]
    return f"{name} (binds)" if place == profile.binding else name


def _hint(profile: ScanProfile, place: int) -> str:
    return "; ".join(f"{part.name} {part.moves[place]}" for part in profile.parts if part.moves)


def shared_moves(profile: ScanProfile) -> tuple[str, ...]:
    """Return the moves of the points where every part has the same, nothing where they differ."""
    found = {part.moves for part in profile.parts}
    return found.pop() if len(found) == 1 else ()


def largest_parts(profile: ScanProfile, most: int) -> tuple[tuple[ScanLine, ...], int]:
    """Return the parts that move most, largest first, and how many others there are."""
    ordered = sorted(profile.parts, key=lambda part: (
        -max(map(abs, part.profits), default=0.0), part.name))
    return tuple(ordered[:most]), max(0, len(ordered) - most)
