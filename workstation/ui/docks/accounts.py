"""The client's accounts: who carries them, under which law, and what they must post."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from PySide6.QtWidgets import QLabel, QWidget

from workstation.base.wording import account_type_words
from workstation.book.accounts import Account
from workstation.measures.account_status import CASH_NOT_STATED
from workstation.results.formats import money, percent, regime, words
from workstation.results.run import Run
from workstation.results.table import Table
from workstation.ui.docks.dock import Dock
from workstation.ui.docks.panes import TablePane
from workstation.ui.table_model import TableModel

EMPTY = ("The client's accounts appear here, with the law each one stands under.\n"
         "Open a client file to load them (Ctrl+O).")
ASSUMED = " (assumed)"


@dataclass(frozen=True, slots=True)
class AccountRow:
    """One account as the list shows it; money is in the account's own currency."""

    account_id: str
    name: str
    kind: str
    firm: str
    currency: str
    cash: Decimal | None
    other_cash: str
    regime: str
    initial: Decimal | None
    maintenance: Decimal | None
    status: str
    equity: Decimal | None = None
    excess: Decimal | None = None
    call: Decimal | None = None
    to_call: Decimal | None = None


class AccountsDock(Dock):
    """The list of accounts; choosing one announces its id."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("Accounts", EMPTY, parent)
        self.table = TablePane("Accounts")
        self.table.view.wrap_headings()
        self.count = QLabel()
        self.count.setProperty("role", "label")
        self.header.addWidget(self.count, 1)
        self.header.addWidget(self.export_button())
        self.body.addWidget(self.table)
        self.table.chosen.connect(self._announce)

    def fill(self, run: Run) -> None:
        """List the accounts of a review."""
        self.table.show_table(accounts_table(run))
        assumed = sum(account.assumed_type for account in run.book.accounts)
        doubt = f", {assumed} of an assumed type" if assumed else ""
        count = len(run.book.accounts)
        self.count.setText(f"{count} account{'' if count == 1 else 's'}{doubt}")

    def shown_table(self) -> TableModel:
        """Return the list."""
        return self.table.model

    def _announce(self, row: AccountRow) -> None:
        self.account_chosen.emit(row.account_id)


def accounts_table(run: Run) -> Table:
    """Return the accounts with their requirement today, in file order."""
    columns = (
        words("Account", "account_id"),
        words("Type", "kind", "assumed where the file names none"),
        money("Maintenance", "maintenance", "in the account's currency"),
        money("Initial", "initial", "in the account's currency"),
        money(f"Equity ({run.currency})", "equity", "net liquidating value"),
        money(f"Excess ({run.currency})", "excess",
              "equity above maintenance; a deficit in parentheses"),
        money(f"Call ({run.currency})", "call", "largest call that holds now"),
        percent("To a call (%)", "to_call", "move of all prices together that brings one"),
        words("Status", "status"),
        money("Cash", "cash", "in the account's currency; a debit is negative"),
        words("Currency", "currency"), words("Other cash", "other_cash"),
        words("Name", "name"), words("Firm", "firm"),
        regime("Regime", "regime", "the rulebook that margins the account today"),
    )
    return Table("Accounts", columns, tuple(_row(account, run) for account in run.book.accounts),
                 "The client's accounts.")


def _row(account: Account, run: Run) -> AccountRow:
    margin = run.silos.of_account(account.account_id)
    words_of = account_type_words(account.account_type)
    kind = words_of[:1].upper() + words_of[1:] + (ASSUMED if account.assumed_type else "")
    cash = account.cash if account.cash_stated or account.cash else None
    other = ", ".join(f"{amount:,f} {currency}" for currency, amount in account.other_cash)
    if margin is None:
        return AccountRow(account.account_id, account.name, kind, account.firm, account.currency,
                          cash, other, "", None, None, "not margined")
    left_out = len(margin.excluded)
    status = "complete" if margin.complete else f"incomplete: {left_out} excluded"
    standing = run.status(account.account_id)
    known = standing is None or standing.cash_stated
    if standing is not None and not known:
        status = CASH_NOT_STATED if margin.complete else f"{CASH_NOT_STATED}; {status}"
    figures = (None, None, None, None) if standing is None else (
        standing.equity.amount, standing.excess, standing.call if known else None,
        standing.distance and standing.distance.nearest)
    return AccountRow(account.account_id, account.name, kind, account.firm, account.currency,
                      cash, other, margin.regime, margin.initial.amount,
                      margin.maintenance.amount, status, *figures)
