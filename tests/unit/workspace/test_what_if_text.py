"""The words of what-if changes: read, written back, and refused in one sentence."""

import pytest

from workstation.base.problem import UnusableInputError
from workstation.workspace.session import Session, sample_books
from workstation.workspace.what_if_text import GRAMMAR, READERS, read_operation, read_operations

HARROW = next(p for p in sample_books() if p.stem == "harrow_long_short")


@pytest.fixture(scope="module")
def book():
    return Session.from_file(HARROW).base


@pytest.mark.parametrize("text", [
    "scale AAPL by 50%", "scale all in HL-PM by -100%", "close on AAPL", "close cell:Positions!A7",
    "move KO to HL-PM", "roll all to 2027-01-15 at 4.5", "mark KO at 71.25",
    "price AAPL by -12.5%", "price AAPL to 250", "vol AAPL to 40%", "vol AAPL by -3%",
    "add 100 AAPL in HL-PM at 260", 'close "AAPL  X" in "an account"'])
def test_a_change_is_written_as_it_is_read(text, book):
    assert str(read_operation(text, book)) == text
    assert read_operation(str(read_operation(text, book)), book) == read_operation(text, book)


def test_every_verb_is_in_the_help():
    assert all(verb in GRAMMAR for verb in READERS)


@pytest.mark.parametrize(("text", "said"), [
    ("", "nothing is said; begin with one of: add"),
    ("sell AAPL", "'sell' is not a change"),
    ("scale AAPL", "'by' is missing; write: scale WHAT by PERCENT"),
    ("scale AAPL by half", "a number was expected"),
    ("scale by 50%", "no position is named"),
    ("scale AAPL MSFT by 50%", "put a name in quotes"),
    ("close AAPL now", "put a name in quotes"),
    ("close AAPL in", "'in' is not understood"),
    ("roll AAPL to someday", "'someday' is not a date"),
    ("price TULIP by 10%", "the book has nothing on TULIP"),
    ("price AAPL to 250 by 10%", "to or by"),
    ("add ten AAPL in HL-PM", "a number was expected"),
    ("add 10 ??? in HL-PM", "is not understood"),
    ("add nan AAPL in HL-PM", "is not a number"),
    ('close "AAPL', "quotes do not match"),
    ("add-from", "one file is needed")])
def test_what_is_not_understood_says_what_to_write(text, said, book):
    with pytest.raises(UnusableInputError) as refused:
        read_operation(text, book)
    assert said in str(refused.value)


def test_a_missing_file_is_one_sentence(book):
    with pytest.raises(UnusableInputError, match=r"nowhere\.xlsx"):
        read_operation("add-from nowhere.xlsx", book)


def test_a_file_of_changes_leaves_blank_lines_and_remarks(tmp_path):
    path = tmp_path / "changes.txt"
    path.write_text("# hedge\n\nclose KO\n  scale AAPL by 50%  \n", "utf-8")
    assert read_operations(path) == ("close KO", "scale AAPL by 50%")
    with pytest.raises(UnusableInputError, match="cannot be read"):
        read_operations(tmp_path / "none.txt")
