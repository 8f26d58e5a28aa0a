"""Group tables of portfolio margin read from a CSV file and laid over paragraph (g)."""

import pytest

from tests.rules.securities_books import ACCOUNT, ON, book, market, stock
from workstation.base.vocabulary import AssetClass
from workstation.book.resolve import resolve
from workstation.parameters.ruleset import RuleSet
from workstation.parameters.store import ParameterFileError, parse_edition, read_edition
from workstation.rulebooks.finra_4210 import portfolio

TABLE = """Symbol,Class Group,Product Group,Product Offset,Portfolio Group,Portfolio offset
AAA,AAA,Metals,80%,Materials,0.5
BBB,,Metals,80%,Materials,
CCC,CCC,Oil,,Materials,
"""


def written(tmp_path, text):
    path = tmp_path / "groups.csv"
    path.write_text(text, "utf-8")
    return path


def margin(edition, *positions):
    rows = [market(100, symbol) for symbol in ("AAA", "BBB", "CCC")]
    held = resolve(book(positions, *rows)).of_account("A1")
    return portfolio.margin(ACCOUNT, held, RuleSet(ON, (edition,)))


def test_gains_count_at_the_offsets_of_their_groups(tmp_path):
    edition = read_edition(written(tmp_path, TABLE))
    pair = [stock(100, 100, "AAA"), stock(-60, 100, "BBB")]
    # At -15 %: 1,500 lost, 900 gained of which four fifths count.
    answer = margin(edition, *pair)
    assert answer.maintenance.amount == 1500 - 900 * 80 // 100
    row = next(offset for offset in answer.offsets if offset.level == "product group")
    assert "gains count at 80 %" in row.reason
    # Oil gains 600; alone in its product group it counts at the shipped 90 %, above it at a half.
    assert margin(edition, *pair, stock(-40, 100, "CCC")).maintenance.amount == 780 - 600 * 9 // 20


def test_a_table_is_kept_with_a_saved_review(tmp_path):
    edition = read_edition(written(tmp_path, TABLE))
    again = parse_edition(edition.text, edition.path)
    assert again["class_groups"].rows == edition["class_groups"].rows
    assert {row["class_group"] for row in again["class_groups"].rows} == {"AAA", "BBB", "CCC"}


def test_what_the_table_does_not_list_stands_alone(tmp_path):
    edition = read_edition(written(tmp_path, TABLE))
    other = stock(100, 50, "CCC", kind=AssetClass.ETF)
    assert margin(edition, other).maintenance.amount == 750


@pytest.mark.parametrize(("text", "said"), [
    ("a,b\n1,2\n", "line 1: the columns underlying and class_group are missing"),
    ("underlying,class_group\n", "no row names an underlying"),
    ("underlying,class_group,product_offset\nA,A,ninety\n", "line 2: product_offset “ninety”"),
    ("underlying,class_group,product_offset\nA,A,-1\n", "is not a share; write 0.90 or 90 %"),
    ("underlying,class_group\nA,X\na,Y\n", "A has two values for underlying, X and Y"),
    ("underlying,class_group,product_group,product_offset\nA,A,G,1\nB,B,G,0.9\n",
     "G has two values for product offset"),
])
def test_a_bad_table_is_one_sentence(tmp_path, text, said):
    with pytest.raises(ParameterFileError, match=r"groups\.csv") as error:
        read_edition(written(tmp_path, text))
    assert said in str(error.value)
