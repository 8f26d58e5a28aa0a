import pytest

from workstation.base import wording
from workstation.base.vocabulary import AccountType, AssetClass, UnderlyingClass
from workstation.rulebooks.registry import RULEBOOKS


@pytest.mark.parametrize(("kinds", "said"), [
    (AccountType, wording.account_type_words), (AssetClass, wording.asset_class_words),
    (UnderlyingClass, wording.underlying_class_words)])
def test_every_code_has_words_of_its_own(kinds, said):
    words = [said(kind) for kind in kinds]
    assert not [text for text in words if "_" in text or not text.strip()]
    assert len(set(words)) == len(words)
    assert [said(str(kind)) for kind in kinds] == words


def test_every_rulebook_is_named():
    assert set(RULEBOOKS) <= set(wording.REGIMES)
    named = [wording.regime_words(name) for name in RULEBOOKS]
    assert len(set(named)) == len(named)
    assert max(map(len, named)) <= 22  # the room of a column of the summaries
    assert wording.regime_words("single-account-scan") == "single-account-scan"


def test_lines_of_an_explanation_say_how_they_are_made():
    assert wording.made_words("leaf") == ""
    assert wording.made_words("max") == "greatest"
    assert wording.made_words("sum", "binds") == "sum; binds"
