"""US Treasury securities as statements describe them: words, coupon, maturity."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from fractions import Fraction

from workstation.importers.dates import full_year

_ISSUE = re.compile(
    r"^(?:(?:(?:US|U\.S\.|UNITED STATES) )?(?:TREASURY|TREAS|TSY)\b|UST\b|T(?:-?(?:BILL|NOTE|BOND)|"
    r"BILL|NOTE|BOND)?(?= \d)|US T(?:-| )?(?:BILL|NOTE|BOND)\b)", re.IGNORECASE)
_DATE = re.compile(r"\b(\d{1,2})/(\d{1,2})/(\d{4}|\d{2})\b")
_COUPON = re.compile(r"(?<![\d/.])(\d{1,2}(?:\.\d+)?)(?: (\d{1,2}/\d{1,2}))? ?%?\s*$")
PERCENT = Decimal("0.01")


@dataclass(frozen=True, slots=True)
class Issue:
    """A Treasury security: its maturity, and its coupon as a decimal where one is said."""

    maturity: date
    coupon: Decimal | None


def treasury_in_words(text: str) -> Issue | None:
    """Read `US TREASURY N/B 4.25% 11/15/34` or `T 4 3/8 05/15/34`; None for anything else.

    The dollar's market writes month first.
    """
    if not _ISSUE.match(text):
        return None
    dates = list(_DATE.finditer(text))
    if not dates:
        return None
    found = dates[-1]
    try:
        maturity = date(full_year(found[3]), int(found[1]), int(found[2]))
    except ValueError:
        return None
    coupon = _COUPON.search(text[:found.start()].rstrip())
    return Issue(maturity, _rate(coupon[1], coupon[2]) if coupon else None)


def _rate(whole: str, part: str | None) -> Decimal:
    """Return a coupon of percent and a fraction of it as a decimal."""
    share = Fraction(part) if part else Fraction(0)
    return (Decimal(whole) + Decimal(share.numerator) / share.denominator) * PERCENT
