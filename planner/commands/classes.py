"""The command that mixes two classes of high-power points."""

from __future__ import annotations

from pathlib import Path  # noqa: TC003  # typer reads the annotations
from typing import TYPE_CHECKING, Annotated

import typer

from planner.commands.options import CostSetOption, LanguageOption, console
from planner.errors import InputDataError
from planner.runs.progress import listener_on
from planner.runs.written_files import placing
from planner.said import said

if TYPE_CHECKING:
    from planner.plan.solution_on_roads import SolutionOnRoads
    from planner.simulation.class_queues import ClassLayout


def classes(
    run_dir: Annotated[Path, typer.Argument(help="Folder of a finished run.")],
    layout: Annotated[
        Path | None,
        typer.Argument(
            help="Table of your points, which stands beside: site_id, n_hpc and, of these, n_slow "
            "of the slower class; n_lpc where they change.",
            show_default=False,
        ),
    ] = None,
    points: Annotated[
        int | None,
        typer.Option(
            min=1,
            help="High-power points whose swapping is looked at, placed where they save most "
            "waiting; by default those of the plan.",
            show_default=False,
        ),
    ] = None,
    solution: Annotated[
        str,
        typer.Option(help="Named solution whose points are looked at; cpo is the operator's."),
    ] = "balanced",
    more_min: Annotated[
        float,
        typer.Option(
            min=0.0,
            help="How much more time a session may lose on average by slower points, minutes.",
        ),
    ] = 1.0,
    set_name: CostSetOption = None,
    file: Annotated[
        Path | None,
        typer.Option(
            help="File with a set of costs of your own, of the layout of "
            "config/infrastructure_costs.yaml.",
            show_default=False,
        ),
    ] = None,
    out: Annotated[
        Path | None,
        typer.Option(
            help="Folder for page and tables; by default classes in the run's folder.",
            show_default=False,
        ),
    ] = None,
    lang: LanguageOption = "en",
) -> None:
    """Mix points of two classes: how many may be slower, and which mix costs least in all.

    The study names the two classes; by default they are its own points and such of 400 kW.
    A truck takes the class at which it leaves earlier. No stop is planned anew.

    Examples: `planner classes outputs/germany-10 --points 1800`,
    `planner classes outputs/germany-10 my-points.csv`
    """
    from planner.layouts.class_plans import ClassQuestion, class_plans  # noqa: PLC0415
    from planner.plan.finished_run import PLAN, read_finished_run  # noqa: PLC0415
    from planner.reporting.class_report import (  # noqa: PLC0415
        BOOK,
        CLASSES,
        MAP,
        PAGE,
        plan_file,
        sentences,
        terminal_table,
        write_classes,
    )
    from planner.scenario.infrastructure_costs import (  # noqa: PLC0415
        DEFAULT_COST_SET,
        read_cost_set,
    )
    from planner.tables.language import language as language_of  # noqa: PLC0415

    language = language_of(lang)
    run = read_finished_run(run_dir, PLAN)
    plan = run.on_roads(solution)
    used = plan.scenario.infrastructure_costs
    if set_name is not None or file is not None or used is None:
        used = read_cost_set(set_name or DEFAULT_COST_SET, file)
    given = None if layout is None else _read(layout, plan)
    question = ClassQuestion(solution, points, more_min, used, given)
    with listener_on(console) as progress:
        found = class_plans(run_dir, question, progress)
    folder = out or run_dir / CLASSES
    with placing(folder, "name another folder with --out") as new:
        write_classes(found, run, new, language)
    for line in sentences(found):
        console.print(line.texts[language.code])
    console.print()
    console.print(terminal_table(found).for_terminal(language))
    console.print()
    beside = said("map {map} and tables beside it", map=f"{MAP}.qgz")
    console.print_place(said("Report"), folder / PAGE, beside)
    console.print_place(said("Spreadsheet"), folder / BOOK)
    console.print_place(said("Least cost"), folder / plan_file("mixed"))


def _read(layout: Path, plan: SolutionOnRoads) -> ClassLayout:
    """A layout of one's own with its classes."""
    from planner.layouts.layout_reading import read_layout  # noqa: PLC0415
    from planner.scenario.charger_classes import two_classes  # noqa: PLC0415

    chargers = plan.scenario.chargers
    classes = two_classes(chargers.classes, chargers.hpc_kw, str(plan.scenario.name))
    given = read_layout(
        layout, plan.sites.site_id, plan.n_lpc, lpc_alone=plan.lpc_alone, classes=classes
    )
    if given.n_slow is None:
        msg = (
            f"{layout}: expected a column n_slow, the points of the slower class among n_hpc; "
            "found none"
        )
        raise InputDataError(msg)
    return given.by_class(given.n_slow)
