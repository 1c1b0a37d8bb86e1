"""Files made to attack the readers end in one message, and neither read nor fetch anything else."""

import http.server
import json
import shutil
import threading
import zipfile

import pytest

from tests.cases.command_line import planner
from tests.cases.small_studies import depot, scenario
from tests.reference_data import CASES, case_path

MOST_CPU_S = 2.0
MOST_MEMORY_MB = 300.0
SPACED = "source: spacing, spacing_km: 5"
FILES = sorted(
    path.relative_to(CASES).as_posix()
    for path in (CASES / "attacks").rglob("*")
    if path.is_file() and path.name != "README.md"
)


def _graphml(path, folder):
    shutil.copy(path, folder / "graph.graphml")
    return scenario(folder, network=f"source: etisplus, path: {folder}")


def _osm(path, folder):
    return scenario(folder, network=f"source: osm, path: {path}", sites=SPACED)


def _omx(path, folder):
    zones = case_path("public-reports/omx-wrong-lookup/z.csv")
    demand = f"source: od_table, path: {path}, zones: {zones}, electrification_share: 0.01"
    return scenario(folder, demand=demand)


def _sites(path, folder):
    return scenario(folder, sites=f"source: table, path: {path}")


def _urdb(path, folder):
    return depot(folder, f"urdb: {path}")


STUDY_OF = {
    ".yaml": lambda path, _: path,
    ".graphml": _graphml,
    ".osm": _osm,
    ".pbf": _osm,
    ".omx": _omx,
    ".csv": _sites,
    ".xlsx": _sites,
    ".geojson": _sites,
}


def study_of(path, folder):
    if path.suffix == ".json":
        return (_sites if path.parent.name == "map-files" else _urdb)(path, folder)
    return STUDY_OF[path.suffix](path, folder)


@pytest.fixture(scope="module", autouse=True)
def _paid_once():
    """Imports and kernels that a good file of each kind needs too."""
    for good in (
        "base/study.yaml",
        "osm-history-file/s.yaml",
        "omx-wrong-lookup/s.yaml",
        "urdb-ratchet-zero/d.yaml",
        "stops-xlsx-date/d.yaml",
    ):
        planner("validate", case_path(f"public-reports/{good}"))


def test_the_files_are_there():
    assert case_path("attacks").is_dir()
    assert FILES


@pytest.mark.parametrize("name", FILES)
def test_an_attack_is_refused_at_once_with_one_message(name, tmp_path):
    path = case_path(name)
    answer = planner("validate", study_of(path, tmp_path))
    assert answer.code == 2, answer
    assert answer.complained.startswith("Error "), answer
    assert "Traceback" not in answer.complained
    assert len(answer.complained) < 5_000
    if path.suffix != ".graphml":
        assert path.name in answer.complained
    assert answer.cpu_s < MOST_CPU_S
    assert answer.memory_mb < MOST_MEMORY_MB


class _Counting(http.server.BaseHTTPRequestHandler):
    """Serves sites to whoever asks, and counts who does."""

    def do_GET(self):
        self.server.asked.append(self.path)
        self.send_response(200)
        self.end_headers()
        self.wfile.write(SITES.encode())

    do_HEAD = do_GET  # noqa: N815  # the library's name

    def log_message(self, *_):
        pass


SITES = json.dumps(
    {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"id": "leaked"},
                "geometry": {"type": "Point", "coordinates": [7.0, 52.0]},
            }
        ],
    }
)


@pytest.fixture
def server():
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Counting) as server:
        server.asked = []
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield server
        server.shutdown()


@pytest.mark.parametrize("name", ["fetch_http.geojson", "read_other_file.json"])
@pytest.mark.parametrize("ending", [".geojson", ".json", ".gpkg", ".shp", ".fgb", ".zip"])
def test_a_map_file_neither_reads_another_file_nor_asks_the_network(
    name, ending, server, tmp_path, monkeypatch
):
    text = case_path(f"attacks/map-files/{name}").read_text(encoding="utf-8")
    text = text.replace("127.0.0.1:8000", f"127.0.0.1:{server.server_port}")
    (tmp_path / "other.geojson").write_text(SITES, encoding="utf-8")
    (tmp_path / f"sites{ending}").write_text(text, encoding="utf-8")
    if ending == ".zip":
        with zipfile.ZipFile(tmp_path / "sites.zip", "w") as packed:
            packed.writestr("sites.shp", text)
    monkeypatch.chdir(tmp_path)
    answer = planner("validate", _sites(tmp_path / f"sites{ending}", tmp_path))
    assert answer.code == 2, answer
    assert f"sites{ending}" in answer.complained
    assert "leaked" not in answer.complained
    assert server.asked == []
