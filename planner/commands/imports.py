"""Commands that take back what other programs made of a plan."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import Annotated

import typer

from planner.commands.options import LanguageOption, console
from planner.runs.written_files import placing
from planner.said import said


def matsim(
    run_dir: Annotated[Path, typer.Argument(help="Folder of the run that was exported.")],
    events: Annotated[
        Path,
        typer.Argument(
            metavar="EVENTS", help="Events of the MATSim run: its output_events.xml.gz."
        ),
    ],
    solution: Annotated[
        str,
        typer.Option(
            help="Named solution whose charging points were exported; cpo is the operator's."
        ),
    ] = "balanced",
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for the tables; by default matsim-SOLUTION-events in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Hold a MATSim run of an exported plan against that plan: sessions, waits, energy, SoC.

    Example: `planner import matsim outputs/germany-10 matsim-run/output_events.xml.gz`
    """
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.matsim.event_differences import matsim_differences  # noqa: PLC0415
    from planner.reporting.matsim_page import EVENT_PAGE, write_event_page  # noqa: PLC0415
    from planner.tables.language import language  # noqa: PLC0415
    from planner.tables.table_files import write_csv_and_parquet  # noqa: PLC0415

    run = read_finished_run(run_dir, PLAN).on_roads(solution)
    differences = matsim_differences(run, events)
    folder = out or run_dir / f"matsim-{solution}-events"
    with placing(folder, "name another folder with --out") as new:
        write_csv_and_parquet(differences.tables(), new)
        write_event_page(differences, run.scenario.name, new / EVENT_PAGE)
    for line in differences.sentences(language(lang)):
        console.print(line)
    console.print()
    console.print_place(said("Report"), folder / EVENT_PAGE, said("tables beside it"))
