"""Languages: figures, translations, and that the catalogues and the code belong together."""

import ast
import math
import re
import shutil
import string
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest
import yaml

import planner
from planner.errors import PlannerError
from planner.scenario.bundled import bundled_path, bundled_studies
from planner.scenario.schema_texts import schema_in, schema_texts
from planner.studies.registry import STUDIES
from planner.tables.forms import written
from planner.tables.language import (
    ENGLISH,
    LANGUAGES,
    NOT_KNOWN,
    UntranslatedTextWarning,
    _has_words,
    catalogue,
    catalogue_files,
    language,
)
from planner.tables.terms import DEFINITIONS, NAMED_SOLUTION_DEFINITIONS
from tests.languages import GERMAN
from tests.unit.tables.all_quantities import ALL

PACKAGE = Path(planner.__file__).parent
CONFIG = bundled_path("config")
TEMPLATES = [
    PACKAGE / "reporting" / "page",
    PACKAGE / "reporting" / "gis" / "templates",
    PACKAGE / "workbench" / "page",
]
OTHERS = [each.code for each in LANGUAGES if each != ENGLISH]
ASKS_FOR_TEXT = {"text": (0,), "template": (0,), "counted": (1, 2)}
"""Methods of a language, with the places of the English among their arguments."""
SAYS_TEXT = {"phrase": (0,), "said": (0,), "counted": (1, 2), "refuse_rows": (3,), "set_off": (0,)}
"""The same of functions."""
PAGE_TEXT = re.compile(r"""(?<![\w.])t\(\s*("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')""")


@cache
def trees():
    return {
        path: ast.parse(path.read_text(encoding="utf-8")) for path in sorted(PACKAGE.rglob("*.py"))
    }


def literals(node):
    """Texts that an argument can be: a literal, or one of two by a condition."""
    if isinstance(node, ast.IfExp):
        return literals(node.body) + literals(node.orelse)
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [node.value]
    return []


def asks_language(call):
    """Places of English in ``<something named like a language>.text(...)`` or ``phrase(...)``."""
    if isinstance(call.func, ast.Name):
        return SAYS_TEXT.get(call.func.id, ())
    if not (isinstance(call.func, ast.Attribute) and call.func.attr in ASKS_FOR_TEXT):
        return ()
    owner = ast.unparse(call.func.value).lower()
    is_language = "language" in owner or owner in {"english", "german", "say"}
    return ASKS_FOR_TEXT[call.func.attr] if is_language else ()


def _span(places):
    return (places[0], places[-1] + 1) if places else (0, 0)


def asked_for():
    """Texts that the code asks a language for, with where it does."""
    found = {}
    for path, tree in trees().items():
        for call in ast.walk(tree):
            if not isinstance(call, ast.Call):
                continue
            if ast.unparse(call.func).startswith("render_"):
                kinds = (each.value for each in call.keywords if each.arg == "kind")
                found |= {text: f"{path.name}, tab" for kind in kinds for text in literals(kind)}
            for argument in call.args[slice(*_span(asks_language(call)))]:
                for text in literals(argument):
                    if _has_words(text):
                        found[text] = f"{path.relative_to(PACKAGE)}:{call.lineno}"
    for path in sorted(path for folder in TEMPLATES for path in folder.iterdir()):
        for match in PAGE_TEXT.finditer(path.read_text(encoding="utf-8")):
            found[ast.literal_eval(match[1])] = path.name
    return found


def constants():
    """All texts in the code that could be shown to a person."""
    texts = set(asked_for()) | in_config() | schema_texts() | set(of_studies().values())
    texts |= {text for column in ALL for text in (column.title, column.meaning)}
    for tree in trees().values():
        texts |= {
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant) and isinstance(node.value, str)
        }
    return texts


def in_config():
    """Texts of the files of parameter sets, which name what the code does not."""
    read = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in CONFIG.rglob("*.yaml")]
    found = set()
    while read:
        value = read.pop()
        if isinstance(value, str):
            found.add(value)
        elif isinstance(value, dict | list):
            read += value.values() if isinstance(value, dict) else value
    return found


