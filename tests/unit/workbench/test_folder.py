"""What the home of the workbench finds in a folder, whoever has filled it."""

import json
import os
from dataclasses import replace

import pytest

from planner.errors import InputDataError
from planner.runs.manifests import work_beside
from planner.runs.noted_progress import HowFar, NotedProgress, noted_progress
from planner.runs.progress import Quiet
from planner.scenario.bundled import STARTER, bundled_path
from planner.workbench.folder import inside, look_into, output_names
from planner.workbench.home import home_fragment
from planner.workbench.progress_words import in_words
from planner.workbench.run_queue import Queue
from tests.reference_data import case_path

EVIL = "<img src=x onerror=alert(1)>"


def test_names_and_sentences_of_others_stay_texts(tmp_path):
    (tmp_path / f"{EVIL.replace('/', '')}.yaml").write_text(
        json.dumps({"name": EVIL, "description": EVIL, "network": {}, "sites": {}, "demand": {}})
    )
    (tmp_path / "broken.yaml").write_text(f"network: [\n# {EVIL}\n\x00")
    run = tmp_path / "outputs" / '" onclick="alert(2)'
    run.mkdir(parents=True)
    said = {"question": EVIL, "answer": EVIL, "translations": {"de": {"question": EVIL}}}
    (run / "run.json").write_text(json.dumps({"name": EVIL, "kind": EVIL, "headline": said}))
    found = look_into(tmp_path)
    assert {each.name for each in found.studies} >= {EVIL, "broken"}
    queue = Queue(tmp_path)
    html = home_fragment(tmp_path, queue, found)
    queue.close()
    assert "&lt;img" in html
    assert "<img" not in html
    assert 'onclick="alert(2)"' not in html
    assert json.loads(queue_body(html))["study"].endswith(".yaml")


def test_two_studies_of_a_name_are_told_apart_and_go_to_folders_of_their_own(tmp_path):
    keys = {"network": {}, "sites": {}, "demand": {}}
    for name in ("a", "b"):
        (tmp_path / f"{name}.yaml").write_text(json.dumps({"name": "denmark"} | keys))
    found = look_into(tmp_path)
    names = output_names(found.studies)
    asked = ("a.yaml", "b.yaml", "denmark", "germany-10")
    assert [names[path] for path in asked] == ["denmark", "denmark-2", "denmark-3", "germany-10"]
    assert len(set(names.values())) == len(found.studies)
    queue = Queue(tmp_path)
    html = home_fragment(tmp_path, queue, found)
    queue.close()
    assert "planner run denmark --out outputs/denmark-3<" in html
    cards = html.split("<b>denmark</b>")[1:]
    told = ("<code>a.yaml</code>", "<code>b.yaml</code>", "mitgeliefert</span>")
    assert all(each in card.split("</li>")[0] for each, card in zip(told, cards, strict=True))


def queue_body(html):
    body = html.split('data-post="/api/runs" data-body="')[1].split('"')[0]
    return body.replace("&#34;", '"').replace("&lt;", "<").replace("&gt;", ">")


def test_a_run_was_made_when_it_says_so_whenever_it_was_copied(tmp_path):
    made = "2026-01-02T03:04:05+00:00"
    for name, told in (("own", {"created_utc": made}), ("odd", {"created_utc": 3}), ("none", {})):
        (tmp_path / name).mkdir()
        manifest = {"name": name, "kind": "plan", "provenance": told}
        (tmp_path / name / "run.json").write_text(json.dumps(manifest))
        os.utime(tmp_path / name / "run.json", (1e9, 1e9))
    at = {each.path: each.at for each in look_into(tmp_path).results}
    assert at["own"].isoformat() == made
    assert at["odd"].timestamp() == at["none"].timestamp() == 1e9


@pytest.mark.skipif(os.sep == "\\", reason="a backslash is no sign of a name on this system")
def test_a_folder_with_a_backslash_in_its_name_is_one_of_the_folder(tmp_path):
    (tmp_path / "a\\b").mkdir()
    assert inside(tmp_path, "a\\b").is_dir()
    assert inside(tmp_path, "x\\y") == tmp_path / "x\\y"
    with pytest.raises(InputDataError, match="another place"):
        inside(tmp_path, "..\\x")


