"""A run's folder: complete or not there, resumable, never over somebody's files."""

from __future__ import annotations

import errno
import json
import multiprocessing
import os
import signal
from pathlib import Path

import pytest

from planner.errors import CannotWriteError, RunDirectoryError
from planner.runs.durable_files import replacing
from planner.runs.manifests import read_manifest
from planner.runs.run_directory import RunDirectory

RESULTS = {"front.csv": "a,b\n1,2\n", "figures/front.svg": "<svg/>", "plan.gpkg": "map"}


def write_results(run, files):
    for name, text in files.items():
        path = run.results / name
        path.parent.mkdir(exist_ok=True)
        path.write_text(text)
    (run.results / run.manifest).write_text(json.dumps({"fingerprint": run.fingerprint}))


def finished(final, fingerprint, files=RESULTS, **more):
    run = RunDirectory(final, fingerprint, **more)
    with run.held():
        run.begin(resume=False)
        write_results(run, files)
        run.finish()
    return run


def contents(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_text()
        for path in folder.rglob("*")
        if path.is_file() and path.name != "run.json"
    }


def test_nothing_is_at_the_final_place_until_finished(tmp_path):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    assert not run.final.exists()
    (run.results / "run.json").write_text(json.dumps({"fingerprint": "x"}))
    run.finish()
    assert run.is_complete()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["a"]
    assert [p.name for p in run.final.iterdir()] == ["run.json"]


def test_a_new_run_takes_the_place_of_an_old_one(tmp_path):
    finished(tmp_path / "a", "old", RESULTS | {"market.html": "page", "figures/map.svg": "x"})
    new = finished(tmp_path / "a", "new", {"front.csv": "new"})
    assert new.is_complete()
    assert not RunDirectory(tmp_path / "a", "old").is_complete()
    assert contents(tmp_path / "a") == {"front.csv": "new"}
    assert sorted(path.name for path in (tmp_path / "a").iterdir()) == ["front.csv", "run.json"]


def test_stages_are_handed_on_where_a_run_is_resumed_and_only_there(tmp_path):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    (run.cache / "stage").write_text("done")
    RunDirectory(tmp_path / "a", "y").begin(resume=True)
    assert (run.cache / "stage").exists()
    run.begin(resume=False)
    assert not (run.cache / "stage").exists()


def with_stage(final, fingerprint, text):
    run = RunDirectory(final, fingerprint)
    with run.held():
        run.begin(resume=True)
        found = {path.name: path.read_text() for path in run.cache.iterdir()}
        (run.cache / "stage").write_text(text)
        write_results(run, {"front.csv": text})
        run.finish()
    return found


def test_a_finished_run_keeps_its_stages_for_the_next_one_and_does_not_list_them(tmp_path):
    final = tmp_path / "a"
    assert with_stage(final, "x", "first") == {}
    assert (final / ".stages" / "stage").read_text() == "first"
    assert list(read_manifest(final)["files"]) == ["front.csv"]
    assert with_stage(final, "y", "second") == {"stage": "first"}
    assert (final / ".stages" / "stage").read_text() == "second"
    assert sorted(path.name for path in final.iterdir()) == [".stages", "front.csv", "run.json"]
    (final / ".stages" / "stage").unlink()
    assert RunDirectory(final, "y").is_complete()


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", b"two words\n", None])
def test_a_damaged_fingerprint_means_to_begin_anew(tmp_path, caplog, content):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    (run.cache / "stage").write_text("done")
    (run.work / "fingerprint.txt").unlink()
    if content is None:
        (run.work / "fingerprint.txt").mkdir()
    else:
        (run.work / "fingerprint.txt").write_bytes(content)
    run.begin(resume=True)
    assert not (run.cache / "stage").exists()
    assert "fingerprint.txt: damaged or not there; all stages are computed again" in caplog.text


