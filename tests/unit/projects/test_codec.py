from dataclasses import dataclass, field, replace
from datetime import date, datetime
from decimal import Decimal

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.results.made_run import made_book, made_run
from workstation.base.explain import Citation, Explained, greater_of, lesser_of, total
from workstation.base.vocabulary import AssetClass
from workstation.instruments.instrument import Instrument
from workstation.instruments.terms import (
    BondTerms,
    FutureTerms,
    OptionTerms,
    PerpetualTerms,
    SwapTerms,
)
from workstation.projects.codec import Codec, UnreadableError
from workstation.projects.state import book_codec, run_codec

amounts = st.decimals(allow_nan=False, allow_infinity=False, places=None)
texts = st.text(max_size=12)
optional_amounts = st.none() | amounts
terms = st.one_of(
    st.none(),
    st.builds(OptionTerms, st.sampled_from(["C", "P"]), amounts, st.dates(),
              st.sampled_from(["american", "european"])),
    st.builds(FutureTerms, texts, st.none() | st.dates()),
    st.builds(BondTerms, st.none() | st.dates(), optional_amounts, texts),
    st.builds(PerpetualTerms, st.sampled_from(["linear", "inverse"]), texts),
    st.builds(SwapTerms, optional_amounts, optional_amounts, texts, st.none() | st.dates(),
              texts, optional_amounts),
)
instruments = st.builds(Instrument, texts, st.sampled_from(AssetClass), texts, texts, amounts,
                        terms, texts)
citations = st.none() | st.builds(Citation, texts, texts, texts,
                                  st.sampled_from(["sourced", "unverified"]))
leaves = st.builds(Explained, texts, amounts, citations,
                   st.lists(st.tuples(texts, texts), max_size=2).map(tuple))
trees = st.recursive(leaves, lambda parts: st.tuples(
    st.sampled_from([total, greater_of, lesser_of]), texts,
    st.lists(parts, min_size=1, max_size=3), citations,
).map(lambda made: made[0](made[1], *made[2], cite=made[3])), max_leaves=8)


@given(instruments)
def test_instruments_with_any_terms_read_back_equal(instrument):
    codec = Codec(Instrument)
    again = codec.decode(codec.encode(instrument))
    assert again == instrument
    assert type(again.terms) is type(instrument.terms)
    assert again.asset_class is instrument.asset_class


@given(trees)
def test_explanations_read_back_equal(tree):
    codec = Codec(Explained)
    again = codec.decode(codec.encode(tree))
    assert again == tree
    assert [str(node.amount) for _, node in again.walk()] == [
        str(node.amount) for _, node in tree.walk()], "the exponent of an amount is kept too"


@pytest.mark.parametrize("with_cascade", [True, False])
def test_a_whole_run_reads_back_equal(with_cascade):
    run = made_run(with_cascade=with_cascade)
    data = run_codec().encode(run)
    assert run_codec().decode(data) == run
    assert run_codec().encode(run_codec().decode(data)) == data


def test_a_book_reads_back_equal():
    assert book_codec().decode(book_codec().encode(made_book())) == made_book()


def test_a_wrong_tree_is_not_read():
    data = msgspec.msgpack.decode(Codec(Explained).encode(total("t", made_run().silos.initial)))
    data["value"][1] = "1"
    with pytest.raises(UnreadableError, match="is not the sum"):
        Codec(Explained).decode(msgspec.msgpack.encode(data))


@pytest.mark.parametrize("data", [b"", b"\xc1", b"\x93\x01\x02\x03", b"\x80"])
def test_other_bytes_are_refused(data):
    with pytest.raises(UnreadableError, match="Book cannot be read"):
        book_codec().decode(data)


@given(st.data())
def test_truncated_runs_are_refused(data):
    whole = run_codec().encode(made_run())
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(UnreadableError):
        run_codec().decode(whole[:cut])


def version(name, **fields):
    made = {"__annotations__": {key: kind for key, (kind, _) in fields.items()}}
    made.update({key: value for key, (_, value) in fields.items() if value is not ...})
    return dataclass(frozen=True)(type(name, (), made))


def test_a_field_added_with_a_default_reads_old_bytes_and_a_dropped_one_is_skipped():
    old = version("Thing", first=(int, ...), dropped=(str, ...), last=(Decimal, ...))
    new = version("Thing", last=(Decimal, ...), added=(int, 7), first=(int, 0))
    again = Codec(new).decode(Codec(old).encode(old(1, "gone", Decimal("2.50"))))
    assert again == new(last=Decimal("2.50"), added=7, first=1)


def test_a_new_field_without_a_default_makes_old_bytes_unreadable():
    old = version("Thing", first=(int, ...))
    new = version("Thing", first=(int, ...), added=(int, ...))
    with pytest.raises(UnreadableError, match="added"):
        Codec(new).decode(Codec(old).encode(old(1)))


def test_what_a_review_cannot_hold_is_refused_when_declared():
    with pytest.raises(TypeError, match="cannot hold"):
        Codec(version("Odd", what=(complex, ...)))


@dataclass(frozen=True)
class Times:
    at: datetime
    on: date
    pair: tuple[str, int]
    table: dict[str, tuple[float, ...]] = field(default_factory=dict)


def test_times_pairs_and_tables():
    value = Times(datetime(2026, 3, 2, 18, 30, 1, 5), date(2026, 3, 2), ("a", 1),
                  {"x": (1.5, float("inf"))})
    assert Codec(Times).decode(Codec(Times).encode(value)) == value


def test_amounts_of_odd_precision_survive():
    book = made_book()
    exact = Decimal("1234567890123456789.123456789012345678")
    odd = replace(book, positions=(replace(book.positions[0], quantity=exact),))
    again = book_codec().decode(book_codec().encode(odd))
    assert str(again.positions[0].quantity) == str(exact)
