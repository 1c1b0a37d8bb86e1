"""What the tests of whole studies share: the small study, and runs of it that are made once."""

from __future__ import annotations

import os
from contextlib import contextmanager
from typing import TYPE_CHECKING

import pytest
from filelock import FileLock
from typer.testing import CliRunner

from planner.cli import app
from planner.studies import run
from tests.checked_charts import charts_checked
from tests.small_study import write_study

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from planner.plan.finished_run import FinishedRun


ROADMAP = """\
name: small-road
base: study.yaml
foresight: true
fixed:
  optimization: {population: 8, max_generations: 1, max_solutions: 5}
  infrastructure_costs: germany-2030
years:
  2027: {demand.electrification_share: 0.1}
  2030: {demand.electrification_share: 0.3}
  2031: {demand.electrification_share: 0.05}
"""


@pytest.fixture(scope="session", autouse=True)
def checked_charts():
    """Charts of these tests are valid Vega-Lite."""
    with charts_checked():
        yield


@pytest.fixture
def study_folder(tmp_path: Path) -> Path:
    """Folder with study.yaml and everything it names."""
    return write_study(tmp_path)


@pytest.fixture(scope="module")
def shared_study_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same for all tests of a file, which leave it as it is."""
    return write_study(tmp_path_factory.mktemp("study"))


@pytest.fixture(scope="session")
def plain_run(tmp_path_factory: pytest.TempPathFactory) -> FinishedRun:
    """The study as it is, planned once for all files and workers, which leave it as it is."""
    with _made_once(tmp_path_factory, "plain") as folder:
        return run(folder / "study.yaml", out=folder / "run", resume=True)


@pytest.fixture(scope="session")
def small_roadmap(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, str]:
    """A roadmap, its folder and what the command says, for all files, which leave it as it is.

    Its last year needs less than the one before.
    """
    with _made_once(tmp_path_factory, "roads") as folder:
        file, out, said = folder / "road.yaml", folder / "road", folder / "said.txt"
        if not said.exists():
            file.write_text(ROADMAP, encoding="utf-8")
            told = CliRunner().invoke(app, ["roadmap", str(file), "--out", str(out)])
            assert told.exit_code == 0, told.output
            said.write_text(told.output, encoding="utf-8")
        return file, out, said.read_text(encoding="utf-8")


@contextmanager
def _made_once(tmp_path_factory: pytest.TempPathFactory, name: str) -> Iterator[Path]:
    """Folder with the study that all workers share, one of them at a time."""
    base = tmp_path_factory.getbasetemp()
    folder = (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / name
    with FileLock(f"{folder}.lock"):
        if not (folder / "study.yaml").exists():
            folder.mkdir(exist_ok=True)
            write_study(folder)
        yield folder
