"""Open the report of a run as a reader does: its headline is there, and the page has no faults."""

import json
import sys
from pathlib import Path

from playwright.sync_api import sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = ["--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking"]


def in_plain_spaces(text: str) -> str:
    """A page's text without line breaks and spaces that do not break."""
    return " ".join(text.split())


def faults_of(report: Path, answer: str) -> list[str]:
    """What is wrong with a report in the browser, with the network cut off."""
    faults: list[str] = []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        page = browser.new_context(offline=True, locale="en-US").new_page()
        page.on("console", lambda message: faults.append(message.text))
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.goto(report.as_uri())
        page.wait_for_selector("body[data-ready]")
        if answer not in in_plain_spaces(page.inner_text("body")):
            faults.append(f"the page does not say: {answer}")
        browser.close()
    return faults


def main(folder: Path) -> int:
    """Exit code 1, and what is wrong, where the report cannot be read."""
    answer = json.loads((folder / "run.json").read_text(encoding="utf-8"))["headline"]["answer"]
    report = folder / "report.html"
    if answer not in in_plain_spaces(report.read_text(encoding="utf-8")):
        print(f"{report} does not hold its headline: {answer}")
        return 1
    if not CHROMIUM.exists():
        print(f"{report} holds its headline; {CHROMIUM} is missing, so it was not opened")
        return 0
    faults = faults_of(report.resolve(), answer)
    print(*faults or [f"{report} opens and says: {answer}"], sep="\n")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
