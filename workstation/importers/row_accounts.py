"""The account each row belongs to, and what the row says of that account."""

from __future__ import annotations

from dataclasses import dataclass

from workstation.importers import words
from workstation.importers.cells import Columns
from workstation.importers.draft import Draft

CRYPTO = "crypto"


@dataclass(slots=True)
class RowAccounts:
    """Finds accounts row by row; `default` serves a table that names none."""

    columns: Columns
    draft: Draft
    default: str
    venue: str = ""
    _last: str = ""

    def of_row(self, k: int) -> str:
        """Return the account id of row k, opening the account if it is new."""
        account_id = self._named(k)
        account = self.draft.accounts.get(account_id)
        if account is None:
            account = self.draft.account(account_id, self.columns.where(k))
            account.name = self.columns.text("account_name", k)
            account.firm = self.columns.text("firm", k)
            account.venue = self.columns.text("venue", k).casefold() or self.venue
        if account.account_type is None and (text := self.columns.text("account_type", k)):
            account.account_type = words.account_type(text)
            if account.account_type is None:
                self.draft.note(self.columns.where(k, "account_type"),
                                f"“{text}” is not an account type we know",
                                "use one of the account types of the template")
        return account_id

    def begin(self, account_id: str) -> None:
        """Give the rows below a line that names an account to that account."""
        self.default, self._last = account_id, ""

    def holds_crypto(self, account_id: str) -> bool:
        """Say whether an account is one for crypto, so that BTC means the coin."""
        account = self.draft.accounts.get(account_id)
        kind = account.account_type if account else None
        return bool(self.venue) or (kind is not None and kind.value.startswith(CRYPTO))

    def venue_of(self, account_id: str) -> str:
        """Return the venue of an account, which sizes contracts the row does not size."""
        account = self.draft.accounts.get(account_id)
        return self.venue or (account.venue if account else "")

    def _named(self, k: int) -> str:
        """Return the account a row names, or the one above it where only the first row does."""
        named = self.columns.text("account_id", k)
        if not named and self._last:
            self.draft.note(self.columns.where(k, "account_id"),
                            "empty account cells were filled from the row above")
        self._last = named or self._last
        return self._last or self.default
