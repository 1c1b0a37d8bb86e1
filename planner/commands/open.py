"""The command that opens the workbench in a browser."""

from __future__ import annotations

import webbrowser
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.manifests import MANIFEST, SWEEP_MANIFEST
from planner.said import said

if TYPE_CHECKING:
    from planner.workbench.guard import Address


def open_workbench(
    folder: Annotated[
        Path,
        typer.Argument(
            help="Folder with studies and runs, or that of a run.", show_default="this one"
        ),
    ] = Path(),
    port: Annotated[
        int, typer.Option(min=0, max=65_535, help="Port on this machine; 0 is any that is free.")
    ] = 0,
    browser: Annotated[  # noqa: FBT002  # a command-line flag
        bool, typer.Option("--browser/--no-browser", help="Open it in the browser.")
    ] = True,
    lang: LanguageOption = "en",
) -> None:
    """Open the workbench: runs, and plans whose sites are changed with the mouse.

    It works offline, and on this machine alone: its address has a token that lets in whoever knows
    it. Ctrl-C ends it; runs that it has begun go on.

    Examples: `planner open`, `planner open outputs/germany-10`
    """
    from planner.workbench.serving import serve  # noqa: PLC0415  # seconds of imports

    root = folder.absolute()
    way = ""
    if any((root / name).is_file() for name in (MANIFEST, SWEEP_MANIFEST)):
        root, way = root.parent, root.name

    def begun(address: Address) -> None:
        # The browser knows its reader's language; one that was asked for comes first.
        url = address.page(way, lang if lang != "en" else "")
        console.print_place(said("Workbench"), url, said("Ctrl-C ends it"))
        if browser:
            webbrowser.open(url)

    with suppress(KeyboardInterrupt):  # as the address says beside it
        serve(root, port, begun)
    console.print(said("The workbench has ended. Runs that it has begun go on."))
