"""Flask's answer to a request that has been read whole, without a WSGI server between them.

Source: PEP 3333, "environ Variables".
"""

import sys
from io import BytesIO
from typing import TYPE_CHECKING, Any

from webhook.server.exchange import Head, Reply

if TYPE_CHECKING:
    from flask import Flask


def replied(app: "Flask", head: Head, body: bytes) -> Reply:
    """What *app* answers. Raises nothing: Flask answers for what goes wrong in it."""
    with app.request_context(environ_of(head, body)):
        response = app.full_dispatch_request()
        return Reply(
            response.status_code,
            response.get_data(),
            response.headers.get("Content-Type", ""),
            response.headers.get("Allow", ""),
        )


def environ_of(head: Head, body: bytes) -> dict[str, Any]:
    """The WSGI environment of a request."""
    environ: dict[str, Any] = {
        "REQUEST_METHOD": head.method,
        "SCRIPT_NAME": "",
        "PATH_INFO": head.path,
        "QUERY_STRING": head.query,
        "SERVER_NAME": "webhook",
        "SERVER_PORT": "443",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "wsgi.version": (1, 0),
        "wsgi.url_scheme": "https",
        "wsgi.input": BytesIO(body),
        "wsgi.errors": sys.stderr,
        "wsgi.multithread": True,
        "wsgi.multiprocess": True,
        "wsgi.run_once": False,
        "wsgi.input_terminated": True,
    }
    for name, value in head.headers.items():
        key = name.upper().replace("-", "_")
        environ[key if key in {"CONTENT_TYPE", "CONTENT_LENGTH"} else f"HTTP_{key}"] = value
    return environ
