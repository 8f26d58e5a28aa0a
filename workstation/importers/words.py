"""What the values of a few columns mean: asset classes, account types, sides, rights."""

from __future__ import annotations

import re
from decimal import Decimal
from functools import lru_cache
from typing import Literal

from workstation.base.vocabulary import AccountType, AssetClass
from workstation.importers.vocabulary import normal

A = AssetClass
_ASSETS: dict[AssetClass, str] = {
    A.EQUITY: "stk|stock|stocks|eq|equities|common stock|common|share|shares|adr|reit|cs|sec"
              "|cash equity"
              "|aktie|aktien|action|actions|acciones|azione|azioni|acoes|aandeel|aandelen",
    A.ETF: "etfs|etfs & closed end funds|exchange traded fund|exchange traded funds|fund",
    A.ETP: "etps|etn|exchange traded product|exchange traded note",
    A.CONVERTIBLE: "convertible bond|convertibles|cb",
    A.CORPORATE_BOND: "bond|bonds|corp|corporate|corporate bonds|fixed income|corporate debt"
                      "|anleihe|anleihen|obligation|obligations|bono|bonos|obbligazione|obbligazioni"
                      "|obligatie|obligaties",
    A.TREASURY: "govt|government|government bond|ust|treasuries|us treasury|t-bill|t-note|t-bond",
    A.AGENCY: "agencies|mortgage|mbs|mtge",
    A.MUNICIPAL: "muni|munis|municipal bond",
    A.MUTUAL_FUND: "mutual funds|mf|unit trust",
    A.MONEY_MARKET_FUND: "money market|money market funds|mmf",
    A.LISTED_OPTION: "opt|ooe|option|options|equity option|index option|equity and index options"
                     "|equity options|stock option|etd option|eq opt",
    A.FUTURE: "fut|futures|ff|etd future|etdfuture",
    A.FUTURE_OPTION: "fop|oof|options on futures|option on future|futures option|futures options"
                     "|future options|etdoption",
    A.SECURITY_FUTURE: "ssf|single stock future|security futures",
    A.CLEARED_SWAP: "cleared swaps|cleared irs",
    A.SWAP: "irs|swaps|interest rate swap|otc swap",
    A.SECURITY_BASED_SWAP: "sbs|trs|equity swap|total return swap|security based swaps",
    A.CDS: "credit default swap|single name cds",
    A.CDS_INDEX: "cdx|index cds|itraxx",
    A.FX_FORWARD: "fx|fxfwd|fx forward|forward|ndf|fx fwd|forex",
    A.PERPETUAL: "perp|perps|perpetuals|perpetual swap|perpetual future",
    A.CRYPTO: "coin|crypto spot|cryptocurrency|digital asset|spot crypto|token",
    A.CRYPTO_OPTION: "crypto options",
    A.STABLECOIN: "stable|stablecoins",
    A.WRAPPED_TOKEN: "wrapped|wrapped coin",
    A.TOKENISED_SECURITY: "tokenized security|tokenised|tokenized|rwa",
    A.CASH: "csh|cash and money market|cash & cash investments|currency|cash balance",
}
T = AccountType
_ACCOUNTS: dict[AccountType, str] = {
    T.REG_T: "reg t|regt|margin|cash|short|reg t margin|strategy|strategy based|individual|joint",
    T.PORTFOLIO_MARGIN: "pm|portfolio|portfolio margin account|customer portfolio margin",
    T.FUTURES: "4d|4d seg|4da|4d(a)|seg|segregated|customer segregated|futures account|fut",
    T.FOREIGN_FUTURES: "30.7|30.7 secured|secured|part 30|foreign|foreign futures secured",
    T.CLEARED_SWAPS: "4df|4d(f)|lsoc|cleared swap|cleared swaps customer",
    T.UNCLEARED_SWAPS: "csa|uncleared|otc|uncleared swap|bilateral",
    T.SBS: "security based swap|security based swaps|18a-3",
    T.CRYPTO_SPOT: "crypto|spot crypto|custody|wallet",
    T.CRYPTO_VENUE: "venue|exchange|crypto exchange|crypto derivatives",
    T.CROSS_MARGIN: "cross|cross margin programme|cross margin program|cross-margin|xm",
}
_NAMED = (
    (re.compile(r"\bportfolio[ -]margin\b", re.IGNORECASE), T.PORTFOLIO_MARGIN),
    (re.compile(r"\breg(?:ulation)?[ -]?t\b", re.IGNORECASE), T.REG_T),
)
_LONG = frozenset({"long", "l", "buy", "b", "1", "bought", "bot", "lg", "buy to open", "bto",
                   "long position", "+", "kauf", "achat", "acheteur", "compra", "acquisto"})
