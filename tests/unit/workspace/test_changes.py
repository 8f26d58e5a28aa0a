import json
from dataclasses import replace
from datetime import timedelta
from decimal import Decimal

import pytest

from workstation.base.problem import UnusableInputError
from workstation.cli.main import main
from workstation.parameters.store import parse_edition
from workstation.reports.change_documents import changes_document, changes_text
from workstation.reports.dossier.memo import memo
from workstation.workspace.changes import CAUSES, INITIAL, MAINTENANCE, compare
from workstation.workspace.pack import pack_document, write_change, write_pack
from workstation.workspace.previous import of_session, read_reviewed
from workstation.workspace.session import Session, sample_books

D = Decimal
MERIDIAN = sample_books()[2]


@pytest.fixture(scope="module")
def before():
    return computed(Session.from_file(MERIDIAN))


def computed(session):
    session.designs = tuple(d for d in session.designs if d.name == "single-account-scan")
    session.run = session.review()
    return session


def later(before, **moved):
    """Return the same review with some of its inputs changed, computed."""
    session = Session.of(before.state())
    for name, value in moved.items():
        setattr(session, name, value)
    return computed(session)


def causes(changes, name=MAINTENANCE):
    line = next(row for row in changes.of_book if row.name == name)
    return {step.cause: step.amount for step in line.steps if step.amount}


def assert_exact(changes, one, other):
    assert [step.cause for step in changes.lines[0].steps] == list(CAUSES)
    for line in changes.lines:
        assert line.residual == 0
    book = {line.name: (line.before, line.after) for line in changes.of_book}
    assert book[MAINTENANCE] == (one.run.silos.maintenance.amount,
                                 other.run.silos.maintenance.amount)
    assert book[INITIAL] == (one.run.silos.initial.amount, other.run.silos.initial.amount)
    accounts = [row for row in changes.lines if row.account]
    for place in range(len(CAUSES)):
        assert sum(row.steps[place].amount for row in accounts) == next(
            row for row in changes.of_book if row.name == MAINTENANCE).steps[place].amount


def test_nothing_changed_between_a_review_and_itself(before):
    changes = compare(of_session(before), of_session(before))
    assert_exact(changes, before, before)
    assert not any(line.change for line in changes.lines)
    assert (changes.positions, changes.market, changes.rules) == ((), (), ())


def test_a_position_changed_is_positions_alone(before):
    book = before.book
    grown = replace(book.positions[0], quantity=book.positions[0].quantity * 2)
    after = later(before, book=book.with_position(grown))
    changes = compare(of_session(before), of_session(after))
    assert_exact(changes, before, after)
    assert causes(changes).keys() == {"Positions"}
    assert [(p.what, p.after / p.before) for p in changes.positions] == [("changed", 2)]


def test_a_price_is_prices_alone(before):
    book = before.book
    stock = next(p for p in book.positions if p.instrument.symbol == "TLT")
    after = later(before, book=book.with_position(replace(stock, price=stock.price * D("1.1"))))
    changes = compare(of_session(before), of_session(after))
    assert_exact(changes, before, after)
    assert causes(changes).keys() == {"Prices"}
    assert [(m.symbol, m.move) for m in changes.market] == [("TLT", D("0.1"))]


def test_all_causes_together_add_up(before):
    book = before.book
    shrunk = replace(book.positions[0], quantity=book.positions[0].quantity / 2)
    moved = tuple(replace(p, price=p.price * D("0.97") if p.price else p.price)
                  for p in book.with_position(shrunk).positions[:-1])
    text = ('rule = "FINRA 4210"\nedition = "house"\neffective = 2020-01-01\nsource = "the firm"\n'
            "[parameter.long_fraction]\nvalue = 0.40\nunit = \"of market value\"\n"
            'paragraph = "(c)(1)"\nstanding = "house"\n')
    overlay = parse_edition(text, MERIDIAN.with_name("house.toml"))
    after = later(before, overlays=(overlay,),
                  book=replace(book, positions=moved, as_of=book.as_of + timedelta(days=7)))
    changes = compare(of_session(before), of_session(after))
    assert_exact(changes, before, after)
    assert {"Positions", "Prices"} <= causes(changes).keys()
    assert {p.what for p in changes.positions} == {"changed", "closed"}
    assert ("overlay", "house.toml") in {(r.kind, r.name) for r in changes.rules}


