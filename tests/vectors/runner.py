"""Run reference vectors through the engine's public functions; knows families, never case ids."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

Case = Mapping[str, Any]
Header = Mapping[str, Any]


@dataclass(frozen=True)
class Outcome:
    """One case: passed or not, and the worst difference or the reason it failed."""

    case_id: str
    family: str
    passed: bool
    detail: str

    def line(self) -> str:
        return f"{self.case_id:<44} {'pass' if self.passed else 'FAIL'}  {self.detail}"


# Files whose cases name no family are known by the fields their cases have.
SHAPES = {"simm-allocation": ("rows", "euler_no_concentration"), "simm-margin": ("rows", "im")}

# A family's check returns (passed, "worst difference ..." or the reason).
Check = Callable[[Case, Header], tuple[bool, str]]


Accepts = Callable[[Case], bool]


def accepts(predicate: Accepts) -> Callable[[Check], Check]:
    """Mark a check as one for some cases of its family only.

    Files of different domains may use one family name; `together` then asks each check in turn
    whether it accepts a case. A check without a mark accepts every case.
    """
    def marked(check: Check) -> Check:
        check.accepts = predicate  # type: ignore[attr-defined]
        return check
    return marked


def together(checks: Sequence[Check]) -> Check:
    """Return one check for a family several domains registered: marked checks are asked first."""
    ordered = sorted(checks, key=lambda check: not hasattr(check, "accepts"))
    if len(ordered) == 1:
        return ordered[0]

    def chosen(case: Case, header: Header) -> tuple[bool, str]:
        for check in ordered:
            if getattr(check, "accepts", lambda _: True)(case):
                return check(case, header)
        return False, "no check of this family accepts the case"
    return chosen


def run_file(path: Path, families: Mapping[str, Check]) -> Iterable[Outcome]:
    """Run every case of one file; the header is everything beside `cases`.

    `inputs_of` in the header holds the inputs of every case by id, for cases that refer to another.
    """
    document = json.loads(path.read_text("utf-8"))
    header = {key: value for key, value in document.items() if key != "cases"}
    header |= {"cases": document["cases"], "folder": path.parent}
    header["inputs_of"] = {case["id"]: case.get("inputs") for case in document["cases"]}
    for case in document["cases"]:
        family = _family(case)
        check = families.get(family) or families.get(str(case.get("regime")))
        if check is None:
            yield Outcome(case["id"], family, False, f"unknown family {family!r}")
        else:
            yield Outcome(case["id"], family, *_answer(check, case, header))


def _answer(check: Check, case: Case, header: Header) -> tuple[bool, str]:
    """Check one case; one that cannot be run is a failure and the next is run all the same."""
    try:
        return check(case, header)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is said and counted
        return False, f"could not be run: {type(error).__name__}: {error}"


def _family(case: Case) -> str:
    named = case.get("family") or case.get("kind") or case.get("regime")
    shape = (name for name, fields in SHAPES.items() if all(field in case for field in fields))
    return str(named or next(shape, "(none)"))
