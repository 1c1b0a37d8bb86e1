"""``planner rank``, ``counts``, ``robust``, ``tornado`` and ``classes`` on one run: files."""

from __future__ import annotations

import json
from contextlib import contextmanager
from itertools import pairwise

import numpy as np
import pandas as pd
import pyogrio
import pytest
from typer.testing import CliRunner

from planner import read, run
from planner.cli import app
from planner.demand.scenario_sites import fleet_trips
from planner.errors import InputDataError
from planner.layouts.counted_traffic import all_trucks_per_working_day
from planner.warming.compile_times import compiled_kernels
from tests.kept_kernels import kept_kernels
from tests.small_study import TOWNS

FIRST = 3
CLASSES = (
    "chargers.classes={hpc: {power_kw: 1000, connector: mcs, point_eur: "
    "{low: 1e5, central: 2e5, high: 3e5, source: offer}}, ccs: {power_kw: 350, connector: ccs}}"
)


@pytest.fixture(scope="module", autouse=True)
def compiled():
    """Kernels that the commands of this module compile, and those that were kept before."""
    kept = kept_kernels()
    with compiled_kernels() as kernels:
        yield kernels, kept


class Stages:
    """Listener that remembers the stages it is told, and how many there were to be."""

    def __init__(self):
        self.names, self.n_expected = [], 0

    @contextmanager
    def on(self, _, n_stages):
        self.n_expected = n_stages
        yield self

    @contextmanager
    def stage(self, name):
        self.names.append(name)
        yield lambda done, total: None


@pytest.fixture(scope="module")
def stages():
    """What the command tells while it orders sites."""
    return Stages()


@pytest.fixture(scope="module")
def ranked(shared_study_folder, stages):
    """A run of the small country, and what the command says of it."""
    asked = ["optimization.max_generations=3", CLASSES]
    folder = run(shared_study_folder / "study.yaml", asked, out=shared_study_folder / "out").folder
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("planner.commands.rank.listener_on", stages.on)
        told = CliRunner().invoke(app, ["rank", str(folder), "--first", str(FIRST)])
    assert told.exit_code == 0, told.output
    return folder, told.output


@pytest.mark.usefixtures("ranked")
def test_an_order_has_as_many_stages_as_are_told_beforehand(stages):
    assert len(set(stages.names)) == len(stages.names) == stages.n_expected


def test_the_order_holds_every_site_once_and_more_sites_carry_no_fewer_trips(ranked):
    folder, said = ranked
    order = pd.read_csv(folder / "rank-3" / "site_order.csv")
    layouts = pd.read_parquet(folder / "layouts.parquet")
    assert sorted(order["site_id"]) == sorted(layouts["site_id"].unique())
    assert order["served_share"].is_monotonic_increasing
    assert order["lost_trips"].iloc[-1] == 0
    share = order["served_share"].iloc[FIRST - 1]
    assert f"{100 * share:.0f}" in said or f"{100 * share:.1f}" in said


def test_networks_keep_to_the_wait_of_the_balanced_plan(ranked):
    folder, _ = ranked
    sizes = pd.read_csv(folder / "rank-3" / "network_sizes.csv")
    front = pd.read_csv(folder / "front.csv")
    wait_min = front.loc[front["name"] == "balanced", "mean_wait_min"].iloc[0]
    kept = sizes["mean_wait_min"] <= wait_min + 1e-9
    assert kept.iloc[-1]
    # Three sites with connections for nine points each cannot: they get all that these carry.
    assert (sizes.loc[~kept, "n_hpc"] == 9.0 * sizes.loc[~kept, "n_sites"]).all()
    assert sizes["n_sites"].iloc[0] == FIRST
    whole, order = sizes.iloc[-1], pd.read_csv(folder / "rank-3" / "site_order.csv")
    assert whole["n_sites"] == len(order)
    assert whole["extra_min"] == 0.0


