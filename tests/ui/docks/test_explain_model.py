"""The tree model: lazy, truthful about branches, findable, copyable."""

from __future__ import annotations

from decimal import Decimal

import pytest

from tests.ui.docks import sample
from workstation.base.explain import leaf, total
from workstation.ui.explain_model import (
    AMOUNT,
    HOW,
    LABEL,
    RULE,
    ExplainModel,
    Role,
    as_text,
    as_tsv,
    is_from,
    mentions,
)


@pytest.fixture
def tree():
    return sample.silos().of_account("PM-2").maintenance


@pytest.fixture
def model(tree):
    shown = ExplainModel()
    shown.show(tree, "USD")
    return shown


def rows(model, parent):
    return [model.index(row, 0, parent) for row in range(model.rowCount(parent))]


def test_answers_as_an_item_model_should(model, qtmodeltester):
    qtmodeltester.check(model)


def test_an_empty_tree_is_a_model_too(qtmodeltester):
    qtmodeltester.check(ExplainModel())


def test_shows_label_amount_and_how_it_was_made(model):
    top = model.index(0, 0)
    assert top.data() == "Portfolio margin, PM-2"
    assert top.siblingAtColumn(AMOUNT).data() == "9,483,120.00"
    assert top.siblingAtColumn(HOW).data() == "sum of 2"
    assert model.headerData(AMOUNT, sample_orientation()) == "Amount, USD"


def sample_orientation():
    from PySide6.QtCore import Qt

    return Qt.Orientation.Horizontal


def test_binding_branch_is_marked_and_the_losing_one_muted_with_all_below(model):
    model.mute_with("#808080")
    choice = model.index(0, 0, model.index(0, 0))
    scan, minimum = rows(model, choice)
    assert scan.data().startswith("◆")
    assert scan.siblingAtColumn(HOW).data() == "binds, max of 8"
    assert scan.data(Role.ForegroundRole) is None
    assert minimum.data().startswith("◇")
    assert minimum.siblingAtColumn(HOW).data() == "not binding, sum of 1"
    below = model.index(0, 0, minimum)
    for losing in (minimum, below):
        assert losing.data(Role.ForegroundRole).color().name() == "#808080"


def test_rule_is_short_and_says_what_is_to_confirm(model):
    below = model.find(is_from("Positions!A4"))[0].siblingAtColumn(RULE)
    assert below.data() == "FINRA 4210(g)(7)(B) (to confirm)"
    assert below.data(Role.ToolTipRole) == "FINRA 4210(g)(7)(B) [2026-06-04] (to confirm)"


def test_raw_values_carry_no_marks(model):
    choice = model.index(0, 0, model.index(0, 0))
    scan = rows(model, choice)[0]
    assert scan.data(Role.UserRole) == "scan, class SPX"
    assert scan.siblingAtColumn(AMOUNT).data(Role.UserRole) == Decimal(9_000_000)


def test_finds_nodes_by_cell_and_by_symbol_as_a_whole_word(model, tree):
    assert [i.data() for i in model.find(is_from("Positions!A4"))] == ["SPX 261218P06500000"]
    named = [model.explained(i).label for i in model.find(mentions("SPX   261218P06500000"))]
    assert len(named) == 9  # eight scan points name it among their inputs, one leaf by label
    assert len(model.find(mentions("SPX 261218P06500000"))) == 9
    assert not model.find(mentions("SP"))
    assert not model.find(mentions(""))
    assert [model.explained(i).label for i in model.find(mentions("SPY"))] == ["SPY, class group"]


def test_paths_lead_back_to_their_nodes(model):
    for index in model.find(lambda node: True):
        assert model.at(model.path(index)) == index
    assert not model.at((0, 99)).isValid()


def test_holder_is_the_amount_above(model, tree):
    inside = model.find(is_from("Positions!A4"))[0]
    assert model.holder(inside).label == "minimum per contract"
    assert model.holder(model.index(0, 0)) is None


def test_copies_the_subtree_as_text_and_as_a_table(tree):
    lines = as_text(tree).splitlines()
    assert lines[0] == "Portfolio margin, PM-2: 9,483,120.00"
    assert lines[1].startswith("  greater of scan and minimum: 9,000,000.00  FINRA 4210(g)(7) [")
    table = [line.split("\t") for line in as_tsv(tree).splitlines()]
    assert table[0] == ["Level", "Requirement", "Amount", "Made as", "Rule", "Inputs"]
    assert table[1][:4] == ["0", "Portfolio margin, PM-2", "9483120", "sum"]
    assert len(table) == 1 + sum(1 for _ in tree.walk())
    assert any(row[5] == "cell: Positions!A4; contracts: 40; per contract: 3,750.00"
               for row in table)


def test_negative_amounts_are_in_parentheses_on_screen_and_carry_a_minus_when_copied():
    tree = total("all", leaf("credit", Decimal("-12.5")))
    model = ExplainModel()
    model.show(tree)
    assert model.index(0, AMOUNT).data() == "(12.50)"
    assert as_tsv(tree).splitlines()[1].split("\t")[2] == "-12.5"


def test_a_leg_is_found_by_its_cell_in_a_tree_of_ten_thousand_nodes(shown):
    from workstation.ui.docks.explain_panel import ExplainPanel

    groups = [total(f"group {g}", *(leaf(f"leg {g}-{n}", Decimal(n), cell=f"P!A{g * 100 + n}")
                                    for n in range(99))) for g in range(101)]
    tree = total("all", *groups)
    panel = shown(ExplainPanel(), 900, 500)
    panel.show_tree(tree, "USD")
    assert panel.select(is_from("P!A5050")) == 1
    assert panel.model.explained(panel.tree.currentIndex()).label == "leg 50-50"
    assert LABEL == 0
