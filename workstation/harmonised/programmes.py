"""Today's silos with live cross-margin programmes: jointly scanned accounts where that is lower.

requirement = today's requirement of every account outside a programme
            + for each programme the lesser of its accounts' requirements of today and their
              joint scan
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from workstation.base.explain import Explained, lesser_of, total
from workstation.book.book import Book
from workstation.harmonised.design import Design
from workstation.harmonised.eligibility import PROGRAMME, Slots
from workstation.harmonised.explanation import Explainer
from workstation.harmonised.scan import Scan
from workstation.harmonised.tree import UnitTree
from workstation.measures.requirement import Margin


@dataclass(frozen=True, slots=True)
class Programme:
    """One live programme: its accounts, what they post today, and what they post jointly."""

    name: str
    accounts: tuple[str, ...]
    today: Decimal
    joint: Explained

    @property
    def saving(self) -> Decimal:
        """What the programme saves; never negative, for joining one is a choice."""
        return self.today - self.joint.amount


def live_programmes(design: Design, book: Book, silos: Margin, scan: Scan, slots: Slots,
                    trees: tuple[UnitTree, ...]) -> tuple[Programme, ...]:
    """Return every programme that joins at least two accounts, by name."""
    explainer = Explainer(scan, slots, design)
    members: dict[str, list[str]] = {}
    for account in book.accounts:
        if account.programme:
            members.setdefault(account.programme, []).append(account.account_id)
    by_name = {tree.name: tree for tree in trees}
    found = []
    for name, ids in sorted(members.items()):
        tree = by_name.get(f"{PROGRAMME} {name}")
        own = [silos.of_account(account_id) for account_id in ids]
        posted = [account.maintenance for account in own if account is not None]
        if tree is not None and len(posted) > 1:
            apart = total("Its accounts apart", *posted)
            joint = lesser_of(f"{PROGRAMME} {name}", apart, explainer.unit(tree),
                              cite=design.cite("legal.scope"))
            found.append(Programme(name, tuple(ids), apart.amount, joint))
    return tuple(found)


def with_programmes(design: Design, silos: Margin, programmes: tuple[Programme, ...]) -> Explained:
    """Return today's requirement with the accounts of programmes margined jointly."""
    if not programmes:
        return silos.maintenance
    joined = {account for programme in programmes for account in programme.accounts}
    outside = (a.maintenance for a in silos.accounts if a.account_id not in joined)
    return total(design.title, *outside, *(p.joint for p in programmes), cite=design.cite())
