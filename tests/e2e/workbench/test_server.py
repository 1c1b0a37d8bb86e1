"""The workbench as a server: whom it lets in, what it shows, what it changes."""

import json
import re
import shutil
import socket
import time
from urllib.parse import quote

import pandas as pd
import pytest

from planner.layouts.evaluation import evaluate_layout
from planner.plan.study_inputs import read_inputs, site_limits
from planner.scenario.load import load_scenario
from planner.workbench.edits import Edits
from planner.workbench.guard import LARGE_UPLOADS, MOST_BYTES
from planner.workbench.questions import question_of
from planner.workbench.run_queue import Queue
from tests.e2e.workbench.conftest import served

RUN = "outputs/small"


@pytest.fixture
def changes(ask):
    return ask.json("POST", "/api/changes", {"run": RUN})


def test_only_who_has_the_token_is_let_in_and_it_leaves_the_address(ask):
    assert ask("GET", "/", headers={}).status == 403
    assert ask("GET", "/?token=another", headers={}).status == 403
    let_in = ask("GET", "/plan?run=outputs%2Fsmall&token=the-token", headers={})
    assert let_in.status == 303
    assert let_in.headers["Location"] == "/plan?run=outputs%2Fsmall"
    cookie = let_in.headers["Set-Cookie"]
    assert "HttpOnly" in cookie
    assert "SameSite=Lax" in cookie
    home = ask("GET", "/", headers={"Cookie": cookie.split(";")[0]})
    assert home.status == 200
    assert "the-token" not in home.text


