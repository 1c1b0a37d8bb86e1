"""Who draws the figures of a run, by the cores that it has."""

import shutil
from dataclasses import dataclass, field, replace
from threading import Barrier, Event
from types import SimpleNamespace

import pytest

from planner.errors import CannotWriteError
from planner.reporting.figures import drawing, run_figures
from planner.reporting.figures.drawing import DrawnBeside, DrawnHere
from planner.runs.perform import perform
from planner.runs.progress import Quiet, TimedStages
from planner.scenario.load import load_scenario
from planner.studies import plan_folder, plan_study


@dataclass
class Results:
    provenance: dict = field(default_factory=dict)


def show(folder, drawing):
    """Make what people look at first, of results whose page is another one."""
    plan = SimpleNamespace(results=Results())
    plan_folder.write_shown(plan, folder, TimedStages(Quiet()), drawing)


@pytest.fixture
def begun(monkeypatch):
    """Processes beside that draw, in the order in which they begin."""
    processes = []

    class Noted(DrawnBeside):
        def __init__(self):
            super().__init__()
            processes.append(self)

    monkeypatch.setattr(drawing, "DrawnBeside", Noted)
    return processes


@pytest.mark.parametrize("n_cores", [1, 2])
def test_a_second_process_draws_where_the_run_has_a_second_core(
    plain_run, tmp_path, monkeypatch, begun, n_cores
):
    pages = []
    monkeypatch.setattr(plan_study, "get_num_threads", lambda: n_cores)
    monkeypatch.setattr(plan_folder, "write_html_report", lambda *told: pages.append(told))
    again = shutil.copytree(plain_run.folder, tmp_path / "again")
    names = ("plan.xlsx", "figures/front.svg", "figures/map.png", "figures/captions.txt")
    for name in names:
        (again / name).unlink()
    with plan_study.PLAN.beside() as drawing_now:
        assert [each.pid is None for each in begun] == [False] * (n_cores - 1)
        show(again, drawing_now)
    assert [each.pid for each in begun] == [None] * (n_cores - 1)
    ((results, page),) = pages
    assert results.provenance == plain_run.manifest["provenance"]
    assert page == again / "report.html"
    for name in names:
        assert (again / name).read_bytes() == (plain_run.folder / name).read_bytes()


def test_the_page_is_made_while_figures_are(plain_run, tmp_path, monkeypatch):
    both = Barrier(2, timeout=60)
    monkeypatch.setattr(plan_folder, "write_html_report", lambda *_: both.wait())
    monkeypatch.setattr(plan_folder, "write_run_figures", lambda *_: both.wait())
    again = shutil.copytree(plain_run.folder, tmp_path / "again")
    show(again, DrawnHere())
    assert not both.broken


def test_tables_that_cannot_be_written_end_the_process_that_draws(
    plain_run, tmp_path, monkeypatch, begun
):
    def full(*_):
        assert begun[0].pid is not None  # it gets ready meanwhile
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(plan_study, "get_num_threads", lambda: 2)
    scenario = load_scenario(plain_run.folder.parent / "study.yaml")
    study = replace(plan_study.PLAN, read=lambda *_: None, compute=lambda *_: None, write=full)
    with pytest.raises(CannotWriteError, match="no room left on its disk"):
        perform(study, scenario, out=tmp_path / "run")
    assert [each.pid for each in begun] == [None]


def test_an_interrupt_waits_for_no_further_figures(plain_run, tmp_path, monkeypatch):
    begun, interrupted = Event(), Event()
    drawn = []

    def interrupt(*_):
        assert begun.wait(timeout=60)
        raise KeyboardInterrupt

    def draw(figure, *_):
        begun.set()
        drawn.append(figure)
        assert interrupted.wait(timeout=60)
        return SimpleNamespace(write=lambda *_: None)

    class Told(Event):
        def set(self):
            super().set()
            interrupted.set()

    monkeypatch.setattr(plan_folder, "write_html_report", interrupt)
    monkeypatch.setattr(plan_folder, "Event", Told)
    monkeypatch.setattr(run_figures, "picture", draw)
    again = shutil.copytree(plain_run.folder, tmp_path / "again")
    with pytest.raises(KeyboardInterrupt):
        show(again, DrawnHere())
    assert len(drawn) == 1
