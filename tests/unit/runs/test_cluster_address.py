"""Addresses at which no scheduler answers."""

from __future__ import annotations

import socket
import threading
from contextlib import closing
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import monotonic

import pytest

from planner.errors import ClusterError
from planner.runs import cluster_address
from planner.runs.cluster_address import refuse_wrong_address


@pytest.fixture(autouse=True)
def _short_of_time(monkeypatch):
    monkeypatch.setattr(cluster_address, "_SECONDS_TO_ANSWER", 0.5)


def refused(address):
    begin = monotonic()
    with pytest.raises(ClusterError) as caught:
        refuse_wrong_address(address)
    assert monotonic() - begin < 10.0
    return str(caught.value)


@pytest.mark.parametrize(
    ("address", "found"),
    [
        ("", "an empty address"),
        (" ", "an empty address"),
        ("http://127.0.0.1:8787", "the address of a web page, perhaps the dashboard's"),
        ("https://127.0.0.1:8787/status", "the address of a web page"),
        ("scheduler.json", "no host with the number of a port"),
        ("tcp://127.0.0.1", "no host with the number of a port"),
        ("tcp://127.0.0.1:99999", "no host with the number of a port"),
        ("tcp://127.0.0.1:port", "no host with the number of a port"),
        ("tcp://[::1:8786", "no host with the number of a port"),
        ("ftp://127.0.0.1:21", "an address of another kind than tcp"),
        ("tcp://nobody.invalid:8786", "no computer of that name"),
        ("tcp://" + "x" * 5000 + ":1", ""),
    ],
)
def test_what_is_no_address_of_a_scheduler_is_said_at_once(address, found):
    told = refused(address)
    assert found in told
    assert len(told) < 600


def test_a_closed_port_a_silent_server_and_a_web_server_are_told_apart():
    with closing(socket.socket()) as closed:
        closed.bind(("127.0.0.1", 0))
        port = closed.getsockname()[1]
        assert "nothing that answers there" in refused(f"tcp://127.0.0.1:{port}")
        closed.listen()
        assert "something else that answers there" in refused(f"127.0.0.1:{port}")
    server = HTTPServer(("127.0.0.1", 0), BaseHTTPRequestHandler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        told = refused(f"tcp://127.0.0.1:{server.server_port}")
        assert "the dashboard has another port than the scheduler" in told
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def test_a_scheduler_that_never_says_who_it_is_is_given_up(monkeypatch):
    monkeypatch.setattr(cluster_address, "_SECONDS_IN_ALL", 0.1)
    monkeypatch.setattr(cluster_address, "_fault_of_answer", lambda _: threading.Event().wait(1))
    assert "no answer within 0.1 s" in refused("tcp://127.0.0.1:8786")
