"""RegistryAuthConfig: the credentials for an endpoint host.

Source: siderolabs/talos, pkg/machinery/config/types/cri/registry_auth.go.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from talos_registry.diagnostic import Problem
from talos_registry.documents.shapes import STRING, Kind, Struct, Values
from talos_registry.messages import missing_name

if TYPE_CHECKING:
    from collections.abc import Iterator

    from talos_registry.versions import Release

__all__ = ["AUTH"]

_STRUCT = Struct(
    "cri.RegistryAuthConfigV1Alpha1",
    {
        "apiVersion": STRING,
        "kind": STRING,
        "name": STRING,
        "username": STRING,
        "password": STRING,
        "auth": STRING,
        "identityToken": STRING,
    },
    frozenset({"kind", "name"}),
)


def _problems(values: Values, release: Release) -> Iterator[Problem]:  # noqa: ARG001 - the same in every release
    if not values.get("name"):
        yield missing_name("the endpoint host it logs in to, with its port")
    username, auth, token = (bool(values.get(key)) for key in ("username", "auth", "identityToken"))
    if username and token:
        yield _conflict(
            "identityToken", "only one of username/password or identityToken authentication can be specified"
        )
    if auth and (username or token):
        yield _conflict("auth", "only one of auth, username/password or identityToken authentication can be specified")


def _conflict(key: str, error_text: str) -> Problem:
    message = f"{key} is set beside another way to log in; keep one of username and password, auth, or identityToken."
    return Problem("conflicting-auth", (key,), error_text, message)


AUTH = Kind("RegistryAuthConfig", _STRUCT, named=True, problems=_problems)
