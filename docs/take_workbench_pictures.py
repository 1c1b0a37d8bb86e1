"""Take the picture of docs/workbench.md anew: give it outputs/germany-10."""

from __future__ import annotations

import argparse
import io
import threading
from pathlib import Path

import uvicorn
from PIL import Image
from playwright.sync_api import sync_playwright

from planner.workbench.app import workbench
from planner.workbench.guard import Address
from planner.workbench.serving import listening_on

CHROMIUM = "/usr/bin/chromium"
DOCS = Path(__file__).parent
READY = "body[data-ready]"


def main() -> None:
    """Five points fewer at a site near Kassel, as a picture."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("run", type=Path, help="folder of a finished plan of Germany")
    run = parser.parse_args().run.resolve()
    listening = listening_on(0)
    address = Address(listening.getsockname()[1], "pictures")
    server = uvicorn.Server(uvicorn.Config(workbench(run.parent, address), log_level="error"))
    threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True).start()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
        page = browser.new_page(viewport={"width": 1300, "height": 900})
        page.goto(address.page(run.name))
        page.wait_for_selector(READY)
        page.locator("#map-search").fill("Kassel")
        page.locator("#map-search").press("Enter")
        page.locator("[data-more='-1']").click(click_count=5, delay=50)
        page.get_by_text("\N{MINUS SIGN}5", exact=True).first.wait_for()
        page.locator("#zoom-out").click(click_count=2)
        page.locator("#differences").click()
        page.mouse.move(5, 5)
        page.wait_for_timeout(500)
        picture = Image.open(io.BytesIO(page.screenshot()))
        picture.quantize(96).save(DOCS / "workbench.png", optimize=True)
        browser.close()
    server.should_exit = True


if __name__ == "__main__":
    main()