def of_studies():
    """What studies that come with the planner say of themselves, by their names."""
    read = {
        name: yaml.safe_load(path.read_text(encoding="utf-8"))
        for name, path in bundled_studies().items()
    }
    return {name: keys["description"] for name, keys in read.items() if "description" in keys}


@pytest.mark.parametrize("code", OTHERS)
def test_studies_that_come_with_the_planner_say_what_they_are(code):
    missing = {name: text for name, text in of_studies().items() if text not in catalogue(code)}
    assert missing == {}


def placeholders(template):
    return sorted(name for _, name, _, _ in string.Formatter().parse(template) if name is not None)


@pytest.mark.parametrize("code", OTHERS)
def test_every_text_that_the_code_asks_for_is_translated(code):
    missing = {text: where for text, where in asked_for().items() if text not in catalogue(code)}
    assert missing == {}


@pytest.mark.parametrize("code", OTHERS)
def test_no_entry_is_left_of_a_text_that_is_gone(code):
    known = constants()
    unused = [
        f"{name}: {english}"
        for name, entries in catalogue_files(code).items()
        for english in entries
        if english not in known
    ]
    assert unused == []


@pytest.mark.parametrize("code", OTHERS)
def test_a_text_has_one_translation_in_all_files(code):
    differing = {
        f"{name}: {english}": (translated, catalogue(code)[english])
        for name, entries in catalogue_files(code).items()
        for english, translated in entries.items()
        if translated != catalogue(code)[english]
    }
    assert differing == {}


@pytest.mark.parametrize("code", OTHERS)
def test_translations_take_the_values_of_their_english(code):
    differing = {
        english: translated
        for english, translated in catalogue(code).items()
        if set(placeholders(english)) != set(placeholders(translated))
        or english.strip() != english
        or translated.strip() != translated
        or not translated
    }
    assert differing == {}


def test_the_search_for_texts_sees_what_it_should():
    call = ast.parse('language.text("a" if n == 1 else "b", n=n)').body[0].value
    assert asks_language(call)
    assert literals(call.args[0]) == ["a", "b"]
    assert asks_language(ast.parse('self.language.text("a")').body[0].value)
    assert not asks_language(ast.parse('row.text("a")').body[0].value)
    counts = ast.parse('counted(n, "a", "b")').body[0].value
    assert [literals(counts.args[place]) for place in asks_language(counts)] == [["a"], ["b"]]
    assert [
        match[1] for match in PAGE_TEXT.finditer("""t("a b") + st("c") + x.t("d") + t('e')""")
    ] == [
        '"a b"',
        "'e'",
    ]


def test_commands_print_nothing_that_is_english_alone():
    """What commands with ``--lang`` print goes through the catalogue."""
    printers = {"print", "print_place", "status", "update"}
    english = []
    for path in sorted((PACKAGE / "commands").glob("*.py")):
        for function in ast.walk(trees()[path]):
            if not isinstance(function, ast.FunctionDef):
                continue
            if "lang" not in {each.arg for each in function.args.args + function.args.kwonlyargs}:
                continue
            english += [
                f"{path.name}:{call.lineno}"
                for call in ast.walk(function)
                if isinstance(call, ast.Call)
                and isinstance(call.func, ast.Attribute)
                and call.func.attr in printers
                for argument in call.args
                if isinstance(argument, ast.Constant | ast.JoinedStr)
            ]
    assert english == []