def attached(sites):
    """Each site with each arc that it serves."""
    return set(
        zip(
            sites.site_id[sites.attachment_site_idx], sites.attachment_arc_idx.tolist(), strict=True
        )
    )


def test_the_first_sites_are_a_table_for_a_study_of_their_own(ranked, shared_study_folder):
    folder, _ = ranked
    order = pd.read_csv(folder / "rank-3" / "site_order.csv")
    first = folder / "rank-3" / "first-3-sites.csv"
    assert pd.read_csv(first)["site_id"].tolist() == order["site_id"].head(FIRST).tolist()
    again = run(
        shared_study_folder / "study.yaml",
        [f"sites={{source: table, path: {first}}}", "optimization.max_generations=2"],
        out=shared_study_folder / "first",
    )
    assert again.table("layouts")["site_id"].nunique() == FIRST
    before, after = (read(each).on_roads("balanced").sites for each in (folder, again.folder))
    at = [before.site_id.tolist().index(key) for key in after.site_id]
    assert {pair for pair in attached(before) if pair[0] in after.site_id} == attached(after)
    for known in ("road", "direction", "off_road_km", "grid_connection_kw"):
        assert getattr(after, known).tolist() == getattr(before, known)[at].tolist()


def test_the_map_layer_and_the_page_hold_the_order(ranked):
    folder, _ = ranked
    layer = pyogrio.read_dataframe(folder / "rank-3" / "rank.gpkg", layer="site_order")
    order = pd.read_csv(folder / "rank-3" / "site_order.csv")
    assert layer["rank"].tolist() == order["rank"].tolist()
    page = (folder / "rank-3" / "rank.html").read_text(encoding="utf-8")
    data = json.loads(page.split('id="data"', 1)[1].split(">", 1)[1].split("</script>", 1)[0])
    assert [row["site_id"] for row in data["chartData"]["order"]] == order["site_id"].tolist()
    assert data["chartData"]["first"] == [{"rank": FIRST}]
    # The first sites come before all charts.
    answer = page.split('id="table-first-sites"', 1)[1].split("</table>", 1)[0]
    assert page.index('id="table-first-sites"') < page.index('class="chart-box"')
    names = [str(each) for each in order["name"]]
    at = [answer.index(f">{name}<") for name in names[:FIRST]]
    assert at == sorted(at)
    assert answer.count("<tr") == FIRST + 1


def test_all_trucks_of_the_study_are_held_against_counts(ranked, tmp_path):
    folder, _ = ranked
    sides = list(pairwise([*TOWNS.values(), TOWNS["west"]]))
    middles = [((a[0] + b[0]) / 2, (a[1] + b[1]) / 2) for a, b in sides]
    rows = [f"{side},A1,{lon},{lat},1000" for side, (lon, lat) in enumerate(middles)]
    header = "id,road,lon,lat,heavy_vehicles_per_working_day"
    text = "\n".join([header, *rows, "sea,A1,3,56,1000"])
    (tmp_path / "stations.csv").write_text(text, encoding="utf-8")
    out = tmp_path / "counts"
    asked = ["counts", str(folder), str(tmp_path / "stations.csv"), "--out", str(out)]
    told = CliRunner().invoke(app, [*asked, "--lang", "de"])
    assert told.exit_code == 0, told.output
    assert "4 von 5 Zählstellen" in told.output
    found = pd.read_parquet(out / "counts.parquet")
    plan = read(folder).on_roads("balanced")
    trips = fleet_trips(plan.scenario, plan.graph)
    ends = [
        [list(TOWNS).index(str(town)) for town in plan.graph.node_id[nodes]]
        for nodes in (trips.origin_node_idx, trips.destination_node_idx)
    ]
    # Half of the trucks is electric, and all drive here, on two days; round the ring either way.
    apart = np.abs(np.subtract(*ends))
    assert found["modelled_per_day"].sum() == np.minimum(apart, 4 - apart).sum() / 2
    assert trips.n_trips > 1.5 * len(read(folder).table("trips"))
    page = (out / "counts.html").read_text(encoding="utf-8")
    data = json.loads(page.split('id="data"', 1)[1].split(">", 1)[1].split("</script>", 1)[0])
    assert len(data["chartData"]["stations"]) == 4
    assert len(pyogrio.read_dataframe(out / "counts.gpkg", layer="counts")) == 4
    book = pd.read_excel(out / "counts.xlsx", sheet_name=None)
    assert len(book["Alle Zählstellen"]) == 4
    assert book["Nach Grenzübergang"].empty  # no trip of the ring goes abroad
    assert pd.read_parquet(out / "counts_by_crossing.parquet").empty
    left_out = pyogrio.read_dataframe(out / "counts.gpkg", layer="counts_left_out")
    assert left_out["station_id"].tolist() == ["sea"]


