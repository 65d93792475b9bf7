"""``talos-registry cache``."""

from __future__ import annotations

import os
import re
from functools import wraps
from typing import TYPE_CHECKING, Any

import click

from talos_registry.cli.copies import write_copy
from talos_registry.cli.exits import Failure
from talos_registry.cli.files import read_file
from talos_registry.cli.help import Group
from talos_registry.cli.options import quiet_option
from talos_registry.cli.pem import read_ca
from talos_registry.cli.streams import complain, note, print_config, remark
from talos_registry.diagnostic import CacheError, Severity
from talos_registry.messages import quoted

if TYPE_CHECKING:
    from collections.abc import Callable

    from talos_registry.caches import Cache

__all__ = ["command"]


def _delivered(describe: Callable[..., Cache]) -> Callable[..., None]:
    """The command that prints or writes what a cache is described to be, with the options for that."""

    @wraps(describe)
    def run(*, setup: bool, directory: str | None, force: bool, **described: Any) -> None:
        try:
            cache = describe(**described)
        except CacheError as error:
            raise click.UsageError(str(error)) from None
        _judge(cache)
        if setup and directory is not None:
            raise click.UsageError("--setup and -o exclude each other")
        if directory is None:
            if force:
                raise click.UsageError("--force is for the files that -o writes")
            print_config(cache.setup if setup else cache.files["talos.yaml"])
        else:
            _write(cache, directory, force)
        for text in cache.notes if setup or directory is not None else ():
            note(text)

    return _with_options(
        run,
        click.option("--setup", is_flag=True, help="Print the set-up of the cache instead of the documents."),
        click.option(
            "-o",
            "--output",
            "directory",
            metavar="DIR",
            type=click.Path(file_okay=False),
            help="Write all files, with a README, here.",
        ),
        click.option("--force", is_flag=True, help="Replace files that are there."),
        quiet_option,
    )


def _with_options(run: Callable[..., Any], *options: Callable[..., Any]) -> Callable[..., Any]:
    for option in reversed(options):
        run = option(run)
    return run


def _guarded(describe: Callable[..., Cache]) -> Callable[..., Cache]:
    """A description with the options for a certificate of the cache, and for the users that may pull."""

    @wraps(describe)
    def read(
        *, tls_cert: str | None, tls_key: str | None, htpasswd: str | None, username: str | None, **described: Any
    ) -> Cache:
        return describe(
            tls=_certificate(tls_cert, tls_key),
            username=_user(htpasswd, username),
            htpasswd=None if htpasswd is None else _mounted(htpasswd),
            **described,
        )

    return _with_options(
        read,
        click.option("--tls-cert", metavar="FILE", help="Certificate of the cache, PEM; it stays where it is."),
        click.option("--tls-key", metavar="FILE", help="Private key of that certificate, PEM; it is not read."),
        _ca_option,
        click.option("--htpasswd", metavar="FILE", help="The users that may pull, as htpasswd -B writes them."),
        click.option(
            "--username", metavar="NAME", help="Which user of --htpasswd nodes log in as.  [default: the only one]"
        ),
    )


def _read_ca(ctx: click.Context, param: click.Parameter, value: str | None) -> str:  # noqa: ARG001 - click's signature
    return read_ca(value)


_ca_option = click.option(
    "--ca",
    metavar="FILE",
    callback=_read_ca,
    help="CA certificate, PEM, by which nodes verify that of the cache.",
)
_hosts_argument = click.argument("hosts", nargs=-1, metavar="[HOST[=URL]]...")


@click.group("cache", cls=Group)
def command() -> None:
    """Set up a pull-through cache and the nodes that use it, from one description.

    Printed are the documents for the nodes; --setup prints the set-up of the cache, and -o DIR writes both, with a README.

    Without a HOST those of Talos' guide are cached: docker.io, registry.k8s.io, gcr.io and ghcr.io. HOST=URL fetches the
    images of HOST elsewhere: docker.io=https://mirror.gcr.io.
    """


@command.command("registry", short_help="Docker Registry: one proxy for each HOST.")
@_hosts_argument
@click.option("--address", required=True, metavar="ADDRESS", help="The machine of the proxies, as nodes reach it.")
@click.option(
    "--port", type=int, default=5000, show_default=True, help="Port of the first proxy; each other has the next."
)
@click.option(
    "--image",
    type=click.Choice(["registry:2", "registry:3"]),
    default="registry:2",
    show_default=True,
    help="Image of the proxies.",
)
@click.option("--ttl", metavar="DURATION", help="How long what was fetched is kept; 0 for ever (registry:3).")
@click.option(
    "--as",
    "form",
    type=click.Choice(["run", "compose"]),
    default="run",
    show_default=True,
    help="docker run commands, or a Compose file.",
)
@click.option(
    "--upstream-username",
    "upstream_usernames",
    multiple=True,
    metavar="HOST=USER",
    help="By which user the proxy of HOST logs in upstream; the password is a variable. May be repeated.",
)
@_delivered
@_guarded
def registry(**described: Any) -> Cache:
    """Proxies of Docker Registry, one for each HOST, on ports of one machine."""
    from talos_registry.caches import RegistryCache

    return RegistryCache(**described)