def test_figures_read_as_in_the_language():
    assert ENGLISH.count(1371.4) == "1,371"
    assert GERMAN.count(1371.4) == "1.371"
    assert ENGLISH.number(1234567.891, 2) == "1,234,567.89"
    assert GERMAN.number(1234567.891, 2) == "1.234.567,89"
    assert GERMAN.percent(0.0345) == "3,5 %"
    assert ENGLISH.percent(0.374) == "37 %"
    assert ENGLISH.percent(1.0) == "100 %"
    assert ENGLISH.percent(1.0 - 1e-13) == "100 %"
    assert [ENGLISH.percent(share) for share in (0.9989, 0.99999)] == ["99.9 %", "99.9 %"]
    assert GERMAN.minutes(3.44) == "3,4 min"
    assert GERMAN.minutes(1234.0) == "1.234 min"


@pytest.mark.parametrize(
    ("shares", "told"),
    [
        ((0.371, 0.374), ["37.1 %", "37.4 %"]),
        ((0.374, 0.388), ["37 %", "39 %"]),
        ((0.9994, 0.9996), ["99.94 %", "99.96 %"]),
        ((0.9994, 0.9996, 1.0), ["99.94 %", "99.96 %", "100.00 %"]),
        ((0.374, 0.374), ["37 %", "37 %"]),
        ((0.6, 0.6 + 1e-13), ["60 %", "60 %"]),
    ],
)
def test_percentages_that_differ_do_not_read_alike(shares, told):
    assert ENGLISH.percents(*shares) == told


@pytest.mark.parametrize("of", [ENGLISH.count, ENGLISH.percent, GERMAN.minutes])
def test_what_is_not_known_is_a_dash(of):
    assert of(float("nan")) == "\N{EN DASH}"


@pytest.mark.parametrize(
    ("value", "significant", "about"),
    [
        (1_766_423.2, "1,766,000", "1,766,000"),
        (9_999.4, "9,999", "9,999"),
        (0.9643806143, "0.9644", "1"),
        (160.66, "160.7", "161"),
        (-5_200_168.0, "-5,200,000", "-5,200,000"),
        (0.28, "0.28", "0"),
        (math.nan, NOT_KNOWN, NOT_KNOWN),
    ],
)
def test_computed_figures_have_four_meaningful_digits_in_sentences(value, significant, about):
    assert ENGLISH.significant(value) == written(value, "significant", ENGLISH) == significant
    assert ENGLISH.about(value) == about


def test_a_text_without_translation_stays_english_and_warns():
    with pytest.warns(UntranslatedTextWarning, match="no entry for 'never said {n}'"):
        assert GERMAN.text("never said {n}", n=3) == "never said 3"
    assert ENGLISH.text("never said {n}", n=3) == "never said 3"


def test_values_alone_need_no_translation():
    assert GERMAN.text("{loaded} / {empty}", loaded="1,2", empty="1") == "1,2 / 1"


def test_texts_of_users_stay_as_they_are():
    assert GERMAN.own_text("Autobahn {7}") == "Autobahn {7}"


def test_a_language_is_known_by_its_code():
    assert language("de") == GERMAN
    assert language("en") == ENGLISH
    with pytest.raises(PlannerError, match="expected one of en, de; found 'fr'"):
        language("fr")


@pytest.mark.parametrize("code", OTHERS)
def test_every_definition_is_translated(code):
    definitions = [*DEFINITIONS.values(), *NAMED_SOLUTION_DEFINITIONS.values()]
    texts = {text for each in definitions for text in (each.title, each.text)}
    assert texts - set(catalogue(code)) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_the_help_of_every_key_is_translated(code):
    assert schema_texts() - set(catalogue(code)) == set()


def test_a_schema_has_its_help_in_the_language_and_nothing_else():
    english, german = (schema_in("sweep", each) for each in (ENGLISH, GERMAN))
    assert german["properties"]["base"]["description"].startswith("Das Szenario: eine Datei")
    assert set(german["properties"]) == set(english["properties"])
    assert german["properties"]["replications"]["maximum"] == 1000


@pytest.mark.parametrize("code", OTHERS)
def test_units_that_hold_words_are_translated_where_headings_say_them(code):
    said = {quantity.unit for quantity in ALL if f"({quantity.unit})" in quantity.heading(ENGLISH)}
    worded = {unit for unit in said if {"day", "trip", "year"} & set(unit.split("/"))}
    assert {"EUR/day", "kWh/day"} <= worded
    assert worded - set(catalogue(code)) == set()


