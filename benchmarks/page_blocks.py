"""Tables that a benchmark writes into a page, so that no figure there is typed by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def table_lines(columns: list[str], rows: list[list[str]]) -> str:
    """A Markdown table."""
    lines = [columns, ["---"] * len(columns), *rows]
    return "\n".join("| " + " | ".join(cells) + " |" for cells in lines) + "\n"


def write_block(page: Path, script: str, text: str) -> None:
    """Put a text between the two marks that a page has for a script."""
    begin, end = (f"<!-- written by benchmarks/{script}: {mark} -->" for mark in ("begin", "end"))
    before, _, rest = page.read_text(encoding="utf-8").partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        message = f"{page}: expected the lines {begin} and {end}"
        raise SystemExit(message)
    page.write_text(f"{before}{begin}\n\n{text.strip()}\n\n{end}{after}", encoding="utf-8")
