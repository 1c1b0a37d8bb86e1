"""The report of a real run in a browser: what its files tell, and how soon."""

import json

import numpy as np
import pandas as pd
import pytest


@pytest.fixture
def run_dir(plain_run):
    """A real run of the small study."""
    return plain_run.folder


def test_the_report_of_a_real_run_tells_what_its_files_tell(open_page, run_dir):
    page = open_page(run_dir / "report.html")
    front = pd.read_csv(run_dir / "front.csv")
    sites = pd.read_parquet(run_dir / "sites.parquet")
    named = json.loads((run_dir / "run.json").read_text())["named_solutions"]

    assert page.requested == [(run_dir / "report.html").as_uri()]
    for entry in named:
        page.locator(f".named button[data-name={entry['name']}]").click()
        row = front.iloc[entry["solution"]]
        assert page.locator("#fig-n_hpc").inner_text() == f"{row['n_hpc']:,}"
        shown = page.evaluate("rows.map((row) => [row.site_id, row.n_hpc, row.mean_wait_min])")
        of_plan = sites[sites["solution_name"] == entry["name"]].set_index("site_id")
        assert sum(n_hpc for _, n_hpc, _ in shown) == row["n_hpc"]
        for site_id, n_hpc, wait_min in shown:
            assert n_hpc == of_plan["n_hpc"][site_id]
            expected = of_plan["mean_wait_min"][site_id]
            known = np.nan if wait_min is None else wait_min
            assert known == pytest.approx(expected, abs=0.0051, nan_ok=True)


def test_the_report_of_a_real_run_opens_in_two_seconds(open_page, run_dir):
    """Time of the page's own thread: what it takes where nothing else runs."""
    page = open_page(run_dir / "report.html", meter=True)
    metrics = page.meter.send("Performance.getMetrics")["metrics"]
    busy_s = {metric["name"]: metric["value"] for metric in metrics}["ThreadTime"]
    assert 0.0 < busy_s < 2.0