def sources_in(value, names=("source",)):
    """All that stands under such names in a file of parameter sets, however deep."""
    if isinstance(value, list):
        return set().union(*(sources_in(each, names) for each in value))
    if not isinstance(value, dict):
        return set()
    own = {text for key, text in value.items() if key in names and isinstance(text, str)}
    return own.union(*(sources_in(each, names) for each in value.values()))


@pytest.mark.parametrize("code", OTHERS)
def test_where_results_lie_and_who_says_a_figure_is_translated(code):
    """Texts that no call names: of the registry of studies, and of files of parameter sets."""
    told = {
        text
        for kind in STUDIES.values()
        for label, _, rest in kind.places
        for text in (label, rest)
        if text
    }
    for name in (
        "infrastructure_costs",
        "charger_classes",
        "vehicles",
        "driver_rules",
        "driver_behaviour",
        "afir",
    ):
        text = (CONFIG / f"{name}.yaml").read_text(encoding="utf-8")
        told |= sources_in(yaml.safe_load(text))
    assert told - set(catalogue(code)) == set()


@pytest.mark.parametrize("code", OTHERS)
def test_what_named_sets_stand_for_is_translated(code):
    names = ("vehicles", "driver_rules", "driver_behaviour", "depot_vehicles", "operator_costs")
    tariffs = sorted((CONFIG / "tariffs").glob("*.yaml"))
    files = [*(CONFIG / f"{name}.yaml" for name in names), *tariffs]
    told = {
        text
        for file in files
        for text in sources_in(
            yaml.safe_load(file.read_text(encoding="utf-8")), ("description", "source")
        )
    }
    assert told - set(catalogue(code)) == set()


def test_a_folder_alone_makes_a_language(tmp_path):
    """A copy of the package with one more folder: reports offer it, the command line takes it."""
    copy = tmp_path / "planner"
    shutil.copytree(PACKAGE, copy, ignore=shutil.ignore_patterns("__pycache__", "*.nb?"))
    folder = copy / "tables" / "languages" / "nl"
    folder.mkdir()
    settings = 'name: Nederlands\nlocale: nl-NL\nthousands: "."\ndecimal: ","\n'
    (folder / "language.yaml").write_text(settings)
    (folder / "report.yaml").write_text("- en: Mean wait\n  nl: Gemiddelde wachttijd\n")
    (folder / "commands.yaml").write_text(
        "- en: Report\n  nl: Verslag\n"
        "- en: '{n} site'\n  nl: '{n} locatie'\n"
        "- en: depot\n  nl: depot van vrachtwagens\n"
    )
    asked = (
        "from planner.commands.options import LanguageOption, _known_language, console\n"
        "from planner.reporting.page_rendering import render_page\n"
        "from planner.reporting.phrases import phrase\n"
        "from planner.tables.language import LANGUAGES, language\n"
        "dutch = language('nl')\n"
        "codes = [each.code for each in LANGUAGES]\n"
        "print(codes, dutch.text('Mean wait'), dutch.number(1234.5, 1))\n"
        "wait = phrase('Mean wait')\n"
        "from planner.said import counted, said\n"
        "_known_language('nl')\n"
        "console.print_place(said('Report'), 'out', counted(1, '{n} site', '{n} sites'))\n"
        "print(render_page({}, name='', kind='depot', question=wait, answer=wait, sections=()))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", asked], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    first, place, page = done.stdout.split("\n", 2)
    assert first == "['en', 'de', 'nl'] Gemiddelde wachttijd 1.234,5"
    assert place == "Verslag out   1 locatie"
    assert 'lang="nl" data-locale="nl-NL"' in page
    assert 'data-nl-tab=" \N{EN DASH} depot van vrachtwagens"' in page
    assert '<span lang="nl">Gemiddelde wachttijd</span>' in page
