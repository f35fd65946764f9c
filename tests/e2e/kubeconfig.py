"""Kubeconfigs: who asks which API server."""

import json
from pathlib import Path


def certificate_user(credentials: tuple[Path, Path]) -> dict[str, str]:
    """The holder of a certificate and its key."""
    certificate, key = credentials
    return {"client-certificate": str(certificate), "client-key": str(key)}


def token_user(token: Path) -> dict[str, str]:
    """The holder of the token in a file."""
    return {"tokenFile": str(token)}


def write(place: Path, server: str, authority: Path, user: dict[str, str]) -> Path:
    """A kubeconfig at *place*, for *user*; JSON is YAML too."""
    cluster = {"server": server, "certificate-authority": str(authority)}
    document = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "e2e",
        "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e"}}],
        "clusters": [{"name": "e2e", "cluster": cluster}],
        "users": [{"name": "e2e", "user": user}],
    }
    place.touch(mode=0o600)
    place.write_text(json.dumps(document, indent=1))
    return place
