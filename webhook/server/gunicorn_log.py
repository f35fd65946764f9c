"""What gunicorn has to say, in lines like all others."""

import logging
import traceback
from typing import Final, get_args

from gunicorn.config import Config
from gunicorn.glogging import Logger

from webhook.server.journal import Journal, Severity

_SEVERITIES: Final[dict[int, Severity]] = {
    logging.getLevelName(severity.upper()): severity for severity in get_args(Severity)
}


class GunicornLog(Logger):
    """gunicorn's logger, with the journal for its only handler."""

    def setup(self, cfg: Config) -> None:
        """As the base's; called again at every reload."""
        super().setup(cfg)
        self.error_log.handlers = [_Lines()]


class _Lines(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self._journal = Journal()

    def emit(self, record: logging.LogRecord) -> None:
        error = "".join(traceback.format_exception(*record.exc_info)) if record.exc_info else ""
        self._journal.say(_SEVERITIES.get(record.levelno, "info"), "server", record.getMessage(), error)
