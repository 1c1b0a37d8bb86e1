"""Questions of a finished run, each a command of the planner, with the pages that answer them."""

from __future__ import annotations

import os
import re
import shlex
from dataclasses import dataclass
from math import ceil
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

from planner.afir.law import as_year
from planner.errors import InputDataError, quoted
from planner.reporting.phrases import Phrase, phrase
from planner.runs.manifests import MANIFEST
from planner.runs.own_files import read_json_object
from planner.said import AsWritten, said
from planner.tables.language import ENGLISH, LANGUAGES

if TYPE_CHECKING:
    from pathlib import Path

    from planner.tables.language import Language, LanguageCode

_YEAR = "--year"


@dataclass(frozen=True, slots=True)
class Question:
    """A question that a button asks.

    Parameters
    ----------
    command : str
        The command, which writes into a folder of the run that is named after it.
    title : Phrase
        What it asks.
    option : str
        Option that takes a number; empty where there is none.
    number : int
        The number by default.
    counts : Phrase, optional
        What the number is of.
    """

    command: str
    title: Phrase
    option: str = ""
    number: int = 0
    counts: Phrase | None = None

    def refuse_number(self, number: int | None) -> None:
        """Refuse a number that the command would not take, or that would be passed over."""
        if number is None:
            return
        if not self.option:
            msg = said(
                "number: {question} takes none; leave it out", question=AsWritten(self.command)
            )
            raise InputDataError(msg)
        if self.option == _YEAR:
            as_year(number, "number")

    def words(self, run: str, number: int | None, lang: LanguageCode) -> tuple[str, ...]:
        """The command as a person types it in the folder of the workbench."""
        option = (self.option, str(number or self.number)) if self.option else ()
        language = () if lang == ENGLISH.code else ("--lang", lang)
        folder = f"./{run}" if run.startswith("-") else run
        return ("planner", self.command, folder, *option, *language)

    def folder(self, run: str, number: int | None) -> str:
        """What the answer is called while it is made."""
        return f"{run}/{self.command}" + (f"-{number or self.number}" if self.option else "")


_FIRST = 30
_RANK_S, _RANK_S_PER_TRIP = 30.0, 1.9e-3
"""Processor time of the order of sites, measured for `germany-10`, seconds."""
_LAW_YEAR = 2030
QUESTIONS = tuple(
    Question(*each)
    for each in (
        ("rank", phrase("Which sites come first?"), "--first", _FIRST, phrase("sites")),
        ("costs", phrase("What do its plans cost, and whom?")),
        (
            "afir",
            phrase("Does it keep the law (AFIR)?"),
            _YEAR,
            _LAW_YEAR,
            phrase("as asked in that year"),
        ),
        ("grid", phrase("What has each grid operator to be asked for?")),
        ("connections", phrase("Where does a battery cost less than power?")),
        ("parking", phrase("How many truck parking spaces are lacking?")),
        ("climate", phrase("How much CO2 does it avoid?")),
        ("robust", phrase("Which plan does well in winter and with a site lost? (minutes)")),
        ("tornado", phrase("What do points and costs depend on? (minutes)")),
    )
)
RANK = ("planner", "rank")
COMMANDS = frozenset(("planner", each.command) for each in QUESTIONS)

_BY_COMMAND = {each.command: each for each in QUESTIONS}
_FOLDER = re.compile(rf"({'|'.join(_BY_COMMAND)})(-[\w.-]+)?")


def question_of(command: str) -> Question:
    """The question that a command asks.

    Raises
    ------
    InputDataError
        If it asks none.
    """
    if command not in _BY_COMMAND:
        msg = said(
            "question {command}: expected one of {listed}",
            command=quoted(command),
            listed=", ".join(_BY_COMMAND),
        )
        raise InputDataError(msg)
    return _BY_COMMAND[command]


def asked_of(root: Path, run: str) -> list[dict[str, Any]]:
    """Questions of a run as the page shows them, each with the answers that there are."""
    answers = _answers(root / run)
    n_trips = _n_trips(root / run)
    shown = []
    for question in QUESTIONS:
        commands = {
            each.code: shlex.join(question.words(run, None, each.code)) for each in LANGUAGES
        }
        shown.append(
            {
                "command": question.command,
                "title": _rank_title(n_trips) if question.command == RANK[1] else question.title,
                "asked": question.title,
                "option": question.option,
                "number": question.number,
                "counts": question.counts,
                "words": Phrase(commands),
                "answers": [
                    (folder, f"/files/{quote(f'{run}/{folder}/{page}')}")
                    for folder, page in answers.get(question.command, ())
                ],
            }
        )
    return shown


def _n_trips(run: Path) -> int:
    """Trips of a run, 0 where it does not tell."""
    summary = (read_json_object(run / MANIFEST) or {}).get("summary")
    n_trips = summary.get("n_trips") if isinstance(summary, dict) else None
    return n_trips if isinstance(n_trips, int) else 0


def _rank_title(n_trips: int) -> Phrase:
    """The question with the time that a run of its size takes, which grows with the trips."""
    minutes = (_RANK_S + n_trips * _RANK_S_PER_TRIP) / 60.0

    def said(language: Language) -> str:
        return language.text(
            "Which sites come first? (about {n} min)", n=language.count(ceil(minutes))
        )

    return Phrase.of(said)


def _answers(run: Path) -> dict[str, list[tuple[str, str]]]:
    """Folders of answers in a run with their pages, by command."""
    found: dict[str, list[tuple[str, str]]] = {}
    try:
        with os.scandir(run) as entries:
            names = sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
        for name in names:
            if match := _FOLDER.fullmatch(name):
                pages = sorted(path.name for path in (run / name).glob("*.html"))
                if pages:
                    found.setdefault(match[1], []).append((name, pages[0]))
    except OSError:  # it has gone in the meantime
        return {}
    return found
