"""The result of a run on the terminal."""

import json
import re
import warnings

import pytest
from rich.console import Console

from planner.errors import RunDirectoryError
from planner.plan.finished_run import PLAN, SWEEP, kind_of, read_finished_run
from planner.plan.plan_tables import write_tables
from planner.reporting.manifest import plan_manifest
from planner.reporting.terminal import front_plot, show_run
from planner.runs.manifests import write_manifest
from planner.tables.language import ENGLISH
from tests.languages import GERMAN


@pytest.fixture
def run_dir(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(tmp_path / "run.json", plan_manifest(plan))
    return tmp_path


def printed(run_dir, language=ENGLISH):
    console = Console(width=80, record=True, file=None, quiet=False)
    with console.capture() as capture:
        show_run(run_dir, console, language)
    return capture.get()


def test_the_first_screen_has_the_answer_the_named_plans_and_the_front(plan, run_dir):
    text = printed(run_dir)

    assert "How many charging points" in text
    for named in plan.named_solutions:
        row = next(line for line in text.splitlines() if f" {named.title} " in line)
        assert f"{plan.front['n_hpc'][named.solution]:,}" in row
    assert f"{plan.summary['n_served']} of {plan.summary['n_trips']} trips" in text
    floor = plan.summary["n_visited_sites"]
    (told,) = re.findall(r"Of \d+ points, (\d+) are the one point", " ".join(text.split()))
    assert int(told) == floor
    assert max(len(line) for line in text.splitlines()) <= 80
    assert "\x1b" not in text


def test_the_plot_puts_long_waits_on_top_and_high_use_to_the_right(plan):
    named = [each.solution for each in plan.named_solutions]
    top = 1.05 * plan.front["mean_wait_min"].iloc[named].max()
    scale, *lines = front_plot(named, plan.front, top, ENGLISH).splitlines()
    assert scale == "min, square-root scale"
    position = {
        digit: (y, line.index(digit, 7))
        for y, line in enumerate(lines[:-2])
        for digit in "12345"
        if digit in line[7:]
    }

    assert [position[digit][0] for digit in "12345"] == sorted(
        (position[digit][0] for digit in "12345"), reverse=True
    )
    assert [position[digit][1] for digit in "12345"] == sorted(
        position[digit][1] for digit in "12345"
    )


def test_all_of_it_is_german_where_asked(plan, run_dir):
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        text = printed(run_dir, GERMAN)

    assert text.startswith("Wie viele")
    assert "Eher Betreiber" in text
    assert f"{plan.summary['n_served']} von {plan.summary['n_trips']} Fahrten" in text
    assert (
        f"{GERMAN.minutes(plan.front['mean_wait_min'][plan.named_solutions[4].solution])}" in text
    )
    assert max(len(line) for line in text.splitlines()) <= 80
    # Each plan is one row: nothing is broken for want of room.
    rows = [line for line in text.splitlines() if line[:1].isdigit() and line[1:3] == "  "]
    assert [row[0] for row in rows] == ["1", "2", "3", "4", "5"]


def test_the_kind_of_a_folder_is_what_its_manifest_says_a_plan_by_default(
    run_dir, tmp_path_factory
):
    assert kind_of(run_dir) == "plan"
    manifest = json.loads((run_dir / "run.json").read_text(encoding="utf-8"))
    (run_dir / "run.json").write_text(json.dumps(manifest | {"kind": "depot"}), encoding="utf-8")
    assert kind_of(run_dir) == "depot"
    sweep = tmp_path_factory.mktemp("sweep")
    (sweep / "sweep.json").write_text("{}")
    assert kind_of(sweep) == "sweep"
    with pytest.raises(RunDirectoryError, match=r"run\.json"):
        kind_of(tmp_path_factory.mktemp("empty"))


@pytest.mark.parametrize(
    ("days", "english", "german"),
    [
        (["mon"], "On the simulated day", "Am simulierten Tag"),
        (["mon", "tue"], "In the 2 days simulated", "In den 2 simulierten Tagen"),
    ],
)
def test_a_single_day_is_no_days(run_dir, days, english, german):
    manifest = json.loads((run_dir / "run.json").read_text(encoding="utf-8"))
    manifest["scenario"]["demand"]["days"] = days
    (run_dir / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    assert english in printed(run_dir)
    assert german in printed(run_dir, GERMAN)


def test_titles_are_not_read_as_markup(run_dir):
    manifest = json.loads((run_dir / "run.json").read_text(encoding="utf-8"))
    manifest["headline"]["question"] = "[bold]Why?[/nonsense]"
    (run_dir / "run.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert "[bold]Why?[/nonsense]" in printed(run_dir)


@pytest.mark.parametrize("missing", ["run.json", "front.parquet"])
def test_a_directory_that_is_no_run_is_refused_with_the_missing_file(run_dir, missing):
    (run_dir / missing).unlink()
    with pytest.raises(RunDirectoryError, match=missing):
        printed(run_dir)


def test_a_manifest_without_its_keys_is_refused_with_the_key(run_dir):
    (run_dir / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="expected the key 'name'"):
        printed(run_dir)


def test_figures_and_spreadsheets_are_of_plans_and_sweeps(run_dir):
    assert read_finished_run(run_dir, PLAN, SWEEP).kind == PLAN
    manifest = json.loads((run_dir / "run.json").read_text(encoding="utf-8"))
    (run_dir / "run.json").write_text(json.dumps(manifest | {"kind": "depot"}), encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="found a result of the kind 'depot'"):
        read_finished_run(run_dir, PLAN, SWEEP)
