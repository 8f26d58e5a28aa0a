"""Random sequences of pledge, re-use, release and substitution keep every law of the graph."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from workstation.book.collateral import CollateralLot, Lien
from workstation.collateral.graph import partition
from workstation.collateral.measures import encumbered_reported, substitution
from workstation.collateral.report import LotState

PARTIES = ("PB", "FCM", "Bank", "Venue", "CCP")
ZERO = Decimal(0)
quantities = st.integers(1, 120).map(Decimal)
shares = st.sampled_from(("0", "0.25", "0.5", "1")).map(Decimal)


class Encumbrance(RuleBasedStateMachine):
    """One lot, its claims as events; the model recomputes every law from the accepted claims."""

    @initialize(quantity=st.integers(50, 300).map(Decimal))
    def begin(self, quantity):
        self.lot = CollateralLot("L1", "CLIENT", "X", "treasury", quantity, Decimal(1))
        self.liens = []
        self.events = []

    def _split(self):
        return partition(self.lot, self.liens)

    def _record(self, event, lien):
        """Take a claim; one that is refused leaves no trace, but for a lot it over-claims."""
        before = self._split()
        tried = partition(self.lot, [*self.liens, lien])
        if tried.refused:
            (refusal,) = tried.refused
            assert refusal.lien == lien
            assert refusal.what
            assert refusal.remedy
            if "the whole lot" in refusal.what:
                left = before.quantity_in(LotState.FREE)
                assert tried.quantity_in(LotState.FREE) == 0
                assert tried.quantity_in(LotState.PLEDGED) == left + before.quantity_in(
                    LotState.PLEDGED)
            else:
                assert tried.states == before.states
            assert refusal.available < lien.quantity or "cycle" in refusal.what \
                or "no accepted claim" in refusal.what
        else:
            self.liens.append(lien)
            self.events.append((event, lien))

    @rule(quantity=quantities, party=st.sampled_from(PARTIES), share=shares,
          kind=st.sampled_from(("pledge", "title_transfer", "seg_lock")))
    def pledge(self, quantity, party, share, kind):
        if party not in {lien.secured_party for lien in self.liens}:
            self._record("pledge", Lien("L1", quantity, party, type=kind, reuse=share))

    @rule(quantity=quantities, holder=st.sampled_from(PARTIES),
          party=st.sampled_from((*PARTIES, "CLIENT")), share=shares)
    def reuse(self, quantity, holder, party, share):
        if party not in {lien.secured_party for lien in self.liens if lien.parent != holder}:
            self._record("re-use", Lien("L1", quantity, party, reuse=share, parent=holder))

    @rule(data=st.data())
    def release(self, data):
        leaves = [lien for lien in self.liens
                  if lien.secured_party not in {other.parent for other in self.liens}]
        if leaves:
            gone = data.draw(st.sampled_from(leaves))
            before = self._split().quantity_in(LotState.FREE)
            self.liens.remove(gone)
            self.events.append(("release", gone))
            freed = ZERO if gone.parent else gone.quantity
            assert self._split().quantity_in(LotState.FREE) == before + freed

    @rule(new=quantities, haircut=shares.filter(lambda h: h < 1), data=st.data())
    def substitute(self, new, haircut, data):
        """Another lot of value `new` in for one pledge: only where value after haircut keeps."""
        own = [lien for lien in self.liens if not lien.parent
               and lien.secured_party not in {other.parent for other in self.liens}]
        if not own:
            return
        old = data.draw(st.sampled_from(own))
        answer = substitution(ZERO, [(old.quantity, ZERO)], [(new, haircut)])
        assert answer.accepted == (new * (1 - haircut) >= old.quantity)
        if answer.accepted:
            self.liens.remove(old)
            self.events.append(("release", old))
            assert answer.value_after >= answer.value_before

    @invariant()
    def states_are_a_partition(self):
        if hasattr(self, "lot"):
            states = dict(self._split().states)
            assert sum(states.values()) == self.lot.quantity
            assert min(states.values()) >= 0

    @invariant()
    def no_claim_exceeds_its_source(self):
        if not hasattr(self, "lot"):
            return
        accepted = self._split().accepted
        assert len(accepted) == len(self.liens)
        assert sum((a.quantity for a in accepted if not a.parent), ZERO) <= self.lot.quantity
        for parent in accepted:
            cap = ZERO if parent.type == "seg_lock" else parent.quantity * parent.reuse
            passed = sum((c.quantity for c in accepted if c.parent == parent.secured_party), ZERO)
            assert passed <= cap

    @invariant()
    def nothing_comes_back_to_whom_it_came_from(self):
        for lien in getattr(self, "liens", ()):
            seen, at = [lien.secured_party], lien
            while at.parent:
                assert at.parent not in seen
                seen.append(at.parent)
                at = next(p for p in self.liens if p.secured_party == at.parent)
            assert "CLIENT" not in seen

    @invariant()
    def value_is_reported_once_however_long_the_chain(self):
        if hasattr(self, "lot"):
            split = self._split()
            own = sum(split.quantity_in(s) for s in (
                LotState.PLEDGED, LotState.REUSABLE, LotState.REUSED, LotState.SEGREGATED))
            assert own == sum((a.quantity for a in split.accepted if not a.parent), ZERO)
            assert encumbered_reported(own, ZERO) <= self.lot.quantity

    @invariant()
    def replaying_the_events_gives_the_state(self):
        if not hasattr(self, "lot"):
            return
        replayed = []
        for event, lien in self.events:
            if event == "release":
                replayed.remove(lien)
            else:
                replayed.append(lien)
        assert partition(self.lot, replayed).states == self._split().states
        backwards = partition(self.lot, [replace(lien) for lien in reversed(self.liens)])
        assert dict(backwards.states) == dict(self._split().states)


TestEncumbrance = Encumbrance.TestCase
TestEncumbrance.settings = settings(max_examples=60, stateful_step_count=25, deadline=None)
