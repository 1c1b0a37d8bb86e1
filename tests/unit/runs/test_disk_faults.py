"""What the operating system says against writing is one message, whichever library met it."""

from __future__ import annotations

import errno
import os
import resource
import shutil
import sqlite3
import subprocess
import sys
import zipfile
from contextlib import contextmanager, nullcontext
from pathlib import Path

import geopandas as gpd
import pandas as pd
import pyogrio
import pytest
import shapely

from planner.errors import CannotWriteError, PlannerError
from planner.reporting.gis.geopackage import new_geopackage
from planner.reporting.workbook import new_book
from planner.runs.disk_faults import plain_errors, told_of
from planner.runs.run_directory import RunDirectory
from planner.tables.language import ENGLISH
from planner.terminal import Terminal

LIMIT_BYTES = 20_000
ROWS = pd.DataFrame({"a": [f"{number:040d}" for number in range(5_000)]})


@contextmanager
def files_at_most(n_bytes):
    """Let no file of this process grow further: the same as a full disk for each library."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (n_bytes, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def write_geopackage(path):
    points = shapely.points(range(len(ROWS)), 0.0)
    with new_geopackage(path) as new:
        pyogrio.write_dataframe(
            gpd.GeoDataFrame(ROWS, geometry=points, crs=4326), new, layer="a", driver="GPKG"
        )


def write_database(path):
    with new_geopackage(path) as new, sqlite3.connect(new) as connection:
        ROWS.to_sql("a", connection)


def write_workbook(path):
    with new_book(path, ENGLISH, "title") as book:
        sheet = book.sheet("a")
        for row, text in enumerate(ROWS["a"]):
            sheet.write_string(row, 0, text + str(hash(text) ** 3))


def write_archive(path):
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a", ROWS.to_csv())


WRITERS = {
    "GeoPackage": write_geopackage,
    "SQLite": write_database,
    "workbook": write_workbook,
    "zip": write_archive,
    "CSV": ROWS.to_csv,
    "Parquet": lambda path: ROWS.to_parquet(path, compression=None),
}


def write_for(run, write, limit):
    with run.held():
        run.begin(resume=False)
        (run.cache / "stage").write_text("done")
        with limit:
            write(run.results / "file")


@pytest.mark.parametrize("write", WRITERS.values(), ids=WRITERS)
def test_a_full_disk_is_one_message_and_leaves_the_stages(tmp_path, write):
    run = RunDirectory(tmp_path / "a", "x")
    expected = r"a: cannot be written \(.*larger than may be.*the same command with --resume"
    with pytest.raises(CannotWriteError, match=expected):
        write_for(run, write, files_at_most(LIMIT_BYTES))
    assert sorted(path.name for path in tmp_path.iterdir()) == [".a.partial"]
    assert (run.cache / "stage").read_text() == "done"
    assert not run.results.exists()


@pytest.mark.parametrize("name", ["!aus", "a;b", "a!b;c?d#e", "[neu]", "ä ö"])
def test_a_map_can_be_written_to_folders_of_any_name(tmp_path, name):
    folder = tmp_path / name
    folder.mkdir()
    write_geopackage(folder / "plan.gpkg")
    assert [path.name for path in folder.iterdir()] == ["plan.gpkg"]
    (folder / "plan.gpkg").rename(tmp_path / "plain.gpkg")
    assert len(pyogrio.read_dataframe(tmp_path / "plain.gpkg", layer="a")) == len(ROWS)


def test_errors_that_are_not_of_the_disk_stay_what_they_are(tmp_path):
    with pytest.raises(RuntimeError, match="a fault"), plain_errors(tmp_path):
        raise RuntimeError("a fault")  # noqa: EM101, TRY003
    with pytest.raises(sqlite3.OperationalError), plain_errors(tmp_path):
        sqlite3.connect(tmp_path / "a").execute("SELECT * FROM nowhere")
    run = RunDirectory(tmp_path / "a.run", "x")
    with pytest.raises(FileNotFoundError), run.held():
        (tmp_path / "inputs.csv").read_text()


def test_a_folder_that_vanishes_is_one_message(tmp_path):
    run = RunDirectory(tmp_path / "outputs" / "a", "x")

    def vanish_and_write():
        with run.held():
            run.begin(resume=False)
            shutil.rmtree(tmp_path / "outputs")
            (run.results / "front.csv").write_text("a")

    with pytest.raises(PlannerError, match=r"a: cannot be written \(gone.*start again"):
        vanish_and_write()


@pytest.mark.parametrize(
    ("number", "says"),
    [
        (errno.ENOSPC, "no room left"),
        (errno.EDQUOT, "quota"),
        (errno.EROFS, "read-only"),
        (errno.EACCES, "permission denied"),
        (errno.EIO, "answers with errors"),
        (errno.ENOTEMPTY, os.strerror(errno.ENOTEMPTY)),
    ],
)
def test_each_cause_has_its_words(number, says):
    expected = pytest.raises(CannotWriteError, match=f"out: cannot be written .*{says}.*; do this")
    with expected, told_of(Path("out"), "do this"):
        raise OSError(number, os.strerror(number))


def test_a_workbook_that_cannot_be_made_is_named(tmp_path):
    expected = pytest.raises(CannotWriteError, match=r"plan\.xlsx.*close it in other programs")
    with expected, new_book(tmp_path / "none" / "plan.xlsx", ENGLISH, "title") as book:
        book.sheet("a")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs the device /dev/full of Linux")
@pytest.mark.parametrize("arguments", [["schema"], ["--version"], ["--help"]])
def test_output_that_nobody_can_take_is_one_message(arguments):
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "planner", *arguments],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("Error standard output: cannot be written")
    assert "Traceback" not in done.stderr
    assert len(done.stderr.splitlines()) == 1


@pytest.mark.parametrize("arguments", [["schema"], ["--version"], ["--help"], ["export"]])
def test_output_that_nobody_reads_on_ends_quietly(arguments):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        done = subprocess.run(
            [sys.executable, "-m", "planner", *arguments],
            stdout=closed,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 0
    assert not done.stderr


def test_work_goes_on_where_nobody_reads_on(tmp_path):
    reader, writer = os.pipe()
    os.close(reader)
    with os.fdopen(writer, "w") as closed:
        terminal = Terminal(file=closed)
        terminal.print("said to nobody")
        (tmp_path / "result").write_text("done")
        terminal.print("said to nobody")
    assert (tmp_path / "result").read_text() == "done"


@pytest.fixture
def small_disk(tmp_path):
    """A file system of half a megabyte of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    command = ["mount", "-t", "tmpfs", "-o", "size=512k", "tmpfs", str(place)]
    if subprocess.run(command, capture_output=True, check=False).returncode:
        pytest.skip("no file system can be mounted here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_a_disk_that_fills_up_is_told_and_gone_on_with_once_there_is_room(small_disk):
    run = RunDirectory(small_disk / "a", "x")
    filling = small_disk / "other"
    filling.write_bytes(bytes(200_000))
    with pytest.raises(CannotWriteError, match=r"no room left.*mend that, then .*--resume"):
        write_for(run, lambda path: path.write_bytes(bytes(1_000_000)), nullcontext())
    assert (run.cache / "stage").read_text() == "done"
    filling.unlink()
    with run.held():
        run.begin(resume=True)
        assert (run.cache / "stage").read_text() == "done"
        (run.results / "run.json").write_text('{"fingerprint": "x"}')
        run.finish()
    assert run.is_complete()


def test_a_copy_that_fills_the_disk_is_not_put_down_to_the_disk_it_comes_from(small_disk, tmp_path):
    made = tmp_path / "made.gpkg"
    made.write_bytes(bytes(1_000_000))
    run = RunDirectory(small_disk / "a", "x")
    with pytest.raises(CannotWriteError, match=r"\(no room left on its disk\)"):
        write_for(run, lambda path: shutil.copyfile(made, path), nullcontext())


def test_a_read_only_disk_is_told_before_anything_is_computed(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", str(small_disk)], check=True)
    for final in (small_disk / "a", small_disk):
        expected = pytest.raises(CannotWriteError, match=r"its disk is read-only")
        with expected, RunDirectory(final, "x").held():
            raise AssertionError


def test_a_disk_of_its_own_can_be_the_folder_of_a_run(small_disk):
    for fingerprint in ("old", "new"):
        run = RunDirectory(small_disk, fingerprint)
        with run.held():
            run.begin(resume=False)
            (run.results / "front.csv").write_text(fingerprint)
            (run.results / "run.json").write_text(f'{{"fingerprint": "{fingerprint}"}}')
            run.finish()
        (small_disk / "notes.txt").write_text("mine")
    names = {path.name for path in small_disk.iterdir()}
    assert names == {"front.csv", "run.json", "notes.txt"}
    assert (small_disk / "front.csv").read_text() == "new"
