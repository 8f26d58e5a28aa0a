"""Families of the sensitivity-based margin vectors: margins, trees, allocations.

All cases of a file are written as one CRIF, a portfolio each, read and margined together.
"""

from __future__ import annotations

import csv
import json
import re
import tempfile
from functools import cache
from pathlib import Path

import numpy as np

from tests.vectors.runner import Case, Check, Header
from workstation.importers.crif import read_crif
from workstation.rulebooks.simm import editions
from workstation.rulebooks.simm.allocation import allocate
from workstation.rulebooks.simm.engine import Setup, at
from workstation.rulebooks.simm.margin import margin_crif
from workstation.rulebooks.simm.vocabulary import RISK_TYPES, TENORS

COLUMNS = ("ProductClass", "RiskType", "Qualifier", "Bucket", "Label1", "Label2", "AmountUSD")
IM_COLUMNS = ("10d call", "10d post", "1d call", "1d post")
_TREE = re.compile(r"tree_(.+)_(10d|1d)")
_PLAIN = re.compile(r"no_concentration_(.+)_(10d|1d)_(call|post)")
_PUBLISHED = re.compile(r"published_([^_]+)")
_VERSION = re.compile(r"calibration (\d[\w.+]*\w)")
_TOLERANCE = re.compile(r"(\S+) relative or (\S+) USD")


class File:
    """The cases of one file, read once; margins are computed once a version, horizon and side."""

    def __init__(self, header: Header) -> None:
        self.header = header
        self.info = header["header"]
        self.columns = self.info.get("row_columns", COLUMNS)
        sensitivities = header.get("sensitivities") or _sensitivities(header["folder"])
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "cases.csv"
            with path.open("w", newline="", encoding="utf-8") as stream:
                writer = csv.writer(stream)
                writer.writerow(("PortfolioID", *self.columns))
                for case in header["cases"]:
                    for row in _rows(case, sensitivities):
                        writer.writerow((case["id"], *row))
            self.read = read_crif(path)
        self.found = {}

    def margin(self, version, mpor, side, case_id):
        key = version, mpor, side
        if key not in self.found:
            setup = Setup(_calibration(version), mpor, self.info.get("calculation_currency", "USD"))
            margins = margin_crif(self.read.crif, setup, side)
            self.found[key] = {item.portfolio: item for item in margins.portfolios}
        return self.found[key][case_id]

    @property
    def version(self):
        named = _VERSION.search(self.info["about"])
        return named[1] if named else editions.shipped()[-1].version

    @property
    def tolerance(self):
        stated = _TOLERANCE.search(self.info.get("tolerance", ""))
        return (float(stated[1]), float(stated[2])) if stated else (1e-9, 0.01)


@cache
def _calibration(version):
    return editions.by_name(version)


def _sensitivities(folder):
    """Return the rows that another file of the folder names."""
    for path in sorted(Path(folder).glob("simm*.json")):
        found = json.loads(path.read_text("utf-8")).get("sensitivities")
        if found:
            return found
    return {}


def _rows(case, sensitivities):
    scale = case.get("scale", 1.0)
    for row in case["rows"]:
        *texts, amount = sensitivities[row] if isinstance(row, str) else row
        scaled = amount * scale if texts[1].startswith("Risk_") else amount
        yield (*texts, repr(float(scaled)))


_OPEN: dict[int, File] = {}


def _file(header):
    """Return the file of a header, which the runner passes to each of its cases."""
    if id(header) not in _OPEN:
        _OPEN.clear()
        _OPEN[id(header)] = File(header)
    return _OPEN[id(header)]


def margin(case: Case, header: Header) -> tuple[bool, str]:
    """Compare every figure the case states: margins, measure lines, trees."""
    file = _file(header)
    worst, failed = 0.0, ""
    relative, absolute = file.tolerance
    for label, got, wanted, usd in _figures(case, file, absolute):
        allowed = max(relative * abs(wanted), usd) if usd == absolute else usd
        difference = abs(got - wanted)
        worst = max(worst, difference / max(abs(wanted), 1.0))
        if not difference <= allowed and not failed:
            failed = f"{label}: got {got}, expected {wanted}"
    return not failed, failed or f"worst relative difference {worst:.3g}"