def test_a_study_of_a_weekend_has_nothing_to_hold_against_counts(ranked):
    plan = read(ranked[0]).on_roads("balanced")
    weekend = plan.scenario.demand.model_copy(update={"days": ("sat", "sun")})
    scenario = plan.scenario.model_copy(update={"demand": weekend})
    with pytest.raises(InputDataError, match=r"working days in demand.days.*found sat, sun"):
        all_trucks_per_working_day(scenario, plan.graph, ranked[0])


def test_a_run_tells_time_and_memory_of_its_stages(ranked):
    folder, _ = ranked
    provenance = json.loads((folder / "run.json").read_text(encoding="utf-8"))["provenance"]
    peak_mb = list(provenance["peak_memory_mb"].values())
    assert provenance["peak_memory_mb"].keys() == provenance["timings_s"].keys()
    assert peak_mb == sorted(peak_mb)
    assert peak_mb[0] > 10


SCENARIOS = """\
robustness:
  scenarios:
    - {name: draw, draws: 1, weight: 2}
    - {name: winter, winter: true}
    - {name: lost, site_lost: Site west-north-2}
    - {name: more, set: {demand.electrification_share: 0.7}}
"""


@pytest.fixture(scope="module")
def held(ranked, shared_study_folder):
    """The run, held against scenarios."""
    file = shared_study_folder / "mine.yaml"
    file.write_text(SCENARIOS, encoding="utf-8")
    told = CliRunner().invoke(app, ["robust", str(ranked[0]), str(file)])
    assert told.exit_code == 0, told.output
    return ranked[0]


def table(held, name):
    return pd.read_csv(held / "robust-mine" / f"robust_{name}.csv")


def test_the_study_is_as_in_the_run_and_weights_sum_to_one(held):
    scenarios, cases = table(held, "scenarios"), table(held, "cases")
    front = pd.read_csv(held / "front.csv")
    assert scenarios["weight_share"].sum() == pytest.approx(1.0)
    assert scenarios["scenario"].tolist() == ["study", "draw", "winter", "lost", "more"]
    balanced = cases[(cases["plan"] == "balanced") & (cases["scenario"] == "study")]
    wait_min = front.loc[front["name"] == "balanced", "mean_wait_min"].iloc[0]
    assert balanced["mean_wait_min"].iloc[0] == pytest.approx(wait_min)


def test_winter_a_lost_site_and_more_trucks_mean_longer_waits(held):
    waits = table(held, "cases").pivot_table("mean_wait_min", "plan", "scenario")
    for scenario in ("winter", "lost", "more"):
        assert (waits.loc["balanced", scenario] >= waits.loc["balanced", "study"]).all()
    trips = table(held, "scenarios").set_index("scenario")["n_trips"]
    assert trips["more"] > trips["study"] == trips["winter"] == trips["lost"]


def test_plans_for_all_scenarios_are_no_worse_than_others_with_as_many_points(held):
    plans, value = table(held, "plans").set_index("plan"), table(held, "value")
    least = plans.loc[plans["n_hpc"] <= plans.loc["balanced", "n_hpc"]]
    assert plans.loc["robust-mean", "expected_wait_min"] == least["expected_wait_min"].min()
    assert plans.loc["robust-worst", "worst_wait_min"] == least["worst_wait_min"].min()
    assert (value["of_study_min"] >= value["of_all_min"]).all()
    assert (value["of_all_min"] >= value["informed_min"]).all()
    assert (table(held, "cases")["regret_min"] >= 0.0).all()


