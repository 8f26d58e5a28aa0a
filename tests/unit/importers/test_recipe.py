"""Decisions about reading a file: carried out, kept as profiles, replayed on the next file."""

import json
from decimal import Decimal

import pytest

from tests.unit.importers.books import AS_OF, held, said, workbook
from workstation.base.problem import UnusableInputError
from workstation.importers import recipe as decisions
from workstation.importers.directed import place_of
from workstation.importers.opening import open_source
from workstation.importers.preview import preview
from workstation.importers.profile import fingerprint, parse_profile, profile_of, profile_text
from workstation.importers.reading import import_source
from workstation.importers.recipe import Recipe, Step, parsed, plain, recipe_of
from workstation.results.book_difference import difference

D = Decimal


def source(tmp_path, text, name="client.csv"):
    path = tmp_path / name
    path.write_text(text, "utf-8")
    return open_source(path)


def read(opened, *steps):
    return import_source(opened, as_of=AS_OF, recipe=recipe_of(steps))


def test_a_column_is_what_was_decided(tmp_path):
    opened = source(tmp_path, "Code,Amount held,Worth each,Colour\nAAPL,100,268.4,red\n")
    with pytest.raises(UnusableInputError):
        read(opened)
    found = read(opened, Step(decisions.HEADER_ROW, "1"),
                 Step(decisions.COLUMN, "quantity", "Amount held"),
                 Step(decisions.COLUMN, "price", "worth  EACH"))
    assert held(found) == [("Account", "AAPL", 100)]
    assert found.book.positions[0].price == D("268.4")
    assert {c.header: (c.field, c.reason) for c in found.mapping}["Worth each"] == (
        "price", "decided")


def test_two_quantity_columns_are_settled_by_a_decision(tmp_path):
    opened = source(tmp_path, "Symbol,Quantity,Qty,Price\nAAPL,100,120,268.4\n")
    with pytest.raises(UnusableInputError, match="say which one counts"):
        read(opened)
    found = read(opened, Step(decisions.COLUMN, "quantity", "Qty"),
                 Step(decisions.COLUMN, "extra", "Quantity"))
    assert held(found)[0][2] == 120
    assert dict(found.book.positions[0].extras)["Quantity"] == "100"


def test_columns_without_distinct_names_are_called_by_letter(tmp_path):
    opened = source(tmp_path, "Symbol,Quantity,Quantity,Price\nAAPL,100,120,268.4\n")
    found = read(opened, Step(decisions.COLUMN, "quantity", "C"))
    assert held(found)[0][2] == 120


def test_units_marks_and_orders(tmp_path):
    opened = source(tmp_path, "Symbol;Quantity;Price;Strike;Put/Call;Expiry\n"
                              "AAPL;1,500;26840;280;C;05/02/2027\n")
    found = read(opened, Step(decisions.DECIMAL, "comma"), Step(decisions.UNIT, "cents", "Price"),
                 Step(decisions.DATES, "day first"))
    (position,) = found.book.positions
    assert (position.quantity, position.price) == (D("1.5"), D("268.40"))
    assert position.instrument.expiry.isoformat() == "2027-02-05"
    assert "comma" not in said(found)
    assert [c.unit for c in found.mapping if c.header == "Price"] == ["cents"]
    plainly = read(source(tmp_path, "Symbol,Quantity (000s),Price\nAAPL,1.5,268\n"),
                   Step(decisions.UNIT, "as written", "Quantity (000s)"))
    assert held(plainly)[0][2] == 1.5


def test_cells_are_set_and_rows_left_out(tmp_path):
    opened = source(tmp_path, "Symbol,Quantity,Price\nAAPL,abc,268.4\nMSFT,5,412\n")
    found = read(opened, Step(decisions.SET_CELL, "100", "client.csv!B2"),
                 Step(decisions.IGNORE_ROW, "ignored", "client.csv!A3"))
    assert held(found) == [("Account", "AAPL", 100)]
    assert "as decided: set client.csv!B2 to 100" in said(found, "info")
    assert opened.sheets[0].rows[1][1] == "abc", "the file itself is not changed"
    lost = read(opened, Step(decisions.SET_CELL, "1", "Elsewhere!Z99"))
    assert "there is no such cell" in said(lost, "warning")


