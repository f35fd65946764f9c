"""Where certificates are kept and published, as the options of ``certs`` say it."""

import os
import secrets
import socket
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

import click

from webhook.cli.cluster import kubeconfig_of
from webhook.cli.duration import Duration
from webhook.reports.printable import printable

if TYPE_CHECKING:
    from certs.api import Api
    from certs.configurations import Configuration
    from certs.periods import Periods
    from certs.places import Place
    from certs.rotate import Rounds, Told

_Command = TypeVar("_Command", bound=Callable[..., Any])

VARIABLES: Final = "SECCOMP_WEBHOOK_CERTS"
SETTINGS: Final = {"auto_envvar_prefix": VARIABLES, "show_default": True}
_OUR_NAMESPACE: Final = Path("/var/run/secrets/kubernetes.io/serviceaccount/namespace")

_OPTIONS: Final = (
    click.option(
        "--dir",
        "folder",
        metavar="DIR",
        envvar=f"{VARIABLES}_DIR",
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
        envvar=f"{VARIABLES}_NAME",
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


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """The options, as they were given."""

    folder: str | None
    namespace: str | None
    secret: str
    authority_secret: str
    service: str
    more_names: tuple[str, ...]
    validating: tuple[str, ...]
    mutating: tuple[str, ...]
    from_secret: str | None
    from_dir: str | None
    kubeconfig: str | None
    authority_lifetime: timedelta
    leaf_lifetime: timedelta
    soak: timedelta
    short_times: bool

    @property
    def home(self) -> str:
        """The namespace that Secrets, Lease and Service are in."""
        if self.namespace:
            return self.namespace
        return _OUR_NAMESPACE.read_text().strip() if _OUR_NAMESPACE.exists() else "seccomp-webhook"

    @property
    def is_sourced(self) -> bool:
        """Whether somebody else makes the certificates."""
        return self.from_secret is not None or self.from_dir is not None

    @property
    def configurations(self) -> "tuple[Configuration, ...]":
        """The webhook configurations that are named, each once."""
        from certs.configurations import Configuration, Kind  # noqa: PLC0415 - help need not wait for it

        named = ((Kind.VALIDATING, self.validating), (Kind.MUTATING, self.mutating))
        return tuple(dict.fromkeys(Configuration(kind, name) for kind, names in named for name in names))

    def periods(self) -> "Periods":
        """How long things live. Raises UsageError where that is not safe."""
        from certs.periods import BadPeriods, Periods  # noqa: PLC0415 - as above

        try:
            return Periods(self.authority_lifetime, self.leaf_lifetime, self.soak).checked(
                short=self.short_times
            )
        except BadPeriods as error:
            raise click.UsageError(f"{error}.") from error

    def api(self) -> "Api":
        """The API server; asked for the first time when it is needed."""
        from certs import access  # noqa: PLC0415 - as above
        from certs.api import Api  # noqa: PLC0415 - as above

        files = kubeconfig_of(self.kubeconfig, os.environ)
        return Api(access.of_service_account() if files is None else access.of_kubeconfig(files), _now)

    def rounds(self, api: "Api | None", told: "Told") -> "Rounds":
        """Rounds over all of this. Raises UsageError."""
        from certs.names import BadName, Names  # noqa: PLC0415 - as above
        from certs.publish import Nowhere, Publisher  # noqa: PLC0415 - as above
        from certs.rotate import Rounds, Times  # noqa: PLC0415 - as above
        from certs.rotation import OWN  # noqa: PLC0415 - as above
        from certs.sourced import SOURCED  # noqa: PLC0415 - as above

        try:
            names = Names.parse([f"{self.service}.{self.home}.svc", *self.more_names])
        except BadName as error:
            raise click.UsageError(f"{printable(str(error))}.") from error
        authorities, serving = self.places(api)
        return Rounds(
            authorities=authorities,
            serving=serving,
            configurations=Publisher(api) if api else Nowhere(),
            named=self.configurations,
            names=names,
            periods=self.periods(),
            times=Times(_now, time.monotonic, api.clock_problem) if api else Times(_now, time.monotonic),
            told=told,
            mode=SOURCED if self.is_sourced else OWN,
        )

    def needs_cluster(self) -> bool:
        """Whether anything of this is in a cluster."""
        return self.folder is None or self.from_secret is not None or bool(self.configurations)

    def places(self, api: "Api | None") -> "tuple[Place, Place]":
        """Where the authorities are, and what is served."""
        from certs import records, serving  # noqa: PLC0415 - as above
        from certs.folder import Folder, Mounted  # noqa: PLC0415 - as above
        from certs.secret import Secret  # noqa: PLC0415 - as above

        public = (serving.LEAF, serving.BUNDLE)
        authorities: Place
        served: Place
        if self.folder is not None:
            authorities = Folder(Path(self.folder) / "authority", records.FILES)
            served = Folder(Path(self.folder) / "serving", serving.FILES)
        else:
            authorities = Secret(_there(api), self.home, self.authority_secret, records.FILES)
            served = Secret(_there(api), self.home, self.secret, serving.FILES)
        if self.from_secret is not None and self.from_dir is not None:
            raise click.UsageError("Name either --from-secret or --from-dir, not both.")
        if self.from_secret is not None:
            served = Secret(_there(api), self.home, self.from_secret, public)
        if self.from_dir is not None:
            served = Mounted(Path(self.from_dir), public)
        return authorities, served


def identity() -> str:
    """This process, told from every other, also from one that had its name and number."""
    return f"{socket.gethostname()}_{os.getpid()}_{secrets.token_hex(4)}"


def _there(api: "Api | None") -> "Api":
    if api is None:
        raise click.UsageError("This needs a cluster.")
    return api


def _now() -> datetime:
    return datetime.now(UTC)
