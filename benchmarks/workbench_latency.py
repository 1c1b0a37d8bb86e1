"""Workbench: from a click to the new picture, and pictures a second while a large map is moved.

    python benchmarks/workbench_latency.py outputs/germany-10
    python benchmarks/workbench_latency.py outputs/germany-100
    python benchmarks/workbench_latency.py outputs/sites --sites 5000

Clicks "+1" at sites of the run's plan in Chromium and waits until the page shows the figures of the
nation simulated anew; then moves a made-up map of 5,000 sites and 50,000 roads. ``germany-100`` is
``planner run germany-10 --set demand.electrification_share=1``. With ``--sites`` the run is made
first, where there is none: Germany at 1 % with so many sites at random places of its roads, after a
short search.
"""

from __future__ import annotations

import argparse
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pandas as pd
import uvicorn
from measured import Comparison, keep
from playwright.sync_api import sync_playwright

from planner.network.builtin import read_builtin_network
from planner.network.cleaning import clean_graph
from planner.network.site_generation import positions_on_arcs
from planner.workbench.app import workbench
from planner.workbench.guard import Address
from planner.workbench.serving import listening_on

CHROMIUM = "/usr/bin/chromium"
CLICKS = 40
N_SITES, N_ROADS = 5_000, 50_000

CLICK = """async (site) => {
  choose([site]);
  const began = performance.now();
  await changeChosen({ more_hpc: 1 });
  await new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn)));
  return performance.now() - began;
}"""
MOVE = """async ([nSites, nRoads]) => {
  let seed = 1;
  const random = () => (seed = (seed * 16807) % 2147483647) / 2147483647;
  const at = () => [random() * data.map.width, random() * data.map.height];
  const road = () => {
    const [x, y] = at();
    return [`M${x},${y}L${x + random() * 8 - 4},${y + random() * 8 - 4}`, "A1", random() * 1000];
  };
  const many = (n, one) => Array.from({ length: n }, one);
  const map = { ...data.map, site_xy: many(nSites, at), roads: many(nRoads, road), unserved: [] };
  const frame = document.createElement("div");
  frame.className = "map-box";
  const svg = svgElement("svg", { id: "map" });
  document.getElementById("map").parentElement.replaceWith(frame);
  frame.append(svg);
  const large = new EditMap(svg, document.createElement("div"), map, 10);
  large.show(many(nSites, () => 3), many(nSites, () => 1));
  large.zoomBy(3);
  await new Promise((rested) => setTimeout(rested, 3000));
  const frames = [];
  let last = performance.now();
  for (let i = 0; i < 120; i += 1) {
    large.moveBy(i % 40 < 20 ? 9 : -9, 4);
    await new Promise((drawn) => requestAnimationFrame(drawn));
    frames.push(performance.now() - last);
    last = performance.now();
  }
  return frames;
}"""


def compared_ms(what: str, on: str, milliseconds: list[float]) -> list[Comparison]:
    """All of them, and the 95th percentile."""
    high = float(np.quantile(milliseconds, 0.95))
    return [
        Comparison(what, on, milliseconds, unit="ms"),
        Comparison(f"{what}, 95 of 100 within", on, [high], unit="ms"),
    ]


def make_run(folder: Path, n_sites: int) -> None:
    """Plan Germany with sites at random places of its roads."""
    graph, _ = clean_graph(read_builtin_network())
    random = np.random.default_rng(1)
    share = graph.arc_length_km / graph.arc_length_km.sum()
    arc = random.choice(graph.n_arcs, n_sites, p=share).astype(np.int32)
    lon, lat = positions_on_arcs(graph, arc, random.random(n_sites) * graph.arc_length_km[arc])
    site_id = [f"R{number:05d}" for number in range(n_sites)]
    table = folder.with_name(f"{folder.name}-sites.csv")
    table.parent.mkdir(parents=True, exist_ok=True)
    pd.DataFrame({"site_id": site_id, "lon": lon, "lat": lat, "road": graph.arc_road[arc]}).to_csv(
        table, index=False
    )
    keys = {
        "sites": f"{{source: table, path: {table}}}",
        "demand.electrification_share": 0.01,
        "optimization.max_generations": 5,
    }
    asked = [word for key, value in keys.items() for word in ("--set", f"{key}={value}")]
    words = ["run", "germany-10", *asked, "--out", str(folder)]
    subprocess.run([sys.executable, "-m", "planner", *words], check=True)  # noqa: S603  # own words


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished plan")
    parser.add_argument("--sites", type=int, help="make the run first, with so many sites")
    asked = parser.parse_args()
    run = asked.run.resolve()
    if asked.sites is not None and not run.exists():
        make_run(run, asked.sites)
    listening = listening_on(0)
    address = Address(listening.getsockname()[1], "bench")
    server = uvicorn.Server(uvicorn.Config(workbench(run.parent, address), log_level="error"))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1400, "height": 900})
        page.set_default_timeout(300_000)
        page.goto(address.page(run.name))
        page.wait_for_selector("body[data-ready]")
        n_sites = page.evaluate("nSites")
        sites = np.random.default_rng(1).integers(0, n_sites, CLICKS).tolist()
        clicks = [page.evaluate(CLICK, site) for site in sites]
        moved = page.evaluate(MOVE, [N_SITES, N_ROADS])
        browser.close()
    server.should_exit = True
    made_up = f"{N_SITES:,} sites, {N_ROADS:,} roads"
    comparisons = [
        *compared_ms("from a click to the new picture", f"{run.name}, {n_sites:,} sites", clicks),
        *compared_ms("a picture while the map is moved", made_up, moved),
    ]
    keep(f"workbench_latency_{run.name}", comparisons)


if __name__ == "__main__":
    main()