def test_files_that_attack_readers_are_told_in_the_list():
    found = look_into(case_path("attacks"))
    assert found.is_whole
    assert any(each.fault for each in found.studies)


def test_the_starter_that_is_to_be_copied_is_no_study_of_a_clone():
    assert look_into(bundled_path(STARTER)).studies[0].name == "my-study"
    of_clone = [each.path for each in look_into(bundled_path("scenarios")).studies]
    assert "germany-10.yaml" in of_clone
    assert "starter/study.yaml" not in of_clone
    assert of_clone.index("germany-10.yaml") < of_clone.index("germany-10-depots.yaml")


def test_a_manifest_that_is_damaged_is_told_and_the_others_stand(tmp_path):
    for name, text in (("whole", '{"name": "whole"}'), ("damaged", "{"), ("list", "[]")):
        (tmp_path / name).mkdir()
        (tmp_path / name / "run.json").write_text(text)
    found = {each.path: each.fault for each in look_into(tmp_path).results}
    assert found["whole"] == ""
    assert "run.json" in found["damaged"]
    assert "expected keys" in found["list"]


@pytest.mark.parametrize("path", ["..", "a/../../b", ".git", "a/.hidden", "C:\\x", "a\x00", "/.x"])
def test_what_is_outside_or_hidden_is_no_place_in_the_folder(tmp_path, path):
    with pytest.raises(InputDataError, match="another place"):
        inside(tmp_path, path)


def test_links_that_lead_out_are_refused_and_those_within_followed(tmp_path):
    root = tmp_path / "root"
    root.mkdir()
    (root / "out").symlink_to(tmp_path)
    (root / "round").symlink_to(root / "round")
    (root / "file").write_text("x")
    (root / "in").symlink_to(root / "file")
    assert inside(root, "in").read_text() == "x"
    for path in ("out", "out/root/file/..", "round/x"):
        with pytest.raises(InputDataError):
            inside(root, path)


def test_replanning_tells_no_time_left_for_it_ends_once_trucks_have_settled():
    told = HowFar("Replanning, round 2", done=1, total=100, elapsed_s=60.0)
    assert in_words(told).english == "Replanning, round 2 · 1 of at most 100 rounds"
    assert told.left_s is None
    assert replace(told, stage="Planning stops").left_s == pytest.approx(99 * 60.0)


def test_work_of_several_stages_tells_which_it_is_in_and_the_time_left_in_it(tmp_path):
    listener = NotedProgress(Quiet(), tmp_path, n_stages=7)
    for name in ("Closing sites", "Exchanging sites"):
        with listener.stage(name) as advance:
            advance(1, 4)
    told = replace(noted_progress(tmp_path), elapsed_s=60.0)
    assert (told.number, told.n_stages) == (2, 7)
    assert in_words(told).english == (
        "step 2 of 7 · Exchanging sites · 1 of 4 · 3.0\N{NO-BREAK SPACE}min left in this step"
    )
    assert in_words(told).texts["de"].startswith("Schritt 2 von 7 · ")


def test_the_last_minute_of_a_stage_is_told_in_seconds():
    told = HowFar("Planning stops", done=30, total=40, elapsed_s=36.0)
    assert in_words(told).english == "Planning stops · 30 of 40 · 12\xa0s left"
    assert in_words(told).texts["de"].endswith("noch 12\xa0s")
    assert in_words(replace(told, elapsed_s=360.0)).english.endswith("2.0\xa0min left")


def test_a_run_tells_beside_its_results_how_far_it_is(tmp_path):
    work = work_beside(tmp_path / "run")
    listener = NotedProgress(Quiet(), work)
    with listener.stage("Planning stops") as advance:
        advance(1, 4)  # the folder is not there yet
    assert noted_progress(work) is None
    work.mkdir()
    with listener.stage("Planning stops") as advance:
        advance(1, 4)
    told = noted_progress(work)
    assert (told.stage, told.done, told.total, told.share) == ("Planning stops", 1, 4, 0.25)
    assert in_words(told).texts["de"].startswith("Halte planen · 1 von 4")
    os.truncate(work / "progress.json", 5)
    assert noted_progress(work) is None
    assert [each.state for each in look_into(tmp_path).results] == ["interrupted"]
