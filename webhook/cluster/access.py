"""Who we are to the API server, and where it is: the service account's files, or a kubeconfig.

Source: Kubernetes documentation, "Accessing the Kubernetes API from a Pod"; "Organizing Cluster Access Using
kubeconfig Files". Both are read by the official client, ``kubernetes``.
"""

import errno
import os
from collections.abc import Callable
from pathlib import Path
from threading import Lock
from typing import Final, NamedTuple

from kubernetes.client.configuration import Configuration
from kubernetes.client.rest import RESTClientObject
from kubernetes.config import ConfigException, load_incluster_config, load_kube_config
from kubernetes.utils.keepalive import tcp_keepalive_socket_options
from urllib3 import disable_warnings
from urllib3.exceptions import InsecureRequestWarning

from webhook import __version__

_CONNECTIONS: Final = 16
# A server that vanished without a word is missed after five seconds. Until then, labels that became stricter
# are not known; against that, a small packet every two seconds where nothing else is sent is cheap. The
# kernel of a server that is merely slow answers it.
_KEEP_ALIVE: Final = tcp_keepalive_socket_options(idle=2, interval=1, count=3)

Load = Callable[[Configuration], None]


class NoAccess(Exception):
    """There are no credentials, or they cannot be read; the text says which, and why."""


class Connection(NamedTuple):
    """Connections to the server, the credentials that they are for, and headers that say who asks."""

    client: RESTClientObject
    configuration: Configuration
    headers: dict[str, str]

    @property
    def server(self) -> str:
        """The server's address, up to the path."""
        return str(self.configuration.host)


class Access:
    """Credentials that are read when they are first needed, and again when they no longer serve.

    A token on disk is read again when it is older than a minute, and one from a plugin when it runs out: the
    client sees to it. Make one before a fork, and use it after.
    """

    def __init__(self, load: Load) -> None:
        self._load = load
        self._lock = Lock()
        self._configuration: Configuration | None = None
        self._client: RESTClientObject | None = None

    @classmethod
    def of_service_account(cls) -> "Access":
        """The access of the pod that this process runs in."""
        return cls(load_incluster_config)

    @classmethod
    def of_kubeconfig(cls, files: str, context: str | None = None) -> "Access":
        """The access of *context* in *files*, or of the current one.

        *files* is a path, or several as in ``$KUBECONFIG``.
        """

        def load(configuration: Configuration) -> None:
            if not any(Path(file).expanduser().exists() for file in files.split(os.pathsep)):
                raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT), files)
            load_kube_config(  # type: ignore[no-untyped-call]  # the client left it untyped
                files, context=context, client_configuration=configuration, persist_config=False
            )

        return cls(load)

    def checked(self) -> "Access":
        """This access, if it can be read at all. Raises NoAccess."""
        _configured(self._load)
        return self

    def connection(self) -> Connection:
        """How to ask something now. Raises NoAccess."""
        with self._lock:
            if self._configuration is None:
                self._configuration = _configured(self._load)
            if self._client is None or _endpoint(self._client.configuration) != _endpoint(
                self._configuration
            ):
                if self._client is not None:
                    self._client.close()
                self._client = RESTClientObject(self._configuration)
            headers = {"User-Agent": f"seccomp-webhook/{__version__}"}
            if authorization := _authorization(self._configuration):
                headers["Authorization"] = authorization
            return Connection(self._client, self._configuration, headers)

    def renew(self, used: Connection) -> None:
        """Forget credentials that did not serve in *used*, unless that has been done already."""
        with self._lock:
            if used.configuration is self._configuration:
                self._configuration = None

    def lost_files(self) -> bool:
        """Whether a file that the credentials name is there no longer."""
        with self._lock:
            named = self._configuration
        if named is None:
            return False
        files = (named.ssl_ca_cert, named.cert_file, named.key_file)
        return any(file and not Path(file).is_file() for file in files)


def _configured(load: Load) -> Configuration:
    configuration = Configuration()
    try:
        load(configuration)
    except (ConfigException, OSError) as error:
        raise NoAccess(_words(error)) from error
    except Exception as error:  # the loaders raise whatever a file makes them stumble on
        raise NoAccess(f"{_words(error)} ({type(error).__name__}): is this a kubeconfig?") from error
    if not configuration.verify_ssl:
        # Whoever wrote so into a kubeconfig need not be told at every request.
        disable_warnings(InsecureRequestWarning)
    # Whether and when to ask again is decided here, not between layers.
    configuration.retries = False
    configuration.connection_pool_maxsize = _CONNECTIONS
    configuration.socket_options = _KEEP_ALIVE
    return configuration


def _endpoint(configuration: Configuration) -> tuple[object, ...]:
    """What connections depend on; a new token does without new ones."""
    return (
        configuration.host,
        configuration.ssl_ca_cert,
        configuration.cert_file,
        configuration.key_file,
        configuration.verify_ssl,
        configuration.tls_server_name,
        configuration.proxy,
    )


def _authorization(configuration: Configuration) -> str:
    try:
        return configuration.get_api_key_with_prefix("BearerToken") or ""
    except Exception as error:  # as above: a token is read from a file, or asked of a plugin
        raise NoAccess(_words(error)) from error


def _words(error: Exception) -> str:
    if isinstance(error, OSError) and error.strerror:
        words = f"{error.filename}: {error.strerror}" if error.filename else error.strerror
    else:
        words = " ".join(str(error).split()) or type(error).__name__
    return f"no credentials for the API server: {words}"
