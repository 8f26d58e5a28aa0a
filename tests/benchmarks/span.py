"""`python -m tests.benchmarks.span [pa2|spn] [CONTRACTS]`: reading a generated file, timed.

Prints seconds and peak memory, and what a second load takes; the goal is 1.2 million contracts in
under 30 seconds and 1 GB.
"""

from __future__ import annotations

import resource
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

from workstation.importers.span_cache import keep_compiled
from workstation.importers.span_parameters import read_risk_parameters

CONTRACTS = 1_200_000
STRIKES_A_SERIES = 400
A_SERIES = 2 * STRIKES_A_SERIES
MONTHS = 12
SECONDS, MEGABYTES = 30.0, 1024.0
LOSSES = (-120, 130, -700, -650, 700, 650, -1300, -1250, 1300, 1250, -1900, -1850, 1900, 1850,
          -1800, 1800)
HEADER = "0 BEN   20260615SF 1800202606151815U2YNCLR        C CUST  H HEDGE 1 CORE  M MAINT\n"


def series(contracts: int) -> Iterator[tuple[int, str, str]]:
    """Yield number, family and month of each series of the file."""
    for number in range(max(1, contracts // A_SERIES)):
        yield number, f"O{number // MONTHS:04d}", f"2027{number % MONTHS + 1:02d}"


def positional(contracts: int) -> Iterator[str]:
    """Yield an expanded unpacked file of one option family a commodity."""
    yield HEADER
    yield "T USD$USD$0001000000\n1 BNX  07\n"
    texts = "".join(f"{abs(loss):05d}{'-' if loss < 0 else '+'}" for loss in LOSSES)
    first, second = texts[:54], texts[54:]
    for number, code, month in series(contracts):
        if number % MONTHS == 0:
            yield (f"P BNX{code:<10}OOF{'OPTIONS':<15}002002  00000500000000".ljust(65)
                   + "USD$STD 00AMER".ljust(51) + "EQTY DELIV\n")
            yield f"2 BNX {code:<6}0USD$PN   {code:<10}OOF\n3 {code:<6}10\n"
        for strike in range(100_000, 100_000 + 500 * STRIKES_A_SERIES, 500):
            for right in "CP":
                key = f"BNX{code:<10}{code:<10}OOF{right}{month}   {month}   {strike:07d}"
                yield f"81{key}{first}00000000012500N\n"
                yield f"82{key}{second}05000+001650000012500++05000+C\n"


def xml(contracts: int) -> Iterator[str]:
    """Yield the same contracts as XML."""
    yield ("<?xml version='1.0'?>\n<spanFile><fileFormat>4.00</fileFormat>"
           "<created>202606151815</created><pointInTime><date>20260615</date><isSetl>1</isSetl>"
           "<clearingOrg><ec>BEN</ec><exchange><exch>BNX</exch>\n")
    array = "".join(f"<a>{loss}</a>" for loss in LOSSES)
    families = []
    for number, code, month in series(contracts):
        if number % MONTHS == 0:
            yield "</oofPf>\n" if families else ""
            families.append(code)
            yield (f"<oofPf><pfId>{len(families)}</pfId><pfCode>{code}</pfCode>"
                   "<currency>USD</currency><cvf>50</cvf><valueMeth>EQTY</valueMeth>\n")
        yield f"<series><pe>{month}</pe><v>0.2</v><sc>1</sc><cvf>50</cvf>\n"
        for strike in range(1000, 1000 + 5 * STRIKES_A_SERIES, 5):
            for right in "CP":
                yield (f"<opt><cId>1</cId><o>{right}</o><k>{strike}</k><p>125</p><pq>1</pq>"
                       f"<d>0.5</d><v>0.165</v><ra><r>1</r>{array}<d>0.5</d></ra></opt>\n")
        yield "</series>\n"
    yield "</oofPf></exchange>\n"
    for code in families:
        yield (f"<ccDef><cc>{code}</cc><currency>USD</currency><pfLink><exch>BNX</exch>"
               f"<pfCode>{code}</pfCode><pfType>OOF</pfType></pfLink></ccDef>\n")
    yield "</clearingOrg></pointInTime></spanFile>\n"


LAYOUTS = {"pa2": positional, "spn": xml}


def main(layout: str, contracts: int) -> int:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, f"ben.20260615.s.{layout}")
        with path.open("w", encoding="ascii") as out:
            out.writelines(LAYOUTS[layout](contracts))
        start = time.perf_counter()
        file = read_risk_parameters(path)
        seconds = time.perf_counter() - start
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
        size = path.stat().st_size / 1e6
        compiled = Path(folder, "compiled")
        keep_compiled(compiled, file)
        start = time.perf_counter()
        again = read_risk_parameters(path, [compiled])
        second = time.perf_counter() - start
        copy = sum(item.stat().st_size for item in compiled.iterdir()) / 1e6
    found = len(file.organisations[0].contracts)
    print(f"{found:,} contracts, {size:.0f} MB: {seconds:.1f} s, peak memory {peak:.0f} MB; "
          f"goal {SECONDS:.0f} s and {MEGABYTES:.0f} MB "
          f"{'met' if seconds < SECONDS and peak < MEGABYTES else 'missed'}")
    print(f"second load from a compiled copy of {copy:.0f} MB: {second:.2f} s, digest of "
          f"the file included; {seconds / second:.0f} times as fast")
    same = len(again.organisations[0].contracts) == found
    expected = max(1, contracts // A_SERIES) * A_SERIES
    return int(found != expected or not same or bool(file.problems))


if __name__ == "__main__":
    chosen = sys.argv[1] if len(sys.argv) > 1 else "pa2"
    sys.exit(main(chosen, int(sys.argv[2]) if len(sys.argv) > 2 else CONTRACTS))
