"""A folder with a study that was run on the workbench, and its server."""

import http.client
import json
import socket
import threading
import time

import pytest
import uvicorn

from planner.layouts.editing import OpenedPlan
from planner.runs.progress import Quiet
from planner.workbench.app import workbench
from planner.workbench.guard import Address
from tests.e2e.conftest import write_study

RUN = "outputs/small"


class Client:
    """Requests to a server, with its token or whatever a test puts in its place."""

    def __init__(self, address):
        self.address = address
        self.known = {"Authorization": f"Bearer {address.token}"}

    def __call__(self, method, path, body=None, headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.address.port, timeout=60)
        content = json.dumps(body) if isinstance(body, dict) else body
        kind = "application/json" if isinstance(body, dict) else "application/octet-stream"
        asked = {"Content-Type": kind} | (self.known if headers is None else headers)
        connection.request(method, path, content, asked)
        answer = connection.getresponse()
        answer.text = answer.read().decode("utf-8", "replace")
        connection.close()
        return answer

    def json(self, *asked):
        answer = self(*asked)
        assert answer.status == 200, answer.text
        return json.loads(answer.text)


@pytest.fixture(scope="package")
def ask(tmp_path_factory):
    """Server of a folder with a study, which it has run as its command does."""
    root = tmp_path_factory.mktemp("workbench")
    write_study(root)
    listening = socket.create_server(("127.0.0.1", 0))
    address = Address(listening.getsockname()[1], "the-token")
    server = uvicorn.Server(uvicorn.Config(workbench(root, address), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    client = Client(address)
    client.folder = root
    client.json("POST", "/api/runs", {"study": "study.yaml"})
    while client.json("GET", "/api/jobs")[0]["state"] in {"waiting", "running"}:
        time.sleep(0.1)
    yield client
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="package")
def folder(ask):
    return ask.folder


@pytest.fixture(scope="package")
def opened(folder):
    return OpenedPlan(folder / RUN, Quiet())
