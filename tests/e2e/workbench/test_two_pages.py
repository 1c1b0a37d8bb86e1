"""Two pages of one plan in a real browser: each has its own changes; runs are everybody's."""

import json

import pytest

from planner.layouts.edited_plan import EditedPlan
from tests.e2e.workbench.conftest import watched


@pytest.fixture
def open_page(browser, ask):
    """Open the workbench as its printed address does, each time as another user's browser."""
    with watched(browser, ask) as open_it:
        yield open_it


def opened_plan(page):
    page.locator("a.main").first.click()
    page.wait_for_selector("body.plan[data-ready]")
    return page


def give(page, site, more):
    """Give a site of the plan more points on a page, and wait for what follows."""
    page.evaluate("site => choose([site])", site)
    page.locator("#n-hpc").fill(str(int(page.locator("#n-hpc").input_value()) + more))
    page.locator("#site-editor button.main").click()
    page.locator(f"[data-choose='{site}']").wait_for()


def shown(page):
    """Figures of the layout and the numbers of points that a page has, once it is at rest."""
    return json.loads(
        page.evaluate("waiting.then(() => JSON.stringify([state.figures, state.n_hpc]))")
    )


def expected(opened, *given):
    """The same from the simulation itself, for sites and how many points more they get."""
    edited = EditedPlan(opened)
    names = list(edited.opened.index_of)
    for site, more in given:
        edited.give([names[site]], int(opened.plan.n_hpc[site]) + more)
    now = edited.now
    return json.loads(json.dumps([now.evaluated().answer(), now.layout.n_hpc.tolist()]))


def test_two_pages_of_one_plan_each_keep_their_own_changes(open_page, opened):
    mine = opened_plan(open_page())
    tab = mine.context.new_page()
    tab.goto(f"{mine.url.partition('#')[0]}")
    tab.wait_for_selector("body[data-ready]")
    other = opened_plan(open_page("", "de-DE"))
    give(mine, 0, 4)
    give(tab, 1, 2)
    give(other, 2, 3)
    give(mine, 3, 1)
    assert shown(mine) == expected(opened, (0, 4), (3, 1))
    assert shown(tab) == expected(opened, (1, 2))
    assert shown(other) == expected(opened, (2, 3))
    mine.locator("#undo").click()
    mine.locator("[data-choose='3']").wait_for(state="detached")
    for page, given in ((mine, (0, 4)), (tab, (1, 2)), (other, (2, 3))):
        assert shown(page) == expected(opened, given)
        page.reload()
        page.wait_for_selector("body[data-ready]")
        assert shown(page) == expected(opened, given)
    # What was taken back in one is made again there alone.
    mine.locator("#redo").click()
    mine.locator("[data-choose='3']").wait_for()
    assert shown(mine) == expected(opened, (0, 4), (3, 1))
    assert shown(tab) == expected(opened, (1, 2))


def test_a_run_that_one_begins_appears_on_the_first_page_of_another(open_page):
    mine, other = open_page(), open_page("", "de-DE")
    assert other.get_by_text("outputs/of-mine").count() == 0
    mine.get_by_text("Ask a question: a study with other figures").click()
    mine.locator("#ask [name=study]").select_option("study.yaml")
    mine.locator("#ask [name=share]").fill("40")
    mine.locator("#ask [name=name]").fill("of-mine")
    mine.locator("#ask button.main").click()
    for page in (mine, other):
        card = page.locator("#results .card.finished", has_text="outputs/of-mine")
        card.wait_for(timeout=180_000)
        card.get_by_role("link", name="Change" if page is mine else "ändern").first.wait_for()