OLD_RUN = {
    "manifest_version": 1,
    "fingerprint": "0" * 64,
    "name": "n",
    "summary": {},
    "scenario": {},
    "provenance": {"versions": {"truck-charging-planner": "0.1.0"}},
}
SOUND = {"program": "truck-charging-planner", "fingerprint": "x", "files": {}}


@pytest.mark.parametrize(
    "manifest",
    [
        None,
        "",
        "{",
        "[]",
        "null",
        json.dumps({"fingerprint": "x"}),
        json.dumps({"distance_km": 10, "date": "2026-11-29"}),
        json.dumps(OLD_RUN | {"provenance": {"versions": {"my-tool": "1"}}}),
        json.dumps(OLD_RUN | {"fingerprint": "mine"}),
        json.dumps(SOUND | {"files": {"../thesis.txt": "0" * 64}}),
        json.dumps(SOUND | {"files": {"/etc/passwd": "0" * 64}}),
        json.dumps(SOUND | {"files": ["thesis.txt"]}),
        json.dumps({"program": "truck-charging-planner"}),
    ],
)
def test_other_peoples_folders_are_left_alone(tmp_path, manifest):
    (tmp_path / "thesis.txt").write_text("mine")
    if manifest is not None:
        (tmp_path / "run.json").write_text(manifest)
    run = RunDirectory(tmp_path, "x")
    with pytest.raises(RunDirectoryError, match="not a run of the planner"), run.held():
        raise AssertionError
    with pytest.raises(RunDirectoryError, match="not a run of the planner"):
        run.begin(resume=False)
    assert (tmp_path / "thesis.txt").read_text() == "mine"


def test_what_is_not_of_the_run_stays_and_what_was_changed_is_kept(tmp_path, caplog):
    folder = tmp_path / "a"
    finished(folder, "old", RESULTS | {"plan.xlsx": "figures"})
    (folder / "plan.xlsx").write_text("figures and notes")
    (folder / "plan.gpkg-wal").write_text("edits that QGIS has not written yet")
    (folder / "thesis.txt").write_text("mine")
    (folder / "figures" / "drawn.svg").write_text("by hand")
    (folder / "matsim-balanced").mkdir()
    (folder / "matsim-balanced" / "plans.xml").write_text("export")
    finished(folder, "new", {"front.csv": "new", "plan.xlsx": "new", "plan.gpkg": "new"})
    assert contents(folder) == {
        "front.csv": "new",
        "plan.xlsx": "new",
        "plan.gpkg": "new",
        "kept-1/plan.xlsx": "figures and notes",
        "kept-1/plan.gpkg": "map",
        "kept-1/plan.gpkg-wal": "edits that QGIS has not written yet",
        "thesis.txt": "mine",
        "figures/drawn.svg": "by hand",
        "matsim-balanced/plans.xml": "export",
    }
    assert "kept-1: kept aside: " in caplog.text
    (folder / "front.csv").write_text("changed")
    finished(folder, "newer", {"front.csv": "newer"})
    assert contents(folder)["kept-2/front.csv"] == "changed"


def test_a_manifest_that_was_changed_is_kept_too(tmp_path):
    folder = tmp_path / "a"
    finished(folder, "old")
    changed = json.loads((folder / "run.json").read_text()) | {"description": "for the paper"}
    (folder / "run.json").write_text(json.dumps(changed))
    finished(folder, "new")
    assert read_manifest(folder)["fingerprint"] == "new"
    assert read_manifest(folder / "kept-1")["description"] == "for the paper"


def test_a_run_of_an_earlier_version_is_replaced_and_kept(tmp_path):
    folder = tmp_path / "a"
    folder.mkdir()
    (folder / "run.json").write_text(json.dumps(OLD_RUN))
    (folder / "front.csv").write_text("old")
    (folder / "thesis.txt").write_text("mine")
    finished(folder, "new", {"front.csv": "new"})
    expected = {"front.csv": "new", "kept-1/front.csv": "old", "thesis.txt": "mine"}
    assert contents(folder) == expected


