"""What requests may say: nothing is passed over, each refusal names the key and what is taken."""

import asyncio
import json
from concurrent.futures import ThreadPoolExecutor

import pytest

from planner.errors import InputDataError
from planner.workbench.app import workbench
from planner.workbench.guard import Address
from planner.workbench.questions import question_of
from tests.languages import GERMAN

CHANGE = "/api/changes/a-key"


@pytest.fixture(scope="module")
def guard(tmp_path_factory):
    return workbench(tmp_path_factory.mktemp("asked"), Address(1, "the-token"))


@pytest.fixture(scope="module")
def ask(guard):
    """Status and answer of a request, without a server."""

    async def asked(method, path, content):
        path, _, query = path.partition("?")
        scope = {
            "type": "http",
            "method": method,
            "path": path,
            "raw_path": path.encode(),
            "query_string": query.encode(),
            "headers": [(b"content-type", b"application/json")],
            "app": guard.app,
        }
        sent = []

        async def receive():
            return {"type": "http.request", "body": content, "more_body": False}

        async def send(message):
            sent.append(message)

        await guard.app(scope, receive, send)
        body = b"".join(each.get("body", b"") for each in sent)
        return sent[0]["status"], json.loads(body)

    def answer(method, path, body=None):
        content = body if isinstance(body, bytes) else json.dumps(body).encode()
        request = asked(method, path, b"" if body is None else content)
        return thread.submit(asyncio.run, request).result()

    # Of its own: tests with a browser leave a loop running in the main one.
    with ThreadPoolExecutor(1) as thread:
        yield answer


def bodies(guard):
    """Schemas of the bodies that requests take, by path."""
    told = guard.app.openapi()
    for path, methods in told["paths"].items():
        for method in methods.values():
            content = method.get("requestBody", {}).get("content", {})
            if schema := content.get("application/json", {}).get("schema"):
                name = schema["$ref"].rpartition("/")[2]
                yield path, told["components"]["schemas"][name]


def test_the_interface_says_of_every_body_that_it_takes_no_other_keys(guard):
    taken = dict(bodies(guard))
    assert len(taken) > 15
    assert [
        path for path, schema in taken.items() if schema.get("additionalProperties", True)
    ] == []


def test_every_body_refuses_a_key_that_it_does_not_have(guard, ask):
    for path, schema in bodies(guard):
        status, answer = ask("POST", path.replace("{key}", "a-key"), {"surprise": 1})
        assert status == 422, path
        told = answer["fault"]
        assert told["en"].startswith("surprise: unknown key"), path
        assert all(key in told["en"] for key in schema["properties"]), path
        assert told["de"].startswith("surprise: unbekannter Schlüssel"), path


def test_a_key_of_another_unit_is_answered_with_those_that_are_known(ask):
    status, answer = ask("POST", CHANGE, {"sites": ["a"], "grid_kw": 5000})
    assert status == 422
    assert answer["fault"]["en"].startswith("grid_kw: unknown key (did you mean 'grid_mw'?);")


@pytest.mark.parametrize(
    ("body", "other", "key"),
    [
        ({"n_hpc": 3, "n_slow": 1}, "n_slow", "n_hpc"),
        ({"n_hpc": 3, "n_fast": 1}, "n_fast", "n_hpc"),
        ({"more_hpc": 1, "grid_mw": 2}, "grid_mw", "more_hpc"),
        ({"as_in_plan": True, "n_lpc": 0}, "n_lpc", "as_in_plan"),
        ({"as_in_plan": True, "more_lpc": -1}, "more_lpc", "as_in_plan"),
    ],
)
def test_what_would_be_passed_over_beside_another_key_is_refused(ask, body, other, key):
    status, answer = ask("POST", CHANGE, {"sites": ["a"]} | body)
    assert status == 422
    assert answer["fault"]["en"] == (
        f"{other}: means nothing beside {key}; found both; leave one of them out"
    )
    assert answer["fault"]["de"].startswith(f"{other}: bedeutet neben {key} nichts")


