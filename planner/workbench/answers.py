"""How faults are answered: the planner's own messages, in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, JSONResponse, Response
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect

from planner.errors import PlannerError, ScenarioError
from planner.reporting.phrases import Phrase, own_phrase, phrase, verbatim
from planner.said import joined
from planner.workbench.rendering import render_workbench
from planner.workbench.request_faults import told_faults

if TYPE_CHECKING:
    from fastapi import FastAPI, Request

_MOST_FAULTS = 20
_NOT_SERVED = {
    400: phrase("The request cannot be read."),
    404: phrase("Nothing is at this address, or not any more: look among the runs."),
    405: phrase("The workbench does not take requests of this kind at this address."),
}


def answer_faults(app: FastAPI) -> None:
    """Let an application answer a user's mistake with its message.

    Whoever opens a page gets a page, others the text by code of the language.
    """

    @app.exception_handler(PlannerError)
    def told(request: Request, error: PlannerError) -> Response:
        text = joined(error.faults) if isinstance(error, ScenarioError) else error.args[0]
        return answer(request, own_phrase(text), 400)

    @app.exception_handler(RequestValidationError)
    def not_as_asked(request: Request, error: RequestValidationError) -> Response:
        return answer(request, own_phrase(told_faults(error.errors(), _MOST_FAULTS)), 422)

    @app.exception_handler(HTTPException)
    def not_served(request: Request, error: HTTPException) -> Response:
        told = _NOT_SERVED.get(error.status_code)
        return answer(request, told or verbatim(error.detail), error.status_code)

    @app.exception_handler(ClientDisconnect)
    def broken_off(_: Request, __: ClientDisconnect) -> Response:
        return Response(status_code=400)  # nobody waits for it

    def answer(request: Request, fault: Phrase, status: int) -> Response:
        fault = Phrase({code: _sayable(text) for code, text in fault.texts.items()})
        if "text/html" not in request.headers.get("accept", ""):
            return JSONResponse({"fault": fault.texts}, status_code=status)
        tab = phrase("Workbench")
        page = render_workbench("fault.html", {}, ("fault.js",), tab=tab, css="fault", fault=fault)
        return HTMLResponse(page, status_code=status)


def _sayable(text: str) -> str:
    """A text that can be sent: halves of signs, which JSON can name, become question marks."""
    return text.encode("utf-8", "replace").decode("utf-8")
