"""What the documentation tells to type is understood: each command, each section of a study."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
import typer.main
import yaml
from yaml.nodes import MappingNode

from planner import cli
from planner.scenario.any_study import load_study
from planner.scenario.bundled import bundled_studies
from planner.scenario.model import Scenario
from tests.documented import ROOT, blocks, commands, inline_commands

OTHER_PROGRAMS = {
    "python3": "sets up what the tests run in",
    ".venv/bin/pip": "sets up what the tests run in",
    ".venv/bin/ruff": "runs in CI by itself",
    ".venv/bin/mypy": "runs in CI by itself",
    ".venv/bin/lint-imports": "runs in CI by itself",
    ".venv/bin/pytest": "runs in CI by itself",
    ".": "the environment of a shell",
    "osmium": "a program of others, on a file of gigabytes",
    "dask": "machines of a cluster",
}
"""Programs that pages name besides ours, and why their commands are not looked at."""

OTHER_BLOCKS = {
    "mine": "a set of costs, run with its command",
    "robustness": "scenarios of planner robust",
    "stops": "of a depot, whose tables it names",
    "spot": "of a tariff, whose table it names",
    "en": "texts of a language, which have a test of their own",
}
"""First keys of blocks that are neither a study nor sections of a scenario."""


ELSEWHERE = {
    "sites": {"source": "spacing", "spacing_km": 60},
    "demand": {"source": "trips", "path": "trips.csv", "electrification_share": 0.1},
}
"""What a scenario has besides a network of its own, where a block leaves it out."""


def of_planner(words):
    """Words after the name of the program; none where it is another one."""
    return list(words[1:]) if words[0].rpartition("/")[2] == "planner" else []


def command_of(words):
    """The command that words call, and its own words."""
    command = typer.main.get_command(cli.app)
    while hasattr(command, "commands"):
        command, words = command.commands[words[0]], words[1:]
    return command, words


def test_commands_of_blocks_are_understood():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for typed in commands():
        if words := of_planner(typed.words):
            command, its_words = command_of(words)
            command.make_context(command.name, its_words)
        elif typed.words[0] == "make":
            assert re.search(rf"^[^#\t]*\b{typed.words[1]}\b[^#]*:", makefile, re.MULTILINE), typed
        else:
            assert typed.words[0] in OTHER_PROGRAMS, typed


def test_commands_within_texts_are_commands():
    for typed in inline_commands():
        command, words = command_of(of_planner(typed.words))
        known = {name for each in command.params for name in each.opts} | {"--help"}
        assert {word for word in words if word.startswith("--")} <= known, typed


def test_keys_that_commands_set_are_keys(tmp_path, monkeypatch):
    for name in ("Ladesaeulenregister.csv", "outputs/germany-10/rank-20/first-20-sites.csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).touch()
    monkeypatch.chdir(tmp_path)
    for typed in commands():
        name, *words = of_planner(typed.words) or ["none"]
        if name not in {"run", "validate"}:
            continue
        overrides = [
            after.replace("$PWD", str(tmp_path))
            for word, after in pairwise(words)
            if word == "--set"
        ]
        known = words[0].removeprefix("scenarios/").removesuffix(".yaml")
        load_study(known if known in bundled_studies() else "germany-10", overrides)


def alternatives(text):
    """Mappings of a block in which no key comes twice: a key that comes again begins another."""
    found = [{}]
    node = yaml.compose(text)
    if not isinstance(node, MappingNode):
        return [{"en": None}]
    loader = yaml.SafeLoader("")
    for key, value in node.value:
        name = loader.construct_object(key, deep=True)
        if name in found[-1]:
            found.append({})
        found[-1][name] = loader.construct_object(value, deep=True)
    return found


def texts_in(value):
    """All texts among values of YAML."""
    if isinstance(value, dict):
        return [text for each in value.values() for text in texts_in(each)]
    if isinstance(value, list):
        return [text for each in value for text in texts_in(each)]
    return [value] if isinstance(value, str) else []


@pytest.mark.parametrize("block", blocks("yaml"), ids=str)
def test_sections_of_studies_are_valid(block, tmp_path):
    for given in alternatives(block.text):
        base = yaml.safe_load(bundled_studies()["germany-10"].read_text(encoding="utf-8"))
        if given.get("network", {}).get("source", "builtin") != "builtin":
            base |= ELSEWHERE
        if next(iter(given)) in OTHER_BLOCKS:
            continue
        study = given
        if given.keys() <= Scenario.model_fields.keys():
            completed = {
                key: base[key] | section
                for key, section in given.items()
                if isinstance(section, dict) and isinstance(base.get(key), dict)
                if base[key].get("source") == section.get("source", "builtin")
            }
            study = base | given | completed
        for text in texts_in(study):  # files that it names: not what stands in them is asked here
            if re.fullmatch(r"[\w./-]+\.[a-z]\w+", text):
                (tmp_path / text).parent.mkdir(parents=True, exist_ok=True)
                (tmp_path / text).touch()
        path = tmp_path / "study.yaml"
        path.write_text(yaml.safe_dump(study), encoding="utf-8")
        load_study(path)
