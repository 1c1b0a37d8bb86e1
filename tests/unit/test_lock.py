"""The lock holds what pyproject.toml asks for, on every system that the planner runs on."""

from __future__ import annotations

import re
import tomllib
from importlib import metadata
from pathlib import Path

import pytest
from packaging.markers import default_environment
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
LOCKS_IN = ROOT / "requirements"
LOCKS = sorted(LOCKS_IN.glob("*.txt"))
SYSTEMS = [
    {"python_version": python, "python_full_version": f"{python}.7"} | system
    for python in ("3.11", "3.12", "3.13", "3.14")
    for system in (
        {"sys_platform": "linux", "platform_system": "Linux", "platform_machine": "x86_64"},
        {"sys_platform": "darwin", "platform_system": "Darwin", "platform_machine": "arm64"},
        {"sys_platform": "win32", "platform_system": "Windows", "platform_machine": "AMD64"},
    )
]
ASKED = {
    "run.txt": PROJECT["project"]["dependencies"] + PROJECT["build-system"]["requires"],
    "dev.txt": PROJECT["project"]["dependencies"]
    + PROJECT["build-system"]["requires"]
    + PROJECT["project"]["optional-dependencies"]["dev"],
    "uv.txt": PROJECT["dependency-groups"]["installer"],
    "network.txt": PROJECT["dependency-groups"]["network"],
    "audit.txt": PROJECT["dependency-groups"]["audit"],
    "bench.txt": PROJECT["dependency-groups"]["bench"],
    "docs.txt": PROJECT["dependency-groups"]["docs"],
}


def entries(path):
    """Each locked requirement with its hashes."""
    text = path.read_text(encoding="utf-8").replace("\\\n", " ")
    lines = [line.split(" --hash=") for line in text.splitlines() if line[:1].isalnum()]
    return [(Requirement(name), sorted(map(str.strip, hashes))) for name, *hashes in lines]


def versions(path, system):
    """Locked version of each package on a system."""
    return {
        canonicalize_name(entry.name): next(iter(entry.specifier)).version
        for entry, _ in entries(path)
        if entry.marker is None or entry.marker.evaluate(default_environment() | system)
    }


def test_every_lock_is_asked_for():
    assert {path.name for path in LOCKS} == ASKED.keys()


@pytest.mark.parametrize("name", ASKED)
def test_the_lock_keeps_to_the_bounds_of_the_project(name):
    for system in SYSTEMS:
        locked = versions(LOCKS_IN / name, system)
        for asked in map(Requirement, ASKED[name]):
            version = locked.get(canonicalize_name(asked.name))
            assert version, f"{asked.name} is not locked in {name}: run 'make lock'"
            assert asked.specifier.contains(version, prereleases=True), (
                f"{name} locks {asked.name} {version} and not {asked}: run 'make lock'"
            )


@pytest.mark.parametrize("path", LOCKS, ids=lambda path: path.name)
def test_the_lock_has_hashes_and_no_addresses(path):
    text = path.read_text(encoding="utf-8")
    assert "--only-binary :all:" in text  # a source package would fetch what builds it, unlocked
    assert not re.search(r"://|--(extra-)?index-url|--find-links|@", text)
    for entry, hashes in entries(path):
        assert [each.operator for each in entry.specifier] == ["=="], entry
        assert hashes, entry
        assert all(re.fullmatch(r"sha256:[0-9a-f]{64}", each) for each in hashes), entry


@pytest.mark.parametrize("name", sorted(ASKED.keys() - {"dev.txt"}))
def test_all_locks_agree(name):
    hashes_of = dict(entries(LOCKS_IN / "dev.txt"))
    for system in SYSTEMS:
        whole = versions(LOCKS_IN / "dev.txt", system)
        part = versions(LOCKS_IN / name, system)
        assert {each: whole.get(each, version) for each, version in part.items()} == part
        if name == "run.txt":
            assert part.keys() <= whole.keys()
    if name == "run.txt":
        assert all(hashes_of[entry] == hashes for entry, hashes in entries(LOCKS_IN / name))


def test_nothing_is_locked_that_nothing_asks_for():
    path = LOCKS_IN / "dev.txt"
    asked = {canonicalize_name(entry.name) for entry, _ in entries(path)}
    open_ends = [Requirement(each) for each in ASKED["dev.txt"]]
    found = set()
    while open_ends:
        requirement = open_ends.pop()
        name = canonicalize_name(requirement.name)
        extras = tuple(sorted(requirement.extras))
        if (name, extras) in found:
            continue
        found.add((name, extras))
        try:
            needed = metadata.requires(name) or []
        except metadata.PackageNotFoundError:
            continue  # the lock names it for another system
        for each in map(Requirement, needed):
            environments = [default_environment() | system for system in SYSTEMS]
            wanted = [
                environment | {"extra": extra}
                for environment in environments
                for extra in ("", *requirement.extras)
            ]
            if each.marker is None or any(map(each.marker.evaluate, wanted)):
                open_ends.append(each)
    assert asked <= {name for name, _ in found}, "run 'make lock'"
