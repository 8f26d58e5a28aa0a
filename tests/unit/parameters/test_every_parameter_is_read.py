"""An edition holds what the product reads: a number nobody reads is noise to confirm."""

import re
from pathlib import Path

import pytest

import workstation
from workstation.base.resources import resource_root
from workstation.parameters.store import read_edition

CODE = "\n".join(path.read_text("utf-8")
                 for path in Path(workstation.__file__).parent.rglob("*.py"))
RUNNER = (Path(__file__).parents[2] / "vectors" / "crypto_venues.py").read_text("utf-8")
BY_NAME = {
    "futures_rates": ".*", "simm": ".*", "contracts": ".*", "haircuts": ".*",
    "finra_4210": r"uncovered_\w+_(fraction|floor)", "sbs_18a_3": r"equity_swap_\w+",
    "rbh_15c3_1a": r"market_maker_scan_\w+", "uncleared_regimes": "posting",
    "span_rules": r"evidence_\w+"}
"""By folder: parameters whose names the code puts together, or takes all of."""


def editions():
    root = resource_root() / "parameters"
    return sorted(path for folder in root.iterdir() for path in folder.glob("*.toml"))


@pytest.mark.parametrize("path", editions(), ids=lambda path: f"{path.parent.name}/{path.stem}")
def test_every_parameter_is_read(path):
    put_together = BY_NAME.get(path.parent.name, "(?!)")
    unread = [name for name in read_edition(path).values
              if not re.fullmatch(put_together, name)
              and not re.search(rf"[\"']{re.escape(name)}[\"']", CODE + RUNNER)]
    assert not unread
