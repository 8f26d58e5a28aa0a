"""`python -m tests.benchmarks.pack [--positions N]`: the review pack of a 2,000-position book.

Reads and reviews the book of `tests.benchmarks.book`, then writes every part of the pack to memory
three times. Prints one JSON object: seconds of each part (the median), of all together, and sizes.
"""

import argparse
import json
import statistics
import tempfile
import time
from pathlib import Path

from tests.benchmarks.book import large_workbook
from tests.benchmarks.kernel import machine
from workstation.workspace.pack import USUAL, WRITERS
from workstation.workspace.session import Session

REPEATS = 3
SIZE = 2_000


def measured(positions=SIZE):
    """Return seconds and bytes by part, and the seconds of the review before it."""
    with tempfile.TemporaryDirectory() as folder:
        session = Session.from_file(large_workbook(Path(folder) / "book.xlsx", positions))
    start = time.perf_counter()
    session.run = session.review()
    reviewed = time.perf_counter() - start
    pack = session.pack()
    seconds, sizes = {}, {}
    for name, (_, make) in WRITERS.items():
        times = []
        for _ in range(REPEATS):
            start = time.perf_counter()
            sizes[name] = len(make(pack, "A4"))
            times.append(time.perf_counter() - start)
        seconds[name] = round(statistics.median(times), 3)
    return {"positions": positions, "review_seconds": round(reviewed, 3), "seconds": seconds,
            "pack_seconds": round(sum(seconds[name] for name in USUAL), 3), "bytes": sizes}


def main():
    """Print the measurements."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--positions", type=int, default=SIZE)
    print(json.dumps({"machine": machine(), **measured(parser.parse_args().positions)}, indent=1))


if __name__ == "__main__":
    main()
