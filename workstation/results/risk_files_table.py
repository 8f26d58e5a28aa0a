"""What is in loaded risk-parameter files: one line a combined commodity."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal

from workstation.results.formats import quantity, whole, words
from workstation.results.table import Table
from workstation.rulebooks.span.commodity import Commodity
from workstation.rulebooks.span.parameters import Organisation, RiskParameters


@dataclass(frozen=True, slots=True)
class CommodityRow:
    """One combined commodity of one file at one point in time."""

    file: str
    organisation: str
    as_of: str
    code: str
    currency: str
    products: str
    names: str
    months: int
    contracts: int
    intra: int
    inter: int
    short_option: Decimal
    ratios: str


def risk_contents_table(files: Sequence[RiskParameters]) -> Table:
    """Return the combined commodities of every file, in file order."""
    rows = tuple(row for file in files for organisation in file.organisations
                 for row in _rows(file, organisation))
    columns = (
        words("Commodity", "code", "combined commodity: what is scanned as one"),
        words("Products", "products"), words("Names", "names"), words("Currency", "currency"),
        whole("Months", "months"), whole("Contracts", "contracts"),
        whole("Spreads within", "intra"), whole("Spreads with others", "inter"),
        quantity("Short option minimum", "short_option", "a contract, where the file has one"),
        words("Initial ratios", "ratios", "by account class"),
        words("Organisation", "organisation"), words("Date and cycle", "as_of"),
        words("File", "file"),
    )
    return Table("Risk-parameter files", columns, rows,
                 "What the loaded risk-parameter files hold, commodity by commodity.")


def _rows(file: RiskParameters, organisation: Organisation) -> Iterator[CommodityRow]:
    sizes = _sizes(organisation)
    for code in sorted(organisation.commodities):
        commodity = organisation.commodities[code]
        families = [organisation.families[place] for place in commodity.families]
        months = [n for n, series in enumerate(organisation.series)
                  if series.family in commodity.families]
        yield CommodityRow(
            file.name, organisation.code, _as_of(organisation), code, commodity.currency,
            ", ".join(f"{family.code} {family.kind}" for family in families),
            ", ".join(dict.fromkeys(family.name for family in families if family.name)),
            len(months), sum(sizes.get(n, 0) for n in months), len(commodity.intra_spreads),
            _spreads_with(organisation, code), commodity.short_option_rate, _ratios(commodity))


def _sizes(organisation: Organisation) -> dict[int, int]:
    """Return how many contracts each series holds."""
    import numpy as np

    series, counts = np.unique(organisation.contracts.series, return_counts=True)
    return dict(zip(series.tolist(), counts.tolist(), strict=True))


def _as_of(organisation: Organisation) -> str:
    return organisation.snapshot.removeprefix(organisation.code).strip()


def _spreads_with(organisation: Organisation, code: str) -> int:
    return sum(any(leg.commodity == code for leg in spread.legs)
               for spread in organisation.inter_spreads)


def _ratios(commodity: Commodity) -> str:
    return ", ".join(f"{name} {ratio.normalize():f}" for name, ratio in commodity.initial.items())


def reading(file: RiskParameters) -> str:
    """Return in a sentence what was read of a file and what was not."""
    commodities = sum(len(item.commodities) for item in file.organisations)
    contracts = sum(len(item.contracts) for item in file.organisations)
    when = "; ".join(item.snapshot for item in file.organisations) or "no organisation"
    skipped = sum(file.skipped.values())
    words_ = (f"{file.name}: {when}, {commodities:,} combined commodities, {contracts:,} "
              f"contracts, {file.records:,} records read")
    left = f", {skipped:,} of other kinds passed over" if skipped else ""
    wrong = sum(problem.severity == "error" for problem in file.problems)
    damage = f", incomplete: {file.problems[0].what}" if wrong else ""
    return f"{words_}{left}{damage}."