def test_layouts_of_the_plans_go_to_evaluate(held):
    folder = held / "robust-mine"
    mean = pd.read_csv(folder / "robust-mean.csv")
    n_hpc = table(held, "plans").set_index("plan").loc["robust-mean", "n_hpc"]
    assert mean["n_hpc"].sum() == n_hpc
    assert (folder / "robust.html").stat().st_size > 100_000
    assert (folder / "robust.xlsx").exists()


def test_a_site_that_there_is_not_is_told(held, tmp_path):
    file = tmp_path / "faulty.yaml"
    file.write_text("robustness: {scenarios: [{name: a, site_lost: Nowhere}]}", encoding="utf-8")
    told = CliRunner().invoke(app, ["robust", str(held), str(file)])
    assert "Nowhere" in str(told.exception)


FACTORS = """\
factors:
  - {name: share, title: Share, keys: [demand.electrification_share], low: 0.5, high: 1.5}
  - {name: battery, title: Battery, keys: [vehicles.battery_kwh], low: 1.0, high: 1.4}
  - {name: height, title: Height, keys: [demand.height_m], low: 1.0, high: 2.0}
"""


@pytest.fixture(scope="module")
def moved(ranked, shared_study_folder):
    """The run with its factors moved, and what the command says."""
    file = shared_study_folder / "factors.yaml"
    file.write_text(FACTORS, encoding="utf-8")
    asked = ["tornado", str(ranked[0]), "--max-mean-wait", "20", "--file", str(file)]
    told = CliRunner().invoke(app, asked)
    assert told.exit_code == 0, told.output
    return ranked[0] / "tornado", told.output, asked


def test_factors_move_points_and_costs_in_known_directions(moved):
    folder, said, _ = moved
    table = pd.read_csv(folder / "tornado.csv").set_index("factor")
    share, hour = table.loc["share"], table.loc["truck_hour_eur"]
    assert share["n_hpc_low"] < share["n_hpc_central"] < share["n_hpc_high"]
    for end in ("n_hpc", "system_cost_eur_day", "system_cost_eur_kwh"):
        assert table.loc["battery", f"{end}_low"] == table.loc["battery", f"{end}_central"]
    assert hour["n_hpc_low"] == hour["n_hpc_high"]
    cost = [hour[f"system_cost_eur_day_{end}"] for end in ("low", "central", "high")]
    assert cost == sorted(cost)
    assert cost[0] < cost[2]
    # Height is no figure of the study, and the price that trucks pay is not in the sum.
    assert "height" not in table.index
    assert "Height" in said
    price = table.loc["price_eur_kwh"]
    assert price["system_cost_eur_day_low"] == price["system_cost_eur_day_high"]
    assert (folder / "figures" / "tornado_n_hpc.svg").exists()


def test_a_second_call_takes_the_cases_of_the_first_and_says_the_same(moved):
    folder, said, asked = moved
    cases = {path: path.stat().st_mtime_ns for path in (folder / "cases").glob("[a-z]*.json")}
    assert len(cases) == 5
    again = CliRunner().invoke(app, asked)
    assert again.output == said
    assert {path: path.stat().st_mtime_ns for path in cases} == cases


@pytest.fixture(scope="module")
def classes(ranked):
    """The run with mixes of two classes of points, and what the command says of them."""
    folder, _ = ranked
    told = CliRunner().invoke(app, ["classes", str(folder), "--lang", "de"])
    assert told.exit_code == 0, told.output
    return folder, told.output