@pytest.mark.parametrize(
    "headers",
    [
        {"Host": "rebound.example"},
        {"Host": "127.0.0.1"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
    ],
)
def test_a_request_of_another_page_changes_nothing(ask, headers):
    cookie = {"Cookie": f"{ask.address.cookie}=the-token"}
    body = {"run": RUN}
    own = {"Content-Type": "application/json", "Origin": f"http://127.0.0.1:{ask.address.port}"}
    assert ask("POST", "/api/changes", body, own | cookie).status == 200
    assert ask("POST", "/api/changes", body, own | cookie | headers).status == 403
    assert (
        ask("POST", "/api/changes", body, {"Content-Type": "application/json"} | cookie).status
        == 403
    )


@pytest.mark.parametrize(
    "path",
    [
        "../study.yaml",
        "..%2f..%2f..%2f..%2fetc%2fpasswd",
        "%2fetc%2fpasswd",
        "outputs/small/../../../secret",
        ".planner-workbench/queue.json",
        "link/secret",
        "outputs/%00",
        "a" * 5000,
    ],
)
def test_no_path_leads_out_of_the_folder_or_to_what_is_hidden(ask, folder, tmp_path, path):
    (tmp_path / "secret").write_text("secret")
    link = folder / "link"
    link.unlink(missing_ok=True)
    link.symlink_to(tmp_path)
    answer = ask("GET", f"/files/{path}")
    assert answer.status in {400, 404}
    assert "Traceback" not in answer.text
    assert ask("POST", "/api/changes", {"run": path}).status in {400, 404}


@pytest.mark.parametrize("path", ["/files/outputs/none/report.html", "/nowhere", "/static/none.js"])
def test_who_opens_what_is_not_there_gets_a_page_and_programs_get_the_fault(ask, path):
    page = ask("GET", path, headers=ask.known | {"Accept": "text/html"})
    assert page.status == 404
    assert page.headers["Content-Type"].startswith("text/html")
    assert "Unter dieser Adresse ist nichts" in page.text
    told = ask("GET", path)
    assert json.loads(told.text)["fault"]["en"].startswith("Nothing is at this address")


@pytest.mark.parametrize("path", ["/order", "/api/order"])
@pytest.mark.parametrize("folder_of_order", [f"{RUN}/none", f"{RUN}/figures", "none/rank-30"])
def test_an_order_that_nobody_looks_for_is_nowhere(ask, path, folder_of_order):
    answer = ask("GET", f"{path}?folder={folder_of_order}")
    assert answer.status == 404
    assert json.loads(answer.text)["fault"]["de"].startswith("Unter dieser Adresse ist nichts")


def test_an_upload_that_is_broken_off_leaves_nothing_and_says_nothing(ask, folder, caplog):
    head = (
        f"POST /api/dropped?name=cut.csv HTTP/1.1\r\nHost: 127.0.0.1:{ask.address.port}\r\n"
        f"Authorization: Bearer {ask.address.token}\r\nContent-Length: 9000\r\n\r\na,b\n"
    )
    before = set((folder / "data").glob(".*"))
    with socket.create_connection(("127.0.0.1", ask.address.port)) as connection:
        connection.sendall(head.encode())
        while set((folder / "data").glob(".*")) == before:
            time.sleep(0.01)
    while set((folder / "data").glob(".*")) != before:
        time.sleep(0.01)
    ask.json("GET", "/api/dropped")  # the server has gone on
    assert not caplog.records


def test_pages_ask_nobody_else_and_files_of_the_folder_are_nobody_here(ask):
    home = ask("GET", "/")
    assert "default-src 'none'" in home.headers["Content-Security-Policy"]
    assert "http" not in home.headers["Content-Security-Policy"]
    report = ask("GET", f"/files/{RUN}/report.html")
    assert report.status == 200
    assert report.headers["Content-Security-Policy"].startswith("sandbox")
    assert "allow-same-origin" not in report.headers["Content-Security-Policy"]


def test_pages_of_a_run_name_its_folder_where_that_is_not_its_study(ask, folder, tmp_path):
    shutil.copytree(folder / RUN, tmp_path / "small")
    with served(tmp_path) as beside:
        for page in ("plan", "day"):
            below = ask("GET", f"/{page}?run={RUN}").text
            assert re.search(r"</a> \S small <span>outputs/small</span></nav>", below)
            alone = beside("GET", f"/{page}?run=small").text
            assert re.search(r"</a> \S small</nav>", alone)


def test_a_layout_in_a_language_that_nobody_speaks_is_not_kept(ask, folder, changes):
    asked = {"name": "unspoken", "lang": "xx"}
    assert ask("POST", f"/api/changes/{changes['key']}/layout", asked).status == 400
    assert not list(folder.glob("layouts/unspoken*"))


def test_more_than_the_bound_is_not_taken(ask, changes):
    path = f"/api/changes/{changes['key']}/table?name=big.csv"
    headers = ask.known | {"Content-Length": str(MOST_BYTES + 1)}
    assert ask("POST", path, b"site_id,n_hpc", headers).status == 413
    broken = ask("POST", path, b"\x00\x01\x02" * 100)
    assert broken.status in {400, 422}
    assert "Traceback" not in broken.text


def test_the_home_lists_studies_and_runs_with_what_they_say(ask):
    text = ask("GET", "/").text
    assert "Four towns on a ring of motorways" in text
    assert "planner run study.yaml --out outputs/small" in text
    assert "germany-10" in text
    (run,) = ask.json("GET", "/api/runs")
    assert (run["run"], run["state"], run["kind"]) == (RUN, "finished", "plan")
    assert run["question"]["de"] != run["question"]["en"]


def test_changes_give_what_planner_evaluate_gives_and_are_saved_as_its_layout(
    ask, changes, folder, tmp_path
):
    path = f"/api/changes/{changes['key']}"
    site = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"].iloc[0]
    state = ask.json("POST", path, {"sites": [site], "more_hpc": 3})
    assert state["n_hpc"][state["changed"][0]] == changes["n_hpc"][state["changed"][0]] + 3
    saved = ask.json("POST", f"{path}/layout", {"name": "mine"})
    table = folder / "layouts" / "mine.csv"
    told = evaluate_layout(folder / RUN, table, out=tmp_path / "out").evaluated[-1].answer()
    assert saved["figures"] == state["figures"] == told
    assert ask("GET", "/files/layouts/mine/sites.xlsx").status == 200
    back = ask.json("POST", f"{path}/undo")
    assert back["n_hpc"] == changes["n_hpc"]
    assert back["figures"] == changes["figures"]
    again = ask.json("POST", f"{path}/table?name=mine.csv", table.read_bytes().decode())
    assert again["figures"] == told


def test_changes_become_a_study_whose_search_keeps_to_them(ask, changes, folder):
    path = f"/api/changes/{changes['key']}"
    sites = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"].iloc[:3].tolist()
    before = changes["n_hpc"]
    ask.json("POST", path, {"sites": sites[:1], "more_hpc": 2})
    ask.json("POST", path, {"sites": sites[1:2], "n_hpc": max(1, before[1] - 1)})
    ask.json("POST", path, {"sites": sites[2:], "n_hpc": 0})
    study = ask.json("POST", f"{path}/study", {"name": "around"})["study"]
    scenario = load_scenario(folder / study)
    inputs = read_inputs(scenario)
    assert sites[2] not in inputs.sites.site_id.tolist()
    limits = site_limits(scenario, inputs.sites)
    assert limits.existing_hpc[0] == before[0] + 2
    assert limits.max_hpc[1] == max(1, before[1] - 1)
    assert limits.existing_hpc[2:].tolist() == [0] * (inputs.sites.n_sites - 2)
    assert ask("POST", f"{path}/study", {"name": "around"}).status == 400
    assert study in ask("GET", "/").text
    for each in (folder / study, (folder / study).with_name("around-bounds.csv")):
        each.unlink()


def test_nothing_is_kept_of_a_run_that_has_gone_meanwhile_or_is_another(ask, folder):
    run = folder / "outputs" / "odd\\name"
    shutil.copytree(folder / RUN, run)
    begun = ask.json("POST", "/api/changes", {"run": "outputs/odd\\name"})
    path = f"/api/changes/{begun['key']}"
    assert ask("GET", f"/plan?run={quote('outputs/odd' + chr(92) + 'name')}").status == 200
    site = pd.read_parquet(run / "layouts.parquet")["site_id"].iloc[0]
    ask.json("POST", path, {"sites": [site], "more_hpc": 3})
    ask.json("POST", f"{path}/layout", {"name": "while-there"})
    before = sorted((folder / "layouts").iterdir())
    manifest = json.loads((run / "run.json").read_text())
    for said in ("another run stands there", "has been removed"):
        if said == "has been removed":
            shutil.rmtree(run)
        else:
            (run / "run.json").write_text(json.dumps(manifest | {"fingerprint": "other"}))
        for what in ("layout", "study"):
            answer = ask("POST", f"{path}/{what}", {"name": "gone"})
            assert answer.status == 400
            assert said in json.loads(answer.text)["fault"]["en"]
        assert sorted((folder / "layouts").iterdir()) == before
        assert not list((folder / "studies").glob("gone*"))
    for left in before:
        if left.name.startswith("while-there"):
            shutil.rmtree(left) if left.is_dir() else left.unlink()


def test_a_table_that_is_no_layout_is_told_by_the_name_that_its_owner_knows(ask, changes):
    path = f"/api/changes/{changes['key']}/table?name={quote('../<b>mine.csv')}"
    answer = ask("POST", path, "site_id,n_hpc\nnowhere,3\n")
    assert answer.status == 400
    fault = json.loads(answer.text)["fault"]["en"]
    assert fault.startswith("../<b>mine.csv")
    assert "nowhere" in fault
    assert "table.csv" not in fault


def test_an_empty_table_is_told_as_one(ask, changes):
    path = f"/api/changes/{changes['key']}/table?name=mine.csv"
    answer = ask("POST", path, b"")
    assert answer.status == 400
    assert json.loads(answer.text)["fault"]["en"].startswith(
        "mine.csv: expected a CSV table, the file is empty."
    )


def test_two_tabs_do_not_disturb_each_other(ask, changes, folder):
    other = ask.json("POST", "/api/changes", {"run": RUN})
    sites = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"]
    ask.json("POST", f"/api/changes/{changes['key']}", {"sites": [sites.iloc[0]], "n_hpc": 9})
    ask.json("POST", f"/api/changes/{other['key']}", {"sites": [sites.iloc[1]], "n_hpc": 8})
    mine = ask.json("GET", f"/api/changes/{changes['key']}")
    assert mine["changed"] == [0]
    copy = ask.json("POST", "/api/changes", {"run": RUN, "copy_of": changes["key"]})
    of_another = {"run": RUN, "solution": "cpo", "copy_of": changes["key"]}
    assert ask("POST", "/api/changes", of_another).status == 400
    ask.json("POST", f"/api/changes/{copy['key']}/undo")
    assert ask.json("GET", f"/api/changes/{changes['key']}")["figures"] == mine["figures"]


def test_changes_outlive_the_server(ask, changes, folder):
    site = pd.read_parquet(folder / RUN / "layouts.parquet")["site_id"].iloc[2]
    ask.json("POST", f"/api/changes/{changes['key']}", {"sites": [site], "n_hpc": 9})
    ask.json("POST", f"/api/changes/{changes['key']}", {"sites": [site], "n_hpc": 11})
    before = ask.json("POST", f"/api/changes/{changes['key']}/undo")
    found = Edits(folder).get(changes["key"])
    assert found.edited.now.table()["n_hpc"].tolist() == before["n_hpc"]
    assert (len(found.edited.steps), found.edited.n_done) == (2, 1)


def test_a_run_begun_on_the_page_is_told_by_its_command_and_goes_to_the_bin(ask, folder):
    (job,) = ask.json("GET", "/api/jobs")
    command = f"planner run study.yaml --out {RUN}"
    assert job == {"command": command, "run": RUN, "state": "done", "said": ""}
    shutil.copytree(folder / RUN, folder / "outputs" / "other")
    binned = ask.json("POST", "/api/runs/bin", {"run": "outputs/other"})["bin"]
    assert (folder / binned / "run.json").is_file()
    assert [each["run"] for each in ask.json("GET", "/api/runs")] == [RUN]
    name = binned.rpartition("/")[2]
    assert [each["run"] for each in ask.json("GET", "/api/runs/bin") if each["name"] == name] == [
        "outputs/other"
    ]
    assert 'data-post="/api/runs/restore"' in ask("GET", "/fragments/found").text
    assert ask.json("POST", "/api/runs/restore", {"name": name}) == {"run": "outputs/other"}
    assert (folder / "outputs" / "other" / "run.json").is_file()
    assert ask("POST", "/api/runs/restore", {"name": name}).status == 400
    ask.json("POST", "/api/runs/bin", {"run": "outputs/other"})


@pytest.mark.parametrize(
    "asked",
    [
        {"study": "../study.yaml"},
        {"study": "germany-10", "name": "../elsewhere"},
        {"study": "germany-10", "name": ".hidden"},
        {"study": "--help"},
        {"study": "study.yaml", "set": ["optimization.nonsense=3"]},
        {"study": "study.yaml", "set": ["--out=/elsewhere"]},
    ],
)
def test_nothing_is_run_but_studies_that_are_listed_into_the_folder(ask, asked):
    assert ask("POST", "/api/runs", asked).status == 400
    assert len(ask.json("GET", "/api/jobs")) == 1


def test_runs_are_compared_that_are_there(ask):
    for runs, status in (([RUN], 422), ([RUN, "outputs/none"], 400), ([RUN, "../other"], 400)):
        assert ask("POST", "/api/comparisons", {"runs": runs, "name": "beside"}).status == status
    assert ask("POST", "/api/comparisons", {"runs": [RUN, RUN], "name": "../x"}).status == 400
    assert len(ask.json("GET", "/api/jobs")) == 1


def test_a_finished_run_is_asked_by_commands_whose_pages_stand_beside_it(ask, folder):
    asked = {"run": RUN, "question": "rank", "number": 3, "lang": "de"}
    words = question_of("rank").words(RUN, 3, "de")
    assert words == ("planner", "rank", RUN, "--first", "3", "--lang", "de")
    page = folder / RUN / "rank-3" / "ranking.html"
    page.parent.mkdir()
    page.write_text("<!doctype html>", encoding="utf-8")
    found = ask("GET", "/fragments/found").text
    assert f"planner rank {RUN} --first 30" in found
    assert f'href="/files/{RUN}/rank-3/ranking.html"' in found
    for wrong in ({"question": "rm"}, {"run": "outputs"}, {"run": "../x"}, {"lang": "xx"}):
        assert ask("POST", "/api/questions", asked | wrong).status == 400, wrong


@pytest.mark.parametrize("run", [".", "", "outputs", "layouts", "../other"])
def test_nothing_goes_to_the_bin_but_results_that_are_listed(ask, run):
    assert ask("POST", "/api/runs/bin", {"run": run}).status == 400


def test_a_run_that_was_broken_off_is_resumed_by_its_command(ask, folder):
    work = folder / "outputs" / ".broken.partial"
    work.mkdir()
    found = {each["run"]: each["state"] for each in ask.json("GET", "/api/runs")}
    assert found["outputs/broken"] == "interrupted"
    begun_elsewhere = ask("POST", "/api/runs/resume", {"run": "outputs/broken"})
    assert "--resume" in json.loads(begun_elsewhere.text)["fault"]["de"]
    queue = Queue(folder)
    assert queue.command_of(RUN) == ("planner", "run", "study.yaml", "--out", RUN)
    assert queue.jobs() == []
    queue.close()
    ask.json("POST", "/api/runs/bin", {"run": "outputs/broken"})
    assert not work.exists()


def test_tables_of_a_run_are_those_of_its_folder(ask):
    tables = {each["name"]: each for each in ask.json("GET", f"/api/tables?run={RUN}")}
    of_folder = pd.read_parquet(ask.folder / RUN / "sites.parquet")
    assert tables["sites"]["n_rows"] == len(of_folder)
    assert [each["name"] for each in tables["sites"]["columns"]] == of_folder.columns.tolist()
    about = {each["name"]: each for each in tables["front"]["columns"]}
    assert about["mean_wait_min"]["unit"] == "min"
    assert all(each["meaning"] for each in about.values())
    rows = ask.json("GET", f"/api/tables/sites?run={RUN}&first=2&most=3")
    assert [each["site_id"] for each in rows] == of_folder["site_id"].iloc[2:5].tolist()
    assert [each["mean_wait_min"] for each in rows] == of_folder["mean_wait_min"].iloc[2:5].tolist()
    for path in (f"none?run={RUN}", "sites?run=..", "sites?run=outputs", f"..%2Fx?run={RUN}"):
        assert ask("GET", f"/api/tables/{path}").status in {400, 404}
    for most in (0, 1_000_000):
        assert ask("GET", f"/api/tables/sites?run={RUN}&most={most}").status == 422


def test_requests_are_documented(ask):
    described = ask.json("GET", "/openapi.json")
    assert {"/api/runs", "/api/changes", "/api/changes/{key}"} <= set(described["paths"])
    for path, methods in described["paths"].items():
        for method, about in methods.items():
            assert about.get("description"), f"{method} {path}"
            for asked in about.get("parameters", []):
                known = asked["in"] == "path" or asked.get("description")
                assert known, f"{method} {path}: {asked['name']}"


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("/api/changes", b"{bad"),
        ("/api/changes", b"[" * 50_000),
        ("/api/changes", b'{"run": "\\ud800"}'),
        ("/api/changes", b'{"run": "outputs/small", "solution": "%s"}' % (b"9" * 5_000)),
        ("/api/changes/KEY", b'{"sites": ["x"], "n_hpc": NaN}'),
        ("/api/runs/stop", b'{"run": "\\ud800"}'),
        ("/api/runs", b'{"study": "germany-10", "name": "x", "set": ["%sb=1"]}' % (b"a." * 900)),
        ("/api/comparisons", b'{"runs": [%s"x"], "name": "x"}' % (b'"x", ' * 5_000)),
    ],
)
def test_hostile_requests_are_faults_of_who_asks_and_are_not_sent_back(ask, changes, path, body):
    own = {"Content-Type": "application/json"} | ask.known
    answer = ask("POST", path.replace("KEY", changes["key"]), body, own)
    assert answer.status in {400, 422}
    assert "Traceback" not in answer.text
    assert len(answer.text) < 13_000


