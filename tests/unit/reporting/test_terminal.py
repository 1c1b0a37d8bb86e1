"""The result of a run on the terminal."""

import json

import pytest
from rich.console import Console

from planner.errors import RunDirectoryError
from planner.reporting.manifest import write_manifest
from planner.reporting.tables import write_tables
from planner.reporting.terminal import front_plot, show_run


@pytest.fixture
def run_dir(plan, tmp_path):
    write_tables(plan, tmp_path)
    write_manifest(plan, tmp_path / "run.json")
    return tmp_path


def printed(run_dir):
    console = Console(width=100, record=True, file=None, quiet=False)
    with console.capture() as capture:
        show_run(run_dir, console)
    return capture.get()


def test_the_first_screen_has_the_answer_the_named_plans_and_the_front(plan, run_dir):
    text = printed(run_dir)

    assert "How many charging points" in text
    for named in plan.named_solutions:
        row = next(line for line in text.splitlines() if f" {named.title} " in line)
        assert f"{plan.front['n_hpc'][named.solution]:,}" in row
    assert "886 of 900 trips" in text
    assert max(len(line) for line in text.splitlines()) <= 100


def test_the_plot_puts_long_waits_on_top_and_high_use_to_the_right(plan):
    named = [{"solution": each.solution} for each in plan.named_solutions]
    lines = front_plot(named, plan.front).splitlines()
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


def test_titles_are_not_read_as_markup(run_dir):
    manifest = json.loads((run_dir / "run.json").read_text(encoding="utf-8"))
    manifest["headline"]["question"] = "[bold]Why?[/nonsense]"
    (run_dir / "run.json").write_text(json.dumps(manifest), encoding="utf-8")

    assert "[bold]Why?[/nonsense]" in printed(run_dir)


@pytest.mark.parametrize("missing", ["run.json", "front.csv"])
def test_a_directory_that_is_no_run_is_refused_with_the_missing_file(run_dir, missing):
    (run_dir / missing).unlink()
    with pytest.raises(RunDirectoryError, match=missing):
        printed(run_dir)


def test_a_manifest_without_its_keys_is_refused_with_the_key(run_dir):
    (run_dir / "run.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="headline"):
        printed(run_dir)