def test_sheets_accounts_and_their_types(tmp_path):
    path = workbook(tmp_path / "two.xlsx", {
        "Old": [("Symbol", "Quantity", "Price"), ("IBM", 1, 2)],
        "New": [("Symbol", "Quantity", "Price"), ("AAPL", 1, 2)]})
    found = read(open_source(path), Step(decisions.SHEET, "New"), Step(decisions.ACCOUNT, "PB-9"),
                 Step(decisions.ACCOUNT_TYPE, "portfolio_margin", "PB-9"))
    assert held(found) == [("PB-9", "AAPL", 1)]
    assert found.book.accounts[0].account_type == "portfolio_margin"


def test_a_decision_about_a_missing_column_is_said(tmp_path):
    found = read(source(tmp_path, "Symbol,Quantity,Price\nAAPL,1,2\n"),
                 Step(decisions.COLUMN, "price", "Nowhere"))
    assert "no column is called Nowhere" in said(found, "warning")


@pytest.mark.parametrize(("step", "words"), [
    (Step("dance", "x"), "there is no step"), (Step("column", "colour", "Qty"), "is not a field"),
    (Step("unit", "furlongs", "Qty"), "is not a unit"), (Step("header row", "0"), "not a row"),
    (Step("decimal mark", "dot"), "none of its choices"), (Step("as of", "soon"), "not a date")])
def test_a_bad_step_is_a_sentence(step, words):
    with pytest.raises(UnusableInputError, match=words):
        Recipe().with_step(step)


def test_a_later_step_replaces_one_about_the_same_thing():
    recipe = recipe_of([Step("column", "price", "Px"), Step("column", "strike", "PX"),
                        Step("as of", "2026-11-13"), Step("set cell", "1", "A!A1")])
    assert [step.value for step in recipe.steps] == ["strike", "2026-11-13", "1"]
    assert [step.kind for step in recipe.portable.steps] == ["column"]
    assert parsed(json.loads(json.dumps(plain(recipe))), "x") == recipe
    assert recipe.without("column", "px").field("PX") == ""


def test_a_profile_is_written_read_and_recognised(tmp_path):
    opened = source(tmp_path, "Report\n\nSymbol,Menge,Preis je\nAAPL,5,268\n")
    profile = profile_of("Bank X", ["Symbol", "Menge", "Preis je"], recipe_of([
        Step("column", "price", "Preis je"), Step("header row", "3"), Step("as of", "2026-11-13")]))
    assert [step.kind for step in profile.recipe.steps] == ["column"]
    again = parse_profile(profile_text(profile), "bank-x.json")
    assert again == profile
    assert again.matches(opened)
    assert not again.matches(source(tmp_path, "Symbol,Quantity,Price\nAAPL,5,268\n", "b.csv"))
    assert fingerprint([" SYMBOL", "", "menge"]) == fingerprint(["Symbol", "Menge"])


@pytest.mark.parametrize("text", ["{", "[]", '{"schema": "crossmargin.profile/1"}',
                                  '{"schema": "crossmargin.profile/1", "name": "x", "headers": [],'
                                  ' "steps": [3]}'])
def test_a_damaged_profile_is_a_sentence(text):
    with pytest.raises(UnusableInputError, match=r"x\.json"):
        parse_profile(text, "x.json")


def test_a_preview_shows_cells_columns_problems_and_value(tmp_path):
    opened = source(tmp_path, "Title\nSymbol,Quantity,Price\nAAPL,100,268.4\nMSFT,abc,412\n")
    shown = preview(opened, Recipe())
    assert shown.header_row == 1
    assert shown.columns[1].field == "quantity"
    assert shown.rows[2] == ("AAPL", "100", "268.4")
    assert any("abc" in p.what for p in shown.problems[3, 1])
    assert shown.value == {"USD": D(26840)}
    assert not shown.is_sure
    refused = preview(source(tmp_path, "a,b\n1,2\n", "no.csv"), Recipe())
    assert refused.imported is None
    assert "no position table" in refused.all_problems[0].what
    assert place_of("Sheet!AB7:AB9") == ("Sheet", 6, 27)


def test_what_changed_between_two_files(tmp_path):
    old = read(source(tmp_path, "Symbol,Quantity,Price\nAAPL,100,268\nMSFT,5,412\nSPY,1,600\n"))
    new = read(source(tmp_path, "Symbol,Quantity,Price\nAAPL,60,268\nAAPL,40,268\nMSFT,7,413\n"
                                "QQQ,2,500\n", "new.csv"))
    changes = [(c.kind, c.symbol, c.old_quantity, c.new_quantity)
               for c in difference(old.book, new.book)]
    assert changes == [("quantity and price", "MSFT", 5, 7), ("added", "QQQ", None, 2),
                       ("removed", "SPY", 1, None)]
