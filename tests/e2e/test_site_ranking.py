"""``planner rank`` on a finished run: order, networks of several sizes, page and files."""

from __future__ import annotations

import json

import pandas as pd
import pyogrio
import pytest
from typer.testing import CliRunner

from planner import read, run
from planner.cli import app

FIRST = 3


@pytest.fixture(scope="module")
def ranked(shared_study_folder):
    """A run of the small country, and what the command says of it."""
    asked = ["optimization.max_generations=3"]
    folder = run(shared_study_folder / "study.yaml", asked, out=shared_study_folder / "out").folder
    told = CliRunner().invoke(app, ["rank", str(folder), "--first", str(FIRST)])
    assert told.exit_code == 0, told.output
    return folder, told.output


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


def test_a_run_tells_time_and_memory_of_its_stages(ranked):
    folder, _ = ranked
    provenance = json.loads((folder / "run.json").read_text(encoding="utf-8"))["provenance"]
    peak_mb = list(provenance["peak_memory_mb"].values())
    assert provenance["peak_memory_mb"].keys() == provenance["timings_s"].keys()
    assert peak_mb == sorted(peak_mb)
    assert peak_mb[0] > 10
