"""What the documentation tells to type works, on a small study in the place of Germany at 10 %."""

from __future__ import annotations

import re
import shutil
from contextlib import chdir

import pandas as pd
import pytest

from tests.cases.command_line import planner
from tests.documented import ROOT, blocks, commands

ANOTHER_STUDY = "a study of Germany: its keys are checked, and runs of all kinds elsewhere"
LEFT_OUT = {
    r"run": ANOTHER_STUDY,
    r"validate (germany-10|scenarios|study)": ANOTHER_STUDY,
    r"sweep": "machines of a cluster; tests/e2e/test_sweep.py",
    r"market odeshog-market$": "two minutes; tests/e2e/test_market_study.py",
    r"(show|figures) outputs/odeshog": "after that market",
    r"depot (my-depot|--vrpb)": "files of one's own; tests/e2e/test_depot_command.py",
    r"depot depot-san": "data that are not here",
    r"open": "serves until it is ended; tests/e2e/workbench",
    r"import matsim": "a run of MATSim; tests/unit/reporting",
    r"afir": "its roads are of no TEN-T; tests/e2e/test_law_of_plans.py",
    r"evaluate .*law-alone": "after planner afir",
    r"grid outputs/(germany-5|my-sweep|germany-sweep)": "levels; tests/unit/grid",
    r"export load .*(grid_operator|nuts3)": "operators and polygons; tests/unit/reporting",
    r"classes .*--points 1800": "as many points as Germany has",
    r"robust .*my-scenarios": "a site and points of Germany; tests/unit/optimization",
    r"counts": "counts of stations; tests/e2e/test_questions_to_runs.py",
    r"(costs|grid) outputs/first-20": "after a run that is left out",
    r"compare": "runs that are left out; tests/unit/reporting",
    r"export xlsx outputs/germany-sweep": "a sweep; tests/e2e/test_sweep.py",
}
"""Commands of ours that are only parsed here, and why, or where the like is run."""

SLOW = (
    r"tornado",
    r"figures .*--(format|width)",
    r"connections .*--file",
    r"rank .*--lang",
    r"classes .*my-points",
    r"parking .*--share-here",
    r"costs .*--set germany-2025",
    r"market .*one-fixed",
    r"depot depot-demo",
)
"""Run by ``make validate`` alone."""

NAMES = {"Garbsen Nord": "Site west-north-2"}
"""What pages name of Germany, and what stands in its place here."""


def is_one_of(typed, patterns):
    return any(re.match(rf"planner {each}", " ".join(typed.words)) for each in patterns)


OURS = [each for each in commands() if each.words[0] == "planner"]
RUN = [each for each in OURS if not is_one_of(each, LEFT_OUT)]


@pytest.fixture(scope="module")
def folder(tmp_path_factory, plain_run):
    """A folder with the runs and the files of one's own that pages speak of."""
    place = tmp_path_factory.mktemp("documented")
    for level in (5, 10, 20):
        shutil.copytree(plain_run.folder, place / "outputs" / f"germany-{level}")
    for name in ("plan.xlsx", "my-plan.xlsx", "my-points.xlsx"):
        shutil.copy(plain_run.folder / "plan.xlsx", place / name)
    sites = plain_run.table("sites").query("solution_name == 'balanced'")
    points = sites[["site_id", "n_hpc"]].assign(n_slow=0)
    points.to_csv(place / "my-points.csv", index=False)
    beside = sites.iloc[:1]
    added = {"site_id": ["new"], "lon": beside["lon"] + 0.01, "lat": beside["lat"]}
    pd.DataFrame(added).to_csv(place / "my-sites.csv", index=False)
    costs = next(each for each in blocks("yaml") if each.text.startswith("mine:"))
    (place / "my-costs.yaml").write_text(costs.text, encoding="utf-8")
    shutil.copy(ROOT / "config" / "site_battery.yaml", place / "my-batteries.yaml")
    return place


def complaints(folder, typed):
    """What a command complains of; nothing where it works."""
    factors = "climate.yaml" if typed.words[1] == "climate" else "tornado.yaml"
    shutil.copy(ROOT / "config" / factors, folder / "my-factors.yaml")
    with chdir(folder):
        answer = planner(*(NAMES.get(word, word) for word in typed.words[1:]))
    return [f"{typed}: {answer.complained}"] if answer.code else []


def test_quick_commands_work(folder):
    quick = [each for each in RUN if not is_one_of(each, SLOW)]
    assert len(quick) > 25
    assert not [each for typed in quick for each in complaints(folder, typed)]


@pytest.mark.proof
def test_slow_commands_work(folder):
    slow = [each for each in RUN if is_one_of(each, SLOW)]
    assert len(slow) > 4
    assert not [each for typed in slow for each in complaints(folder, typed)]


@pytest.mark.parametrize("pattern", [*LEFT_OUT, *SLOW])
def test_what_is_left_out_stands_in_the_pages(pattern):
    assert any(is_one_of(each, [pattern]) for each in OURS)


def test_lines_of_python_work(shared_study_folder):
    """All blocks of a page one after the other, as a reader goes on in a notebook."""
    with chdir(shared_study_folder):
        for page in ("docs/how-to.md", "docs/depot.md"):
            names = {}
            for block in blocks("python"):
                if block.place.startswith(f"{page}:"):
                    exec(compile(block.text, block.place, "exec"), names)  # noqa: S102
            assert names, page
    assert (shared_study_folder / "outputs" / "thirty" / "report.html").exists()
