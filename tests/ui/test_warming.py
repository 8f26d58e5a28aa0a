"""The chart library is imported beside the first figures, with the garbage collector at rest."""

import gc

import pytest

from workstation.ui import warming


@pytest.mark.parametrize("was_on", [True, False])
def test_nothing_is_collected_while_charts_are_imported(monkeypatch, was_on):
    seen = []
    monkeypatch.setattr(warming, "import_module", lambda name: seen.append((name, gc.isenabled())))
    monkeypatch.setattr(warming, "_begun", {})
    (gc.enable if was_on else gc.disable)()
    try:
        warming.warm()
        warming.warm()
        warming._begun[warming.CHARTS].join()
        assert seen == [(warming.CHARTS, False)]
        assert gc.isenabled() is was_on
    finally:
        gc.enable()
