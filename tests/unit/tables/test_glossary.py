"""The words of texts that users read: those of the glossary, nowhere the ones it rules out."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest
import typer.main
from pydantic import TypeAdapter

from planner.cli import app
from planner.scenario.depot_model import DepotScenario
from planner.scenario.market_scenario import MarketScenario
from planner.scenario.model import Scenario
from planner.scenario.sweep import SweepDefinition
from planner.scenario.tariffs import Tariff
from planner.tables.language import LANGUAGES, catalogue
from planner.tables.terms import DEFINITIONS, GLOSSARY, NAMED_SOLUTION_DEFINITIONS
from tests.unit.tables.all_quantities import ALL
from tests.unit.tables.test_language import PACKAGE, TEMPLATES, asked_for, trees

ROOT = Path(__file__).parents[3]
OTHERS_WORDS = re.compile(
    r"MATSim|chargers\.xml|temporal charger|energetic charger|\d chargers(?: each)?, \d"
    r"|^[HL]PC points$"
)
"""Texts that name what others and earlier workbooks call so, and values of tables that stay."""
NOT_READ = ("tables/terms.py", "reporting/matsim")
"""The glossary itself, and what speaks of MATSim's own chargers."""


def texts_of_the_catalogue():
    for column in ALL:
        yield f"title of {column.name}", column.title
        yield f"meaning of {column.name}", column.meaning
    for key, definition in (DEFINITIONS | NAMED_SOLUTION_DEFINITIONS).items():
        yield f"definition of {key}", f"{definition.title}: {definition.text}"


def texts_of_pages():
    for text, where in asked_for().items():
        yield where, text
    for path in sorted(path for folder in TEMPLATES for path in folder.glob("*.html")):
        # The name of an element is none of the reader's business.
        plain = re.sub(r"<[^>]*>|\{\{.*?\}\}|\{%.*?%\}", " ", path.read_text(encoding="utf-8"))
        yield path.name, plain


def texts_of_help():
    commands = [("planner", typer.main.get_command(app))]
    while commands:
        name, command = commands.pop()
        yield f"{name} --help", re.sub(r"`[^`]*`", " ", command.help or "")
        for parameter in command.params:
            said = getattr(parameter, "help", None) or ""
            yield f"{name} --help, {parameter.name}", re.sub(r"`[^`]*`", " ", said)
        commands += [
            (f"{name} {key}", below) for key, below in getattr(command, "commands", {}).items()
        ]


def texts_of_messages():
    for path, tree in trees().items():
        name = str(path.relative_to(PACKAGE))
        if name.startswith(NOT_READ):
            continue
        # Docstrings are for those who write code.
        own = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
        for node in ast.walk(tree):
            is_text = isinstance(node, ast.Constant) and isinstance(node.value, str)
            if is_text and " " in node.value and id(node) not in own:
                yield f"{name}:{node.lineno}", re.sub(r"`[^`]*`", " ", node.value)


def texts_of_keys():
    for kind in (Scenario, MarketScenario, DepotScenario, SweepDefinition, Tariff):
        places = [(kind.__name__, TypeAdapter(kind).json_schema())]
        while places:
            where, place = places.pop()
            if isinstance(place, dict):
                if isinstance(place.get("description"), str):
                    yield where, re.sub(r"`[^`]*`", " ", place["description"])
                places += [(f"{where}.{key}", inner) for key, inner in place.items()]
            elif isinstance(place, list):
                places += [(where, inner) for inner in place]


def texts_of_docs():
    for path in [
        ROOT / "README.md",
        ROOT / "CONTRIBUTING.md",
        *sorted((ROOT / "docs").rglob("*.md")),
    ]:
        text = re.sub(r"```.*?```", " ", path.read_text(encoding="utf-8"), flags=re.DOTALL)
        for line in text.splitlines():
            # Keys, columns and names of sections are written as the files have them.
            if not line.startswith("#"):
                yield str(path.relative_to(ROOT)), re.sub(r"`[^`]*`|\]\([^)]*\)|see \w+", " ", line)


@cache
def ruled_out(language):
    words = [word for term in GLOSSARY for word in getattr(term, f"not_{language}")]
    return re.compile(rf"(?<![\w.])(?:{'|'.join(words)})(?!\w)", re.IGNORECASE)


def found_in(texts, language):
    return [
        f"{where}: {match[0]!r} in {text.strip()[:120]!r}"
        for where, text in texts
        if not OTHERS_WORDS.search(text)
        for match in ruled_out(language).finditer(re.sub(r"\{\w*\}", " ", text))
    ]


@pytest.mark.parametrize(
    "texts",
    [
        texts_of_the_catalogue,
        texts_of_pages,
        texts_of_help,
        texts_of_messages,
        texts_of_keys,
        texts_of_docs,
    ],
)
def test_texts_use_the_words_of_the_glossary(texts):
    read = list(texts())
    assert len(read) > 10
    assert found_in(read, "english") == []


def test_translations_use_the_words_of_the_glossary():
    (german,) = [each.code for each in LANGUAGES if each.code == "de"]
    assert found_in(catalogue(german).items(), "english") == []
    assert found_in(((en, de) for en, de in catalogue(german).items()), "german") == []


def test_a_word_that_the_glossary_rules_out_is_found():
    texts = [("here", "Each site has two plugs."), ("there", "It plugs in at a charging point.")]
    assert found_in(texts, "english") == ["here: 'plugs' in 'Each site has two plugs.'"]


def test_no_term_of_the_glossary_is_ruled_out_by_another():
    assert [term.english for term in GLOSSARY if ruled_out("english").search(term.english)] == []
    assert [term.german for term in GLOSSARY if ruled_out("german").search(term.german)] == []
