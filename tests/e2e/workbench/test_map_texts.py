"""Texts on the map of a plan: none covers another, and names of places leave sites free."""

import pytest

from tests.e2e.workbench.conftest import RUN, watched

TEXT_BOXES = """(selector) => [...document.querySelectorAll(selector)]
  .filter((text) => text.getAttribute("visibility") === "visible")
  .map((text) => text.getBBox())
  .map(({ x, y, width, height }) => [x, y, x + width, y + height])"""


@pytest.fixture
def plan_page(browser, ask):
    """The page of the run's plan, small sites and all."""
    with watched(browser, ask) as open_it:
        page = open_it(f"/plan?run={RUN}", "en-US")
        page.wait_for_selector("body[data-ready]")
        yield page


def meet(one, other):
    return one[0] < other[2] and other[0] < one[2] and one[1] < other[3] and other[1] < one[3]


def test_labels_of_changes_cover_no_other_and_come_back_when_the_map_is_closer(plan_page):
    plan_page.evaluate(
        """() => {
          siteMap.map.site_xy.forEach((place, i) => { place[0] = 200 + i; place[1] = 200; });
          siteMap.place();
          siteMap.tellChanges(new Map(siteMap.map.site_xy.map((_, site) => [site, "+5"])));
        }"""
    )
    labels = plan_page.evaluate(TEXT_BOXES, ".change-labels text")
    n_sites = plan_page.locator("circle.site").count()
    assert 1 < len(labels) < n_sites
    assert not any(meet(one, other) for i, one in enumerate(labels) for other in labels[:i])
    assert plan_page.locator(".change-labels text").count() == n_sites
    plan_page.evaluate("() => { siteMap.zoom = 24; siteMap.place(); }")
    assert len(plan_page.evaluate(TEXT_BOXES, ".change-labels text")) > len(labels)


def test_a_name_moves_aside_until_it_covers_no_site_and_no_change(plan_page):
    """Sites stand where a name is put first: above, below, to the right and to the left."""
    plan_page.evaluate(
        """() => {
          const [first] = siteMap.map.places;
          siteMap.placeTexts.splice(1).forEach((text) => text.remove());
          siteMap.map.places.splice(1);
          first[0] = { en: "Somewhere", de: "Irgendwo" };
          first[1] = siteMap.map.width / 2;
          first[2] = siteMap.map.height / 2;
          const { k } = siteMap.view();
          const ring = [[-24, -16], [-24, 16], [40, 0], [-40, 0]];
          siteMap.map.site_xy.forEach((place, i) => {
            const [dx, dy] = ring[i % ring.length];
            place[0] = first[1] + dx / k;
            place[1] = first[2] + dy / k;
          });
          siteMap.plugs = siteMap.plugs.map(() => 0);
          siteMap.place();
        }"""
    )
    (name,) = plan_page.evaluate(TEXT_BOXES, ".place")
    circles = plan_page.evaluate(
        "() => siteMap.siteCircles.map((circle) => circle.getBBox())"
        ".map(({ x, y, width, height }) => [x, y, x + width, y + height])"
    )
    assert len(circles) >= 4
    assert not any(meet(name, circle) for circle in circles)
    plan_page.evaluate("() => siteMap.tellChanges(new Map([[0, '+5, of 350 kW']]))")
    (name,) = plan_page.evaluate(TEXT_BOXES, ".place:not(.change-labels *)")
    (label,) = plan_page.evaluate(TEXT_BOXES, ".change-labels text")
    assert not meet(name, label)