def test_figures_on_record_that_differ_are_the_method(before):
    one = of_session(before)
    stated = {**one.recorded, (MAINTENANCE, ""): one.recorded[MAINTENANCE, ""] - 1000}
    changes = compare(replace(one, recorded=stated), one)
    assert causes(changes) == {"Method": D(1000)}
    assert changes.of_book[0].residual == 0


def test_a_review_json_stands_for_its_project(before, tmp_path):
    path = tmp_path / "review.json"
    path.write_text(json.dumps(pack_document(before.pack())), "utf-8")
    read = read_reviewed(path)
    assert read.book == before.run.book
    changes = compare(read, of_session(before))
    assert not any(line.change or line.residual for line in changes.lines)
    assert causes(changes) == {}


@pytest.mark.parametrize(("text", "said"), [
    ('{"schema": "crossmargin.review/1"}', "without its book"),
    ('{"schema": "crossmargin.review/1", "book": {"fields": {}, "value": []}}', "damaged"),
])
def test_a_review_json_that_cannot_be_compared_is_refused(tmp_path, text, said):
    path = tmp_path / "review.json"
    path.write_text(text, "utf-8")
    with pytest.raises(UnusableInputError, match=said):
        read_reviewed(path)


def test_two_currencies_are_not_compared(before):
    one = of_session(before)
    market = replace(one.book.market, currency="EUR")
    with pytest.raises(UnusableInputError, match="EUR"):
        compare(one, replace(one, book=replace(one.book, market=market)))


def test_exceptions_keep_the_day_they_were_first_seen(before):
    one = of_session(before)
    seen = before.run.as_of - timedelta(days=30)
    status = before.run.statuses[0]
    changes = compare(replace(one, since={f"call|{status.account_id}": seen}), one)
    assert changes.since == {f"call|{status.account_id}": seen}


def test_the_memo_the_workbook_and_the_report_carry_the_bridge(before, tmp_path):
    grown = replace(before.book.positions[0], quantity=before.book.positions[0].quantity * 2)
    after = later(before, book=before.book.with_position(grown))
    changes = compare(of_session(before), of_session(after))
    section = memo(after.pack(changes=changes)).sections[6]
    said = str(section.blocks)
    assert "Cause by cause" not in said
    assert f"{changes.of_book[0].after:,.0f}" in said
    assert "changed" in said
    written = write_change(changes, tmp_path)
    assert [path.name for path in written] == ["change.json", "change.xlsx", "change.pdf"]
    document = json.loads(written[0].read_text("utf-8"))
    assert document == json.loads(json.dumps(changes_document(changes)))
    bridge = document["bridges"][0]
    assert bridge["before"] + sum(bridge["steps"].values()) == pytest.approx(bridge["after"])
    assert bridge["residual"] == 0
    write_pack(after.pack(changes=changes), tmp_path / "pack", parts=("review.xlsx",))
    assert "Today, maintenance" in changes_text(changes)


def test_the_command_compares_two_files(tmp_path, capsys):
    books = [str(path) for path in (MERIDIAN, MERIDIAN)]
    assert main(["compare", *books, "--json"]) == 0
    document = json.loads(capsys.readouterr().out)
    assert document["schema"] == "crossmargin.change/1"
    assert all(bridge["residual"] == 0 for bridge in document["bridges"])
    assert main(["compare", str(tmp_path / "none.json"), books[0]]) == 2
    assert "Traceback" not in capsys.readouterr().err
