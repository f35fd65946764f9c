"""Kubeconfigs: who asks which API server."""

import json
from pathlib import Path


def write(place: Path, server: str, authority: Path, credentials: tuple[Path, Path]) -> Path:
    """A kubeconfig at *place*, for the holder of a certificate and its key; JSON is YAML too."""
    certificate, key = credentials
    user = {"client-certificate": str(certificate), "client-key": str(key)}
    place.write_text(
        json.dumps(
            {
                "apiVersion": "v1",
                "kind": "Config",
                "current-context": "e2e",
                "contexts": [{"name": "e2e", "context": {"cluster": "e2e", "user": "e2e"}}],
                "clusters": [
                    {
                        "name": "e2e",
                        "cluster": {"server": server, "certificate-authority": str(authority)},
                    }
                ],
                "users": [{"name": "e2e", "user": user}],
            },
            indent=1,
        )
    )
    place.chmod(0o600)
    return place
