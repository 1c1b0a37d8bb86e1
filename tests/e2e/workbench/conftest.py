"""A folder with a finished run of a small study, opened for changes."""

import pytest

import planner
from planner.layouts.editing import OpenedPlan
from planner.runs.progress import Quiet
from tests.e2e.conftest import write_study


@pytest.fixture(scope="package")
def folder(tmp_path_factory):
    """Folder with a study and a finished run of it, as people have it."""
    folder = tmp_path_factory.mktemp("workbench")
    write_study(folder)
    planner.run(folder / "study.yaml", out=folder / "outputs" / "small")
    return folder


@pytest.fixture(scope="package")
def opened(folder):
    return OpenedPlan(folder / "outputs" / "small", Quiet())
