"""The report of a made-up plan in a real browser."""

from pathlib import Path

import pytest

from planner.reporting.html_report import write_html_report
from tests.unit.reporting.synthetic_plan import synthetic_plan

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
]


@pytest.fixture(scope="module")
def plan():
    return synthetic_plan()


@pytest.fixture(scope="module")
def report(plan, tmp_path_factory):
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_html_report(plan, path)
    return path


@pytest.fixture(scope="module")
def page_of(report, plan, tmp_path_factory):
    """Page of a made-up plan with a number of sites."""
    pages = {plan.sites.n_sites: report}

    def written(n_sites):
        if n_sites not in pages:
            pages[n_sites] = tmp_path_factory.mktemp("sites") / "report.html"
            write_html_report(synthetic_plan(n_sites=n_sites), pages[n_sites])
        return pages[n_sites]

    return written


@pytest.fixture(scope="module")
def browser():
    if not CHROMIUM.exists():
        pytest.skip(f"{CHROMIUM} is not installed (apt-get install chromium)")
    sync_api = pytest.importorskip("playwright.sync_api")
    with sync_api.sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture
def open_page(browser):
    """Open a file with the network cut off; faults of the page fail the test at its end."""
    contexts, pages = [], []

    def open_it(path, address="", *, meter=False, **settings):
        settings = {"viewport": {"width": 1380, "height": 950}, "locale": "en-US"} | settings
        context = browser.new_context(offline=True, **settings)
        contexts.append(context)
        page = context.new_page()
        pages.append(page)
        page.faults, page.requested = [], []
        page.on("console", lambda message: page.faults.append(message.text))
        page.on("pageerror", lambda error: page.faults.append(str(error)))
        page.on("request", lambda request: page.requested.append(request.url))
        if meter:
            page.meter = context.new_cdp_session(page)
            page.meter.send("Performance.enable", {"timeDomain": "threadTicks"})
        page.goto(path.as_uri() + address)
        page.wait_for_selector("body[data-ready]")
        return page

    yield open_it
    for context in contexts:
        context.close()
    assert [page.faults for page in pages] == [[] for _ in pages]


@pytest.fixture
def page(open_page, report):
    return open_page(report)
