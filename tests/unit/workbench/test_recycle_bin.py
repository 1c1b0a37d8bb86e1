"""Results that are put away, and taken back."""

import json

import pytest

from planner.errors import InputDataError, RunDirectoryError
from planner.runs.manifests import work_beside
from planner.workbench.folder import look_into
from planner.workbench.recycle_bin import bin_of, binned, put_away, take_back


@pytest.fixture
def run(tmp_path):
    """A result with one file, in a folder of one's own."""
    run = tmp_path / "mine" / "a run"
    run.mkdir(parents=True)
    (run / "roadmap.html").write_text("page")
    return run


def test_a_result_goes_to_the_bin_and_back_to_where_it_lay(tmp_path, run):
    put_away(tmp_path, "mine/a run")
    (found,) = binned(tmp_path)
    assert (found.path, found.is_unfinished) == ("mine/a run", False)
    assert look_into(tmp_path).results == ()
    assert take_back(tmp_path, found.name) == "mine/a run"
    assert (run / "roadmap.html").read_text() == "page"
    assert list(bin_of(tmp_path).iterdir()) == []


def test_what_a_run_has_left_goes_and_comes_back_with_its_result(tmp_path, run):
    work = work_beside(run)
    work.mkdir()
    put_away(tmp_path, "mine/a run")
    assert not work.exists()
    assert sorted(each.is_unfinished for each in binned(tmp_path)) == [False, True]
    for each in binned(tmp_path):
        take_back(tmp_path, each.name)
    assert work.is_dir()
    assert run.is_dir()


def test_nothing_is_taken_back_over_something_else(tmp_path, run):
    put_away(tmp_path, "mine/a run")
    (found,) = binned(tmp_path)
    run.mkdir()
    (run / "other").write_text("kept")
    with pytest.raises(RunDirectoryError, match="something lies there again"):
        take_back(tmp_path, found.name)
    assert (run / "other").read_text() == "kept"
    assert binned(tmp_path) == [found]


@pytest.mark.parametrize(
    "told", [{"from": "../outside"}, {"from": "a/../../b"}, {"from": ".hidden"}, {"from": ""}, []]
)
def test_a_bin_of_somebody_else_leads_nowhere(tmp_path, told):
    (bin_of(tmp_path) / "x-20260101-000000").mkdir(parents=True)
    (bin_of(tmp_path) / "x-20260101-000000.json").write_text(json.dumps(told))
    if told and told["from"]:
        with pytest.raises(InputDataError, match="another place"):
            take_back(tmp_path, "x-20260101-000000")
    else:
        assert take_back(tmp_path, "x-20260101-000000") == "outputs/x"
    for name in ("..", "", "x", "../bin/x-20260101-000000"):
        with pytest.raises(InputDataError, match="found none"):
            take_back(tmp_path, name)
