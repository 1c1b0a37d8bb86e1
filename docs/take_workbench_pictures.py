"""Take the pictures of docs/workbench.md anew.

They are of outputs/germany-10, a run of another share beside it, and a roadmap where one is given.
"""

from __future__ import annotations

import argparse
import io
import threading
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING

import pandas as pd
import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright
from pyproj import Transformer

from planner.scenario.bundled import bundled_path
from planner.workbench.app import workbench
from planner.workbench.guard import Address
from planner.workbench.serving import listening_on

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

CHROMIUM = "/usr/bin/chromium"
DOCS = Path(__file__).parent
READY = "body[data-ready]"
ADDED_MS = 300_000


def main() -> None:
    """Take all pictures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished plan of Germany")
    parser.add_argument("other", type=Path, help="one of another share, in the same folder")
    parser.add_argument("--roadmap", type=Path, help="a finished roadmap")
    asked = parser.parse_args()
    run, other = asked.run.resolve(), asked.other.resolve()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        home(browser, run)
        changed_plan(browser, run)
        added_site(browser, run)
        dropped_sites(browser)
        two_runs(browser, run, other)
        points_by_class(browser, run)
        queues_of_a_day(browser, run)
        if asked.roadmap is not None:
            years_of_a_roadmap(browser, asked.roadmap.resolve())
        browser.close()


@contextmanager
def served(folder: Path) -> Iterator[Address]:
    """A workbench on a folder."""
    listening = listening_on(0)
    address = Address(listening.getsockname()[1], "pictures")
    server = uvicorn.Server(uvicorn.Config(workbench(folder, address), log_level="error"))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    yield address
    server.should_exit = True


def save(picture: bytes, name: str) -> None:
    """Keep a picture in few colours."""
    small = Image.open(io.BytesIO(picture)).quantize(96)
    small.save(DOCS / name, optimize=True)


def home(browser: Browser, run: Path) -> None:
    """What lies in a folder, and what may be asked of a run."""
    with served(run.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 1100})
        page.goto(address.page())
        page.wait_for_selector(READY)
        page.locator(f"[data-asks='{run.name}'] summary").click()
        # The folder is this machine's.
        page.locator("nav.study > span:last-child").evaluate("where => { where.textContent = ''; }")
        page.wait_for_timeout(500)
        save(page.screenshot(), "workbench-home.png")


def two_runs(browser: Browser, run: Path, other: Path) -> None:
    """What one has more than the other, as a difference in points."""
    with served(run.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address.page())
        page.goto(f"http://127.0.0.1:{address.port}/compare?runs={other.name}&runs={run.name}")
        page.wait_for_selector(READY)
        page.get_by_role("button", name="Difference").click()
        page.mouse.move(5, 5)
        page.wait_for_timeout(1000)
        save(page.screenshot(), "workbench-compare.png")


@contextmanager
def near_kassel(browser: Browser, run: Path, height_px: int = 900) -> Iterator[Page]:
    """The page of a plan with a site near Kassel chosen."""
    with served(run.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": height_px})
        page.goto(address.page(run.name))
        page.wait_for_selector(READY)
        page.locator("#map-search").fill("Kassel")
        page.locator("#map-search").press("Enter")
        yield page


def save_differences(page: Page, name: str) -> None:
    """A picture of what differs from the plan before, with the pointer out of the way."""
    page.locator("#differences").click()
    page.mouse.move(5, 5)
    page.wait_for_timeout(500)
    save(page.screenshot(), name)


def changed_plan(browser: Browser, run: Path) -> None:
    """Five points fewer at a site near Kassel."""
    with near_kassel(browser, run) as page:
        page.locator("[data-more='-5']").click()
        page.locator(".changed li").wait_for()
        page.locator("#zoom-out").click(click_count=2)
        save_differences(page, "workbench.png")


def added_site(browser: Browser, run: Path) -> None:
    """A site on the A44 west of Kassel, chosen, with what its neighbours get of it."""
    with near_kassel(browser, run) as page:
        page.locator("#add-site").click()
        page.locator("#new-lon").fill("9.35")
        page.locator("#new-lat").fill("51.31")
        page.locator("#new-lat").blur()
        page.wait_for_selector("#map .pointer[visibility='visible']", state="attached")
        page.locator("#new-grid-mw").fill("20")
        page.locator("#new-site button.main").click()
        page.locator(".changed li").first.wait_for(timeout=ADDED_MS)
        page.locator("#new-told:not(:empty)").wait_for()
        save_differences(page, "workbench-added.png")


def points_by_class(browser: Browser, run: Path) -> None:
    """Slower points switched on: five faster ones less and eight slower ones near Kassel."""
    with near_kassel(browser, run, 1000) as page:
        page.locator("#slower").click()
        page.wait_for_url("**by_class=true**")
        page.wait_for_selector(READY)
        faster, slower = (page.locator(each) for each in ("#n-fast", "#n-slow"))
        faster.fill(str(int(faster.input_value()) - 5))
        slower.fill("8")
        page.locator("#site-editor button.main").click()
        page.locator(".changed li").wait_for()
        page.locator("#zoom-out").click(click_count=2)
        save_differences(page, "workbench-classes.png")


def years_of_a_roadmap(browser: Browser, roadmap: Path) -> None:
    """The second year: sites that are new, and those that get more points."""
    with served(roadmap.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address.page())
        page.goto(f"http://127.0.0.1:{address.port}/roadmap?run={roadmap.name}")
        page.wait_for_selector(READY)
        page.locator("#step").press("ArrowRight")
        page.mouse.move(5, 5)
        page.wait_for_timeout(1000)
        save(page.screenshot(), "workbench-roadmap.png")


def dropped_sites(browser: Browser) -> None:
    """A table of sites as an authority may have it, one of them far from any road."""
    sites = pd.read_csv(bundled_path("network/germany/sites_policy.csv"))
    east, north = Transformer.from_crs(4326, 25832, always_xy=True).transform(sites.lon, sites.lat)
    table = pd.DataFrame(
        {
            "Standort-Nr.": range(1, len(sites) + 1),
            "Bezeichnung": sites["name"],
            "Rechtswert": east.round(),
            "Hochwert": north.round(),
            "Anschluss [MW]": sites["grid_connection_kw"] / 1000.0,
            "Lkw-Stellplätze": sites["parking_spaces"],
        }
    )[::3]
    table.iloc[4, 2:4] = 690_000, 6_040_000
    content = table.to_csv(index=False, sep=";", decimal=",").encode("cp1252")
    file = {"name": "Raststätten.csv", "mimeType": "text/csv", "buffer": content}
    with TemporaryDirectory() as folder, served(Path(folder)) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address.page().replace("/?", "/study?"))
        page.wait_for_selector(READY)
        page.locator("#drop-files").set_input_files(file)  # type: ignore[arg-type]
        page.locator("#map circle.site").first.wait_for()
        page.locator("#dropped-take").click()
        page.locator("#dropped-taken:not(:empty)").wait_for()
        page.locator("#dropped-said").evaluate("part => part.scrollIntoView()")
        page.wait_for_timeout(500)
        save(page.screenshot(), "workbench-files.png")


def queues_of_a_day(browser: Browser, run: Path) -> None:
    """The second day at noon."""
    with served(run.parent) as address:
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address.page(run.name).replace("/plan?", "/day?"))
        page.wait_for_selector(READY)
        page.evaluate("location.hash = 'step=144'")
        page.get_by_text("Tuesday 12:00").first.wait_for()
        page.mouse.move(5, 5)
        page.wait_for_timeout(500)
        save(page.screenshot(), "workbench-queues.png")


if __name__ == "__main__":
    main()
