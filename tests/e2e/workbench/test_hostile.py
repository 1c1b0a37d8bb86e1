"""Names and files of somebody who means harm, on a workbench."""

import json
import shutil
from urllib.parse import quote

import pytest

from tests.reference_data import case_path

RUN = "outputs/small"
TABLES = {".csv", ".xlsx", ".geojson", ".json"}
NAMES = [
    *("..", ".hidden", "a/../../b", "%2e%2e", "C:x", "x" * 300, "x\ny", "\x00", "\ud800"),
    *("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "'; rm -r /", "\u202egpj.exe"),
]


def attacks(*endings):
    files = [path for path in case_path("attacks").rglob("*") if path.suffix in endings]
    assert files
    return files


@pytest.fixture
def bad_studies(folder):
    """A folder of studies that were made to attack the reader, one with a name that does."""
    bad = folder / "bad"
    bad.mkdir()
    for path in attacks(".yaml"):
        shutil.copy(path, bad / path.name)
    named = "name: '{0}'\ndescription: '{0}'\nnetwork: {{}}\ndemand: {{}}\n"
    (bad / "<b>.yaml").write_text(named.format("</script><script>alert(1)</script>"))
    yield bad
    shutil.rmtree(bad)


def test_studies_that_attack_are_listed_or_told_and_run_nothing(ask, bad_studies):
    home = ask("GET", "/")
    assert home.status == 200
    assert "<script>alert" not in home.text
    jobs = ask.json("GET", "/api/jobs")
    for path in bad_studies.iterdir():
        text = path.read_text(encoding="utf-8", errors="replace")
        assert ask("POST", "/api/studies", {"name": "bad", "text": text}).status in {400, 422}
        study = path.relative_to(ask.folder).as_posix()
        assert ask("POST", "/api/runs", {"study": study, "name": "bad"}).status == 400
    assert ask.json("GET", "/api/jobs") == jobs
    assert not (ask.folder / "studies" / "bad.yaml").exists()


def test_tables_that_attack_are_refused_and_change_nothing(ask):
    begun = ask.json("POST", "/api/changes", {"run": RUN})
    way = f"/api/changes/{begun['key']}"
    for path in attacks(*TABLES):
        answer = ask("POST", f"{way}/table?name={quote(path.name)}", path.read_bytes())
        assert answer.status == 400, path
        assert path.name in json.loads(answer.text)["fault"]["en"]
    assert ask.json("GET", way)["n_steps"] == 0


@pytest.mark.parametrize("name", NAMES)
def test_names_that_lead_elsewhere_are_refused_everywhere(ask, name):
    key = ask.json("POST", "/api/changes", {"run": RUN})["key"]
    for way, body in (
        ("/api/runs", {"study": "study.yaml", "name": name}),
        ("/api/runs/stop", {"run": name}),
        ("/api/runs/resume", {"run": name}),
        ("/api/runs/bin", {"run": name}),
        ("/api/runs/restore", {"name": name}),
        ("/api/comparisons", {"runs": [RUN, RUN], "name": name}),
        ("/api/questions", {"run": name, "question": "costs"}),
        ("/api/links", {"link": f"http://h/plan?run={name}"}),
        (f"/api/changes/{key}/layout", {"name": name}),
        (f"/api/changes/{key}/study", {"name": name}),
    ):
        answer = ask("POST", way, body)
        assert answer.status in {400, 422}, way
        assert "Traceback" not in answer.text
    for way in ("/plan?run=", "/files-of?run=", "/api/runs/files.zip?run=", "/files/"):
        asked = quote(name.encode("utf-8", "replace"))
        assert ask("GET", f"{way}{asked}").status in {400, 404}, way
