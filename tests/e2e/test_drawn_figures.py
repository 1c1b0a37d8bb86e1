"""Who draws the figures of a run, by the cores that it has."""

import shutil
from dataclasses import dataclass, field
from types import SimpleNamespace

import pytest

from planner.reporting.figures.drawing import DrawnBeside
from planner.runs.progress import Quiet, TimedStages
from planner.studies import plan_study


@dataclass
class Results:
    provenance: dict = field(default_factory=dict)


@pytest.mark.parametrize(("n_cores", "begins_with_page"), [(1, True), (2, True), (2, False)])
def test_a_second_process_draws_where_the_run_has_a_second_core(
    plain_run, tmp_path, monkeypatch, n_cores, begins_with_page
):
    begun = []

    class Noted(DrawnBeside):
        def __init__(self):
            super().__init__()
            begun.append(self)

    monkeypatch.setattr(plan_study, "DrawnBeside", Noted)
    monkeypatch.setattr(plan_study, "get_num_threads", lambda: n_cores)
    monkeypatch.setattr(plan_study, "write_html_report", lambda *_: None)
    again = shutil.copytree(plain_run.folder, tmp_path / "again")
    if begins_with_page:
        plan_study.PLAN.page(SimpleNamespace(results=Results()), {}, again)
        assert len(begun) == n_cores - 1
    plan_study.PLAN.finish(again, TimedStages(Quiet()))
    assert [each.pid for each in begun] == [None] * (n_cores - 1)
    for name in ("plan.xlsx", "figures/front.svg", "figures/map.png"):
        assert (again / name).read_bytes() == (plain_run.folder / name).read_bytes()