@command.command("zot", short_help="Zot: one for all, with a path for each HOST.")
@_hosts_argument
@click.option("--url", required=True, metavar="URL", help="Where nodes reach zot; without a path.")
@click.option(
    "--zot-version", required=True, metavar="X.Y.Z", help="Version of the zot to run, on which its set-up depends."
)
@_delivered
@_guarded
def zot(**described: Any) -> Cache:
    """One Zot that caches each HOST below a path of its own.

    With --tls-cert zot listens on the port of the URL and speaks https. Behind an https URL without one, something else
    ends TLS, and zot listens on port 5000.
    """
    from talos_registry.caches import ZotCache

    return ZotCache(**described)


def _read_days(ctx: click.Context, param: click.Parameter, value: str) -> int | None:
    """After how many days images are deleted; nothing for never."""
    if value == "keep":
        return None
    if not re.fullmatch("[0-9]{1,9}", value, re.ASCII):
        raise click.BadParameter("write keep, or a number of days", ctx, param)
    return int(value)


@command.command("harbor", short_help="Harbor: a proxy project for each HOST.")
@_hosts_argument
@click.option("--url", required=True, metavar="URL", help="Where nodes reach Harbor; without a path.")
@click.option("--prefix", default="proxy-", show_default=True, help="What the name of a project has before the HOST.")
@click.option("--public", is_flag=True, help="Let everybody pull.  [default]")
@click.option(
    "--robot", metavar="NAME", help="Let nodes log in as the robot account of this name, and nobody else pull."
)
@click.option(
    "--retention",
    default="keep",
    show_default=True,
    metavar="keep|DAYS",
    callback=_read_days,
    help="Delete no image, or those that nobody pulled for so many days. Harbor itself says 7.",
)
@_ca_option
@_delivered
def harbor(*, public: bool, robot: str | None, **described: Any) -> Cache:
    """Proxy projects in a Harbor that runs already, one for each HOST.

    --setup prints a script of requests to Harbor's API, which can be run again; it needs curl and jq.
    """
    from talos_registry.caches import HarborCache

    if public and robot is not None:
        raise click.UsageError("--public and --robot exclude each other")
    return HarborCache(robot=robot, **described)


def _certificate(certificate: str | None, key: str | None) -> tuple[str, str] | None:
    if certificate is None and key is None:
        return None
    if certificate is None or key is None:
        raise click.UsageError("--tls-cert and --tls-key go together")
    return _mounted(certificate), _mounted(key)


def _mounted(path: str) -> str:
    """The whole path of a file that the cache reads; it may be on another machine."""
    whole = os.path.abspath(path)
    if path in {"", "-"} or os.path.isdir(path):
        raise click.UsageError(f"{quoted(path)} is no file that a cache can read")
    if not os.path.isfile(path):
        note("not here; the cache needs it at this path", whole)
    return whole


def _user(htpasswd: str | None, username: str | None) -> str:
    """Who nodes log in as, of the users in a file."""
    from talos_registry.caches.htpasswd import users

    if htpasswd is None:
        if username is not None:
            raise click.UsageError("--username is a user of an --htpasswd file")
        return ""
    data = None if htpasswd in {"", "-"} else read_file(htpasswd)
    if data is None:
        raise Failure("make such a file with: htpasswd -nB NAME > FILE")
    names = users(data.decode("utf-8", "replace"))
    if username is None and len(names) == 1:
        return names[0]
    if username not in names:
        raise click.UsageError(f"--username has to be one of: {', '.join(names) or 'nobody, the file is empty'}")
    return str(username)


def _write(cache: Cache, directory: str, force: bool) -> None:
    """Write all files, or none where one is in the way."""
    targets = {os.path.join(directory, name): text for name, text in cache.files.items()}
    for target in filter(os.path.lexists, targets):
        if not os.path.isfile(target):
            raise Failure(f"{target}: is in the way, and no file. Nothing is written")
        if not force:
            raise Failure(f"{target}: already there; --force replaces it. Nothing is written")
    for target, text in targets.items():
        write_copy(target, text.encode("utf-8", "surrogateescape"), 0o600 if target.endswith("talos.yaml") else 0o644)
        remark(f"{target}: written")


def _judge(cache: Cache) -> None:
    """Refuse documents that the rules warn of, but for credentials in clear, which are what http means."""
    from talos_registry.linting import lint
    from talos_registry.loading import parse

    for finding in lint(parse(cache.files["talos.yaml"], filename="talos.yaml")):
        if finding.code == "cleartext-credentials":
            complain(f"{finding.severity}[{finding.code}]: {finding.message}")
        elif finding.severity is not Severity.INFO:
            raise click.UsageError(f"{finding.message} ({finding.code})")
