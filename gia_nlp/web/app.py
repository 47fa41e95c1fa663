"""The server: routes to the pages, wrapped in the guard, run by uvicorn. Libraries of the extra ``web`` are imported here alone."""

from __future__ import annotations

import logging
from collections.abc import Callable
from importlib import resources
from typing import TYPE_CHECKING, Any

from gia_nlp.web.corrections import Corrections
from gia_nlp.web.editing import EditingSite
from gia_nlp.web.guarding import Guard, is_loopback
from gia_nlp.web.index import Index
from gia_nlp.web.site import Wrong

if TYPE_CHECKING:
    from starlette.requests import Request
    from starlette.responses import Response

log = logging.getLogger(__name__)
_STATIC = {"page.css": "text/css; charset=utf-8", "page.js": "text/javascript; charset=utf-8"}


def make_app(
    index: Index,
    corrections: Corrections | None = None,
    *,
    host: str = "127.0.0.1",
    names: tuple[str, ...] = (),
) -> Guard:
    """The page as an ASGI application. Without ``corrections`` it is read only.

    It answers to this machine's own names, to ``names``, and to IP addresses if ``host``, on which it will listen, is not loopback.
    """
    from fastapi import FastAPI
    from starlette.exceptions import HTTPException

    site = EditingSite(index, corrections)
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    pages: dict[str, Callable[[Request], Response]] = {
        "/": site.overview,
        "/search": site.search,
        "/download": site.download,
        "/errors": site.errors,
        "/report": site.report,
        "/compare": site.compare,
        "/edit": site.edit,
        "/corrections": site.listed,
        "/training": site.training,
    }
    for path, page in pages.items():
        app.add_route(path, page, methods=["GET"])
    app.add_route("/save", site.save, methods=["POST"])
    app.add_route("/favicon.ico", _nothing, methods=["GET"])
    for name, kind in _STATIC.items():
        app.add_route(f"/static/{name}", _static(name, kind), methods=["GET"])

    def wrong(request: Request, error: Exception) -> Response:
        assert isinstance(error, Wrong)
        return site.wrong(request, error)

    def refused(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        reason = "not_found" if error.status_code == 404 else "bad_request"
        return site.wrong(request, Wrong(error.status_code, reason))

    def failed(request: Request, error: Exception) -> Response:
        log.error("%s failed", request.url.path, exc_info=error)
        return site.wrong(request, Wrong(500, "failed"))

    app.add_exception_handler(Wrong, wrong)
    app.add_exception_handler(HTTPException, refused)
    app.add_exception_handler(Exception, failed)
    return Guard(app, names=names, addresses=not is_loopback(host))


def _static(name: str, kind: str) -> Callable[[Any], Response]:
    content = resources.files("gia_nlp.web").joinpath("static", name).read_bytes()

    def answer(_: Any) -> Response:
        from starlette.responses import Response

        return Response(content, media_type=kind)

    return answer


def _nothing(_: Any) -> Response:
    from starlette.responses import Response

    return Response(status_code=204)


def serve(
    index: Index,
    corrections: Corrections | None = None,
    *,
    host: str = "127.0.0.1",
    port: int = 8765,
    names: tuple[str, ...] = (),
    ready: Callable[[str], None] | None = None,
) -> None:
    """Serves the page until it is interrupted; ``ready`` is told its address once the port is had.

    Raises ``OSError`` if the port cannot be had.
    """
    import socket

    import uvicorn

    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    app = make_app(index, corrections, host=host, names=names)
    with socket.socket(family, socket.SOCK_STREAM) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind((host.strip("[]"), port))
        listener.listen(128)  # who connects now waits until the server runs
        if ready is not None:
            ready(f"http://{f'[{host}]' if ':' in host else host}:{listener.getsockname()[1]}/")
        config = uvicorn.Config(app, log_level="warning", access_log=False, server_header=False, proxy_headers=False)
        uvicorn.Server(config).run(sockets=[listener])
