"""Sentences made where no language is known."""

import copy
import io
import json

import numpy as np

from planner.said import counted, joined, renamed, said
from planner.tables.language import ENGLISH
from planner.terminal import Terminal
from tests.languages import GERMAN

READ = joined(
    (
        said(
            "{sites} on {carriageways}",
            sites=counted(1, "{n} site", "{n} sites"),
            carriageways=counted(1396, "{n} carriageway", "{n} carriageways"),
        ),
        "Rasthof {7}",
    )
)


def test_a_sentence_is_plain_english_and_can_be_said_in_german():
    assert READ == "1 site on 1,396 carriageways; Rasthof {7}"
    assert GERMAN.own_text(READ) == "1 Standort an 1.396 Richtungsfahrbahnen; Rasthof {7}"
    assert ENGLISH.own_text(READ) == READ
    assert json.loads(json.dumps({"line": READ})) == {"line": str(READ)}


def test_copies_can_still_be_said():
    for same in (copy.deepcopy(READ), copy.copy(READ)):
        assert same == READ
        assert GERMAN.own_text(same) == GERMAN.own_text(READ)


def test_figures_are_written_as_in_the_language():
    line = said("{name} ({km} km)", name="Far", km=np.float64(1234.5))
    assert line == "Far (1,234.5 km)"
    assert GERMAN.own_text(line) == "Far (1.234,5 km)"
    assert said("{name} ({n})", name=["a", "b"], n=np.int64(2)) == "a, b (2)"


def test_a_terminal_says_what_can_be_said_in_its_language_and_prints_the_rest_as_it_is():
    terminal = Terminal(file=io.StringIO(), width=200)
    terminal.print(said("No errors found."))
    terminal.speaker = GERMAN
    terminal.print(said("No errors found."))
    terminal.print("No errors found.")
    terminal.print_place(said("Report"), "out", said("tables beside it"))
    assert terminal.file.getvalue().splitlines() == [
        "No errors found.",
        "Keine Fehler gefunden.",
        "No errors found.",
        "Bericht out   daneben die Tabellen",
    ]


def test_a_name_in_a_text_is_another_one_in_every_language():
    text = said("expected {what}", what=joined(("/data/x/own.csv", "a folder"), ": "))
    told = renamed(text, "/data/x/", "")
    assert told == "expected own.csv: a folder"
    assert GERMAN.own_text(told) == "erwartet own.csv: ein Ordner"
    assert renamed("in /data/x/own.csv", "/data/x/", "") == "in own.csv"