def _figures(case, file, absolute):
    name = case["id"]
    columns = file.info.get("im_columns", IM_COLUMNS)
    stated = case["im"] if isinstance(case["im"], dict) else {file.version: case["im"]}
    for version, values in stated.items():
        for column, wanted in zip(columns, values, strict=True):
            mpor, side = column.split()
            yield (f"{version} {column}", file.margin(version, mpor, side, name).total, wanted,
                   absolute)
    for key, value in case.items():
        if found := _PUBLISHED.fullmatch(key):
            yield from _published(file, name, found[1], value)
        elif found := _TREE.fullmatch(key):
            item = file.margin(found[1], found[2], "call", name)
            yield from ((label, got, wanted, absolute)
                        for label, got, wanted in _tree(item, value))
        elif found := _PLAIN.fullmatch(key):
            item = file.margin(found[1], found[2], found[3], name)
            done = item.calculated()
            blocks = tuple(part.block for part in done.parts)
            plain = at(blocks, done.netted, done.setup, done.netted.amount, concentrated=False)
            total = float(plain.products.sum()) + item.add_ons.total(plain.products)
            yield key, total, value, absolute


def _published(file, name, version, by_mpor):
    for mpor, values in by_mpor.items():
        item = file.margin(version, mpor, "call", name)
        got = (item.total, item.delta, item.vega, item.curvature, item.base_corr, item.add_on)
        labels = ("total", "delta", "vega", "curvature", "base correlation", "add-on")
        for label, ours, theirs in zip(labels, got, values, strict=True):
            yield f"published {version} {mpor} {label}", ours, theirs, 1.0


def _tree(item, tree):
    for product, wanted in tree["product_class"].items():
        yield product, item.product_classes.get(product, 0.0), wanted
    for place, values in tree["risk_class"].items():
        got = item.risk_classes.get(place, (0.0,) * len(values))
        yield from ((f"{place} {i}", *pair) for i, pair in enumerate(zip(got, values, strict=True)))
    yield "add-on", item.add_on, tree["addon"]


def allocation(case: Case, header: Header) -> tuple[bool, str]:
    """Compare the allotted amounts row by row, and that they add up."""
    file = _file(header)
    item = file.margin(file.version, "10d", "call", case["id"])
    done = item.calculated()
    found = allocate(done)
    order = [_place(done.netted, dict(zip(file.columns, row, strict=True)))
             for row in case["rows"]]
    euler, whole = np.sum(found.euler, axis=0), found.whole
    full, plain = float(done.products.sum()), float(found.plain.products.sum())
    checks = (
        ("margin", full / case["im"] - 1, 1e-9),
        ("without concentration", plain / case["im_no_concentration"] - 1, 1e-9),
        ("uplift", (full - plain - case["concentration_uplift"])
         / max(case["concentration_uplift"], 1.0), 1e-9),
        ("Euler", (euler[order] - case["euler_no_concentration"]) / case["im"], 1e-5),
        ("Aumann-Shapley", (whole[order] - case["aumann_shapley"]) / case["im"], 1e-5),
        ("sum of Euler", euler.sum() / plain - 1, 1e-6),
        ("sum of Aumann-Shapley", whole.sum() / full - 1, 1e-6),
    )
    worst = [(label, float(np.max(np.abs(value))), limit) for label, value, limit in checks]
    failed = [f"{label} off by {value:.3g}" for label, value, limit in worst if not value <= limit]
    return not failed, "; ".join(failed) or f"worst difference {max(v for _, v, _ in worst):.3g}"


def _place(netted, row):
    """Return which netted factor a row of the case is."""
    pair = row["Qualifier"]
    if row["RiskType"] == "Risk_FXVol":
        pair = "".join(sorted((pair[:3], pair[3:])))
    for place in range(len(netted)):
        label = netted.label[place]
        if (RISK_TYPES[netted.kind[place]].name, netted.names[netted.name[place]],
                TENORS[label] if label >= 0 else "", netted.subs[netted.sub[place]]) == (
                row["RiskType"], pair, row["Label1"], row["Label2"]):
            return place
    raise AssertionError(f"no factor of {row}")


FAMILIES: dict[str, Check] = {"simm-margin": margin, "simm-allocation": allocation}
