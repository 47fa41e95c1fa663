"""What keeps other sites out: the host's name, the origin of forms, the size of what is sent, and the headers of each answer.

Reports are hostile text and the page runs beside everything else that the browser has open. So nothing is loaded from
elsewhere, no script runs but the page's own file, no other site may frame it, send forms to it or reach it under a name of
its own (DNS rebinding).
"""

from __future__ import annotations

import ipaddress
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

LONGEST_BODY = 256 * 1024
HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), microphone=(), geolocation=()",
    "cache-control": "no-store",
}


def host_name(host: str) -> str:
    """The name in a Host header, without its port.

    >>> host_name("Localhost:8765"), host_name("[::1]:8765"), host_name("evil.example.")
    ('localhost', '::1', 'evil.example')
    """
    host = host.strip().lower()
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0].rstrip(".")


def is_loopback(host: str) -> bool:
    """Whether an address to listen on is this machine's own.

    >>> is_loopback("127.0.0.1"), is_loopback("::1"), is_loopback("localhost"), is_loopback("0.0.0.0")
    (True, True, True, False)
    """
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


class Guard:
    """Wraps an app: refuses strange hosts, foreign forms and long bodies, and adds :data:`HEADERS` to every answer.

    ``names`` are the host names that the page answers to beside this machine's own; with ``addresses`` any IP address too, which
    no other site can take for its own.
    """

    def __init__(self, app: App, *, names: tuple[str, ...] = (), addresses: bool = False) -> None:
        self._app, self._addresses = app, addresses
        self._names = {host_name(name) for name in names}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """The app's answer, or a refusal."""
        if scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
            return
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        hosts = [value.decode("latin-1") for name, value in scope["headers"] if name == b"host"]
        if len(hosts) != 1 or not self.takes(hosts[0]):
            await _refuse(send, 400, "Invalid host header.")
        elif scope["method"] not in ("GET", "HEAD") and not _same_origin(scope, hosts[0]):
            await _refuse(send, 403, "The request comes from another site.")
        else:
            body = await _body(scope, receive)
            if body is None:
                await _refuse(send, 413, "Too much was sent.")
            else:
                await self._app(scope, _replay(body, receive), _with_headers(send))

    def takes(self, host: str) -> bool:
        """Whether the page answers to a Host header."""
        name = host_name(host)
        if name in self._names or is_loopback(name):
            return True
        try:
            return self._addresses and bool(ipaddress.ip_address(name))
        except ValueError:
            return False


def _same_origin(scope: Scope, host: str) -> bool:
    """Whether a form was sent by a page of ours: by Origin, else by Referer; one of them every browser sends."""
    headers = {name: value.decode("latin-1") for name, value in scope["headers"]}
    if headers.get(b"sec-fetch-site", "same-origin") != "same-origin":
        return False
    origin = headers.get(b"origin") or headers.get(b"referer")
    if not origin:
        return False
    try:
        parts = urlsplit(origin)
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and parts.netloc.lower() == host.strip().lower()


async def _body(scope: Scope, receive: Receive) -> bytes | None:
    """What was sent, ``None`` if it is too long; nothing is read for methods without a body."""
    if scope["method"] in ("GET", "HEAD"):
        return b""
    parts, size = [], 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > LONGEST_BODY:
            return None
        if not message.get("more_body", False):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    sent = False

    async def again() -> Message:
        nonlocal sent
        if sent:
            return await receive()
        sent = True
        return {"type": "http.request", "body": body, "more_body": False}

    return again


def _with_headers(send: Send) -> Send:
    async def sending(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name.lower() for name, _ in message["headers"]}
            added = [(k.encode(), v.encode()) for k, v in HEADERS.items() if k.encode() not in given]
            message["headers"] = [*message["headers"], *added]
        await send(message)

    return sending


async def _refuse(send: Send, status: int, why: str) -> None:
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    await _with_headers(send)({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": why.encode()})
