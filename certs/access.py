"""Who we are to the API server, and where it is. Imports ``kubernetes``, and is itself imported late.

Source: Kubernetes documentation, "Accessing the Kubernetes API from a Pod"; "Organizing Cluster Access Using
kubeconfig Files".
"""

import os
from functools import partial
from pathlib import Path

from kubernetes.client import ApiClient, Configuration
from kubernetes.config import load_incluster_config, load_kube_config

from certs.api import Connect


def of_service_account() -> Connect:
    """The access of the pod that this process runs in."""
    return partial(_connected, None)


def of_kubeconfig(files: str) -> Connect:
    """The access of the current context in *files*: a path, or several as in ``$KUBECONFIG``."""
    return partial(_connected, files)


def _connected(files: str | None) -> ApiClient:
    configuration = Configuration()
    if files is None:
        load_incluster_config(configuration)  # type: ignore[no-untyped-call]  # the client left it untyped
    else:
        if not any(Path(file).expanduser().exists() for file in files.split(os.pathsep)):
            raise FileNotFoundError(f"{files}: there is no such file")
        load_kube_config(files, client_configuration=configuration, persist_config=False)  # type: ignore[no-untyped-call]  # as above
    configuration.retries = False
    return ApiClient(configuration)