def test_a_change_of_nothing_and_one_of_no_site_are_refused(ask):
    status, answer = ask("POST", CHANGE, {"sites": ["a"], "more_hpc": 0})
    assert status == 422
    assert "expected what the sites get, one of n_hpc, n_lpc" in answer["fault"]["en"]
    status, answer = ask("POST", CHANGE, {"sites": [], "n_hpc": 1})
    assert (status, answer["fault"]["en"]) == (422, "sites: expected at least 1 entries")


@pytest.mark.parametrize("value", ["3", True, 3.5])
def test_what_is_no_number_of_points_is_none(ask, value):
    status, answer = ask("POST", CHANGE, {"sites": ["a"], "n_hpc": value})
    assert (status, answer["fault"]["en"]) == (422, "n_hpc: expected a whole number")


def test_a_use_of_a_file_that_is_not_known_is_refused(ask):
    status, answer = ask("POST", "/api/dropped/look", {"file": "a.csv", "text": "", "use": "road"})
    assert status == 422
    assert answer["fault"]["de"].startswith("use: erwartet eines von ")


def test_keys_without_a_value_are_none(ask):
    status, answer = ask("POST", CHANGE, {"sites": ["a"], "n_hpc": 3, "n_fast": None})
    assert (status, "a-key" in answer["fault"]["en"]) == (400, True)


def test_slower_points_of_a_new_site_need_all_of_them(ask):
    status, answer = ask("POST", f"{CHANGE}/sites", {"lon": 9.0, "lat": 50.0, "n_slow": 1})
    assert status == 422
    assert answer["fault"]["de"].startswith("n_slow: sagt, wie viele von n_hpc")
    assert answer["fault"]["en"].endswith(
        "expected n_hpc beside it, found none; give both or neither"
    )


def test_what_stands_behind_the_question_mark_is_known_too(ask):
    status, answer = ask("GET", "/api/runs?state=done")
    assert status == 422
    assert answer["fault"]["en"] == "state: unknown key; allowed here: none"
    status, answer = ask("GET", f"{CHANGE}/place?lon=9&lat=50&lat=51")
    assert (status, answer["fault"]["de"]) == (422, "lat: erwartet einmal, gefunden 2-mal")


def test_what_is_no_json_is_told_with_its_place(ask):
    status, answer = ask("POST", "/api/changes", b'{"run" "a"}')
    assert status == 422
    assert answer["fault"]["en"] == "body: cannot be read as JSON, from character 8 on"


def test_what_is_nested_too_deep_to_be_read_is_told_in_words_of_ours(ask):
    status, answer = ask("POST", "/api/runs", b"[" * 100_000)
    assert (status, answer["fault"]["en"]) == (400, "The request cannot be read.")
    assert answer["fault"]["de"] == "Die Anfrage lässt sich nicht lesen."


def test_a_command_keeps_its_name_in_german():
    with pytest.raises(InputDataError) as refused:
        question_of("costs").refuse_number(5)
    assert refused.value.args[0].in_language(GERMAN).startswith("number: costs nimmt keine")


def test_another_kind_of_request_is_refused_in_german_too(ask):
    status, answer = ask("PUT", "/api/runs")
    assert status == 405
    assert answer["fault"]["de"].startswith("Anfragen dieser Art nimmt die Werkbank")


@pytest.mark.parametrize(
    ("command", "number", "told"),
    [("costs", 5, "takes none; leave it out"), ("afir", 3, r"number: .*\(2025, 2027, 2030\)")],
)
def test_a_number_that_a_question_does_not_take_is_refused(command, number, told):
    with pytest.raises(InputDataError, match=told):
        question_of(command).refuse_number(number)
    question_of(command).refuse_number(None)
    question_of("rank").refuse_number(number)
