"""Who the client is and what it holds: the relationship, and the book."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from decimal import Decimal
from typing import Any

from workstation.base.money import accounting
from workstation.base.wording import account_type_words, asset_class_words
from workstation.measures.account_status import CASH_NOT_STATED
from workstation.reports.charts.bars import Part, bars
from workstation.reports.dossier.blocks import (
    PAGE_WIDTH,
    Block,
    Cell,
    Chart,
    Facts,
    Field,
    Grid,
    Section,
    amount_cell,
    grid_of,
    missing,
    text_cell,
)
from workstation.reports.dossier.pack import Pack
from workstation.results.depth import depth_table
from workstation.results.run import Run
from workstation.results.tables import exposure_table, positions_table

TOP = 10
MOST_ACCOUNTS = 24
MOST_RISKS = 10
ZERO = Decimal(0)


def relationship(pack: Pack) -> Section:
    """Return equity, leverage, accounts and what the template says of the agreements."""
    run = pack.run
    rows = positions_table(run).rows
    gross = _sum(abs(size) for row in rows if (size := _size(row)) is not None)
    known = [status for status in run.statuses if status.cash_stated]
    equity = _sum(status.equity.amount for status in known)
    unknown = (f"; not known for {', '.join(run.without_cash)}: {CASH_NOT_STATED}"
               if run.without_cash else "")
    facts = [("Equity in the accounts", f"{accounting(equity)} {run.currency}, "
              f"{len(known)} of {len(run.book.accounts)} accounts have one{unknown}")]
    if unknown:
        facts.append(("Leverage", f"not known without all cash; gross {accounting(gross)}"))
    elif equity > 0:
        facts.append(("Leverage", f"{gross / equity:,.2f} times equity: {accounting(gross)} gross "
                      "market value and notional"))
    else:
        facts.append(("Leverage", f"not defined without equity; gross {accounting(gross)}"))
    facts += list(pack.template.relationship.items())
    blocks: list[Block] = [Facts(tuple(facts)), _accounts(run)]
    if not pack.template.relationship:
        blocks.append(missing(
            "Net asset value, strategies, agreements (prime brokerage, ISDA and CSA, futures, "
            "cross-default, rehypothecation) and lock-ups are not in a position file: write them "
            "in the template under [relationship]."))
    return Section("Relationship", tuple(blocks), new_page=True)


def _accounts(run: Run) -> Grid:
    fields = (Field("Account", 0.8), Field("Name", 1.2), Field("Type", 0.9), Field("Carried by"),
              Field("Currency", 0.5), Field("Cash", number=True),
              Field(f"Equity ({run.currency})", number=True))
    rows = []
    for account in run.book.accounts[:MOST_ACCOUNTS]:
        status = run.status(account.account_id)
        rows.append((
            text_cell(account.account_id, bold=True), text_cell(account.name),
            text_cell(account_type_words(account.account_type)
                      + (" (assumed)" if account.assumed_type else "")),
            text_cell(account.firm or account.venue), text_cell(account.currency),
            text_cell(CASH_NOT_STATED) if account.account_id in run.without_cash
            else amount_cell(account.cash),
            amount_cell(status.equity.amount if status and status.cash_stated else None)))
    left = len(run.book.accounts) - MOST_ACCOUNTS
    note = f"{left} more accounts are in the workbook, sheet Silos." if left > 0 else ""
    return Grid(fields, tuple(rows), note=note)


def book(pack: Pack) -> Section:
    """Return gross and net by asset class, the largest positions, depth and exposure by risk."""
    run = pack.run
    table = positions_table(run)
    if not table.rows:
        return Section("Book", (missing("The file holds no positions; sensitivities, if any, are "
                                        "margined under swaps."),))
    blocks: list[Block] = [_by_class(run, table.rows), _largest(run, table.rows)]
    blocks += _depth(run)
    if run.exposures:
        by_risk: dict[str, Decimal] = defaultdict(Decimal)
        for item in run.exposures:
            by_risk[item.root] += item.delta
        largest = sorted(by_risk.items(), key=lambda pair: -abs(pair[1]))[:MOST_RISKS]
        blocks.append(Chart(
            f"Net exposure by risk, the {len(largest)} largest ({run.currency}; profit per 100 % "
            "move)", bars([Part(name, size, "accent") for name, size in largest], PAGE_WIDTH,
                          "Net exposure by risk root")))
        exposure = exposure_table(run)
        order = sorted(range(len(exposure.rows)), key=lambda n: -abs(exposure.rows[n].delta))
        blocks.append(grid_of(
            exposure, (("root", 0.8), ("wrapper", 0.8), ("account", 0.8), ("silo", 1.0),
                       ("location", 1.0), "positions", "delta", "stand_alone"), MOST_RISKS,
            title="The same risk by wrapper and account: basis trades stand under one name",
            rows=order))
    return Section("Book", tuple(blocks))


def _size(row: Any) -> Decimal | None:
    size: Decimal | None = row.notional if row.market_value is None else row.market_value
    return size


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    return sum(amounts, ZERO)


def _by_class(run: Run, rows: Iterable[Any]) -> Grid:
    groups: dict[str, list[Decimal | None]] = defaultdict(list)
    for row in rows:
        groups[row.asset_class].append(_size(row))
    unit = run.currency
    fields = (Field("Asset class"), Field("Positions", number=True),
              Field("Unpriced", number=True), Field(f"Long ({unit})", number=True),
              Field(f"Short ({unit})", number=True), Field(f"Gross ({unit})", number=True),
              Field(f"Net ({unit})", number=True))
    lines = []
    every: list[Decimal | None] = []
    for name, sizes in sorted(groups.items(), key=lambda pair: -_gross(pair[1])):
        lines.append(_class_line(asset_class_words(name), sizes))
        every += sizes
    lines.append(_class_line("Total", every, bold=True))
    return Grid(fields, tuple(lines), "Market value, and notional of contracts not paid for, by "
                "asset class", totals=frozenset({len(lines) - 1}))


def _gross(sizes: Iterable[Decimal | None]) -> Decimal:
    return _sum(abs(size) for size in sizes if size is not None)


def _class_line(name: str, sizes: list[Decimal | None], *, bold: bool = False) -> tuple[Cell, ...]:
    known = [size for size in sizes if size is not None]
    unpriced = len(sizes) - len(known)
    long = _sum(size for size in known if size > 0)
    short = _sum(size for size in known if size < 0)
    return (text_cell(name, bold=bold), Cell(f"{len(sizes):,}", bold=bold),
            Cell(f"{unpriced:,}" if unpriced else "", "excluded"),
            *(amount_cell(a, bold=bold) for a in (long, short, long - short, long + short)))


def _largest(run: Run, rows: Any) -> Grid:
    order = sorted(range(len(rows)), key=lambda n: -abs(_size(rows[n]) or ZERO))
    gross = _gross(_size(row) for row in rows)
    fields = (Field("Largest positions", 1.4), Field("Account", 0.8), Field("Asset class", 0.9),
              Field(f"Value or notional ({run.currency})", number=True),
              Field("Share of gross (%)", number=True),
              Field(f"Stand-alone ({run.currency})", number=True))
    lines = []
    for place in order[:TOP]:
        row, size = rows[place], _size(rows[place]) or ZERO
        share = f"{abs(size) / gross * 100:.1f} %" if gross else ""
        lines.append((text_cell(row.symbol), text_cell(row.account),
                      text_cell(asset_class_words(row.asset_class)), amount_cell(size), Cell(share),
                      amount_cell(row.stand_alone)))
    return Grid(fields, tuple(lines), whole=True)


def _depth(run: Run) -> list[Block]:
    """Return the share of a day's volume, and days to sell by factor where a cascade found them."""
    table = depth_table(run)
    known = [n for n, row in enumerate(table.rows) if row.share is not None]
    blocks: list[Block] = []
    if known:
        blocks.append(grid_of(
            table, (("root", 1.0), "exposure", ("symbol", 0.8), "volume", "share", "days"), TOP,
            title="Depth: net exposure against average daily volume, days at a tenth of it",
            rows=known))
    silent = [row.root for row in table.rows if row.share is None]
    if silent:
        blocks.append(missing("No average daily volume, so no days to liquidate: "
                              f"{', '.join(silent)}. Fill in adv and price on the Market sheet."))
    outcomes = run.cascade.factor_outcomes if run.cascade else ()
    sold = sorted((o for o in outcomes if o.days_of_volume is not None),
                  key=lambda o: -(o.days_of_volume or 0.0))[:TOP]
    if sold:
        fields = (Field("Depth in the cascade, by factor"),
                  Field(f"Exposure ({run.currency})", number=True),
                  Field("Days of volume sold", number=True),
                  Field("Critical leverage", number=True))
        rows = tuple((text_cell(o.factor), amount_cell(o.exposure),
                      Cell(f"{o.days_of_volume:,.4f}"),
                      Cell("" if o.critical_leverage is None else f"{o.critical_leverage:,.1f}"))
                     for o in sold)
        blocks.append(Grid(fields, rows, whole=True))
    return blocks
