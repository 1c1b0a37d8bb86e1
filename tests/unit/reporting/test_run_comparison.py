"""Runs side by side: which are replications, which are series, and what was published."""

from __future__ import annotations

import io
import json

import pandas as pd
import pytest

from planner.errors import RunDirectoryError
from planner.plan.compared_runs import (
    _flat,
    differing_keys,
    read_runs,
    series_labels,
    without_copies,
)
from planner.plan.published_figures import (
    BALANCED_WAIT,
    HPC_AT_5_MIN,
    LONGER_DRIVING,
    PUBLISHED,
    REPLANNING_CUT,
    own_figures,
    own_texts,
    published_for,
)
from planner.plan.published_verdicts import STUDY_DAYS
from planner.reporting.comparison_answer import (
    comparison_answer,
    group_names,
    run_names,
    shown_differences,
)
from planner.reporting.intervals import interval_of
from planner.reporting.level_sections import published_and_ours
from planner.reporting.run_comparison import (
    comparison_table,
    differences_sections,
    shown_comparison,
    write_comparison,
)
from planner.tables.language import ENGLISH
from planner.terminal import Terminal
from tests.languages import GERMAN

NAMES = ("logistics", "logistics-leaning", "balanced", "cpo-leaning", "cpo")


@pytest.fixture
def run_of(tmp_path):
    def make(folder, level=0.1, *, seed=1, wait=2.0, name="germany", **settings):
        network = settings.get("network", "policy")
        figures = {
            solution: {
                "n_hpc": 1000 - 100 * place,
                "n_lpc": 3000,
                "mean_wait_min": wait + place,
                "p95_wait_min": 10.0,
                "tcu": 0.3,
                "ecu_year_5_days_share": 0.14,
                "ecu_year_6_days_share": 0.17,
                "energy_hpc_mwh": 18_000.0,
                "energy_lpc_mwh": 4_000.0,
                "lpc_energy_share": 4 / 22,
            }
            for place, solution in enumerate(NAMES)
        }
        scenario = {
            "name": name,
            "description": f"seed {seed}",
            "seed": seed,
            "network": {"source": settings.get("source", "builtin")},
            "sites": {"source": settings.get("source", "builtin"), "network": network},
            "demand": {"electrification_share": level, "days": settings.get("days", ["mon"])},
        }
        manifest = {
            "name": name,
            "scenario": scenario,
            "summary": {
                "n_trips": 50_000,
                "n_unserved": 100,
                "n_visited_sites": 599,
                "n_hpc_without_queues": 1500,
                "solutions": figures,
            },
        }
        path = tmp_path / folder
        path.mkdir(parents=True)
        (path / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
        columns = ["n_hpc", "mean_wait_min", "tcu", "energy_hpc_mwh", "energy_lpc_mwh"]
        front = pd.DataFrame(list(figures.values()))[columns]
        front.to_parquet(path / "front.parquet")
        return path

    return make


def test_a_copy_of_a_run_is_no_replication(run_of):
    folders = [run_of("a"), run_of("copy"), run_of("b", seed=2), run_of("c", level=0.2)]
    runs, copies = without_copies(read_runs([*folders, run_of("d", network="extended")]))
    assert [run.folder.name for run in runs] == ["a", "b", "c", "d"]
    assert [(copy.folder.name, of.folder.name) for copy, of in copies] == [("copy", "a")]


def with_file(folder, path, sha256):
    manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
    manifest["scenario"]["network"]["arcs"] = {"path": path}
    manifest["provenance"] = {"inputs_sha256": {"network.arcs.path": sha256}}
    (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    return folder


def test_the_same_file_at_another_place_is_no_difference(run_of):
    bundled = with_file(run_of("bundled"), "/planner/arcs.csv", "ab" * 32)
    own = with_file(run_of("own", level=0.15), "/own/arcs.csv", "ab" * 32)
    changed = with_file(run_of("changed"), "/own/arcs.csv", "cd" * 32)
    copy = with_file(run_of("copy"), "/own/arcs.csv", "ab" * 32)
    found = [
        list(differing_keys([run.scenario for run in read_runs([bundled, other])]))
        for other in (own, changed)
    ]
    assert found == [["demand.electrification_share"], ["network.arcs.path"]]
    assert len(without_copies(read_runs([bundled, changed, copy]))[0]) == 2


def test_a_file_that_was_changed_at_its_place_is_a_difference_and_no_copy(run_of):
    before, after, copy, moved = (
        with_file(run_of(folder), path, sha256 * 32)
        for folder, path, sha256 in (
            ("before", "/own/arcs.csv", "ab"),
            ("after", "/own/arcs.csv", "cd"),
            ("copy", "/own/arcs.csv", "cd"),
            ("moved", "/other/arcs.csv", "cd"),
        )
    )
    runs, copies = without_copies(read_runs([before, after, copy, moved]))
    assert [run.folder.name for run in runs] == ["before", "after"]
    assert {of.folder.name for _, of in copies} == {"after"}
    both = [f"/own/arcs.csv (SHA-256 {sha256 * 6})" for sha256 in ("ab", "cd")]
    assert [[cell.english for cell in row] for row in shown_differences(runs).rows] == [
        ["network.arcs.path", *both]
    ]
    assert comparison_answer(runs).endswith(
        "Differences between the scenarios: content of network.arcs.path."
    )
    assert comparison_answer(runs, GERMAN).endswith(
        "Unterschiede zwischen den Szenarien: Inhalt von network.arcs.path."
    )
    (section,) = differences_sections(runs)
    told = "Where SHA-256 stands behind a path, the file there was changed between the runs."
    assert told in str(section)
    assert told not in str(differences_sections(read_runs([before, run_of("c", level=0.2)])))


def test_a_changed_file_that_only_another_file_names_is_a_difference(run_of):
    folders = [run_of(folder) for folder in ("before", "after", "copy")]
    for folder, sha256 in zip(folders, ("ab", "cd", "cd"), strict=True):
        manifest = json.loads((folder / "run.json").read_text(encoding="utf-8"))
        manifest["provenance"] = {"inputs_sha256": {"depots.one.study": sha256 * 32}}
        (folder / "run.json").write_text(json.dumps(manifest), encoding="utf-8")
    runs, copies = without_copies(read_runs(folders))
    assert [copy.folder.name for copy, _ in copies] == ["copy"]
    assert [run.scenario["depots.one.study"] for run in runs] == [
        f'"SHA-256 {sha256 * 6}"' for sha256 in ("ab", "cd")
    ]


def test_keys_stay_whole_on_a_narrow_terminal(run_of):
    days = [f"day-{number}-of-a-long-week" for number in range(9)]
    runs = read_runs([run_of("a"), run_of("b", level=0.2, days=days)])
    terminal = Terminal(width=60, file=io.StringIO())
    terminal.print(shown_differences(runs).for_terminal(ENGLISH))
    assert "demand.electrification_share " in terminal.file.getvalue()


@pytest.mark.parametrize("table", ["run,x\n", "run,x\n,3\n", "a,b\n1,2\n", ""])
def test_a_sweep_whose_table_lists_no_runs_is_one_message(tmp_path, table):
    (tmp_path / "sweep.csv").write_text(table)
    with pytest.raises(RunDirectoryError, match=r"sweep\.csv: .*start it again"):
        read_runs([tmp_path])


def test_runs_that_differ_in_their_seed_alone_are_replications(run_of):
    runs = read_runs([run_of(f"r{seed}", seed=seed, wait=1.0 + seed) for seed in (1, 2, 3)])
    table = comparison_table(runs)
    assert len(table) == len(NAMES)
    row = table.iloc[0]
    expected = interval_of([2.0, 3.0, 4.0])
    assert row["n_runs"] == 3
    assert (row["mean_wait_min"], row["mean_wait_min_high"]) == (expected.mean, expected.high)


@pytest.mark.parametrize("brief", [False, True])
def test_series_and_numbers_of_runs_are_columns_where_they_tell_rows_apart(run_of, brief):
    def keys(*folders):
        table = shown_comparison(comparison_table(read_runs(list(folders))), brief=brief)
        assert all(len(row) == len(table.columns) for row in table.rows)
        return [column.key for column in table.columns[:3]]

    first = run_of("a")
    figure = keys(first, run_of("b", level=0.2))[1]
    assert keys(first, run_of("c", level=0.2))[0] == "level"
    assert figure not in {"series", "n_runs"}
    assert keys(first, run_of("d", seed=5)) == ["level", "n_runs", figure]
    assert keys(first, run_of("e", network="extended")) == ["series", "level", figure]


def test_settings_that_differ_name_the_series(run_of):
    runs = read_runs([run_of("a"), run_of("b", network="extended"), run_of("c", level=0.2)])
    assert series_labels(runs) == ["policy", "extended", "policy"]
    table = comparison_table(runs)
    balanced = table[table["solution_name"] == "balanced"]
    assert balanced[["series", "level"]].to_numpy().tolist() == [
        ["policy", 0.1],
        ["policy", 0.2],
        ["extended", 0.1],
    ]


OTHER = {"network": "extended", "source": "table", "days": ["mon", "tue"]}


def test_runs_that_are_series_of_their_own_go_by_their_folders_everywhere(run_of):
    runs = read_runs([run_of("a", name="one"), run_of("b", name="two", **OTHER)])
    named = ["a (one)", "b (two)"]
    assert series_labels(runs) == run_names(runs) == group_names(runs, ENGLISH) == named
    table = comparison_table(runs)
    assert table.loc[table["solution_name"] == "balanced", "series"].tolist() == named
    keys = [column.title.english for column in shown_differences(runs).columns]
    assert keys == ["Key", *named]
    assert comparison_answer(runs).startswith("The balanced plan of b (two) needs as many")


def test_a_folder_alone_names_a_run_where_it_tells_the_study_or_all_are_of_one(run_of):
    of_one = read_runs([run_of("c", name="one"), run_of("d", name="one", **OTHER)])
    assert series_labels(of_one) == ["c", "d"]
    for folder, study in (("one", "one"), ("2030", "road-2030"), ("one_winter", "one")):
        runs = read_runs([run_of(folder, name=study), run_of(f"e{folder}", name="two", **OTHER)])
        assert series_labels(runs) == [folder, f"e{folder} (two)"]


def test_studies_of_several_levels_that_differ_in_much_go_by_their_names(run_of):
    runs = read_runs(
        [
            run_of("a", name="one"),
            run_of("b", name="two", **OTHER),
            run_of("c", name="two", level=0.2, **OTHER),
        ]
    )
    assert series_labels(runs) == ["one", "two", "two"]


def test_equal_names_are_numbered(run_of):
    runs = read_runs(
        [
            run_of("a", name="one"),
            run_of("b", name="one", **OTHER),
            run_of("c", name="one", level=0.2, **OTHER),
        ]
    )
    assert series_labels(runs) == ["one (1)", "one (2)", "one (2)"]


def test_two_runs_are_told_in_sentences_with_what_differs_and_both_values(run_of):
    runs = read_runs([run_of("ten"), run_of("fifteen", level=0.15, wait=3.0)])
    assert comparison_answer(runs) == (
        "The balanced plan of fifteen needs as many high-power charging points as that of ten: "
        "800. Trucks wait 5.0 min instead of 4.0 min on average, and the points are in use 30 % "
        "instead of 30 % of the time. Differences between the scenarios: share of "
        "electric trucks (10 % and 15 %)."
    )
    assert comparison_answer(runs, GERMAN).endswith(
        " Unterschiede zwischen den Szenarien: Anteil elektrischer Lkw (10 % und 15 %)."
    )
    shown = shown_differences(runs)
    assert [column.title.english for column in shown.columns] == ["Key", "ten", "fifteen"]
    assert texts_of(shown, ENGLISH) == [["demand.electrification_share", "0.1", "0.15"]]


def test_waits_that_read_alike_are_told_once(run_of):
    told = comparison_answer(read_runs([run_of("ten"), run_of("fifteen", level=0.15)]))
    assert "Trucks wait 4.0 min on average with either, and the points" in told


def test_many_runs_are_told_by_their_ends_and_keys_by_how_many_have_each_value(run_of):
    runs = read_runs(
        [
            run_of(f"{network}/{seed}", seed=seed, wait=float(seed), network=network)
            for network in ("policy", "extended")
            for seed in (1, 2, 4)
        ]
        + [run_of("more", level=0.2, wait=9.0)]
    )
    said = comparison_answer(runs, GERMAN)
    assert "zwischen 4,3 min (10 %, policy) und 11 min (20 %, policy)" in said
    assert texts_of(shown_differences(runs), ENGLISH)[-1] == [
        "sites.network",
        "policy (4); extended (3)",
    ]


def test_the_runs_that_a_sweep_lists_are_read(run_of, tmp_path):
    run_of("sweep/runs/b/replication-1", level=0.2)
    run_of("sweep/runs/a/replication-1")
    run_of("sweep/runs/of-an-earlier-time/replication-1", level=0.3)
    (tmp_path / "sweep" / "sweep.json").write_text("{}", encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="a sweep that is not finished"):
        read_runs([tmp_path / "sweep"])
    lines = [
        "run,n_hpc",
        "runs/b/replication-1,1",
        "runs/b/replication-1,2",
        "runs/a/replication-1,1",
    ]
    (tmp_path / "sweep" / "sweep.csv").write_text("\n".join(lines), encoding="utf-8")
    assert [run.level_share for run in read_runs([tmp_path / "sweep"])] == [0.2, 0.1]


def test_a_folder_that_is_no_run_is_named(tmp_path):
    with pytest.raises(RunDirectoryError, match="not a run of the planner"):
        read_runs([tmp_path])


def test_a_run_of_another_version_is_named(run_of):
    folder = run_of("old")
    (folder / "run.json").write_text('{"name": "old"}', encoding="utf-8")
    with pytest.raises(RunDirectoryError, match="expected the key 'scenario'; run the scenario"):
        read_runs([folder])


def test_a_run_named_twice_is_no_replication_of_itself(run_of):
    folder = run_of("a")
    assert len(read_runs([folder, folder.parent / "." / folder.name, run_of("b")])) == 2


def texts_of(table, language):
    """Rows of a table of texts in a language."""
    spaced = "\N{NO-BREAK SPACE}", " "
    return [[cell.texts[language.code].replace(*spaced) for cell in row] for row in table.rows]


def test_published_figures_stand_beside_ours_with_level_definition_and_verdict(run_of):
    days = list(STUDY_DAYS)
    runs = read_runs([run_of("a", days=days), run_of("b", level=0.15, days=days)])
    shown = published_and_ours(runs, series_labels(runs))
    rows = {(row[0], row[2]): row[3:] for row in texts_of(shown, ENGLISH)}
    definition, published, ours, verdict = rows["10 %", "balanced: mean wait, min"]
    assert definition == "Mean wait of a high-power session in the balanced plan"
    assert (published, ours) == ("1.4\N{EN DASH}1.9", "4.0")
    assert verdict == "not comparable: the study does not print how this figure is defined"
    reached = rows["15 %", "High-power points, cpo to logistics"]
    assert reached[1:3] == ["1,116\N{EN DASH}3,316", "600\N{EN DASH}1,000"]
    assert reached[3].startswith("direction holds: 70 % below; the study's drivers")
    assert all(definition and verdict for definition, _, _, verdict in rows.values())
    rows = {(row[0], row[2]): row[3:] for row in texts_of(shown, GERMAN)}
    assert rows["10 %", "ausgewogen: mittlere Wartezeit, min"][1:] == [
        "1,4\N{EN DASH}1,9",
        "4,0",
        "nicht vergleichbar: die Studie druckt nicht, wie dieser Wert definiert ist",
    ]


def test_figures_of_other_days_are_not_held_against_the_study(run_of):
    runs = read_runs([run_of("a", level=0.15)])
    shown = published_and_ours(runs, series_labels(runs))
    verdicts = {row[-1] for row in texts_of(shown, ENGLISH)}
    assert verdicts == {"not comparable: this run is of other days than Monday to Thursday"}


def test_every_published_figure_has_one_of_ours(run_of):
    run = read_runs([run_of("a")])[0]
    ours = own_figures(run.summary, run.front)
    assert {figure.what for figure in PUBLISHED} <= set(ours)
    texts = {figure.what: figure.text for figure in published_for(0.15, "extended")}
    assert texts["Overnight points"] == "6071"
    assert published_for(0.15, "table") == ()


def test_own_figures_are_means_of_replications(run_of):
    runs = read_runs([run_of("a", wait=1.0), run_of("b", seed=2, wait=3.0)])
    runs[0].summary["replanning"] = {"mean_wait_before_min": 4.0, "mean_wait_after_min": 1.0}
    runs[0].summary["reference"] = {"mean_extra_driving_share": 0.0123}
    texts = own_texts([own_figures(run.summary, run.front) for run in runs])
    assert texts[BALANCED_WAIT] == "4.0"
    # Between 600 points at 5 min and 500 beyond, or between 700 and 600.
    assert texts[HPC_AT_5_MIN] == "700"
    assert texts[REPLANNING_CUT] == "\N{EN DASH}"
    alone = own_texts([own_figures(runs[0].summary, runs[0].front)])
    assert (alone[REPLANNING_CUT], alone[LONGER_DRIVING]) == ("75", "1.23")


@pytest.mark.parametrize(("source", "is_shown"), [("builtin", True), ("etisplus", False)])
def test_published_figures_are_shown_with_runs_of_the_built_in_germany(
    run_of, tmp_path, source, is_shown
):
    runs = read_runs([run_of("a", source=source)])
    write_comparison(runs, tmp_path / "out")
    svg = (tmp_path / "out" / "comparison.svg").read_text(encoding="utf-8")
    assert svg.startswith("<svg")
    assert ("published, policy sites" in svg) == is_shown
    page = (tmp_path / "out" / "comparison.html").read_text(encoding="utf-8")
    assert ("wevj17070326" in page) == is_shown
    write_comparison(runs, tmp_path / "out", with_published=not is_shown)
    svg = (tmp_path / "out" / "comparison.svg").read_text(encoding="utf-8")
    assert ("published, policy sites" in svg) != is_shown


@pytest.mark.parametrize("brief", [False, True])
def test_every_comparison_gives_the_share_of_trips_that_cannot_be_driven(run_of, brief):
    shown = shown_comparison(comparison_table(read_runs([run_of("a")])), brief=brief)
    at = [column.key for column in shown.columns].index("unserved_share")
    assert shown.columns[at].title.english == "Unserved trips (%)"
    assert shown.rows[0][at].text.english == "0.2"


def test_every_comparison_says_how_many_points_are_the_one_of_each_visited_site(run_of):
    shown = shown_comparison(comparison_table(read_runs([run_of("a")])))
    at = [column.key for column in shown.columns].index("n_visited_sites")
    assert shown.columns[at].title.english == "of which one per visited site"
    assert shown.rows[0][at].text.english == "599"


def test_a_key_that_is_not_set_is_no_difference_to_a_run_made_before_it_existed():
    before, since = {"optimization": {"population": 16}}, {"optimization": {"law": None}}
    assert _flat(before | since) == _flat({"optimization": {}})
    assert _flat(before) == {"optimization.population": "16"}
    assert _flat({"bounds": {"licence": "", "left_out": "free"}}) == {"bounds.left_out": '"free"'}


def test_prices_that_only_one_study_has_are_one_difference_and_not_one_for_each():
    prices = {f"infrastructure_costs.{key}": key for key in ("description", "year", "cable_km.low")}
    assert list(differing_keys([prices, {"seed": "1"}])) == [
        "infrastructure_costs.description",
        "seed",
    ]
    dearer = prices | {"infrastructure_costs.year": "other"}
    assert list(differing_keys([prices, dearer])) == ["infrastructure_costs.year"]
