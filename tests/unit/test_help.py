"""`--help` shows options as people write them."""

from __future__ import annotations

import re

import pytest
from typer.main import get_command
from typer.testing import CliRunner

from planner.cli import app


def commands(command, path=()):
    """Words of every command and group of commands."""
    yield path
    for name, below in getattr(command, "commands", {}).items():
        yield from commands(below, (*path, name))


def help_of(*path):
    told = CliRunner().invoke(app, [*path, "--help"])
    assert told.exit_code == 0
    return told.output


@pytest.mark.parametrize("path", list(commands(get_command(app))), ids=" ".join)
def test_no_type_of_the_program_is_shown(path):
    said = help_of(*path)
    assert not re.search(r"<\w|list\[|\bbool\b|\bfloat\b|\bint\b|\bstr\b|x[<>]=|<=x", said)


def test_a_flag_stands_alone_and_what_may_be_chosen_is_listed():
    assert re.search(r"--resume {2,}Resume an", help_of("run"))
    assert re.search(r"--workers +whole number \[1 or more\]", help_of("run"))
    said = help_of("figures")
    assert re.search(r"--format +svg \| png \| pdf", said)
    assert re.search(r"--width-mm +number \[60 to 400\]", said)


def test_arguments_are_capitals_and_the_operators_plan_is_told_wherever_a_plan_is_asked_for():
    for path in commands(get_command(app)):
        said = " ".join(help_of(*path).replace("\u2502", " ").split())
        usage = re.search(r"Usage: planner.*", help_of(*path))[0]
        assert not re.search(r"[{\[][a-z]", usage), path
        assert "--solution" not in said or "cpo is the operator's" in said, path
    assert "planner evaluate [OPTIONS] {RUN} [LAYOUT]" in help_of("evaluate")
    assert re.search(r"--lang +en \| de", help_of("run"))
