"""The workbench as a web application: a router per view, behind one guard."""

from __future__ import annotations

from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from fastapi import Depends, FastAPI

from planner import __version__
from planner.workbench.answers import answer_faults
from planner.workbench.asked import known_queries
from planner.workbench.compare_day import day_routes
from planner.workbench.compare_page import compare_routes
from planner.workbench.compare_roadmap import roadmap_routes
from planner.workbench.dropped_api import dropped_routes
from planner.workbench.edits import Edits
from planner.workbench.files_api import file_routes
from planner.workbench.guard import Guard
from planner.workbench.home import home_routes
from planner.workbench.order_page import order_routes
from planner.workbench.plan_api import plan_routes
from planner.workbench.plan_page import plan_page_routes
from planner.workbench.results_api import result_routes
from planner.workbench.run_queue import Queue
from planner.workbench.runs_api import run_routes
from planner.workbench.study_api import new_study, study_routes
from planner.workbench.take_api import take_routes

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

    from planner.workbench.guard import Address


def workbench(root: Path, address: Address) -> Guard:
    """The application on a folder.

    Parameters
    ----------
    root : pathlib.Path
        The folder of studies and runs: nothing outside it is shown or written.
    address : Address
        Where it is reached, and by which token.
    """
    root = root.resolve()
    queue, edits = Queue(root), Edits(root)

    @asynccontextmanager
    async def ends_its_work(_: FastAPI) -> AsyncIterator[None]:
        yield
        edits.told.end()

    app = FastAPI(
        title="Truck charging planner: workbench",
        version=__version__,
        docs_url=None,  # its page would load scripts from elsewhere
        redoc_url=None,
        lifespan=ends_its_work,
        dependencies=[Depends(known_queries)],
    )
    answer_faults(app)
    for router in (
        home_routes(root, queue),
        run_routes(root, queue),
        result_routes(root),
        plan_page_routes(edits),
        plan_routes(edits),
        study_routes(root),
        compare_routes(root),
        roadmap_routes(root),
        day_routes(edits),
        order_routes(root),
        take_routes(root, edits),
        dropped_routes(root, new_study(root)),
        file_routes(root),
    ):
        app.include_router(router)
    return Guard(app, address)
