"""`python -m tests.benchmarks.span [CONTRACTS]`: time and memory of reading a generated .pa2 file.

The goal is 1.2 million contracts in under 30 seconds and 1 GB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workstation.importers.span_parameters import read_risk_parameters

CONTRACTS = 1_200_000
STRIKES_A_SERIES = 400
SECONDS, MEGABYTES = 30.0, 1024.0
HEADER = "0 BEN   20260615SF 1800202606151815U2YNCLR        C CUST  H HEDGE 1 CORE  M MAINT\n"


def lines(contracts: int) -> Iterator[str]:
    """Yield a file of one option family a commodity, calls and puts by strike."""
    yield HEADER
    yield "T USD$USD$0001000000\n1 BNX  07\n"
    series = max(1, contracts // (2 * STRIKES_A_SERIES))
    for number in range(series):
        code, month = f"O{number // 12:04d}", f"2027{number % 12 + 1:02d}"
        if number % 12 == 0:
            yield (f"P BNX{code:<10}OOF{'OPTIONS':<15}002002  00000500000000".ljust(65)
                   + "USD$STD 00AMER".ljust(51) + "EQTY DELIV\n")
            yield f"2 BNX {code:<6}0USD$PN   {code:<10}OOF\n3 {code:<6}10\n"
        yield from _series(code, month)


def _series(code: str, month: str) -> Iterator[str]:
    loss = "".join(f"{value:05d}{sign}" for value, sign in
                   ((120, "-"), (130, "+"), (700, "-"), (650, "-"), (700, "+"), (650, "+"),
                    (1300, "-"), (1250, "-"), (1300, "+")))
    more = "".join(f"{value:05d}{sign}" for value, sign in
                   ((1250, "+"), (1900, "-"), (1850, "-"), (1900, "+"), (1850, "+"), (1800, "-"),
                    (1800, "+")))
    for index in range(STRIKES_A_SERIES):
        strike = 100_000 + 500 * index
        for right in "CP":
            key = f"BNX{code:<10}{code:<10}OOF{right}{month}   {month}   {strike:07d}"
            yield f"81{key}{loss}00000000012500N\n"
            yield f"82{key}{more}05000+001650000012500++05000+C\n"


def write(path: Path, contracts: int) -> int:
    """Write a file of that many contracts; returns how many it holds."""
    with path.open("w", encoding="ascii", newline="\r\n") as out:
        out.writelines(lines(contracts))
    return max(1, contracts // (2 * STRIKES_A_SERIES)) * 2 * STRIKES_A_SERIES


def main(contracts: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "ben.20260615.s.pa2")
        expected = write(path, contracts)
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        start = time.perf_counter()
        file = read_risk_parameters(path)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        found = len(file.organisations[0].contracts)
        size = path.stat().st_size / 1e6
    print(f"{found:,} contracts, {file.records:,} records, {size:.0f} MB: {seconds:.1f} s, "
          f"peak memory {peak:.0f} MB (before reading {before:.0f} MB)")
    print(f"goal {SECONDS:.0f} s and {MEGABYTES:.0f} MB: "
          f"{'met' if seconds < SECONDS and peak < MEGABYTES else 'missed'}")
    return int(found != expected or bool(file.problems))


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]) if len(sys.argv) > 1 else CONTRACTS))
