"""`python -m tests.vectors FILE...`: one line a case, a total, exit status 1 on a failure."""

import sys
from pathlib import Path

from tests.vectors.families import FAMILIES
from tests.vectors.runner import run_file


def main(arguments: list[str]) -> int:
    outcomes = []
    for name in arguments:
        for outcome in run_file(Path(name), FAMILIES):
            print(outcome.line())
            outcomes.append(outcome)
    failed = sum(not o.passed for o in outcomes)
    print(f"{len(outcomes)} cases, {len(outcomes) - failed} passed, {failed} failed")
    return 1 if failed or not outcomes else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
