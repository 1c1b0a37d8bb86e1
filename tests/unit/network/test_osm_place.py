"""Roads of a place by name: answers of the OpenStreetMap servers, replayed on this machine."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qs, urlsplit

import osmnx
import pytest

from planner.errors import InputDataError
from planner.network.osm import load_osm_network
from planner.network.osm_exits import CROSSING
from planner.scenario.osm_sources import OsmNetwork

LUXEMBOURG = {
    "osm_type": "relation",
    "osm_id": 2171347,
    "display_name": "Lëtzebuerg",
    "lat": "49.5",
    "lon": "6.1",
    "class": "boundary",
    "type": "administrative",
    "importance": 0.9,
    "place_id": 1,
    "boundingbox": ["49.4", "49.6", "6.0", "6.2"],
    "geojson": {
        "type": "Polygon",
        "coordinates": [[[6.0, 49.4], [6.2, 49.4], [6.2, 49.6], [6.0, 49.6], [6.0, 49.4]]],
    },
}
JUNCTION = {"highway": "motorway_junction", "ref": "4", "name": "Leudelange"}
ELEMENTS = [
    {"type": "node", "id": 1, "lat": 49.50, "lon": 6.05},
    {"type": "node", "id": 2, "lat": 49.50, "lon": 6.10, "tags": JUNCTION},
    {"type": "node", "id": 3, "lat": 49.50, "lon": 6.15},
    {"type": "node", "id": 4, "lat": 49.5004, "lon": 6.15},
    {"type": "node", "id": 5, "lat": 49.5004, "lon": 6.05},
    {"type": "node", "id": 6, "lat": 49.498, "lon": 6.104},
    {"type": "node", "id": 7, "lat": 49.60, "lon": 6.104},
    {
        "type": "way",
        "id": 11,
        "nodes": [1, 2, 3],
        "tags": {"highway": "motorway", "ref": "A 4", "maxspeed": "90", "lanes": "2"},
    },
    {
        "type": "way",
        "id": 12,
        "nodes": [5, 4],
        "tags": {"highway": "motorway", "ref": "A 4", "oneway": "-1", "maxspeed:hgv": "80"},
    },
    {"type": "way", "id": 13, "nodes": [2, 6], "tags": {"highway": "motorway_link"}},
    {"type": "way", "id": 14, "nodes": [6, 3], "tags": {"highway": "motorway_link"}},
    {"type": "way", "id": 15, "nodes": [2, 7, 3], "tags": {"highway": "motorway", "hgv": "no"}},
]


class OsmServer(BaseHTTPRequestHandler):
    def do_GET(self):
        query = parse_qs(urlsplit(self.path).query)
        self.server.asked.append(query["q"][0])
        self._answer([LUXEMBOURG] if query["q"] == ["Luxembourg"] else [])

    def do_POST(self):
        text = self.rfile.read(int(self.headers["Content-Length"])).decode()
        self.server.asked.append(parse_qs(text)["data"][0])
        self._answer(self.server.overpass_answer)

    def _answer(self, content):
        body = content if isinstance(content, bytes) else json.dumps(content).encode()
        self.send_response(200 if body.startswith((b"[", b"{")) else 500)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *args):
        """Keep quiet."""


@pytest.fixture
def server(monkeypatch):
    # Between two requests OSMnx waits a second, out of politeness to the public servers.
    monkeypatch.setattr("osmnx._nominatim.time.sleep", lambda _: None)
    with ThreadingHTTPServer(("127.0.0.1", 0), OsmServer) as running:
        running.asked = []
        running.overpass_answer = {"elements": ELEMENTS}
        thread = threading.Thread(target=running.serve_forever, args=(0.01,))
        thread.start()
        yield running
        running.shutdown()
        thread.join()


def settings(server, place="Luxembourg", **more):
    url = f"http://127.0.0.1:{server.server_address[1]}"
    return OsmNetwork(source="osm", place=place, overpass_url=url, nominatim_url=url, **more)


def test_a_place_comes_from_its_borders_and_their_motorways(server):
    graph, report = load_osm_network(settings(server))
    assert server.asked[0] == "Luxembourg"
    assert '["highway"~"^(motorway|motorway_link)$"]' in server.asked[1]
    assert set(graph.arc_road) == {"A4", "access ramp", CROSSING}
    assert "Leudelange (4)" in graph.node_name
    # The way against the order of its nodes is driven from east to west only.
    west = graph.arc_from_idx[graph.arc_free_speed_kmh == 80.0]
    assert graph.lon[west].tolist() == [6.15]
    assert "left out: ways with hgv=no (1, 23 km)" in report.sentences()


def test_trunk_roads_are_asked_for_on_request(server):
    load_osm_network(settings(server, include_trunk=True))
    assert '"^(motorway|motorway_link|trunk|trunk_link)$"' in server.asked[1]


def test_settings_of_osmnx_are_put_back(server):
    before = {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings)}
    load_osm_network(settings(server))
    assert {name: getattr(osmnx.settings, name) for name in dir(osmnx.settings)} == before


@pytest.mark.parametrize(
    ("place", "answer"),
    [
        ("Atlantis", {"elements": ELEMENTS}),
        ("Luxembourg", {"elements": []}),
        ("Luxembourg", b"out of order"),
        ("Luxembourg", b"{broken"),
    ],
)
def test_a_faulty_answer_is_named_with_its_server(server, place, answer):
    server.overpass_answer = answer
    with pytest.raises(InputDataError, match=rf"network.place '{place}': http://127.0.0.1"):
        load_osm_network(settings(server, place))


def test_a_server_that_cannot_be_reached_is_named(server):
    unreachable = settings(server).model_copy(update={"nominatim_url": "http://127.0.0.1:9"})
    with pytest.raises(InputDataError, match=r"http://127\.0\.0\.1:9 .*download an extract"):
        load_osm_network(unreachable)
