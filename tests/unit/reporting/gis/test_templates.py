"""Templates that QGIS saved, and what they are filled with."""

from dataclasses import replace

import pytest
from defusedxml.ElementTree import fromstring
from lxml import etree

from planner.errors import PlannerError
from planner.plan.map_classes import ROUND_NUMBERS
from planner.reporting.gis import layer_styles
from planner.reporting.gis.layer_styles import layer_style, style_document
from planner.reporting.gis.plan_map import plan_map
from planner.reporting.gis.template_filling import TEMPLATES, fill, read_template
from planner.runs import provenance
from planner.tables.language import ENGLISH
from tests.languages import GERMAN

NAMES = sorted(each.name for each in TEMPLATES.iterdir())
ODD = """<b>"A & B"</b> 'C' {{ 7 * 7 }} {% raw"""


@pytest.fixture(scope="module")
def mapped(plan, market):
    return plan_map(plan, market)


@pytest.mark.parametrize("name", NAMES)
def test_a_template_is_what_qgis_saves(name):
    text = (TEMPLATES / name).read_text(encoding="utf-8")
    root = fromstring(text.split("\n", 1)[1] if text.startswith("<!DOCTYPE") else text)

    assert root.tag == ("Layout" if name.endswith(".qpt") else "qgis")
    assert all("{" not in (each.tail or "") for each in root.iter()), "QGIS drops such texts"


def box_mm(item):
    """Left, top, right and bottom of a part of a sheet."""
    left, top = map(float, item.get("positionOnPage").split(",")[:2])
    width, height = map(float, item.get("size").split(",")[:2])
    return left, top, left + width, top + height


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith(".qpt")])
def test_titles_legends_and_foot_of_a_sheet_lie_beside_its_maps(name):
    parts = read_template(name).findall("LayoutItem")
    maps = [each for each in parts if each.find("Extent") is not None]
    beside = [each for each in parts if each not in maps and "scale bar" not in each.get("id")]

    assert maps
    for shown in maps:
        left, top, right, bottom = box_mm(shown)
        for part in beside:
            west, north, east, south = box_mm(part)
            apart = east <= left or right <= west or south <= top or bottom <= north
            assert apart, f"{part.get('id')} on {shown.get('id')}"


@pytest.mark.parametrize("name", NAMES)
def test_a_run_with_an_older_template_is_one_of_another_program(name, tmp_path, monkeypatch):
    monkeypatch.setattr(provenance, "PACKAGE", tmp_path)
    digests = []
    for text in ("before", "after"):
        (tmp_path / name).write_text(text)
        digests.append(provenance.program_sha256.__wrapped__())

    assert digests[0] != digests[1]


@pytest.mark.parametrize("language", [ENGLISH, GERMAN], ids=["en", "de"])
def test_no_placeholder_is_left_in_a_style(mapped, language):
    for layer in mapped.layers:
        text = style_document(mapped, layer, language)
        assert "{{" not in text, layer
        assert "{%" not in text, layer


def test_values_stay_what_they_are_whatever_signs_are_in_them(mapped):
    unserved = mapped.layers["unserved"].assign(reason=ODD)
    odd = replace(mapped, layers=mapped.layers | {"unserved": unserved})
    style = fromstring(style_document(odd, "unserved", ENGLISH).split("\n", 1)[1])

    assert [(each.get("value"), each.get("label")) for each in style.iter("category")] == [
        (ODD, ODD)
    ]


def test_headings_in_a_tip_are_text_and_no_html():
    root = etree.fromstring("<qgis><mapTip>&lt;b>{{ title }}&lt;/b></mapTip></qgis>")
    fill(root, {"title": '<i>"&"</i>'}, ENGLISH)

    assert root.findtext("mapTip") == "<b>&lt;i&gt;&#34;&amp;&#34;&lt;/i&gt;</b>"


@pytest.mark.parametrize(
    "wrong", ["{{ mm }}", "{{ t('{n} points') }}", "{{ title", "{{ 1 / 'a' }}"]
)
def test_a_placeholder_that_no_template_has_is_told_with_its_file(wrong):
    style = read_template("roads.qml")
    style.find("mapTip").text = wrong

    with pytest.raises(PlannerError, match=r"^roads\.qml: expected placeholders made of .*title"):
        fill(style, {"title": ""}, ENGLISH)


def test_a_template_with_a_class_less_is_told(mapped, monkeypatch):
    def with_a_class_less(name):
        style = read_template(name)
        ranges = style.find("renderer-v2/ranges")
        ranges.remove(ranges[-1])
        return style

    monkeypatch.setattr(layer_styles, "read_template", with_a_class_less)
    with pytest.raises(PlannerError, match=r"^network\.qml: expected 5 classes or more, found 4"):
        layer_styles.layer_style(mapped, "network", ENGLISH)


def test_labels_of_classes_follow_the_bounds_that_the_template_has():
    style = read_template("depots.qml")
    second = style.findall("renderer-v2/ranges/range")[1]
    second.attrib.update({"lower": "0.25", "upper": "0.4"})
    values = {"title": "", "figures": [], "mm_per_root": "1", "smallest_mm": "1"}
    fill(style, values, GERMAN)

    assert second.get("label") == f"fahren mit {GERMAN.percent(0.25)} bis {GERMAN.percent(0.4)} ab"


def test_the_largest_figure_lies_within_the_last_class_whatever_its_digits(mapped):
    most = 788.5471418312403  # beyond what fifteen digits say of it
    network = mapped.layers["network"].assign(trucks_per_day=most)
    style = layer_style(
        replace(mapped, layers=mapped.layers | {"network": network}), "network", ENGLISH
    )
    assert max(float(each.get("upper")) for each in style.iter("range")) == most


@pytest.mark.parametrize("most", ROUND_NUMBERS[:6])
def test_few_classes_of_flows_run_from_thin_to_thick(mapped, most):
    network = mapped.layers["network"].assign(trucks_per_day=float(most))
    style = layer_style(
        replace(mapped, layers=mapped.layers | {"network": network}), "network", ENGLISH
    )
    widths = [
        float(each.get("v"))
        for each in style.findall("renderer-v2/symbols/symbol/layer/prop")
        if each.get("k") == "line_width"
    ]
    symbols = [each.get("symbol") for each in style.iter("range")]

    assert symbols == [str(number) for number in range(len(widths))]
    assert widths == sorted(set(widths))
    assert widths[0] == 0.25
    assert len(widths) == 1 or widths[-1] == 2.4