def test_a_file_of_the_user_with_the_name_of_a_new_one_is_kept(tmp_path):
    folder = tmp_path / "a"
    finished(folder, "old", {"front.csv": "old"})
    (folder / "plan.gpkg").write_text("mine")
    (folder / "report.html").mkdir()
    (folder / "report.html" / "page").write_text("mine")
    finished(folder, "new", {"plan.gpkg": "new", "report.html": "new"})
    assert contents(folder) == {
        "plan.gpkg": "new",
        "report.html": "new",
        "kept-1/plan.gpkg": "mine",
        "kept-1/report.html/page": "mine",
    }


def test_links_in_a_run_do_not_lead_the_next_one_elsewhere(tmp_path):
    folder, elsewhere = tmp_path / "a", tmp_path / "elsewhere"
    finished(folder, "old")
    elsewhere.mkdir()
    (elsewhere / "front.svg").write_text("<svg/>")
    (elsewhere / "front.csv").write_text(RESULTS["front.csv"])
    for path in ("figures/front.svg", "front.csv"):
        (folder / path).unlink()
    (folder / "figures").rmdir()
    (folder / "figures").symlink_to(elsewhere)
    (folder / "front.csv").symlink_to(elsewhere / "front.csv")
    finished(folder, "new", {"front.csv": "new", "figures/front.svg": "new"})
    assert sorted(path.name for path in elsewhere.iterdir()) == ["front.csv", "front.svg"]
    assert (elsewhere / "front.csv").read_text() == RESULTS["front.csv"]
    assert (elsewhere / "front.svg").read_text() == "<svg/>"
    assert (folder / "figures" / "front.svg").read_text() == "new"
    assert not (folder / "figures").is_symlink()


def test_a_link_is_followed_each_time(tmp_path):
    link, target = tmp_path / "out", tmp_path / "disk" / "results"
    link.symlink_to(target)  # dangling so far
    for fingerprint in ("first", "second"):
        run = finished(link, fingerprint)
        assert run.final == target
        assert link.is_symlink()
        assert RunDirectory(target, fingerprint).is_complete()
    assert sorted(path.name for path in tmp_path.iterdir()) == ["disk", "out"]
    assert [path.name for path in (tmp_path / "disk").iterdir()] == ["results"]


def test_links_in_a_circle_and_to_a_file_are_refused(tmp_path):
    (tmp_path / "a").symlink_to(tmp_path / "b")
    (tmp_path / "b").symlink_to(tmp_path / "a")
    with pytest.raises(RunDirectoryError, match="choose another --out"):
        RunDirectory(tmp_path / "a", "x")
    (tmp_path / "file").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "file")
    for name in ("file", "link"):
        run = RunDirectory(tmp_path / name, "x")
        with pytest.raises(RunDirectoryError, match="is a file, not a folder"), run.held():
            raise AssertionError
    assert (tmp_path / "file").read_text() == "mine"


@pytest.mark.parametrize("name", ["n" * 300, "file/below"])
def test_a_path_that_cannot_be_is_one_message(tmp_path, name):
    (tmp_path / "file").write_text("mine")
    expected = pytest.raises(RunDirectoryError, match=r"(too long|path is a file).*another --out")
    with expected, RunDirectory(tmp_path / name, "x").held():
        raise AssertionError


def test_the_root_is_no_place_for_a_run():
    run = RunDirectory(Path("/"), "x")
    with pytest.raises(RunDirectoryError, match="a folder of its own"), run.held():
        raise AssertionError


def test_a_run_may_not_write_among_what_it_reads(tmp_path):
    roads = tmp_path / "roads"
    roads.mkdir()
    for final in (roads, roads / "out"):
        run = RunDirectory(final, "x", inputs=(roads,))
        with pytest.raises(RunDirectoryError, match=r"lies in .*roads, which"), run.held():
            raise AssertionError
    table = finished(tmp_path / "a", "x").final / "front.csv"
    run = RunDirectory(tmp_path / "a", "y", inputs=(table,))
    with pytest.raises(RunDirectoryError, match=r"holds .*front.csv, which"), run.held():
        raise AssertionError
    (tmp_path / "sites.csv").write_text("id\n")
    assert finished(tmp_path / "b", "x", inputs=(tmp_path / "sites.csv",)).is_complete()


