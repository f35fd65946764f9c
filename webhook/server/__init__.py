"""The webhook over TLS: the only package that knows Flask and gunicorn."""

from webhook.server.options import ServeOptions
from webhook.server.process import serve
from webhook.server.tls import Unusable

__all__ = ["ServeOptions", "Unusable", "serve"]
