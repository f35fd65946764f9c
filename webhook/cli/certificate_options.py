"""The options that the commands of ``certs`` share."""

from collections.abc import Callable
from typing import Any, Final, TypeVar

import click

from webhook.cli.duration import Duration

_Command = TypeVar("_Command", bound=Callable[..., Any])

_VARIABLES: Final = "SECCOMP_WEBHOOK_CERTS"
SETTINGS: Final = {"auto_envvar_prefix": _VARIABLES, "show_default": True}

_OPTIONS: Final = (
    click.option(
        "--dir",
        "folder",
        metavar="DIR",
        envvar=f"{_VARIABLES}_DIR",
        help="Keep them in DIR/authority and DIR/serving.",
    ),
    click.option("--namespace", metavar="NAME", help="Namespace of Secrets and Service; else the pod's own."),
    click.option(
        "--secret", metavar="NAME", default="seccomp-webhook-tls", help="Secret that serving pods mount."
    ),
    click.option(
        "--authority-secret",
        metavar="NAME",
        default="seccomp-webhook-authority",
        help="Secret with the authorities' keys, mounted nowhere.",
    ),
    click.option(
        "--service", metavar="NAME", default="seccomp-webhook", help="Service that the API server calls."
    ),
    click.option(
        "--name",
        "more_names",
        metavar="NAME",
        envvar=f"{_VARIABLES}_NAME",
        multiple=True,
        help="Another name to serve. Repeatable.",
    ),
    click.option(
        "--validating",
        metavar="NAME",
        multiple=True,
        help="ValidatingWebhookConfiguration to put the bundle into. Repeatable.",
    ),
    click.option(
        "--mutating",
        metavar="NAME",
        multiple=True,
        help="MutatingWebhookConfiguration to put the bundle into. Repeatable.",
    ),
    click.option(
        "--from-secret", metavar="NAME", help="Publish the ca.crt of a Secret that somebody else makes."
    ),
    click.option(
        "--from-dir", metavar="DIR", help="Publish the ca.crt of a folder that somebody else makes."
    ),
    click.option(
        "--kubeconfig", metavar="FILE", help="Cluster to use; else the one that this runs in, or $KUBECONFIG."
    ),
    click.option("--authority-lifetime", type=Duration(), default="365d", help="Life of an authority."),
    click.option("--leaf-lifetime", type=Duration(), default="60d", help="Life of a serving certificate."),
    click.option(
        "--soak", type=Duration(), default="3m", help="How long an authority is published before it is used."
    ),
    click.option("--short-times", is_flag=True, help="Accept times that are not safe, for a trial."),
)


def options(command: _Command) -> _Command:
    """The options that say where certificates are, whose they are, and how long they live."""
    for option in reversed(_OPTIONS):
        command = option(command)
    return command
