"""A folder with a study that was run on the workbench, and its server."""

import http.client
import json
import socket
import threading
import time
from contextlib import contextmanager

import pytest
import uvicorn

from planner import run
from planner.layouts.editing import OpenedPlan
from planner.runs.progress import Quiet
from planner.workbench.app import workbench
from planner.workbench.guard import Address
from tests.e2e.report.conftest import CHROMIUM, FLAGS
from tests.small_study import write_study

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
        answer.content = answer.read()
        answer.text = answer.content.decode("utf-8", "replace")
        connection.close()
        return answer

    def json(self, *asked):
        answer = self(*asked)
        assert answer.status == 200, answer.text
        return json.loads(answer.text)


@contextmanager
def served(root):
    """Client of a server of a folder."""
    listening = socket.create_server(("127.0.0.1", 0))
    address = Address(listening.getsockname()[1], "the-token")
    server = uvicorn.Server(uvicorn.Config(workbench(root, address), log_level="error"))
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.01)
    client = Client(address)
    client.folder = root
    yield client
    server.should_exit = True
    thread.join(10)
    listening.close()


@pytest.fixture(scope="package")
def ask(tmp_path_factory):
    """Server of a folder with a study, which it has run as its command does."""
    root = tmp_path_factory.mktemp("workbench")
    write_study(root)
    with served(root) as client:
        client.json("POST", "/api/runs", {"study": "study.yaml"})
        while client.json("GET", "/api/jobs")[0]["state"] in {"waiting", "running"}:
            time.sleep(0.1)
        yield client


@pytest.fixture(scope="package")
def by_class(tmp_path_factory):
    """Server of a folder with a run whose study names two classes of points.

    One truck in five lacks the connector of the faster one.
    """
    root = tmp_path_factory.mktemp("by-class")
    file = write_study(root)
    asked = [
        "demand.days=[mon]",
        "optimization.max_generations=1",
        (
            "chargers.classes={mcs: {power_kw: 1000, connector: mcs}, "
            "ccs: {power_kw: 350, connector: ccs}}"
        ),
        "vehicles.mix={long-haul-600: 0.8, long-haul-600-ccs: 0.2}",
    ]
    run(file, asked, out=root / RUN)
    with served(root) as client:
        yield client


@pytest.fixture(scope="package")
def opened_classes(by_class):
    """The plan of the run whose study names two classes."""
    return OpenedPlan(by_class.folder / RUN, Quiet())


@pytest.fixture(scope="package")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    # No name leads anywhere, and no other address is asked: the server's alone.
    cut_off = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1"
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=[*FLAGS, cut_off])
        yield browser
        browser.close()


@contextmanager
def watched(browser, client):
    """Opens pages of a server; faults of a page, and what it asks of others, fail the test."""
    contexts, faults, asked = [], [], []

    def open_it(path="", locale="en-US", **settings):
        sizes = {"viewport": {"width": 1400, "height": 900}, "accept_downloads": True}
        context = browser.new_context(locale=locale, **(sizes | settings))
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(client.address.page())
        page.wait_for_selector("body[data-ready]")
        if path:
            page.goto(f"http://127.0.0.1:{client.address.port}{path}")
        return page

    yield open_it
    for context in contexts:
        context.close()
    own = f"http://127.0.0.1:{client.address.port}/"
    assert [url for url in asked if not url.startswith((own, "data:", "blob:"))] == []
    assert faults == []


@pytest.fixture(scope="package")
def folder(ask):
    return ask.folder


@pytest.fixture(scope="package")
def opened(folder):
    return OpenedPlan(folder / RUN, Quiet())
