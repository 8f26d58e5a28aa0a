"""The commands, documents and exit status the product promises, one by one."""

import argparse
import json
import math
import re

import pytest

from tests.shared import shared
from workstation.cli.main import main
from workstation.cli.parser import COMMANDS, parser
from workstation.workspace.session import sample_books

MACRO = next(str(p) for p in sample_books() if p.stem == "meridian_macro")
INCOME = next(str(p) for p in sample_books() if p.stem == "larkfield_income")
HEDGE_FUND = "data/positions/hedge_fund_two_accounts.xlsx"

OPTIONS = {
    "review": {"--as-of", "--design", "--out"},
    "margin": {"--regime", "--design", "--as-of", "--params", "--json"},
    "import": {"--json"},
    "simm": {"--version", "--mpor", "--side", "--json"},
    "schedule": {"--json"},
    "span": {"--params", "--positions", "--json"},
    "collateral": {"--json"},
    "cascade": {"--scenario", "--shock", "--mode", "--json"},
    "lab": {"--design", "--json"},
    "batch": {"--scheduler", "--out"},
    "parameters": set(),
    "template": set(),
    "doctor": set(),
}
PROPER = {"Dask"}
EVERY = {"schema", "as_of", "product_version", "inputs", "parameters"}
DOCUMENTS = {
    ("margin", MACRO): EVERY | {"regime", "currency", "initial", "maintenance", "gross", "net",
                                "accounts", "explain", "offsets", "excluded", "problems"},
    ("import", MACRO): EVERY | {"outcome", "kind", "rows_read", "positions", "cash", "accounts",
                                "control_totals", "problems"},
    ("collateral", MACRO): EVERY | {"lots", "value_by_state", "free_value", "allocation"},
    ("cascade", MACRO, "--shock", "SPX=-10%"): EVERY | {
        "steps", "direct_loss", "total_loss", "amplification", "defaults", "triggers",
        "call_waterfall", "invariants"},
    ("lab", INCOME, "--design", "today"): EVERY,
}
INSIDE = {
    ("margin", "accounts"): {"account_id", "regime", "initial", "maintenance", "gross", "net"},
    ("margin", "explain"): {"label", "amount", "citation", "inputs", "combine", "parts"},
    ("margin", "offsets"): {"kind", "between", "status", "reason", "amount"},
    ("import", "positions"): {"account_id", "symbol", "asset_class", "underlying", "quantity",
                              "price", "currency", "multiplier", "expiry", "strike", "put_call",
                              "where"},
    ("import", "problems"): {"where", "what", "remedy", "severity"},
}


def subparsers():
    top = parser()
    return next(a for a in top._actions if isinstance(a, argparse._SubParsersAction)).choices


@pytest.fixture(scope="module")
def documents():
    return {}


def document(words, capsys, kept):
    if words not in kept:
        assert main([*words, "--json"]) == 0
        kept[words] = json.loads(capsys.readouterr().out)
    return kept[words]


def numbers(node):
    if isinstance(node, dict):
        node = list(node.values())
    if isinstance(node, list):
        return [number for item in node for number in numbers(item)]
    return [node] if isinstance(node, float) else []


@pytest.mark.parametrize("command", OPTIONS)
def test_each_promised_command_takes_its_options(command):
    known = {word for action in subparsers()[command]._actions for word in action.option_strings}
    assert OPTIONS[command] <= known


@pytest.mark.parametrize("command", COMMANDS)
def test_the_help_tells_what_each_argument_is(command):
    for action in subparsers()[command]._actions:
        if action.help == argparse.SUPPRESS:
            continue
        name = action.option_strings[-1] if action.option_strings else action.dest
        assert action.help, f"{command} {name} says nothing"
        assert not action.help.endswith("."), f"{command} {name}"
        first = action.help.split()[0]
        assert not first[0].isupper() or len(first) == 1 or first.isupper() or first in PROPER, (
            f"{command} {name}: {action.help}")


@pytest.mark.parametrize("words", DOCUMENTS, ids=lambda words: words[0])
def test_each_document_has_its_fields(words, capsys, documents):
    found = document(words, capsys, documents)
    assert DOCUMENTS[words] <= set(found)
    assert found["schema"] == f"crossmargin.{words[0]}/1"
    assert all(math.isfinite(number) for number in numbers(found))
    assert all(re.fullmatch(r"[0-9a-f]{64}", digest) for digest in found["inputs"].values())
    assert found["inputs"]
    for (command, key), fields in INSIDE.items():
        if command == words[0]:
            item = found[key][0] if isinstance(found[key], list) else found[key]
            assert fields <= set(item), key


def test_control_totals_and_cash_of_a_file_that_has_some(capsys):
    assert main(["import", str(shared(HEDGE_FUND)), "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    assert {"where", "stated", "computed", "agrees"} <= set(found["control_totals"][0])
    assert {"account_id", "currency", "amount"} <= set(found["cash"][0])


def test_a_book_left_incomplete_is_status_1_and_lists_why(capsys):
    assert main(["margin", str(shared(HEDGE_FUND)), "--json"]) == 1
    excluded = json.loads(capsys.readouterr().out)["excluded"]
    assert excluded
    assert all(item["where"] and item["what"] and item["remedy"] for item in excluded)


@pytest.mark.parametrize("regime", [
    "silos", "harmonised", "reg-t", "finra-4210-strategy", "finra-4210-portfolio", "rbh-15c3-1a",
    "span", "cleared-swaps-var", "simm", "schedule", "sbs-18a-3", "crypto-spot", "derive-pmrm-v2",
    "deribit-pm", "okx-pm", "binance-pm", "hyperliquid", "coinbase-intl"])
def test_every_promised_regime_has_its_name(regime, capsys):
    assert main(["margin", INCOME, "--regime", regime, "--json"]) in (0, 1)
    assert json.loads(capsys.readouterr().out)["regime"] == regime
