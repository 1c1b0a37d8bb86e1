"""Who draws: vl-convert, in this process or in one beside it.

A chart holds Python's lock while it is drawn. In a process of its own it is drawn while this one
does other work. That process imports nothing of the planner, ignores the interrupt of a terminal,
and ends when its input does: at the latest at the end of this process, however that ends.
"""

from __future__ import annotations

import base64
import json
import os
import signal
import subprocess
import sys
from contextlib import suppress
from threading import Lock
from typing import TYPE_CHECKING, Any, Protocol

import vl_convert

if TYPE_CHECKING:
    from contextlib import AbstractContextManager
    from typing import BinaryIO, Self

_FAULT = "fault"


class Drawing(Protocol):
    """Draws charts and turns pictures into other formats."""

    def svg(self, spec: str | dict[str, Any], locale: dict[str, Any]) -> str:
        """Picture of a Vega-Lite specification.

        Parameters
        ----------
        spec : str or dict
            The specification, as JSON or as it is: the last digits of coordinates may differ.
        locale : dict
            How figures are written (a locale of d3-format).

        Raises
        ------
        ValueError
            If it cannot be drawn.
        """
        ...

    def png(self, svg: str, ppi: float, scale: float = 1.0) -> bytes:
        """PNG of a picture at ``ppi`` dots per inch, ``scale`` times as large."""
        ...

    def pdf(self, svg: str) -> bytes:
        """PDF of a picture."""
        ...


class DrawnHere:
    """Draws in this process; as a context, so that either may be one."""

    def __enter__(self) -> Self:
        """Nothing is to be begun."""
        return self

    def __exit__(self, *_: object) -> None:
        """Nothing is to be ended."""

    def svg(self, spec: str | dict[str, Any], locale: dict[str, Any]) -> str:
        """Picture of a Vega-Lite specification."""
        drawn: str = vl_convert.vegalite_to_svg(spec, format_locale=locale)
        return drawn

    def png(self, svg: str, ppi: float, scale: float = 1.0) -> bytes:
        """PNG of a picture."""
        return bytes(vl_convert.svg_to_png(svg, scale=scale, ppi=ppi))

    def pdf(self, svg: str) -> bytes:
        """PDF of a picture."""
        return bytes(vl_convert.svg_to_pdf(svg))


class DrawnBeside:
    """Draws in a process of its own, which begins at once; in this one where it fails.

    Threads take turns. As a context it ends the process.
    """

    def __init__(self) -> None:
        self._turn, self._here = Lock(), DrawnHere()
        self._process: subprocess.Popen[bytes] | None = None
        with suppress(OSError):
            self._process = subprocess.Popen(  # noqa: S603  # our own interpreter and file
                [sys.executable, "-P", __file__], stdin=subprocess.PIPE, stdout=subprocess.PIPE
            )

    def __enter__(self) -> Self:
        """The process has begun already."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self.end()

    @property
    def pid(self) -> int | None:
        """Number of the process; None where it has ended."""
        return None if self._process is None else self._process.pid

    def svg(self, spec: str | dict[str, Any], locale: dict[str, Any]) -> str:
        """Picture of a Vega-Lite specification."""
        drawn = self._answer("svg", spec, locale)
        return self._here.svg(spec, locale) if drawn is None else drawn.decode()

    def png(self, svg: str, ppi: float, scale: float = 1.0) -> bytes:
        """PNG of a picture."""
        drawn = self._answer("png", svg, ppi, scale)
        return self._here.png(svg, ppi, scale) if drawn is None else drawn

    def pdf(self, svg: str) -> bytes:
        """PDF of a picture."""
        drawn = self._answer("pdf", svg)
        return self._here.pdf(svg) if drawn is None else drawn

    def end(self) -> None:
        """End the process; what is asked later is drawn in this one."""
        with self._turn:
            process, self._process = self._process, None
            if process is None:
                return
            process.kill()  # nobody waits for a picture, and it leaves nothing behind
            with suppress(OSError), process:  # closes the pipes, and waits
                pass

    def _answer(self, *asked: Any) -> bytes | None:
        """What the process draws; None where it is there no more."""
        line = b""
        with self._turn:
            if self._process is None or self._process.stdin is None or self._process.stdout is None:
                return None
            with suppress(OSError):
                self._process.stdin.write(json.dumps(asked).encode() + b"\n")
                self._process.stdin.flush()
                line = self._process.stdout.readline()
        if not line.endswith(b"\n"):
            self.end()
            return None
        what, answer = json.loads(line)
        if what == _FAULT:
            raise ValueError(answer)
        return base64.b64decode(answer)


def drawn_with(n_cores: int) -> AbstractContextManager[Drawing]:
    """Who draws for a run: a second process would want a core that a run with one has not."""
    if n_cores == 1:
        return DrawnHere()
    return DrawnBeside()


def _serve(asked: BinaryIO, answers: BinaryIO) -> None:
    """Draw what each line asks for, until there are no more."""
    here = DrawnHere()
    here.svg(json.dumps({"mark": "point", "data": {"values": []}}), {})  # loads all that draws
    for line in asked:
        what, *told = json.loads(line)
        try:
            drawn = getattr(here, what)(*told)
        except ValueError as error:
            answer = [_FAULT, str(error)]
        else:
            content = drawn.encode() if isinstance(drawn, str) else drawn
            answer = [what, base64.b64encode(content).decode("ascii")]
        answers.write(json.dumps(answer).encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # What libraries print goes where errors go, not among the answers.
    with os.fdopen(os.dup(1), "wb") as _answers:
        os.dup2(2, 1)
        with suppress(BrokenPipeError):
            _serve(sys.stdin.buffer, _answers)
