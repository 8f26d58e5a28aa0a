"""Every method asks for the same on every kernel build and with one thread as with several."""

import json
import os
import subprocess
import sys

import pytest

from workstation.kernels.dispatch import NEEDS, OVERRIDE, KernelChoiceError, choose

CODE = """
import json
from dataclasses import replace
from tests.unit.harmonised.test_method_properties import (
    HISTORY, METHODS, asked, design, on_one_root, stock)
positions = [*on_one_root("A", -37), stock("A", "QQQ", -210), stock("B", "IWM", 90)]
positions = [replace(p, where=f"P!{i}") for i, p in enumerate(positions)]
print(json.dumps([asked(positions, design(method, "0.7")) for method in METHODS]))
"""
BUILDS = (*NEEDS, "reference")


def answers(**environment):
    done = subprocess.run([sys.executable, "-c", CODE], capture_output=True, text=True, check=True,
                          env={**os.environ, **environment})
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def chosen():
    found = answers()
    assert all(amount > 0 for amount in found)
    return found


@pytest.mark.parametrize("build", BUILDS)
def test_every_build_asks_for_the_same(build, chosen):
    try:
        choose(build)
    except KernelChoiceError:
        pytest.skip(f"this processor cannot run the {build} build")
    assert answers(**{OVERRIDE: build}) == pytest.approx(chosen, rel=1e-9)


def test_one_thread_asks_for_the_same_as_several(chosen):
    one = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")
    several = dict.fromkeys(one, "4")
    assert answers(**one) == pytest.approx(chosen, rel=1e-9)
    assert answers(**several) == pytest.approx(chosen, rel=1e-9)
