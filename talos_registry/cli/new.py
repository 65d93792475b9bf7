"""``talos-registry new``."""

from __future__ import annotations

import os
import sys
from typing import TYPE_CHECKING, Any

import click

from talos_registry.cli.delivery import Delivery, deliver, delivery_options
from talos_registry.cli.files import read_file
from talos_registry.cli.help import Group
from talos_registry.cli.pem import read_ca, read_pem
from talos_registry.cli.streams import note
from talos_registry.diagnostic import CacheError
from talos_registry.masking import mask_url
from talos_registry.messages import printable

if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Unpack

    from talos_registry.caches import Product
    from talos_registry.documents import RegistryEndpoint

    _Command = Callable[..., Any]

__all__ = ["command"]


@click.group("new", cls=Group)
def command() -> None:
    """Write a document from options: canonical, and accepted by Talos.

    Secrets are read from standard input, an environment variable or a file, never from an argument.
    """


@command.command("mirror", short_help="The endpoints for a registry host.")
@click.argument("name")
@click.argument("endpoints", nargs=-1, metavar="[ENDPOINT]...")
@click.option("--override-path", is_flag=True, help="Use the paths of the endpoints as they are, without adding /v2.")
@click.option("--skip-fallback", is_flag=True, help="Do not go to the upstream registry after the endpoints.")
@click.option(
    "--for",
    "product",
    type=click.Choice(["ecr", "gar", "gitlab"]),
    help="ENDPOINT is the address of Amazon ECR, Google Artifact Registry or a GitLab group; the path is made from it.",
)
@delivery_options
def mirror(
    name: str,
    endpoints: tuple[str, ...],
    override_path: bool,
    skip_fallback: bool,
    product: Product | None,
    **delivery: Unpack[Delivery],
) -> None:
    """A RegistryMirrorConfig: the ENDPOINTs to try, in order, for the registry host NAME (* for any)."""
    from talos_registry.documents import RegistryEndpoint, RegistryMirrorConfig

    if any(mask_url(endpoint) != endpoint for endpoint in endpoints):
        raise click.UsageError("an endpoint takes no user and password; write them as a document with: new auth HOST")
    if product and override_path:
        raise click.UsageError("--for makes the path, and says by itself that it is whole")
    if product:
        listed = _endpoints_of(product, name, endpoints)
    else:
        listed = tuple(RegistryEndpoint(url=endpoint, override_path=override_path or None) for endpoint in endpoints)
    document = RegistryMirrorConfig(name=name, endpoints=listed, skip_fallback=skip_fallback or None)
    deliver(document, delivery)


_LOGINS = {
    "ecr": "nodes need a login that lasts: the passwords of Amazon ECR expire after twelve hours",
    "gar": "a private repository needs a document with the user _json_key: new auth HOST --username _json_key",
    "gitlab": "GitLab wants a login, for public groups too, with a token that may read and write the registry: new auth HOST",
}


def _endpoints_of(product: Product, name: str, addresses: tuple[str, ...]) -> tuple[RegistryEndpoint, ...]:
    from talos_registry.caches import product_endpoint

    if not addresses:
        raise click.UsageError("--for needs the address of the product as ENDPOINT")
    try:
        endpoints = tuple(product_endpoint(product, name, address) for address in addresses)
    except CacheError as error:
        raise click.UsageError(str(error)) from None
    note(_LOGINS[product])
    return endpoints


def _secret_options(what: str, meaning: str) -> Callable[[_Command], _Command]:
    """``--WHAT-stdin`` and ``--WHAT-env``."""

    def add(function: _Command) -> _Command:
        by_stdin = click.option(f"--{what}-stdin", is_flag=True, help=f"Read {meaning} from standard input.")
        by_variable = click.option(f"--{what}-env", metavar="VARIABLE", help=f"Read {meaning} from this variable.")
        return by_stdin(by_variable(function))

    return add


@command.command("auth", short_help="The credentials for an endpoint host.")
@click.argument("host")
@click.option("--username", default="", help="User name.")
@_secret_options("password", "the password")
@_secret_options("auth", "the base64 of USERNAME:PASSWORD")
@_secret_options("identity-token", "the identity token")
@delivery_options
def auth(
    host: str, username: str, append_to: str | None, talos_version: str | None, **sources: str | bool | None
) -> None:
    """A RegistryAuthConfig: the credentials for the endpoint HOST, with its port.

    On a terminal the password is asked for, unless it comes from elsewhere.
    """
    from pydantic import SecretStr

    from talos_registry.documents import RegistryAuthConfig

    if sum(bool(value) for option, value in sources.items() if option.endswith("_stdin")) > 1:
        raise click.UsageError("standard input holds one secret; read the others from environment variables")
    if not any(sources.values()) and sys.stdin is not None and sys.stdin.isatty():
        sources = {**sources, "password_typed": _typed(host, username)}
    password, encoded, token = (SecretStr(_secret(name, sources)) for name in ("password", "auth", "identity_token"))
    document = RegistryAuthConfig(name=host, username=username, password=password, auth=encoded, identity_token=token)
    deliver(document, {"append_to": append_to, "talos_version": talos_version})


def _typed(host: str, username: str) -> str:
    """The password that somebody types, who does not see it."""
    whose = f"of {username} " if username else ""
    password: str = click.prompt(printable(f"Password {whose}for {host}"), hide_input=True, err=True)
    return password


def _secret(name: str, sources: dict[str, str | bool | None]) -> str:
    typed = sources.get(f"{name}_typed")
    if typed:
        return str(typed)
    option, variable = f"--{name.replace('_', '-')}", sources[f"{name}_env"]
    if sources[f"{name}_stdin"] and variable:
        raise click.UsageError(f"{option}-stdin and {option}-env exclude each other")
    if variable:
        value = os.environ.get(str(variable), "")
        return _filled(value, f"{option}-env: the variable {variable} is not set, or empty")
    if sources[f"{name}_stdin"]:
        value = (read_file("-") or b"").decode("utf-8", "surrogateescape")
        return _filled(value, f"{option}-stdin: standard input is empty")
    return ""


def _filled(value: str, complaint: str) -> str:
    """A secret without the line break that ends it; an empty one is refused."""
    secret = value.rstrip("\r\n")
    if not secret:
        raise click.UsageError(complaint)
    return secret


@command.command("tls", short_help="Whom to trust at an endpoint host.")
@click.argument("host")
@click.option("--ca-file", metavar="FILE", help="CA certificate to trust, PEM.")
@click.option("--client-cert", metavar="FILE", help="Client certificate, PEM.")
@click.option("--client-key", metavar="FILE", help="Private key of the client certificate, PEM.")
@click.option("--insecure-skip-verify", is_flag=True, help="Do not verify the certificate of the server.")
@delivery_options
def tls(
    host: str,
    ca_file: str | None,
    client_cert: str | None,
    client_key: str | None,
    insecure_skip_verify: bool,
    **delivery: Unpack[Delivery],
) -> None:
    """A RegistryTLSConfig: whom to trust, and who to be, at the endpoint HOST, with its port."""
    from pydantic import SecretStr

    from talos_registry.documents import ClientIdentity, RegistryTLSConfig

    if bool(client_cert) != bool(client_key):
        raise click.UsageError("--client-cert and --client-key go together")
    identity = ClientIdentity(cert=read_pem(client_cert), key=SecretStr(read_pem(client_key))) if client_cert else None
    document = RegistryTLSConfig(
        name=host, client_identity=identity, ca=read_ca(ca_file), insecure_skip_verify=insecure_skip_verify or None
    )
    deliver(document, delivery)
