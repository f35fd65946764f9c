"""The webhook over TLS: the only package that knows Flask and gunicorn."""

from webhook.server.options import CannotServe, ServeOptions
from webhook.server.process import serve

__all__ = ["CannotServe", "ServeOptions", "serve"]
