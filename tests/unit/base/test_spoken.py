from importlib import import_module
from pkgutil import walk_packages

import pytest

from workstation import rulebooks
from workstation.base.spoken import WORDS, spoken, titled
from workstation.base.vocabulary import AccountType, AssetClass


@pytest.mark.parametrize(("code", "words"), [
    ("reg_t", "Reg T"), (AccountType.CRYPTO_VENUE, "crypto venue"),
    (AssetClass.CDS_INDEX, "CDS index"), ("finra-4210-portfolio", "FINRA 4210 portfolio"),
    ("listed_option", "listed option"), ("", ""), ("something of a file", "something of a file"),
])
def test_codes_are_said_in_words(code, words):
    assert spoken(code) == words


def test_a_cell_begins_with_a_capital():
    assert titled("crypto_venue") == "Crypto venue"
    assert titled("") == ""


def test_no_code_of_the_vocabulary_is_shown_with_its_underscores():
    assert not [kind for kind in (*AccountType, *AssetClass) if "_" in spoken(kind)]


def test_every_rulebook_has_words():
    found = {getattr(import_module(module.name), "REGIME", None)
             for module in walk_packages(rulebooks.__path__, "workstation.rulebooks.")}
    assert found - {None} <= {*WORDS}