_SHORT = frozenset({"short", "s", "sell", "2", "sold", "sld", "sh", "sht", "ss", "sell short",
                    "short sell", "sell to open", "sto", "short position", "short sale",
                    "verkauf", "leerverkauf", "vente", "vendeur", "venta", "vendita"})
LONGEST_CODE = 2
CURRENCY_WORDS = {
    "$": "USD", "US$": "USD", "U.S. DOLLAR": "USD", "US DOLLAR": "USD", "US DOLLARS": "USD",
    "€": "EUR", "EURO": "EUR", "EUROS": "EUR", "£": "GBP", "STERLING": "GBP",
    "POUND STERLING": "GBP", "BRITISH POUND": "GBP", "YEN": "JPY", "JAPANESE YEN": "JPY",
    "SWISS FRANC": "CHF", "SFR": "CHF", "CANADIAN DOLLAR": "CAD", "C$": "CAD",
    "AUSTRALIAN DOLLAR": "AUD", "A$": "AUD", "HONG KONG DOLLAR": "HKD", "HK$": "HKD",
    "SINGAPORE DOLLAR": "SGD", "S$": "SGD", "SWEDISH KRONA": "SEK", "NORWEGIAN KRONE": "NOK",
    "DANISH KRONE": "DKK", "INDIAN RUPEE": "INR", "RMB": "CNY", "MEXICAN PESO": "MXN"}
DEBITS = frozenset({"d", "c", "dr", "cr", "debit", "credit", "soll", "haben"})
"""Words of a debit and credit column, which may mean long and short either way round."""
_RIGHTS: dict[str, Literal["C", "P"]] = {
    "c": "C", "call": "C", "calls": "C", "1": "C", "p": "P", "put": "P", "puts": "P", "0": "P"}
CURRENCIES = frozenset({
    "USD", "EUR", "GBP", "JPY", "CHF", "CAD", "AUD", "NZD", "SEK", "NOK", "DKK", "PLN", "CZK",
    "HUF", "HKD", "SGD", "CNY", "CNH", "KRW", "INR", "BRL", "MXN", "ZAR", "TRY", "ILS", "TWD",
    "THB", "MYR", "IDR", "PHP", "CLP", "COP", "PEN", "AED", "SAR", "QAR", "KWD", "RON", "BGN",
    "ISK", "RUB", "EGP", "NGN", "KES", "PKR", "VND",
})


def _reversed(table: dict[AssetClass, str]) -> dict[str, AssetClass]:
    words = {normal(word): kind for kind, text in table.items() for word in text.split("|")}
    return {**words, **{normal(kind.value): kind for kind in AssetClass}}


_ASSET_WORDS = _reversed(_ASSETS)
_ACCOUNT_WORDS = {
    **{normal(word): kind for kind, text in _ACCOUNTS.items() for word in text.split("|")},
    **{normal(kind.value): kind for kind in AccountType},
}


@lru_cache(maxsize=512)
def asset_class(text: str) -> AssetClass | None:
    """Return the asset class a word means, or None."""
    return _ASSET_WORDS.get(normal(text))


@lru_cache(maxsize=512)
def account_type(text: str) -> AccountType | None:
    """Return the account type a word means, or None."""
    return _ACCOUNT_WORDS.get(normal(text))


def account_type_in(name: str) -> AccountType | None:
    """Return the account type an account's own name gives away in full words, or None."""
    found = {kind for pattern, kind in _NAMED if pattern.search(name)}
    return found.pop() if len(found) == 1 else None


def side(text: str) -> Decimal | None:
    """Return +1 for long or buy, -1 for short or sell, None for anything else."""
    word = text.strip().casefold()
    if word in _LONG:
        return Decimal(1)
    return Decimal(-1) if word in _SHORT else None


def is_clear_side(text: str) -> bool:
    """Say whether a word can mean nothing but long or short, whatever its column is called."""
    return len(text.strip()) > LONGEST_CODE and side(text) is not None


def right(text: str) -> Literal["C", "P"] | None:
    """Return C or P for the words of a put/call column, or None."""
    return _RIGHTS.get(text.strip().casefold())
