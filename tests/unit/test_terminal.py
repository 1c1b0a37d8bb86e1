"""The door to the terminal: what texts of users look like there, in any encoding."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from pathlib import Path

import pytest
from rich.table import Table
from rich.text import Text

from planner import cli
from planner.commands import options
from planner.errors import MAX_QUOTED, InputDataError, ScenarioError, quoted
from planner.runs.progress import TerminalProgress
from planner.terminal import Terminal, WholeWords, visible_text

HOSTILE = "a\x1b[31mb\x1b]0;title\x07c\x9b2Jd\u202ee\rf\x08g\u200bh\udcffi"
WRITTEN = r"a\x1b[31mb\x1b]0;title\x07c\x9b2Jd\u202ee\x0df\x08g\u200bh\udcffi"


def printed(*things, **settings):
    terminal = Terminal(file=io.StringIO(), width=200, **settings)
    for thing in things:
        terminal.print(thing)
    return terminal.file.getvalue()


@pytest.mark.parametrize(
    "text",
    ["aus [neu]", "[/x] y", "[bold]x[/bold]", "[link=http://x]y[/link]", ":warning:", "[red"],
)
def test_brackets_and_colons_print_as_they_are(text):
    table = Table(title=text)
    table.add_column(text)
    table.add_row(text)
    table.caption = text
    assert printed(text) == f"{text}\n"
    assert printed(table).count(text) == 4
    terminal = Terminal(file=io.StringIO(), width=200)
    place = Path("OUT") / text
    terminal.print_place("Report", place, f"map {text}")
    assert terminal.file.getvalue() == f"Report {place}   map {text}\n"
    with TerminalProgress(terminal) as progress, progress.stage(text) as advance:
        advance(1, 2)
    assert text in terminal.file.getvalue()


def test_bars_of_work_whose_stages_are_known_tell_which_of_how_many_each_is():
    terminal = Terminal(file=io.StringIO(), width=200)
    with TerminalProgress(terminal, n_stages=7) as progress:
        for name in ("Closing sites", "Exchanging sites"):
            with progress.stage(name) as advance:
                advance(1, 2)
    assert "1/7 Closing sites" in terminal.file.getvalue()
    assert "2/7 Exchanging sites" in terminal.file.getvalue()


def test_signs_that_steer_a_terminal_are_written_out():
    assert visible_text(HOSTILE) == WRITTEN
    assert visible_text("Ödeshög, Łódź; \tx\n東京 👍") == "Ödeshög, Łódź; \tx\n東京 👍"
    table = Table(box=None)
    table.add_column(HOSTILE)
    table.add_row(Text(f"{HOSTILE}!"))
    assert printed(HOSTILE) == f"{WRITTEN}\n"
    found = printed(table, Text(HOSTILE), force_terminal=True)
    for sign in "\x1b\x07\x9b\u202e\r\x08\u200b\udcff":
        assert sign not in found.replace("\x1b[1m", "").replace("\x1b[0m", "")
    assert found.count("title") == 3


def test_styles_of_the_planner_still_reach_a_terminal():
    found = printed(Text("bold", style="bold"), force_terminal=True, color_system="standard")
    assert "\x1b[1mbold\x1b[0m" in found


def test_an_error_with_hostile_text_prints_harmlessly(monkeypatch, capsys):
    def fail(*_):
        msg = f"{HOSTILE} [bold]x[/] [/y]"
        raise InputDataError(msg)

    monkeypatch.setattr("planner.scenario.any_study.load_study", fail)
    monkeypatch.setattr(sys, "argv", ["planner", "run", "germany-10"])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == 2
    assert capsys.readouterr().err == f"Error {WRITTEN} [bold]x[/] [/y]\n"


@pytest.fixture
def streams(monkeypatch):
    """Standard output and errors of an encoding; gives what was written to both."""

    def opened(encoding):
        raw = io.BytesIO()
        for name in ("stdout", "stderr"):
            stream = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
            monkeypatch.setattr(sys, name, stream)
        return raw

    return opened


@pytest.mark.parametrize("encoding", ["ascii", "cp1252", "cp437", "cp932", "utf-8", "utf-16"])
@pytest.mark.parametrize("arguments", [["--help"], ["run", "--help"], ["validate", "Łódź €.yaml"]])
def test_output_in_any_encoding_is_never_an_error(streams, monkeypatch, encoding, arguments):
    raw = streams(encoding)
    monkeypatch.setattr(sys, "argv", ["planner", *arguments])
    with pytest.raises(SystemExit) as left:
        cli.main()
    assert left.value.code == (0 if "--help" in arguments else 2)
    if encoding == "ascii" and "validate" in arguments:
        assert raw.getvalue().startswith(b"Error Lodz EUR.yaml: 1 fault")


def test_the_posix_locale_is_no_error():
    posix = {"LC_ALL": "C", "PYTHONCOERCECLOCALE": "0", "PYTHONUTF8": "0"}
    done = subprocess.run(
        [sys.executable, "-m", "planner", "validate", "Łódź \udcff.yaml"],
        capture_output=True,
        check=False,
        env=os.environ | posix,
    )
    assert done.returncode == 2
    assert done.stderr.startswith(b"Error ")
    assert b"Traceback" not in done.stderr


def test_signs_that_an_encoding_lacks_become_plain(streams):
    raw = streams("ascii")
    cli.use_plain_signs()
    options.console.print("│─└┘ · ✓ ≤ € … Ödeshög Łódź █ 東 ⠋ \udcff")
    assert raw.getvalue() == rb"|-++ . ok <= EUR ... Oedeshoeg Lodz # ? * \udcff" + b"\n"


def test_messages_repeat_at_most_so_much_of_a_value():
    long = "x" * 100_000
    assert quoted("short") == "'short'"
    assert len(quoted(long)) < MAX_QUOTED + 40
    assert quoted([1] * 10_000).endswith("(30,000 characters)")
    for message in (
        f"expected a number, found {long!r}",
        f'expected a number, found "{long}"',
        f"expected a number, found {long}",
        f"expected a number, found '{chr(39).join(['a b'] * 1000)}' and {'b c ' * 50_000!r}",
    ):
        assert len(str(InputDataError(message))) < 6100
    assert len(str(InputDataError(f"found {long!r} here"))) < 300
    assert str(InputDataError(f"found {long!r} here")).endswith("(100,000 characters) here")
    path = "/".join(["folder"] * 500)
    assert str(InputDataError(f"{path}: missing")) == f"{path}: missing"


def test_only_the_first_of_very_many_faults_are_told():
    error = ScenarioError([f"fault {number}" for number in range(10_000)], "study.yaml")
    assert len(error.faults) == 10_000
    assert str(error).endswith("  - and 9,950 more")


@pytest.mark.parametrize("width", [80, 60])
def test_words_and_figures_in_tables_break_nowhere_while_there_is_room(width):
    rows = {"Sachsen-Anhalt": "1,362.5 MW", "Mitteldeutsche Netzgesellschaft Strom mbH": "8.7 MW"}
    table = WholeWords()
    table.add_column("Operator of the high-voltage grid", overflow="fold")
    for _ in range(3):
        table.add_column("Simultaneous peak of the sites", justify="right", overflow="fold")
    for name, power in rows.items():
        table.add_row(name, *[power] * 3)
    terminal = Terminal(file=io.StringIO(), width=width)

    terminal.print(table)

    lines = terminal.file.getvalue().splitlines()
    assert max(map(len, lines)) <= width
    shown = {word for line in lines for word in line.split()}
    assert {word for name in rows for word in name.split()} <= shown
    assert sum(line.count("1,362.5 MW") for line in lines) == 3


@pytest.mark.parametrize("heading", [str, Text])
def test_long_compounds_of_headings_break_where_the_terminal_is_narrow(heading):
    def head(width):
        table = WholeWords()
        table.add_column("Plan")
        for title in ("Hochleistungsladepunkte", "Nachtladepunkte"):
            table.add_column(heading(title), justify="right")
        table.add_row("Ausgewogen", "1.017", "3.870")
        terminal = Terminal(file=io.StringIO(), width=width)
        terminal.print(table)
        return [line.split() for line in terminal.file.getvalue().splitlines()[:-1]]

    assert head(60) == [["Plan", "Hochleistungsladepunkte", "Nachtladepunkte"]]
    broken = [word for line in head(40) for word in line]
    assert broken == ["Hochleistungs-", "Nacht-", "Plan", "ladepunkte", "ladepunkte"]
    # 34 characters in columns, and 2 between them where there is no room for 4.
    whole = [["Hochleistungs-", "Nacht-"], ["Plan", "ladepunkte", "ladepunkte"]]
    assert [head(width) == whole for width in (38, 37, 36, 35)] == [True, True, True, False]


def test_a_table_wider_than_the_terminal_breaks_words_and_cuts_none():
    table = WholeWords()
    table.add_column("operator", overflow="fold")
    table.add_column("peak", justify="right")
    table.add_row("Netzgesellschaft" * 4, "8.7 MW")
    terminal = Terminal(file=io.StringIO(), width=30)

    terminal.print(table)

    lines = terminal.file.getvalue().splitlines()
    assert max(map(len, lines)) <= 30
    shown = "".join(lines[1:]).replace("8.7 MW", "").replace(" ", "")
    assert shown == "Netzgesellschaft" * 4
