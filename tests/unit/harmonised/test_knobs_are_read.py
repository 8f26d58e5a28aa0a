"""No knob is declared that no code reads."""

from pathlib import Path

from workstation.harmonised.knobs import KNOBS

SOURCE = Path(__file__).resolve().parents[3] / "workstation"
FAMILIES = ("scan.", "basis.", "mpor.")
SINGLE = ("scan.points", "mpor.separate")


def test_every_knob_is_read_somewhere():
    text = "".join(path.read_text("utf-8") for folder in ("harmonised", "lab")
                   for path in sorted((SOURCE / folder).glob("*.py")))
    names = [n for n in KNOBS if not n.startswith(FAMILIES) or n in SINGLE]
    assert not [name for name in names if f'"{name}"' not in text]
    assert all(f'f"{family}{{' in text for family in FAMILIES)
