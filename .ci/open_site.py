"""Open the documentation as a reader does, offline: search finds, links lead somewhere.

Ends with code 1 and the faults where a page asks for anything beyond its folder.
"""

import sys
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from lxml import html
from open_report import CHROMIUM, FLAGS
from playwright.sync_api import sync_playwright

LINKS = "//a/@href | //img/@src | //link/@href | //script/@src"
WORD, PAGE = "Pareto", "docs/tutorial.html"


def broken_links(site: Path) -> list[str]:
    """Links and pictures of all pages that lead to no file, or to no place in it."""
    pages = {path: html.parse(path).getroot() for path in sorted(site.rglob("*.html"))}
    places = {path: set(page.xpath("//@id")) for path, page in pages.items()}
    faults = []
    for path, page in pages.items():
        for link in dict.fromkeys(page.xpath(LINKS)):
            to, place = urldefrag(link)
            if urlsplit(to).scheme:
                continue
            target = (path.parent / unquote(urlsplit(to).path)).resolve() if to else path
            known = places.get(target)
            if not target.is_file() or (place and known is not None and place not in known):
                faults.append(f"{path.relative_to(site)} leads to {link}")
    return faults


def faults_in_browser(site: Path) -> list[str]:
    """What is asked of other places, complained of, or not found by the search."""
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(offline=True, locale="en-US").new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda asked: asked.url.startswith("file:") or faults.append(f"asks for {asked.url}"),
        )
        page.goto((site / "index.html").as_uri())
        page.wait_for_url("**/docs/index.html")
        page.fill("input[name=q]", WORD)
        page.press("input[name=q]", "Enter")
        page.click(f"#search-results a[href*='{PAGE}']")
        page.wait_for_url(f"**/{PAGE}*")
        if WORD not in page.inner_text("article"):
            faults.append(f"{PAGE} does not tell of {WORD}")
        browser.close()
    return faults


def main() -> int:
    """Print the faults of a site."""
    site = Path(sys.argv[1]).resolve()
    faults = [*broken_links(site), *faults_in_browser(site)]
    print("\n".join(faults) or f"{site}: opens offline, its search finds, its links hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