def test_a_work_folder_that_is_somebodys_is_left_alone(tmp_path):
    (tmp_path / ".a.partial").mkdir()
    (tmp_path / ".a.partial" / "novel.txt").write_text("mine")
    with pytest.raises(RunDirectoryError, match="not of an unfinished run"):
        RunDirectory(tmp_path / "a", "x").begin(resume=False)
    assert (tmp_path / ".a.partial" / "novel.txt").exists()


@pytest.mark.parametrize("damage", ["removed", "emptied", "flipped"])
def test_a_run_that_lost_a_table_is_not_complete(tmp_path, caplog, damage):
    run = finished(tmp_path / "a", "x", {"trips.parquet": "PAR1 rows PAR1"})
    table = run.final / "trips.parquet"
    match damage:
        case "removed":
            table.unlink()
        case "emptied":
            table.write_bytes(b"")
        case "flipped":
            table.write_text("PAR1 r0ws PAR1")
    assert not run.is_complete()
    assert finished(tmp_path / "a", "x", {"trips.parquet": "PAR1 rows PAR1"}).is_complete()
    assert "trips.parquet: not as its run wrote it; the run is done again" in caplog.text


def test_a_changed_workbook_leaves_a_run_complete(tmp_path):
    run = finished(tmp_path / "a", "x", {"plan.xlsx": "figures"})
    (run.final / "plan.xlsx").write_text("figures and notes")
    assert run.is_complete()


def test_a_part_of_a_sweep_is_done_again_where_its_manifest_is_damaged(tmp_path):
    finished(tmp_path / "a", "x")
    (tmp_path / "a" / "run.json").write_bytes(b"\0" * 100)
    run = RunDirectory(tmp_path / "a", "x")
    with pytest.raises(RunDirectoryError, match="not one that the planner wrote"), run.held():
        raise AssertionError
    assert finished(tmp_path / "a", "x", is_part=True).is_complete()
    assert (tmp_path / "a" / "kept-1" / "run.json").read_bytes() == b"\0" * 100


def _put_in_place_until(step, final):
    """Finish a run in a process that is killed before so many operations on the disk."""
    names = ("rename", "replace", "unlink", "mkdir", "rmdir", "fsync", "link")
    left = step

    def counted(real):
        def call(*arguments, **options):
            nonlocal left
            if left == 0:
                os.kill(os.getpid(), signal.SIGKILL)
            left -= 1
            return real(*arguments, **options)

        return call

    run = RunDirectory(final, "new")
    with run.held():
        run.begin(resume=False)
        write_results(run, {"front.csv": "new", "plan.xlsx": "new", "figures/front.svg": "n"})
        for name in names:
            setattr(os, name, counted(getattr(os, name)))
        run.finish()
    os._exit(0)


@pytest.mark.skipif(not hasattr(os, "fork"), reason="needs processes that can be killed midway")
@pytest.mark.parametrize("has_old", [True, False])
def test_a_move_that_is_killed_at_any_moment_loses_nothing_and_is_ended_later(tmp_path, has_old):
    forked = multiprocessing.get_context("fork")
    for step in range(400):
        final = tmp_path / str(step) / "a"
        if has_old:
            finished(final, "old", RESULTS | {"plan.xlsx": "figures"})
            (final / "plan.xlsx").write_text("figures and notes")
            (final / "thesis.txt").write_text("mine")
        process = forked.Process(target=_put_in_place_until, args=(step, final))
        process.start()
        process.join()
        after_kill = set(contents(final.parent).values())
        if has_old:
            assert {"mine", "figures and notes"} <= after_kill, step
        finished(final, "next", {"front.csv": "next"})
        found = contents(final)
        assert found.pop("front.csv") == "next", step
        assert {path.name for path in final.parent.iterdir()} == {"a"}, step
        if has_old:
            assert found.pop("thesis.txt") == "mine", step
            assert found == {"kept-1/plan.xlsx": "figures and notes"}, step
        else:
            assert found == {}, step
        if process.exitcode == 0:
            break
    assert process.exitcode == 0
    assert step > 10


