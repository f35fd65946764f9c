"""Which cluster is asked."""

from pathlib import Path

import click
import pytest

from webhook.cli.cluster import live


def test_outside_of_a_cluster_one_must_be_named() -> None:
    with pytest.raises(click.UsageError, match=r"--kubeconfig FILE or \$KUBECONFIG, or manifests"):
        live(None, {})


def test_the_environment_names_one_where_the_command_does_not(tmp_path: Path) -> None:
    with pytest.raises(click.ClickException, match="environment"):
        live(None, {"KUBECONFIG": str(tmp_path / "environment")})
    with pytest.raises(click.ClickException, match="command"):
        live(str(tmp_path / "command"), {"KUBECONFIG": str(tmp_path / "environment")})


def test_in_a_cluster_the_service_account_comes_before_the_environment(tmp_path: Path) -> None:
    in_a_pod = {"KUBERNETES_SERVICE_HOST": "10.0.0.1", "KUBECONFIG": str(tmp_path / "environment")}
    with pytest.raises(click.ClickException, match="no credentials for the API server: Service"):
        live(None, in_a_pod)