def test_a_new_study_begins_with_one_that_is_there_and_is_kept_without_faults(ask, folder):
    begun = ask.json("GET", "/api/studies/text?study=germany-10")
    assert begun["faults"] == []
    assert begun["values"]["demand.electrification_share"] == "0.1"
    draft = {"text": begun["text"], "key": "demand.electrification_share", "value": "7"}
    wrong = ask.json("POST", "/api/studies/draft", draft)
    assert [each["key"] for each in wrong["faults"]] == ["demand.electrification_share"]
    assert ask("POST", "/api/studies", {"name": "mine", "text": wrong["text"]}).status == 400
    right = ask.json("POST", "/api/studies/draft", draft | {"value": "0.07"})
    assert right["faults"] == []
    assert right["text"].count("#") == begun["text"].count("#")
    kept = ask.json("POST", "/api/studies", {"name": "mine", "text": right["text"]})
    path = folder / kept["study"]
    assert path.read_text(encoding="utf-8") == right["text"]
    for wrong in ({"name": "mine"}, {"name": "../x"}, {"name": "x", "text": "a: [" * 9_000}):
        body = {"name": "mine", "text": right["text"]} | wrong
        assert ask("POST", "/api/studies", body).status in {400, 422}
    assert "studies/mine.yaml" in ask("GET", "/fragments/found").text
    path.unlink()