def test_reading_what_is_not_a_run(tmp_path):
    with pytest.raises(RunDirectoryError, match=r"not a run of the planner \(run\.json is missing"):
        read_manifest(tmp_path)
    with pytest.raises(RunDirectoryError, match="the folder is missing"):
        read_manifest(tmp_path / "none")
    (tmp_path / "run.json").write_text("{")
    with pytest.raises(RunDirectoryError, match="not readable as JSON"):
        read_manifest(tmp_path)


@pytest.mark.parametrize(
    ("manifest", "expected"),
    [
        ({"summary": None}, r"keys with values under 'summary'; found nothing"),
        ({"summary": [1]}, r"keys with values under 'summary'; found list"),
        ({"named_solutions": {}}, r"a list under 'named_solutions'; found dict"),
    ],
)
def test_a_manifest_with_parts_of_another_kind_is_one_message(tmp_path, manifest, expected):
    (tmp_path / "run.json").write_text(json.dumps(manifest))
    with pytest.raises(RunDirectoryError, match=expected):
        read_manifest(tmp_path)


def test_replacing_leaves_nothing_half_written(tmp_path):
    path = tmp_path / "table.csv"
    path.write_text("old")

    def fail_midway():
        with replacing(path) as new:
            new.write_text("half")
            raise RuntimeError

    with pytest.raises(RuntimeError):
        fail_midway()
    assert path.read_text() == "old"
    assert [p.name for p in tmp_path.iterdir()] == ["table.csv"]


def test_a_file_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    order = []
    real = os.fsync
    monkeypatch.setattr(os, "fsync", lambda handle: (order.append("flush"), real(handle)))
    with replacing(tmp_path / "a") as new:
        new.write_text("x")
        order.append("written")
    assert order == ["written", "flush", "flush"]


def test_all_of_a_run_is_on_the_disk_before_it_takes_its_place(tmp_path, monkeypatch):
    flushed = []
    real = os.fsync

    def noted(handle):
        flushed.append((os.fstat(handle).st_ino, (tmp_path / "a").exists()))
        real(handle)

    monkeypatch.setattr(os, "fsync", noted)
    final = finished(tmp_path / "a", "x").final
    before = {file for file, is_in_place in flushed if not is_in_place}
    assert {path.stat().st_ino for path in (final, *final.rglob("*"))} <= before


@pytest.mark.parametrize("full", RESULTS)
def test_a_file_that_does_not_reach_the_disk_keeps_a_run_from_its_place(
    tmp_path, monkeypatch, full
):
    real = os.fsync

    def failing(handle):
        if os.fstat(handle).st_size == len(RESULTS[full]):
            raise OSError(errno.ENOSPC, "No space left on device")
        real(handle)

    monkeypatch.setattr(os, "fsync", failing)
    with pytest.raises(CannotWriteError, match="no room left on its disk"):
        finished(tmp_path / "a", "x")
    assert not (tmp_path / "a").exists()


def test_an_unfinished_run_is_told_from_what_is_none(tmp_path):
    run = RunDirectory(tmp_path / "a", "x")
    run.begin(resume=False)
    for folder in (run.final, run.work):
        with pytest.raises(RunDirectoryError, match=r"unfinished run; .*a goes on with --resume"):
            read_manifest(folder)
    (tmp_path / "study.yaml").touch()
    with pytest.raises(RunDirectoryError, match=r"not a run of the planner \(it is a file\)"):
        read_manifest(tmp_path / "study.yaml")
