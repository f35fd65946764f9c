"""What gunicorn makes of what it is told."""

from pathlib import Path

import pytest
from gunicorn.config import Config

from webhook.admission import Cluster
from webhook.config import DEFAULTS
from webhook.server import ServeOptions
from webhook.server.gunicorn_settings import gunicorn_settings
from webhook.server.journal import Journal


class NoCluster(Cluster):
    """Nothing is asked of it."""


@pytest.fixture
def config(tmp_path: Path) -> Config:
    options = ServeOptions(tls_dir=tmp_path, settings=DEFAULTS, cluster=NoCluster())  # type: ignore[abstract]
    config = Config()
    for name, value in gunicorn_settings(options, Journal()).items():
        config.set(name, value)
    return config


def test_idle_connections_are_kept_longer_than_the_api_server_keeps_them(config: Config) -> None:
    assert config.keepalive > 90


def test_no_control_socket_is_opened(config: Config) -> None:
    assert config.control_socket_disable
