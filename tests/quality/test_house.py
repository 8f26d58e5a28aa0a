"""The house's own rules: linters, types, import contracts, file sizes, top level."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TOP_LEVEL = {"pyproject.toml", "setup.py", "README.md", "workstation", "ext", "resources", "tests",
             "installers", "LICENSE", "CHANGELOG.md"}
LONGEST = 400


def run(*command: str) -> subprocess.CompletedProcess[str]:
    environment = {**os.environ, "PYTHONPATH": str(ROOT), "NO_COLOR": "1"}
    return subprocess.run(command, capture_output=True, text=True, cwd=ROOT, check=False,
                          env=environment)


def tool(name: str) -> str:
    path = Path(sys.executable).with_name(name)
    found = path if path.exists() else path.with_suffix(".exe")
    if not found.exists():
        pytest.skip(f"{name} is not installed beside this Python (extra `lint`)")
    return str(found)


def tracked() -> list[Path]:
    listed = run("git", "ls-files")
    if listed.returncode:
        pytest.skip("not a git checkout")
    return [ROOT / name for name in listed.stdout.split("\n") if name]


def test_ruff_is_clean():
    answer = run(tool("ruff"), "check", "--output-format", "concise", ".")
    assert answer.returncode == 0, answer.stdout


def test_types_are_strict():
    answer = run(tool("mypy"))
    assert answer.returncode == 0, answer.stdout


def test_import_contracts_hold():
    answer = run(tool("lint-imports"), "--no-cache")
    assert answer.returncode == 0, answer.stdout


def test_no_file_is_above_the_limit():
    sources = [p for p in tracked() if p.suffix in {".py", ".pyx", ".h", ".c"} and p.exists()]
    long = {p.name: n for p in sources if (n := len(p.read_text("utf-8").splitlines())) > LONGEST}
    assert not long
    assert sources


def test_top_level_is_the_agreed_one():
    names = {p.relative_to(ROOT).parts[0] for p in tracked()}
    assert {n for n in names if not n.startswith(".")} == TOP_LEVEL


def test_readme_names_both_commands_and_ci_runs_the_tests():
    readme = (ROOT / "README.md").read_text("utf-8")
    assert "python3 installers/bootstrap.py run" in readme
    assert "python3 installers/bootstrap.py test" in readme
    assert "bootstrap.py test" in (ROOT / ".ci" / "run").read_text("utf-8")


def test_nothing_unfinished_is_left_in_the_product():
    pattern = re.compile(r"\b(TODO|FIXME|raise NotImplementedError)\b")
    sources = (ROOT / "workstation").rglob("*.py")
    marked = [p for p in sources if pattern.search(p.read_text("utf-8"))]
    assert not marked
