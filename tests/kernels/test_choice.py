"""Which build runs, and how a user forces one."""

import os
import subprocess
import sys

import pytest

from tests.shared import ROOT
from workstation.kernels import LEVEL, dispatch, kernel_report

SHOW = "from workstation.kernels import LEVEL, european_values; print(LEVEL, " \
       "european_values.__module__)"


def imported_with(kernel):
    environment = {**os.environ, "WORKSTATION_KERNEL": kernel, "PYTHONPATH": str(ROOT)}
    return subprocess.run([sys.executable, "-c", SHOW], env=environment, cwd=ROOT,
                          capture_output=True, text=True, check=False)


def test_the_environment_forces_the_numpy_twins():
    ran = imported_with("reference")
    assert ran.stdout.split() == ["reference", "workstation.kernels.european"]


@pytest.mark.parametrize("level", dispatch.available())
def test_each_level_can_be_asked_for(level):
    assert dispatch.choose(level).level == level


def test_an_unknown_kernel_is_refused_with_the_choices():
    ran = imported_with("fastest")
    assert ran.returncode == 1
    assert "WORKSTATION_KERNEL=fastest is not a kernel build; choose reference, base" in ran.stderr


def test_a_build_this_processor_cannot_run_is_refused(monkeypatch):
    monkeypatch.setattr(dispatch, "processor_features", frozenset)
    with pytest.raises(dispatch.KernelChoiceError, match="processor cannot run it"):
        dispatch.choose("avx512")


def test_without_any_build_the_twins_run(monkeypatch):
    def nothing(name):
        raise ImportError(name)

    monkeypatch.setattr(dispatch, "import_module", nothing)
    assert dispatch.choose().level == "reference"
    assert dispatch.available() == ("reference",)


def test_the_report_names_the_kernel_in_use():
    report = dict(kernel_report())
    assert report["kernel in use"].startswith(LEVEL)
    assert "reference" in report["builds that run here"]
