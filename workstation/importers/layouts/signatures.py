"""Exports that any table reader can read, told apart by the columns only they have."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from workstation.importers.vocabulary import spellings

SIGNATURES: Mapping[str, frozenset[str]] = {
    "schwab positions": frozenset({"symbol", "qty", "mktval", "gain$"}),
    "fidelity positions": frozenset({"accountnumber", "symbol", "lastprice", "currentvalue",
                                     "percentofaccount"}),
    "ibkr flex positions": frozenset({"clientaccountid", "fxratetobase", "assetclass", "symbol"}),
    "tastytrade positions": frozenset({"account", "symbol", "expdate", "dte", "plopen"}),
    "clearing firm positions": frozenset({"pfirm", "pacct", "pqty", "pbs"}),
}


def signature(headers: Iterable[str]) -> str:
    """Return the name of the export whose own columns are all there, or an empty text."""
    words = {word for header in headers for word in spellings(header)}
    return next((name for name, wanted in SIGNATURES.items() if wanted <= words), "")
