"""Position files of clearing systems: back-office dumps (PFIRM, PACCT, ...) and SPAN position CSV.

Every line is a futures product with its month, and an option where a right is given, so no line
is ever taken for a share of the same ticker. Account codes say how the account is carried.
"""

from __future__ import annotations

from workstation.base.vocabulary import AccountType
from workstation.importers.draft import Draft
from workstation.importers.layouts.tabular import read_table
from workstation.importers.sheets import Cell, Sheet, Source, is_blank, text_of
from workstation.importers.tables import Table
from workstation.importers.vocabulary import normal
from workstation.importers.words import right

BACK_OFFICE, SPAN = "clearing firm positions", "span position csv"
BACK_OFFICE_WORDS = frozenset({"pfirm", "pacct", "pqty", "pbs"})
SPAN_WORDS = frozenset({"pfcode", "pe", "net"})
SEARCHED = 10
RIGHTS = ("psubty", "o")
FIELDS = {"pfirm": "firm", "pacct": "account_id", "pcursy": "currency", "pexch": "exchange",
          "pfc": "underlying", "pctym": "expiry", "psubty": "put_call", "pstrik": "strike",
          "pqty": "quantity", "pbs": "side", "pmultf": "multiplier", "pclose": "price",
          "firm": "firm", "acctid": "account_id", "currency": "currency", "exch": "exchange",
          "pfcode": "underlying", "pe": "expiry", "o": "put_call", "k": "strike", "net": "quantity"}
EXACT = ("pe", "pfCode")
"""Codes kept beside the fields read from them: a risk-parameter file names the contract by them."""
MONTH_DIGITS = 6
ACCOUNT_WORDS = ("portfolio", "pacct", "acctid", "account")
CODES = frozenset({"patype", "accttype", "seg", "iscust", "cc"})
PROFILES = {"R": "hrp", "S": "hrp", "HRP": "hrp", "X": "non_hrp", "H": "non_hrp",
            "NHRP": "non_hrp", "M": "member", "F": "house", "O": "O", "Q": "Q"}
"""Codes of account types; O and Q are omnibus accounts, carried gross."""
HOUSE = frozenset({"HOUS", "HOUSE"})


def matches(source: Source) -> bool:
    """Say whether a row names the columns only these files have."""
    return _header(source) is not None


def _header(source: Source) -> tuple[Sheet, int, list[str]] | None:
    for sheet in source.visible:
        for i, row in enumerate(sheet.rows[:SEARCHED]):
            names = [normal(text_of(cell)) for cell in row]
            if any(words <= set(names) for words in (BACK_OFFICE_WORDS, SPAN_WORDS)):
                return sheet, i, names
    return None


def read(source: Source, draft: Draft) -> None:
    """Read every line as a future or an option on one, in futures accounts."""
    found = _header(source)
    if found is None:
        raise TypeError(source.path.name)
    sheet, header, names = found
    draft.kind = BACK_OFFICE if set(names) >= BACK_OFFICE_WORDS else SPAN
    width = len(names)
    grid: list[list[Cell]] = [list(row) for row in sheet.rows]
    body = []
    for i in range(header + 1, len(grid)):
        if all(is_blank(cell) for cell in grid[i]):
            continue
        record = dict(zip(names, map(text_of, grid[i]), strict=False))
        padded = [*grid[i], *[""] * (width - len(grid[i]))][:width]
        exact = [record.get(name.casefold(), "") for name in EXACT] if draft.kind == SPAN else []
        if exact:
            padded[names.index("pe")] = exact[0][:MONTH_DIGITS]
        grid[i] = [*padded, _class_of(record), *exact]
        body.append(i)
        _open_account(record, draft, sheet.where(i))
    headers = tuple("" if name in CODES else text_of(cell)
                    for name, cell in zip(names, sheet.rows[header], strict=True))
    given = {i: FIELDS[name] for i, name in enumerate(names) if name in FIELDS} | {
        width: "asset_class"}
    added = ("Asset Class", *(EXACT if draft.kind == SPAN else ()))
    read_table(Table(Sheet(sheet.name, grid), header, (*headers, *added), tuple(body)),
               draft, "Account", given=given)


def _class_of(record: dict[str, str]) -> str:
    is_option = any(right(record.get(name, "")) for name in RIGHTS if not record.get(
        name, "").isdecimal())
    return "future_option" if is_option else "future"


def _open_account(record: dict[str, str], draft: Draft, where: str) -> None:
    account_id = next((record[name] for name in ACCOUNT_WORDS if record.get(name)),
                      "")
    if not account_id or account_id in draft.accounts:
        return
    account = draft.account(account_id, where)
    account.account_type = AccountType.FUTURES
    account.firm = record.get("pfirm") or record.get("firm") or ""
    account.risk_profile = PROFILES.get(record.get("accttype", "").upper(), "")
    if record.get("seg", "").upper() in HOUSE or record.get("iscust", "") == "0":
        account.risk_profile = "house"