@pytest.mark.parametrize(
    ("kind", "base", "key", "value"),
    [
        ("sweep", "germany-sweep", "axes", "{demand.electrification_share: [0.01, 0.02]}"),
        ("roadmap", "germany-roadmap", "years", "{2027: {}, 2030: {demand.min_distance_km: 400}}"),
        ("depot", "depot-demo", "depot.month", "6"),
        ("market", "odeshog-market", "n_seeds", "2"),
    ],
)
def test_new_studies_of_every_kind_are_checked_and_kept(ask, folder, kind, base, key, value):
    assert f'data-key="{key}"' in ask("GET", f"/study?kind={kind}").text
    begun = ask.json("GET", f"/api/studies/text?study={base}")
    assert begun["faults"] == []
    draft = {"text": begun["text"], "kind": kind, "key": key, "value": value}
    changed = ask.json("POST", "/api/studies/draft", draft)
    assert (changed["faults"], changed["refused"]) == ([], None)
    assert changed["values"][key] == value
    assert ask.json("POST", "/api/studies/draft", draft | {"kind": "scenario"})["faults"]
    broken = {"text": "name: Not a name\nbase: [\n", "kind": kind}
    assert ask.json("POST", "/api/studies/check", broken)["faults"]
    study = {"name": f"my-{kind}", "kind": kind, "text": changed["text"]}
    kept = ask.json("POST", "/api/studies", study)
    assert kept["command"] == f"planner {kind} studies/my-{kind}.yaml"
    assert f"{kept['command']} --out outputs/" in ask("GET", "/fragments/found").text
    (folder / kept["study"]).unlink()


@pytest.mark.parametrize(
    "name", ["../../x.csv", "x.exe", "a%00b.csv", "%2e%2e%2fx.csv", "", "x.shp"]
)
def test_dropped_files_stay_in_their_folder_whatever_they_are_called(ask, folder, name):
    before = {path for path in folder.rglob("*") if path.parent.name != "data"}
    answer = ask("POST", f"/api/dropped?name={name}", b"id,lon\n1,2\n")
    assert answer.status in {200, 400}
    after = {path for path in folder.rglob("*") if path.parent.name != "data"}
    assert after - before <= {folder / "data"}
    assert not [path for path in (folder / "data").glob("*") if path.name.startswith(".")]


def test_large_files_are_taken_for_studies_alone_and_up_to_a_bound(ask):
    most = LARGE_UPLOADS["/api/dropped"]
    headers = ask.known | {"Content-Length": str(most + 1)}
    assert ask("POST", "/api/dropped?name=x.csv", b"x", headers).status == 413
    for body in ({"file": "../study.yaml", "text": ""}, {"file": "none.csv", "text": ""}):
        assert ask("POST", "/api/dropped/look", body).status == 400
