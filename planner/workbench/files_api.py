"""Files of the folder, as they are: pages of runs, workbooks, maps."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter, HTTPException
from fastapi.responses import FileResponse, Response

from planner.workbench.folder import inside
from planner.workbench.guard import FILE_POLICY
from planner.workbench.rendering import TYPES, static_file

if TYPE_CHECKING:
    from pathlib import Path

_SHOWN = {
    ".html": "text/html",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".pdf": "application/pdf",
    ".json": "application/json",
    ".csv": "text/csv",
    ".txt": "text/plain",
    ".md": "text/plain",
    ".yaml": "text/plain",
}
"""What a browser shows; all else it saves."""


def file_routes(root: Path) -> APIRouter:
    """Requests for files."""
    router = APIRouter(tags=["files"])

    @router.get("/files/{path:path}", response_class=FileResponse)
    def file(path: str) -> FileResponse:
        """A file of the folder."""
        found = inside(root, path)
        if not found.is_file():
            raise HTTPException(404)
        kind = _SHOWN.get(found.suffix.lower())
        return FileResponse(
            found,
            media_type=kind or "application/octet-stream",
            headers={"content-security-policy": FILE_POLICY},
            filename=None if kind else found.name,
        )

    @router.get("/static/{name}", include_in_schema=False)
    def static(name: str) -> Response:
        text = static_file(name)
        if text is None:
            raise HTTPException(404)
        kind = TYPES["." + name.rpartition(".")[2]]
        return Response(text, media_type=kind)

    return router
