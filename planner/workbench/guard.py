"""Who may use the workbench: only whoever has its address, and only from pages of its own.

The server listens on this machine alone, which is not enough: every page that a browser shows can
send requests there. So each must name this server as its host (against names that lead here),
bring the token of the address (in a cookie, or in a header of a notebook), and, where it changes
something, come from a page of the workbench.
"""

from __future__ import annotations

import hmac
from dataclasses import dataclass
from http.cookies import CookieError, SimpleCookie
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl, quote, urlencode

from planner.reporting.phrases import phrase

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable, MutableMapping

    from planner.reporting.phrases import Phrase

    Scope = MutableMapping[str, Any]
    Message = MutableMapping[str, Any]
    Receive = Callable[[], Awaitable[Message]]
    Send = Callable[[Message], Awaitable[None]]
    App = Callable[[Scope, Receive, Send], Awaitable[None]]

MOST_BYTES = 20_000_000
"""No upload is larger."""
LARGE_UPLOADS = {"/api/dropped": 1_000_000_000}
"""Save for files of a study, which go to the disk as they come."""

_READS = {"GET", "HEAD"}
_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data: blob:; connect-src 'self'; form-action 'none'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
FILE_POLICY = (
    "sandbox allow-scripts allow-downloads allow-popups; default-src 'none'; "
    "script-src 'unsafe-inline'; style-src 'unsafe-inline'; img-src data: blob:; "
    "frame-ancestors 'none'"
)
"""Of files of the folder: they may be somebody else's, so a page among them is nobody here."""
_ALWAYS = {
    "x-content-type-options": "nosniff",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


@dataclass(frozen=True, slots=True)
class Address:
    """Where a workbench is reached.

    Parameters
    ----------
    port : int
        Port on 127.0.0.1.
    token : str
        What lets in whoever knows it.
    """

    port: int
    token: str

    def page(self, run: str = "", lang: str = "") -> str:
        """What a browser opens: the home, or the plan of a run, in a language."""
        asked = {"run": run, "lang": lang, "token": self.token}
        query = urlencode({key: value for key, value in asked.items() if value})
        return f"http://127.0.0.1:{self.port}/{'plan' if run else ''}?{query}"

    @property
    def hosts(self) -> frozenset[str]:
        """What requests call it."""
        return frozenset({f"127.0.0.1:{self.port}", f"localhost:{self.port}"})

    @property
    def cookie(self) -> str:
        """Name of the cookie: those of several servers of a machine go to each of them."""
        return f"planner-workbench-{self.port}"

    def knows(self, token: str) -> bool:
        """Whether a token is the one."""
        return hmac.compare_digest(token.encode(), self.token.encode())


class Guard:
    """Lets requests through to the workbench, or refuses them.

    Parameters
    ----------
    app : callable
        The workbench, an ASGI application.
    address : Address
        Where it is reached.
    """

    def __init__(self, app: App, address: Address) -> None:
        self.app, self.address = app, address

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request."""
        if scope["type"] == "lifespan":
            await self.app(scope, receive, send)
            return
        if scope["type"] != "http":
            return
        headers = {
            name.decode("latin-1").lower(): value.decode("latin-1")
            for name, value in scope["headers"]
        }
        query = dict(parse_qsl(scope["query_string"].decode("latin-1")))
        reads = scope["method"] in _READS
        given = query.pop("token", "")
        if headers.get("host") not in self.address.hosts:
            await _refuse(send, 403, phrase("This is not the address of the workbench."))
        elif reads and given and self.address.knows(given):
            await self._let_in(scope["path"], query, send)
        elif not self._is_known(headers):
            whole = phrase("Open the whole address that planner open has printed, with its token.")
            await _refuse(send, 403, whole)
        elif not (reads or self._is_of_own_page(headers)):
            await _refuse(send, 403, phrase("This request comes from another page."))
        elif int(headers.get("content-length", "0") or 0) > most_bytes(scope["path"]):
            await _refuse(send, 413, phrase("This is more than the workbench takes."))
        else:
            await self.app(scope, _Bounded(receive, most_bytes(scope["path"])), _with_headers(send))

    async def _let_in(self, path: str, query: dict[str, str], send: Send) -> None:
        """Keep the token in a cookie, and out of the address that is copied and shown."""
        to = "/" + quote(path.lstrip("/\\")) + (f"?{urlencode(query)}" if query else "")
        # Lax: pages of the folder, which are strangers here, may link to files beside them. What
        # changes something is a POST, which brings no such cookie from elsewhere.
        cookie = f"{self.address.cookie}={self.address.token}; Path=/; HttpOnly; SameSite=Lax"
        headers = [(b"location", to.encode()), (b"set-cookie", cookie.encode())]
        start = {"type": "http.response.start", "status": 303, "headers": headers}
        await _with_headers(send)(start)
        await send({"type": "http.response.body", "body": b""})

    def _is_known(self, headers: dict[str, str]) -> bool:
        return self.address.knows(_bearer(headers)) or self.address.knows(
            _cookie(headers, self.address.cookie)
        )

    def _is_of_own_page(self, headers: dict[str, str]) -> bool:
        """Whether a page of this server asks, or a program that brings the token itself."""
        if (origin := headers.get("origin")) is not None:
            return origin in {f"http://{host}" for host in self.address.hosts}
        return self.address.knows(_bearer(headers))


def most_bytes(path: str) -> int:
    """What a request to a path may bring."""
    return LARGE_UPLOADS.get(path, MOST_BYTES)


def _bearer(headers: dict[str, str]) -> str:
    kind, _, token = headers.get("authorization", "").partition(" ")
    return token.strip() if kind.lower() in {"bearer", "token"} else ""


def _cookie(headers: dict[str, str], name: str) -> str:
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return ""
    return cookies[name].value if name in cookies else ""


class _Bounded:
    """What a request sends, up to a bound: some do not say how much comes."""

    def __init__(self, receive: Receive, most: int) -> None:
        self._receive, self._most, self._n_bytes = receive, most, 0

    async def __call__(self) -> Message:
        message = await self._receive()
        self._n_bytes += len(message.get("body", b""))
        if self._n_bytes > self._most:
            return {"type": "http.disconnect"}
        return message


def _with_headers(send: Send) -> Send:
    """Send with the headers that every answer has, where it has none of its own."""

    async def sent(message: Message) -> None:
        if message["type"] == "http.response.start":
            headers = list(message.get("headers", []))
            names = {name.lower() for name, _ in headers}
            wanted = _ALWAYS | {"content-security-policy": _POLICY}
            headers += [
                (name.encode(), value.encode())
                for name, value in wanted.items()
                if name.encode() not in names
            ]
            message = {**message, "headers": headers}
        await send(message)

    return sent


async def _refuse(send: Send, status: int, why: Phrase) -> None:
    """Refuse in all languages: which one is asked for is not known yet."""
    text = "\n".join(dict.fromkeys(why.texts.values())) + "\n"
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": text.encode()})
