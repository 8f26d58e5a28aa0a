"""An edit computes only what it moved."""

from dataclasses import replace

from tests.unit.workspace.test_spreads import session as futures_only
from workstation.base.resources import resource_root
from workstation.rulebooks.finra_4210 import pairs
from workstation.workspace.session import Session


def test_a_changed_class_alone_is_paired_again(monkeypatch):
    paired, search = [], pairs._paired

    def noted(legs, basis):
        paired.append((basis.name, legs.options, legs.long_stock, legs.short_stock, legs.supply))
        return search(legs, basis)

    monkeypatch.setattr(pairs, "_paired", noted)
    session = Session.from_file(resource_root() / "books" / "larkfield_income.xlsx")
    session.review()
    before = set(paired)
    assert len(before) > 2
    paired.clear()
    changed = next(p for p in session.book.positions if p.instrument.option is not None)
    session.replace_position(replace(changed, quantity=changed.quantity * 2))
    again = session.review()
    assert any(changed.instrument.symbol == option.symbol
               for _, options, *_ in paired for option in options)
    assert not before & set(paired)
    paired.clear()
    session.review()
    assert paired == []
    fresh = Session.from_file(resource_root() / "books" / "larkfield_income.xlsx")
    fresh.replace_position(replace(changed, quantity=changed.quantity * 2))
    assert fresh.review().silos.maintenance == again.silos.maintenance


def test_a_review_again_names_every_edition_it_rests_on():
    """A kept distance rests on editions that nothing else of a futures book asks for."""
    session = futures_only()
    first, again = session.review(), session.review()
    assert again.editions == first.editions
    assert "FINRA 4210" in {edition.rule for edition in again.editions}
