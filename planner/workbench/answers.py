"""How faults are answered: the planner's own messages, in all languages."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi.responses import JSONResponse

from planner.errors import PlannerError
from planner.reporting.phrases import own_phrase

if TYPE_CHECKING:
    from fastapi import FastAPI, Request


def answer_faults(app: FastAPI) -> None:
    """Let an application answer a user's mistake with its message, by code of the language."""

    @app.exception_handler(PlannerError)
    def told(_: Request, error: PlannerError) -> JSONResponse:
        said = error.args[0] if error.args else str(error)
        return JSONResponse({"fault": own_phrase(said).texts}, status_code=400)
