"""The server of the workbench, on this machine alone."""

from __future__ import annotations

import logging
import secrets
import socket
from typing import TYPE_CHECKING

import uvicorn

from planner.errors import RunDirectoryError
from planner.runs.disk_faults import cause_of
from planner.said import said
from planner.workbench.app import workbench
from planner.workbench.guard import Address

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import FrameType

_HOST = "127.0.0.1"


def serve(root: Path, port: int, begun: Callable[[Address], None]) -> None:
    """Serve a folder until somebody ends it.

    Parameters
    ----------
    root : pathlib.Path
        The folder.
    port : int
        Port; 0 for any that is free.
    begun : callable
        Told where the workbench is reached, once it can be.

    Raises
    ------
    RunDirectoryError
        If the folder is none, or the port is taken.
    """
    if not root.is_dir():
        msg = said(
            "{root}: expected a folder of studies and runs; found none; name one that is there",
            root=str(root),
        )
        raise RunDirectoryError(msg)
    listening = listening_on(port)
    address = Address(listening.getsockname()[1], secrets.token_urlsafe(24))
    config = uvicorn.Config(
        workbench(root, address),
        log_level="warning",
        access_log=False,
        server_header=False,
        proxy_headers=False,
        timeout_graceful_shutdown=2,
    )
    begun(address)
    _Server(config).run(sockets=[listening])


class _Server(uvicorn.Server):
    """The server, which says nothing of requests that are cut off because somebody ends it."""

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:
        logging.getLogger("uvicorn.error").setLevel(logging.CRITICAL + 1)
        super().handle_exit(sig, frame)


def listening_on(port: int) -> socket.socket:
    """Socket that listens on a port of this machine alone.

    Raises
    ------
    RunDirectoryError
        If the port is taken, or may not be used.
    """
    listening = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((_HOST, port))
        listening.listen()
    except (OSError, OverflowError) as error:
        listening.close()
        why = cause_of(error) if isinstance(error, OSError) else str(error)
        msg = said(
            "--port {port}: cannot be used ({why}); name another one, or 0 for any that is free",
            port=str(port),
            why=why,
        )
        raise RunDirectoryError(msg) from error
    return listening
