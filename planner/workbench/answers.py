"""How faults are answered: the planner's own messages, in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.responses import HTMLResponse, JSONResponse, Response

from planner.errors import PlannerError
from planner.reporting.phrases import own_phrase, phrase
from planner.workbench.rendering import render_workbench

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def answer_faults(app: FastAPI) -> None:
    """Let an application answer a user's mistake with its message.

    Whoever opens a page gets a page, others the text by code of the language.
    """

    @app.exception_handler(PlannerError)
    def told(request: Request, error: PlannerError) -> Response:
        fault = own_phrase(error.args[0] if error.args else str(error))
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"fault": fault.texts}, status_code=400)
        tab = phrase("Workbench")
        page = render_workbench("fault.html", {}, ("fault.js",), tab=tab, css="fault", fault=fault)
        return HTMLResponse(page, status_code=400)