def test_swaps_lose_time_and_stay_below_what_is_allowed(classes):
    folder, said = classes
    swaps = pd.read_csv(folder / "classes" / "class_swaps.csv")
    answers = pd.read_csv(folder / "classes" / "class_answers.csv")
    layouts = pd.read_parquet(folder / "layouts.parquet")
    front = pd.read_csv(folder / "front.csv")
    balanced = front.loc[front["name"] == "balanced"].iloc[0]
    n_hpc = layouts.loc[layouts["solution"] == balanced["solution"], "n_hpc"].sum()
    for choice, of_choice in swaps.groupby("choice"):
        assert (of_choice["n_fast"] + of_choice["n_slow"] == n_hpc).all()
        first, last = of_choice.iloc[0], of_choice.iloc[-1]
        # Without slower points the queues are those of the run.
        assert first["mean_lost_min"] == pytest.approx(balanced["mean_wait_min"])
        assert last["n_fast"] == 0
        assert last["mean_lost_min"] > first["mean_lost_min"]
        found = answers[answers["choice"] == choice]
        assert found["n_slow"].is_monotonic_increasing
        assert (found["mean_lost_min"] <= first["mean_lost_min"] + found["more_min"] + 1e-9).all()
    assert "CCS 350 kW statt HPC 1.000 kW" in " ".join(said.split())


def test_both_classes_together_cost_no_more_than_one_alone(classes):
    front = pd.read_csv(classes[0] / "classes" / "class_front.csv")
    cost = front.dropna(subset=["plan"]).set_index("plan")["system_cost_eur_day"]
    # Arrivals are not quite the same in all, so that the last thousandth is not proved.
    assert cost["mixed"] <= 1.001 * min(cost["fast"], cost["slow"])


def test_a_plan_read_again_has_the_same_figures(classes, tmp_path):
    folder, _ = classes
    given = folder / "classes" / "mixed-sites.csv"
    out = tmp_path / "again"
    told = CliRunner().invoke(app, ["classes", str(folder), str(given), "--out", str(out)])
    assert told.exit_code == 0, told.output
    front = pd.read_csv(out / "class_front.csv").set_index("plan")
    figures = front.columns.drop("kind")
    pd.testing.assert_series_equal(
        front.loc["given", figures], front.loc["mixed", figures], check_names=False
    )
    layer = pyogrio.read_dataframe(out / "class-sites.gpkg", layer="class_sites_given")
    table = pd.read_csv(given)
    assert (layer["n_fast"] + layer["n_slow"]).tolist() == table["n_hpc"].tolist()
    in_qgis = pyogrio.read_dataframe(out / "classes.gpkg", layer="class_sites")
    assert in_qgis["n_slow"].tolist() == table["n_slow"].tolist()
    assert (out / "classes.qgz").is_file()
    page = (out / "classes.html").read_text(encoding="utf-8")
    assert "given by the user: offer" in page


def test_faulty_questions_are_told(classes, tmp_path):
    folder, _ = classes
    table = pd.read_csv(folder / "classes" / "mixed-sites.csv")
    own = tmp_path / "own.csv"

    def refused(*asked: str) -> str:
        told = CliRunner().invoke(app, ["classes", str(folder), *asked])
        assert isinstance(told.exception, InputDataError)
        return str(told.exception)

    table.drop(columns="n_slow").to_csv(own, index=False)
    assert "expected a column n_slow" in refused(str(own))
    table.assign(n_slow=table["n_hpc"] + 1).to_csv(own, index=False)
    assert "n_slow is of n_hpc" in refused(str(own))
    table.iloc[1:].to_csv(own, index=False)
    assert "expected a point for every truck" in refused(str(own))
    assert "expected between" in refused("--points", "100000")


def test_no_kernel_is_compiled_twice_nor_where_it_is_kept(ranked, held, moved, classes, compiled):
    """On a machine on which these commands ran before, nothing is compiled at all."""
    kernels, kept = compiled
    named = [(each.name, each.arguments) for each in kernels]
    assert len(set(named)) == len(named)
    assert not kept.intersection(named)
    assert set(named) <= kept_kernels()
