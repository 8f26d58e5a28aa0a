import re
import subprocess
import sys
from pathlib import Path

import pytest

import workstation
from workstation.workspace.session import sample_books

SOLVERS = ("from workstation.base.solver import {0}; {0}(); print('the document')")


@pytest.mark.parametrize("made", ["quiet_solver", "silent_solver"])
def test_solving_prints_nothing(made):
    """The first solver of a process greets on standard output, amid printed documents."""
    done = subprocess.run([sys.executable, "-c", SOLVERS.format(made)], capture_output=True,
                          text=True, check=True)
    assert done.stdout == "the document\n"


def test_a_document_starts_with_its_brace():
    """Regulation T pairs by a solver before anything is printed."""
    book = next(p for p in sample_books() if p.stem == "larkfield_income")
    command = f"from workstation.cli.main import main; main(['margin', {str(book)!r}, '--json'])"
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True,
                          check=True)
    assert done.stdout.startswith("{")


def test_every_solver_is_made_in_one_place():
    sources = Path(workstation.__file__).parent.rglob("*.py")
    makers = [p.name for p in sources if re.search(r"\.Highs\(\)", p.read_text("utf-8"))]
    assert makers == ["solver.py"]


def test_solvers_made_side_by_side_leave_the_output_where_it_was():
    script = ("from workstation.base import threads\n"
              "from workstation.base.solver import silent_solver\n"
              "threads.os.cpu_count = lambda: 8\n"
              "threads.in_order(lambda _: silent_solver(), range(200))\n"
              "print('heard')")
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True,
                          check=True)
    assert done.stdout == "heard\n"
